package office

import (
	"net/http"

	"gongkai/internal/disclosure/credit"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// shownFaults bounds how many rows' faults a page lists; a file wrong throughout has one cause.
const shownFaults = 100

func (o *Office) creditImportPage(r *http.Request) *FormPage {
	p := &FormPage{Page: o.page(r, printer(r).T("law.credit.import")), Lead: printer(r).T("law.credit.import_lead")}
	p.Crumb(p.T("law.credit.title"), o.path(r, "/office/credit"))
	p.Form = NewForm(p.Page, "", Group{Fields: []Field{
		{Name: "kind", Label: p.T("law.column.kind"), Kind: RadioField, Required: true, Value: string(credit.Licence), Choices: choices(p.Printer, "", credit.Kinds, creditWord[credit.Kind])},
		{Name: "file", Label: p.T("law.credit.file"), Kind: FileField, Required: true, Accept: ".xlsx,.csv", Hint: p.T("law.credit.file_hint")},
	}})
	p.Form.Buttons = []Button{{Text: p.T("law.credit.try"), Tone: "primary"}, {Text: p.T("law.credit.write"), Name: "write", Value: "1"}}
	p.Form.Back = p.back(o.path(r, "/office/credit"))
	p.Side = []Card{columnCard(p.Printer)}
	return p
}

// columnCard lists the columns a file must have.
func columnCard(p i18n.Printer) Card {
	c := Card{ID: "columns", Title: p.T("law.credit.columns"), Note: p.T("law.credit.columns_note")}
	for _, k := range credit.Kinds {
		var need []string
		for _, col := range credit.Columns(k) {
			if col.Required {
				need = append(need, col.Label)
			}
		}
		c.Facts = append(c.Facts, Fact{Label: p.Text(creditWord(k)), Value: p.List(need), Lang: "zh-CN"})
	}
	return c
}

func (o *Office) chooseCredit(w http.ResponseWriter, r *http.Request) error {
	return o.show(w, r, "form", o.creditImportPage(r))
}

// importCredit tries a file or brings it in; with a fault in any row nothing is written.
func (o *Office) importCredit(w http.ResponseWriter, r *http.Request) error {
	f, p := web.ReadForm(r), o.creditImportPage(r)
	data, err := uploaded(r, "file")
	if err != nil {
		return o.answer(w, r, p, err)
	}
	in := credit.Import{Agency: o.Body(r), Kind: credit.Kind(f.Text("kind")), Name: p.T("law.credit.import"), Data: data, Dry: !f.Bool("write")}
	rep, err := o.Credit.Import(r.Context(), o.Actor(r), in)
	switch {
	case err != nil:
		return o.answer(w, r, p, err)
	case !in.Dry && len(rep.Faults) == 0:
		return o.done(w, r, i18n.M("law.credit.imported", "n", rep.New, "known", rep.Known), "/office/credit")
	}
	p.Form.Keep(r.PostForm)
	p.Side = append([]Card{reportCard(p.Printer, rep)}, p.Side...)
	return o.show(w, r, "form", p)
}

// reportCard tells what became, or would become, of a file.
func reportCard(p i18n.Printer, rep *credit.Report) Card {
	title := "law.credit.fine"
	if len(rep.Faults) > 0 {
		title = "law.credit.refused"
	}
	c := Card{ID: "tried", Title: p.T(title), Note: p.T("law.credit.tried", "rows", rep.Rows, "new", rep.New, "known", rep.Known, "persons", rep.Persons, "withheld", rep.Withheld)}
	if len(rep.Unknown) > 0 {
		c.Facts = append(c.Facts, Fact{Label: p.T("law.credit.unknown"), Value: p.List(rep.Unknown), Lang: "zh-CN"})
	}
	for i, one := range rep.Faults {
		if i == shownFaults {
			c.Facts = append(c.Facts, Fact{Label: p.T("law.credit.more"), Value: p.T("law.number", "n", len(rep.Faults)-shownFaults)})
			break
		}
		c.Facts = append(c.Facts, Fact{Label: p.T("law.credit.row", "n", one.Row), Value: p.Text(one.Fault.Message())})
	}
	return c
}
