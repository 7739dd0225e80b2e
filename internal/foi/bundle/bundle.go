// Package bundle makes what leaves a request as a whole: the archive of a closed request, one
// folder of papers, record, trail and checksums (案卷归档), and the evidence bundle that a court or a
// reconsideration body is shown, one numbered PDF with an index (证据册). It works on a dossier and
// writes to a writer; who may have either is asked when the dossier is gathered.
package bundle

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"strings"
	"unicode"

	"gongkai/internal/date"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/foi/letter"
	"gongkai/internal/i18n"
	"gongkai/internal/paper"
)

// Faults of bundles.
var (
	ErrOpen     = &fault.Error{Kind: fault.Conflict, Code: "bundle.open"}
	ErrChoice   = &fault.Error{Kind: fault.Invalid, Code: "bundle.choice", Field: "exhibit"}
	ErrManifest = &fault.Error{Kind: fault.Invalid, Code: "bundle.manifest"}
)

// say words what papers print: archives and courts read the language of the law.
var say = i18n.To(i18n.Chinese)

// titleOf is what a letter is called in an index: its name and its number.
func titleOf(l *letter.Letter, no string) string {
	name := l.Title
	if k, ok := letter.Find(l.Code); ok {
		name = k.Name
	}
	if no != "" {
		name += " " + no
	}
	return name
}

// docket is a sheet that is made of the record: a title over a table.
type docket struct {
	title  string
	heads  []string
	widths []float64
	rows   [][]string
}

func (d docket) document(o *foi.Dossier) *paper.Document {
	t := &paper.Table{Name: d.title, Widths: d.widths, Head: 1, Size: 10.5}
	add := func(values []string, role paper.Role) {
		var cells []paper.Cell
		for i, v := range values {
			cells = append(cells, paper.Cell{Text: v, Role: role, Row: len(t.Rows), Col: i, RowSpan: 1, ColSpan: 1})
		}
		t.Rows = append(t.Rows, cells)
	}
	var heads []string
	for _, key := range d.heads {
		heads = append(heads, say.T(key))
	}
	add(heads, paper.ColumnHead)
	for _, row := range d.rows {
		add(row, paper.RowHead)
	}
	return &paper.Document{
		Facts: []paper.Fact{{Name: say.T("bundle.fact.agency"), Value: o.Agency.Name}, {Name: say.T("bundle.fact.no"), Value: o.Request.No}},
		Title: d.title, Body: []paper.Block{{Table: t}}, Meta: paper.Meta{Title: d.title, Author: o.Agency.Name, Created: moment(o)},
	}
}

// moment is the day a bundle's papers are dated: equal dossiers give equal files.
func moment(o *foi.Dossier) date.Date {
	if !o.Request.ClosedOn.IsZero() {
		return o.Request.ClosedOn
	}
	return o.Today
}

// facts makes rows of two of names and values, leaving out what is not there.
func facts(pairs ...string) (rows [][]string) {
	for i := 0; i < len(pairs); i += 2 {
		if strings.TrimSpace(pairs[i+1]) != "" {
			rows = append(rows, []string{say.T(pairs[i]), pairs[i+1]})
		}
	}
	return rows
}

func day(d date.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func pdf(d *paper.Document) ([]byte, error) {
	var b bytes.Buffer
	if _, err := paper.WritePDF(&b, d); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func docx(d *paper.Document) ([]byte, error) {
	var b bytes.Buffer
	err := paper.WriteDOCX(&b, d)
	return b.Bytes(), err
}

// pagesOf returns how many pages a file has; 0 where that cannot be told.
func pagesOf(ctx context.Context, name string, data []byte) (n int, err error) {
	switch {
	case isPicture(data):
		return 1, nil
	case !bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")):
		return 0, nil
	}
	err = extract.ReadLeaves(ctx, name, data, func(l *extract.Leaves) (err error) {
		n, err = l.Count()
		return err
	})
	if ctx.Err() == nil {
		err = nil // a file nobody can open is archived all the same
	}
	return n, err
}

func isPicture(head []byte) bool {
	for _, magic := range []string{"\x89PNG\r\n", "\xFF\xD8\xFF", "GIF8", "II*\x00", "MM\x00*", "BM"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}

// mostName bounds a file's name: the whole path stays below what Windows takes.
const mostName = 80

// safe makes a name that every system takes, Windows among them.
func safe(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`\/:*?"<>|`, r) || r == unicode.ReplacementChar {
			return '_'
		}
		return r
	}, strings.TrimSpace(name))
	suffix := path.Ext(name)
	if len([]rune(suffix)) > 12 {
		suffix = ""
	}
	stem := []rune(strings.TrimSuffix(name, suffix))
	stem = stem[:min(len(stem), mostName-len([]rune(suffix)))]
	name = strings.TrimRight(string(stem), ". ") + suffix
	return strings.TrimRight(name, ". ")
}

// deliveries is the sheet of what was sent, how, and when it arrived.
func deliveries(o *foi.Dossier) docket {
	d := docket{
		title:  say.T("bundle.sheet.deliveries"),
		heads:  []string{"bundle.head.n", "bundle.head.letter", "bundle.head.way", "bundle.head.sent", "bundle.head.arrived", "bundle.head.proof"},
		widths: []float64{1, 6, 3, 3, 3, 5},
	}
	for _, l := range o.Letters {
		if l.State == foi.Sent {
			proof := join(l.Tracking, l.Signer, l.Failed)
			d.rows = append(d.rows, []string{fmt.Sprint(len(d.rows) + 1), titleOf(l.Text, l.No), say.Text(foi.WayWord(l.Way)), day(l.SentOn), day(l.ArrivedOn), proof})
		}
	}
	return d
}

func join(all ...string) string {
	var some []string
	for _, s := range all {
		if s != "" {
			some = append(some, s)
		}
	}
	return strings.Join(some, "；")
}

// searches is the sheet of where, by which words and by whom the information was looked for.
func searches(o *foi.Dossier) docket {
	d := docket{
		title:  say.T("bundle.sheet.searches"),
		heads:  []string{"bundle.head.n", "bundle.head.systems", "bundle.head.archives", "bundle.head.words", "bundle.head.people", "bundle.head.when", "bundle.head.result"},
		widths: []float64{1, 4, 4, 3, 3, 3, 5},
	}
	for i, s := range o.Record.Searches {
		d.rows = append(d.rows, []string{fmt.Sprint(i + 1), s.Systems, s.Archives, s.Words, s.People, span(s.From, s.To), s.Result})
	}
	return d
}

func span(from, to date.Date) string {
	if from == to || to.IsZero() {
		return day(from)
	}
	return day(from) + "～" + day(to)
}

// consulted is the sheet of who was asked for an opinion, and what it was.
func consulted(o *foi.Dossier) docket {
	d := docket{
		title:  say.T("bundle.sheet.consulted"),
		heads:  []string{"bundle.head.n", "bundle.head.party", "bundle.head.content", "bundle.head.sent", "bundle.head.received", "bundle.head.replied", "bundle.head.opinion"},
		widths: []float64{1, 4, 5, 3, 3, 3, 6},
	}
	for i, c := range o.Record.Consulted {
		opinion := c.Opinion
		if !c.Replied.IsZero() {
			key := "bundle.objects"
			if c.Consents {
				key = "bundle.consents"
			}
			opinion = join(say.T(key), c.Opinion)
		}
		d.rows = append(d.rows, []string{fmt.Sprint(i + 1), c.Name, c.Content, day(c.Sent), day(c.Received), day(c.Replied), join(opinion, c.Overrides)})
	}
	return d
}

// corrected is the sheet of the correction: what was asked, and what the applicant answered.
func corrected(o *foi.Dossier) docket {
	c := o.Record.Correction
	return docket{
		title: say.T("bundle.sheet.corrected"), heads: []string{"bundle.head.item", "bundle.head.text"}, widths: []float64{3, 10},
		rows: facts("bundle.head.asked", c.What, "bundle.head.guidance", c.Guidance, "bundle.head.notified", day(c.Notified), "bundle.head.until", day(c.Due),
			"bundle.head.corrected", day(c.Corrected), "bundle.head.answer", c.Text, "bundle.head.lapsed", day(c.Lapsed)),
	}
}

// extended is the sheet of the extension and its approval: 条例第三十三条第二款.
func extended(o *foi.Dossier) docket {
	e := o.Record.Extension
	return docket{
		title: say.T("bundle.sheet.extended"), heads: []string{"bundle.head.item", "bundle.head.text"}, widths: []float64{3, 10},
		rows: facts("bundle.head.days", fmt.Sprint(e.Days), "bundle.head.reason", e.Reason, "bundle.head.proposer", e.ByName,
			"bundle.head.approver", e.Head, "bundle.head.approved", day(e.Approved), "bundle.head.notified", day(e.Notified)),
	}
}

// trail is the readable table of the audit trail.
func trail(o *foi.Dossier) docket {
	d := docket{
		title:  say.T("bundle.sheet.trail"),
		heads:  []string{"bundle.head.n", "bundle.head.time", "bundle.head.who", "bundle.head.act", "bundle.head.cite", "bundle.head.reason", "bundle.head.detail"},
		widths: []float64{2, 4, 3, 4, 4, 3, 6},
	}
	for _, r := range o.History {
		cells := r.Cells(say)
		d.rows = append(d.rows, []string{cells[0], cells[1], cells[2], cells[6], r.Cite, r.Reason, r.Detail})
	}
	return d
}
