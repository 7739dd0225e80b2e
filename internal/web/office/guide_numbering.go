package office

import (
	"cmp"
	"net/http"

	"gongkai/internal/agency"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/index"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

func (o *Office) editNumbering(w http.ResponseWriter, r *http.Request) error {
	p, err := o.numberingPage(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", p)
}

// numberingPage asks how a body numbers, beginning with the layout that holds where it has set
// none, and shows the next number each usual layout would give.
func (o *Office) numberingPage(r *http.Request) (*FormPage, error) {
	desk := &index.Desk{DB: o.Guides.DB}
	s, err := desk.Setting(r.Context(), o.Actor(r), o.Body(r))
	if err != nil {
		return nil, err
	}
	p := &FormPage{Page: o.page(r, printer(r).T("law.numbering.title")), Lead: printer(r).T("law.numbering.lead")}
	dated := map[index.Dated]string{index.Written: "law.numbering.written", index.Shown: "law.numbering.shown"}
	word := func(d index.Dated) i18n.Message { return i18n.M(dated[d]) }
	p.Form = NewForm(p.Page, "", Group{Fields: []Field{
		{Name: "template", Label: p.T("law.numbering.template"), Value: cmp.Or(s.Text, disclosure.DefaultTemplate.String()), Required: true, Most: 80, Hint: p.T("law.numbering.hint"), Help: HelpOn(p.Printer, "law.help.numbering", statute.OGI2019.Art(12, 3))},
		{Name: "dated", Label: p.T("law.numbering.dated"), Kind: RadioField, Required: true, Value: string(s.Dated), Choices: choices(p.Printer, "", []index.Dated{index.Written, index.Shown}, word)},
	}})
	p.Form.Version, p.Form.Buttons = s.Version, []Button{{Text: p.T("office.save"), Tone: "primary"}}
	example := Card{ID: "presets", Title: p.T("law.numbering.presets"), Note: p.T("law.numbering.presets_note")}
	fields := o.numberFieldsOf(r)
	for _, t := range index.Presets {
		text, err := t.Format(fields, 1)
		if err != nil {
			text = p.T("law.numbering.lacking")
		}
		example.Facts = append(example.Facts, Fact{Label: t.String(), Value: text})
	}
	p.Side = []Card{example}
	return p, nil
}

// numberFieldsOf are the codes of the body worked for, for examples.
func (o *Office) numberFieldsOf(r *http.Request) index.Fields {
	f := index.Fields{Dept: "001", Category: "01", Date: o.today()}
	_ = o.Guides.DB.View(r.Context(), func(tx *db.Tx) error { // without codes the examples say what is lacking
		body, err := agency.Load(tx, o.Body(r))
		if err == nil {
			f.Org, f.Credit, f.Region = body.OrgCode, body.CreditCode, body.Region
		}
		return err
	})
	return f
}

func (o *Office) saveNumbering(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	in := index.Setting{Agency: o.Body(r), Text: f.Need("template"), Dated: index.Dated(f.Text("dated")), Version: f.Int64("version")}
	err := f.Err()
	if err == nil {
		_, err = (&index.Desk{DB: o.Guides.DB}).Set(r.Context(), o.Actor(r), in)
	}
	if err == nil {
		return o.done(w, r, i18n.M("law.saved"), "/office/numbering")
	}
	p, broken := o.numberingPage(r)
	if broken != nil {
		return broken
	}
	return o.answer(w, r, p, err)
}
