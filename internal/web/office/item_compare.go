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
	new, old := choose(versions, f.Text("new"), 0), choose(versions, f.Text("old"), min(1, len(versions)-1))
	p := &itemComparePage{Page: o.page(r, printer(r).T("item.compare")), Old: versions[old].Text, New: versions[new].Text}
	p.Styles = append(p.Styles, o.assets.Path("draft.css"))
	p.Crumb(p.T("item.title"), o.path(r, "/office/items"))
	p.Crumb(titleOf(p.Printer, file.Edition), o.path(r, "/office/editions/%s", file.Edition.ID))
	p.Form = &Form{Printer: p.Printer, Query: true, Groups: []Group{{Fields: []Field{
		{Name: "old", Label: p.T("item.compare_old"), Kind: SelectField, Value: versions[old].Value, Choices: versions, Half: true},
		{Name: "new", Label: p.T("item.compare_new"), Kind: SelectField, Value: versions[new].Value, Choices: versions, Half: true},
	}}}, Buttons: []Button{{Text: p.T("item.compare")}}}
	p.Form.prepare()
	a, err := o.version(r, versions[old].Value)
	if err != nil {
		return err
	}
	b, err := o.version(r, versions[new].Value)
	if err != nil {
		return err
	}
	p.Changes = changeViews(p.Printer, o.path(r, "/office/editions/%s", file.Edition.ID), a, b)
	p.Same = !slices.ContainsFunc(p.Changes, func(c changeView) bool { return c.Tone != "same" })
	return o.show(w, r, "item_compare", p)
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
