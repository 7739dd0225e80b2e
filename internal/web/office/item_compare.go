package office

import (
	"bytes"
	"html/template"
	"net/http"
	"slices"

	"gongkai/internal/disclosure"
	"gongkai/internal/paper"
	"gongkai/internal/web"
)

// escapeMarkup is a plain text as markup.
func escapeMarkup(s string) markup { return markup(template.HTMLEscapeString(s)) }

// itemComparePage shows two states of an item side by side.
type itemComparePage struct {
	Page
	Form     *Form
	Old, New string // what is compared
	Changes  []changeView
	Same     bool
	History  []Event
}

// compareItem compares any two editions of an item, or any two saved states of them.
func (o *Office) compareItem(w http.ResponseWriter, r *http.Request) error {
	file, err := o.Items.Look(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	versions, err := o.versions(r, file)
	if err != nil {
		return err
	}
	f := web.ReadQuery(r)
	new := choose(versions, f.Text("new"), 0)
	old, changes, err := o.older(r, file, versions, new, f.Text("old"))
	if err != nil {
		return err
	}
	p := &itemComparePage{Page: o.page(r, printer(r).T("item.compare")), Old: versions[old].Text, New: versions[new].Text, Changes: changes, Same: same(changes)}
	p.Styles = append(p.Styles, o.assets.Path("draft.css"))
	p.Crumb(p.T("item.title"), o.path(r, "/office/items"))
	p.Crumb(titleOf(p.Printer, file.Edition), o.path(r, "/office/editions/%s", file.Edition.ID))
	p.Form = &Form{Printer: p.Printer, Query: true, Groups: []Group{{Fields: []Field{
		{Name: "old", Label: p.T("item.compare_old"), Kind: SelectField, Value: versions[old].Value, Choices: versions, Half: true},
		{Name: "new", Label: p.T("item.compare_new"), Kind: SelectField, Value: versions[new].Value, Choices: versions, Half: true},
	}}}, Buttons: []Button{{Text: p.T("item.compare")}}}
	p.Form.prepare()
	return o.show(w, r, "item_compare", p)
}

// farthestLook is how many states are read in search of one that says something else.
const farthestLook = 20

// older compares with the state asked for; where none is, with the newest before that says
// something else, for what was saved last is often what was submitted.
func (o *Office) older(r *http.Request, file *disclosure.File, versions []Choice, new int, asked string) (old int, changes []changeView, err error) {
	latest, err := o.version(r, versions[new].Value)
	if err != nil {
		return 0, nil, err
	}
	last := len(versions) - 1
	first := choose(versions, asked, min(new+1, last))
	for old = first; ; old++ {
		from, err := o.version(r, versions[old].Value)
		if err != nil {
			return 0, nil, err
		}
		changes = changeViews(printer(r), o.path(r, "/office/editions/%s", file.Edition.ID), from, latest)
		switch {
		case asked != "" || !same(changes):
			return old, changes, nil
		case old >= last || old-first >= farthestLook:
			return first, changes, nil
		}
	}
}

// same reports whether nothing was changed.
func same(changes []changeView) bool {
	return !slices.ContainsFunc(changes, func(c changeView) bool { return c.Tone != "same" })
}

// versions are the states of an item that can be compared, newest first: its editions as they
// are, and what each said when it was saved, submitted and reviewed.
func (o *Office) versions(r *http.Request, file *disclosure.File) (all []Choice, err error) {
	p := printer(r)
	for _, e := range file.Editions {
		group := p.T("item.edition", "n", e.No)
		all = append(all, Choice{Value: "e" + e.ID, Text: p.T("item.version.now", "state", p.Text(e.State.Message())), Group: group})
		history, err := o.Items.History(r.Context(), o.Actor(r), e.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range history {
			all = append(all, Choice{Value: "s" + s.ID, Group: group, Text: p.T("item.version.saved", "at", When(s.At), "name", s.Name, "state", p.Text(s.State.Message()))})
		}
	}
	return all, nil
}

// choose returns where the value stands among the choices, or fallback.
func choose(all []Choice, value string, fallback int) int {
	if n := slices.IndexFunc(all, func(c Choice) bool { return c.Value == value }); n >= 0 {
		return n
	}
	return fallback
}

// version loads what a choice of versions stands for.
func (o *Office) version(r *http.Request, value string) (*disclosure.Content, error) {
	if value[0] == 's' {
		s, err := o.Items.Earlier(r.Context(), o.Actor(r), value[1:])
		if err != nil {
			return nil, err
		}
		return &s.Content, nil
	}
	f, err := o.Items.Look(r.Context(), o.Actor(r), value[1:])
	if err != nil {
		return nil, err
	}
	return &f.Edition.Content, nil
}

// itemSheetPage shows the review sheet as it is printed.
type itemSheetPage struct {
	Page
	Sheet markup
	Links []web.Link
}

// sheetItem shows the review sheet, or sends it as a file.
func (o *Office) sheetItem(w http.ResponseWriter, r *http.Request) error {
	file, err := o.Items.Look(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	body, err := o.Items.BodyName(r.Context(), file.Item.Agency)
	if err != nil {
		return err
	}
	d := disclosure.Sheet(file, body)
	p := &itemSheetPage{Page: o.page(r, printer(r).T("item.sheet.title"))}
	format := web.ReadQuery(r).Choice("format", "docx", "pdf", "html")
	if format != "" {
		return sendSheet(w, d, format, fileName(d.Title+"-"+file.Edition.Title))
	}
	p.Styles = append(p.Styles, o.assets.Path("draft.css"))
	p.Crumb(p.T("item.title"), o.path(r, "/office/items"))
	p.Crumb(titleOf(p.Printer, file.Edition), o.path(r, "/office/editions/%s", file.Edition.ID))
	for _, one := range []struct{ format, key string }{{"html", "item.sheet.print"}, {"pdf", "item.sheet.pdf"}, {"docx", "item.sheet.docx"}} {
		p.Links = append(p.Links, web.Link{Text: p.T(one.key), Href: "?format=" + one.format})
	}
	p.Sheet = sheetTable(d)
	return o.show(w, r, "item_sheet", p)
}

// sendSheet sends the sheet as a file.
func sendSheet(w http.ResponseWriter, d *paper.Document, format, name string) error {
	var b bytes.Buffer
	var err error
	kind := map[string]string{"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf", "html": "text/html; charset=utf-8"}[format]
	switch format {
	case "docx":
		err = paper.WriteDOCX(&b, d)
	case "pdf":
		_, err = paper.WritePDF(&b, d)
	default:
		err = paper.WriteHTML(&b, d, nil)
	}
	if err != nil {
		return err
	}
	attach(w, kind, name+"."+format)
	_, err = w.Write(b.Bytes())
	return err
}

// sheetTable is the sheet's table for the page.
func sheetTable(d *paper.Document) markup {
	var b bytes.Buffer
	b.WriteString(`<table class="sheet"><tbody>`)
	for _, row := range d.Body[0].Table.Rows {
		b.WriteString("<tr>")
		for _, c := range row {
			tag, span := "td", ""
			if c.Role == paper.RowHead {
				tag = `th scope="row"`
			}
			if c.ColSpan > 1 {
				span = ` colspan="3"`
			}
			b.WriteString("<" + tag + span + ">" + template.HTMLEscapeString(c.Text) + "</" + tag[:2] + ">")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>")
	return markup(b.String())
}
