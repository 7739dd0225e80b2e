package disclosure

import (
	"strings"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/i18n"
	"gongkai/internal/paper"
)

// Sheet is the written record of the review (政府信息公开审查呈批单): what was to be published,
// how, and who approved it, as it is filed on paper. Its fields are the union of those that
// local rules ask for; they are printed in Chinese, the language of the record.
func Sheet(f *File, body string) *paper.Document {
	p := i18n.To(i18n.Chinese)
	e := f.Edition
	t := &paper.Table{Name: p.T("item.sheet.title"), Widths: []float64{18, 32, 18, 32}, Size: 12}
	s := &sheet{t: t}
	s.wide(p.T("item.sheet.name"), strings.TrimSpace(e.Title+"\n"+e.Subtitle))
	s.pair(p.T("item.sheet.doc_no"), e.DocNo, p.T("item.sheet.index"), f.Item.IndexNo)
	s.wide(p.T("item.sheet.summary"), e.Summary)
	s.pair(p.T("item.sheet.origin"), p.Text(f.Item.Origin.Message()), p.T("item.sheet.department"), e.Department)
	s.pair(p.T("item.sheet.author"), e.Creator, p.T("item.sheet.formed"), e.FormedOn.Chinese())
	s.pair(p.T("item.sheet.attribute"), nameOf(class.Attributes(), string(e.Attribute)), p.T("item.sheet.channels"), channels(e))
	s.pair(p.T("item.sheet.audience"), e.Audience, p.T("item.sheet.time"), sheetTime(e))
	s.wide(p.T("item.sheet.ground"), ground(e))
	for _, l := range []Level{First, Clearer, Second, Third} {
		s.wide(p.Text(l.Message()), opinionOf(p, f, l))
	}
	s.wide(p.T("item.sheet.hash"), e.Hash)
	return &paper.Document{
		Title: p.T("item.sheet.title"), Body: []paper.Block{{Table: t}}, Signature: body,
		Date: day(e.SubmittedAt).Chinese(), Meta: paper.Meta{Title: p.T("item.sheet.title"), Author: body, Subject: e.Title, Created: day(e.SubmittedAt)},
	}
}

func day(t time.Time) date.Date {
	if t.IsZero() {
		return date.Date{}
	}
	return dayOf(t)
}

// sheet fills the table row by row.
type sheet struct{ t *paper.Table }

func (s *sheet) pair(a, av, b, bv string) {
	r := len(s.t.Rows)
	s.t.Rows = append(s.t.Rows, []paper.Cell{
		{Text: a, Role: paper.RowHead, Row: r, Col: 0, RowSpan: 1, ColSpan: 1}, {Text: av, Row: r, Col: 1, RowSpan: 1, ColSpan: 1},
		{Text: b, Role: paper.RowHead, Row: r, Col: 2, RowSpan: 1, ColSpan: 1}, {Text: bv, Row: r, Col: 3, RowSpan: 1, ColSpan: 1},
	})
}

func (s *sheet) wide(name, value string) {
	r := len(s.t.Rows)
	s.t.Rows = append(s.t.Rows, []paper.Cell{
		{Text: name, Role: paper.RowHead, Row: r, Col: 0, RowSpan: 1, ColSpan: 1},
		{Text: value, Role: paper.Note, Row: r, Col: 1, RowSpan: 1, ColSpan: 3},
	})
}

func nameOf(table []class.Entry, key string) string {
	entry, _ := class.Find(table, key)
	return entry.ZH
}

func channels(e *Edition) string {
	var names []string
	for _, key := range e.Channels {
		names = append(names, nameOf(class.Channels(), key))
	}
	return strings.Join(names, "、")
}

func ground(e *Edition) string {
	var names []string
	for _, key := range e.Basis {
		if b, ok := class.BasisOf(key); ok {
			names = append(names, b.Cite().String()+" "+b.ZH)
		}
	}
	if e.Reason != "" {
		names = append(names, e.Reason)
	}
	return strings.Join(names, "\n")
}

func sheetTime(e *Edition) string {
	switch {
	case !e.PublishedAt.IsZero():
		return clock(e.PublishedAt)
	case !e.PublishAt.IsZero():
		return clock(e.PublishAt)
	}
	return ""
}

func clock(t time.Time) string { return t.In(date.China).Format("2006-01-02 15:04") }

// opinionOf words the opinion at a level that counts for the content as it is.
func opinionOf(p i18n.Printer, f *File, l Level) string {
	for _, o := range f.Edition.valid(opinionsIn(f.Opinions, f.Edition.ID)) {
		if o.Level != l {
			continue
		}
		var lines []string
		for _, t := range o.Ticks {
			lines = append(lines, "☑ "+p.Text(t.Message()))
		}
		name := o.Name
		if o.Behalf != "" {
			name = p.T("item.sheet.behalf", "name", o.Name, "behalf", o.Behalf)
		}
		text := o.Text
		if text == "" {
			text = p.T("item.sheet.agreed")
		}
		return strings.Join(append(lines, text, name+"  "+clock(o.At)), "\n")
	}
	return ""
}

// Fields returns the metadata of a content in words, for pages that show or compare them.
func Fields(c *Content) []Field {
	return []Field{
		{"title", c.Title}, {"subtitle", c.Subtitle}, {"summary", c.Summary}, {"doc_no", c.DocNo}, {"issuer", c.Issuer},
		{"issued_on", c.IssuedOn.String()}, {"formed_on", c.FormedOn.String()}, {"theme", class.PathName(c.Theme, i18n.Chinese)},
		{"genre", nameOf(class.Genres(), c.Genre)}, {"attribute", nameOf(class.Attributes(), string(c.Attribute))},
		{"basis", strings.Join(c.Basis, " ")}, {"reason", c.Reason}, {"source", c.Source}, {"source_url", c.SourceURL},
		{"author", c.Author}, {"keywords", strings.Join(c.Keywords, " ")}, {"validity", nameOf(class.Validities(), string(c.Validity))},
		{"effective_on", c.EffectiveOn.String()}, {"expires_on", c.ExpiresOn.String()}, {"display_until", c.DisplayUntil.String()},
		{"joint_bodies", strings.Join(c.JointBodies, "、")}, {"department", c.Department}, {"audience", c.Audience}, {"note", c.Note},
	}
}

// Field is one of the metadata in words; its key names it in forms and messages.
type Field struct{ Key, Value string }
