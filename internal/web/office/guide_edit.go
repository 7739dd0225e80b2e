package office

import (
	"bytes"
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/check"
	"gongkai/internal/disclosure/guide"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

func (o *Office) editGuide(w http.ResponseWriter, r *http.Request) error {
	p, err := o.guidePage(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "record", p)
}

// guidePage is the guide as it is worked on, with what is wrong with the published one.
func (o *Office) guidePage(r *http.Request) (*RecordPage, error) {
	g, err := o.Guides.Load(r.Context(), o.Actor(r), o.Body(r))
	if err != nil {
		return nil, err
	}
	p := &RecordPage{Page: o.page(r, printer(r).T("law.guide.title")), Lead: printer(r).T("law.guide.lead"), State: guideState(printer(r), g)}
	if findings := check.Run(guide.Rules, g); len(findings) > 0 {
		p.Side = append(p.Side, findingCard(p.Printer, findings))
	}
	contact := Card{ID: "card", Title: p.T("law.guide.card"), Note: p.T("law.guide.card_note"), More: web.Link{Text: p.T("law.guide.card_change"), Href: o.path(r, "/office/bodies/%s/contact", g.Agency)}}
	for _, f := range g.Content.Fields()[3:] {
		contact.Facts = append(contact.Facts, Fact{Label: p.Text(f.Label), Value: f.Text, Lang: "zh-CN"})
	}
	p.Side = append(p.Side, contact)
	if g.Shown != nil {
		p.Side = append(p.Side, Card{ID: "shown", Title: p.T("law.guide.shown"), Facts: []Fact{{Label: p.T("law.guide.edition"), Value: p.T("law.number", "n", g.Shown.No)}, {Label: p.T("law.guide.published_at"), Value: When(g.Shown.PublishedAt)}}})
	}
	if o.Actor(r).Can(actor.GuideEdit, actor.In(g.Agency)) {
		p.Forms = []Section{{ID: "guide", Title: p.T("law.guide.words"), Form: guideForm(p.Page, g)}}
	}
	return p, nil
}

func guideState(p i18n.Printer, g *guide.Guide) *Badge {
	switch {
	case g.Shown == nil:
		return &Badge{p.T("law.guide.never"), Wait}
	case g.Current():
		return &Badge{p.T("law.guide.current"), Good}
	}
	return &Badge{p.T("law.guide.stale"), Bad}
}

func guideForm(p Page, g *guide.Guide) *Form {
	words := Group{Fields: []Field{}}
	for _, f := range g.Content.Fields()[:3] {
		words.Fields = append(words.Fields, Field{Name: f.Name, Label: p.Text(f.Label), Kind: LongField, Rows: 6, Required: true, Most: 3000, Value: f.Text, Lang: "zh-CN", Help: HelpOn(p.Printer, "law.help.guide", statute.OGI2019.Art(12, 2))})
	}
	channels := Group{Legend: p.T("law.guide.channels"), Note: p.T("law.guide.channels_note")}
	for _, c := range g.Content.Channels {
		open := ""
		if c.Open {
			open = "1"
		}
		key := string(c.Key)
		channels.Fields = append(channels.Fields, Field{Name: "open_" + key, Label: p.Text(c.Key.Message()), Kind: TickField, Value: open},
			Field{Name: "note_" + key, Label: p.T("law.guide.note", "channel", c.Key.Message()), Kind: LongField, Rows: 2, Most: 500, Value: c.Note, Lang: "zh-CN"})
	}
	f := NewForm(p, "", words, channels)
	f.Version = g.Version
	f.Buttons = []Button{{Text: p.T("law.guide.publish"), Name: "publish", Value: "1", Tone: "primary"}, {Text: p.T("office.save"), NoCheck: true}}
	return f
}

func readGuide(f *web.Form) guide.Content {
	c := guide.Content{Classes: f.Text("classes"), Arrangement: f.Text("arrangement"), Ways: f.Text("ways")}
	for _, k := range guide.ChannelKeys {
		c.Channels = append(c.Channels, guide.Channel{Key: k, Open: f.Bool("open_" + string(k)), Note: f.Text("note_" + string(k))})
	}
	return c
}

// saveGuide keeps the guide and, where asked, publishes it.
func (o *Office) saveGuide(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	content, version := readGuide(f), f.Int64("version")
	err := f.Err()
	if err == nil {
		var g *guide.Guide
		if g, err = o.Guides.Save(r.Context(), o.Actor(r), o.Body(r), version, content); err == nil && f.Bool("publish") {
			_, err = o.Guides.Publish(r.Context(), o.Actor(r), o.Body(r), g.Version)
		}
	}
	if err == nil {
		return o.done(w, r, i18n.M("law.guide.saved"), "/office/guide")
	}
	if k := fault.KindOf(err); k != fault.Invalid && k != fault.Conflict {
		return err
	}
	p, broken := o.guidePage(r)
	if broken != nil {
		return broken
	}
	return o.answerRecord(w, r, p, "guide", err)
}

// listCatalogue shows the catalogue of what is public, each line checked.
func (o *Office) listCatalogue(w http.ResponseWriter, r *http.Request) error {
	p := ListPage{Page: o.page(r, printer(r).T("law.catalogue.title")), Lead: printer(r).T("law.catalogue.lead")}
	if err := o.Actor(r).May(actor.ItemView, actor.In(o.Body(r))); err != nil {
		return err
	}
	if r.URL.Query().Get("file") == "xlsx" {
		return o.writeCatalogue(w, r, p.Title)
	}
	heads := guide.Heads(p.Printer)
	columns := []Column{{Key: "index", Text: heads[0], Slim: true}, {Key: "title", Text: heads[1]}, {Key: "summary", Text: heads[2], Wide: true}, {Key: "formed", Text: heads[3], Slim: true}, {Key: "check", Text: p.T("law.column.check"), Slim: true}}
	q := ReadList(r, columns, "-formed")
	rows, err := o.Guides.Catalogue(r.Context(), o.Body(r), q.After, q.Size)
	if err != nil {
		return err
	}
	l := NewList(p.Page, p.Title, columns, q)
	for _, row := range rows.Rows {
		l.Rows = append(l.Rows, Row{ID: row.Item, Name: row.Title, Cells: []Cell{{Text: row.IndexNo}, {Text: row.Title, Href: o.path(r, "/office/items/%s", row.Item), Lang: "zh-CN"}, {Text: row.Summary, Lang: "zh-CN"}, {Text: row.FormedOn.String()}, checkCell(p.Printer, check.Run(guide.EntryRules, guide.Entry{Row: row, Most: summaryMost}))}})
	}
	l.Next, l.Export, l.Empty = rows.Next, false, p.T("law.catalogue.empty")
	p.List, p.Tools = l, []Tool{{Text: p.T("law.catalogue.xlsx"), Href: o.path(r, "/office/catalogue") + "?file=xlsx", Main: true}}
	return o.show(w, r, "list", &p)
}

// summaryMost is the longest summary local rules allow; others say 100. R-GDE-05, unverified.
const summaryMost = 150

func checkCell(p i18n.Printer, findings []check.Finding) Cell {
	if len(findings) == 0 {
		return Cell{Badge: &Badge{p.T("law.check.good"), Good}}
	}
	tone := findingTones[findings[0].Severity]
	return Cell{Badge: &Badge{p.T(tone.Text), tone.Tone}, Sub: p.Text(findings[0].Message)}
}

func (o *Office) writeCatalogue(w http.ResponseWriter, r *http.Request, title string) error {
	var b bytes.Buffer
	if err := o.Guides.WriteXLSX(r.Context(), &b, i18n.To(i18n.Chinese), o.Body(r)); err != nil {
		return err
	}
	attach(w, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", title+".xlsx")
	_, _ = w.Write(b.Bytes()) // a browser that has gone needs no answer
	return nil
}
