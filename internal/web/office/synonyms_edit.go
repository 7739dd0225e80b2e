package office

import (
	"net/http"

	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/search/synonym"
	"gongkai/internal/web"
)

// synonymsPage is the form of the operator's list, with what comes with the product beside it.
func (o *Office) synonymsPage(r *http.Request) (*FormPage, error) {
	l, err := o.Synonyms.Get(r.Context(), o.Actor(r))
	if err != nil {
		return nil, err
	}
	p := &FormPage{Page: o.page(r, printer(r).T("synonyms.title")), Lead: printer(r).T("synonyms.lead")}
	only := ""
	if l.OwnOnly {
		only = "1"
	}
	p.Form = NewForm(p.Page, "",
		Group{Fields: []Field{
			{Name: "text", Label: p.T("synonyms.text"), Kind: LongField, Rows: 18, Value: l.Text, Hint: p.T("synonyms.hint"), Placeholder: p.T("synonyms.sample"), Lang: "zh-CN"},
			{Name: "file", Label: p.T("synonyms.file"), Kind: FileField, Accept: ".txt", Hint: p.T("synonyms.file_hint")},
			{Name: "own_only", Label: p.T("synonyms.own_only"), Kind: TickField, Value: only, Hint: p.T("synonyms.own_only_hint")},
		}},
		Group{Legend: p.T("synonyms.start"), Note: p.T("synonyms.start_note"), Folded: true, Fields: []Field{
			{Name: "start", Label: p.T("synonyms.start_text"), Kind: ShownField, Value: synonym.Start, Lang: "zh-CN"},
		}})
	p.Form.Buttons = []Button{{Text: p.T("office.save"), Tone: "primary"}}
	p.Form.Version = l.Version
	card := Card{ID: "now", Title: p.T("synonyms.now"), Facts: []Fact{{Label: p.T("synonyms.groups"), Value: grouped(int64(l.Groups))}},
		Links: []web.Link{{Text: p.T("synonyms.export"), Href: o.path(r, "/office/synonyms/export")}}}
	if !l.Changed.IsZero() {
		card.Facts = append(card.Facts, Fact{Label: p.T("synonyms.changed"), Value: When(l.Changed)})
	}
	p.Side = []Card{card}
	return p, nil
}

func (o *Office) editSynonyms(w http.ResponseWriter, r *http.Request) error {
	p, err := o.synonymsPage(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", p)
}

// exportSynonyms sends the operator's list as the file that can be brought in again.
func (o *Office) exportSynonyms(w http.ResponseWriter, r *http.Request) error {
	l, err := o.Synonyms.Get(r.Context(), o.Actor(r))
	if err != nil {
		return err
	}
	attach(w, "text/plain; charset=utf-8", printer(r).T("synonyms.title")+".txt")
	_, err = w.Write([]byte(l.Text))
	return err
}

// saveSynonyms keeps the list as it was typed or uploaded, or tells everything wrong with it.
func (o *Office) saveSynonyms(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	text, only, version := f.Raw("text"), f.Text("own_only") == "1", f.Int64("version")
	if data, err := uploaded(r, "file"); err == nil && len(data) > 0 {
		text = string(data)
	}
	err := f.Err()
	var wrong []*fault.Error
	if err == nil {
		wrong, err = o.Synonyms.Save(r.Context(), o.Actor(r), text, only, version)
	}
	if err != nil || len(wrong) > 0 {
		return o.synonymsAgain(w, r, wrong, err)
	}
	return o.done(w, r, i18n.M("synonyms.saved"), "/office/synonyms")
}

// synonymsAgain shows the form with everything that was wrong.
func (o *Office) synonymsAgain(w http.ResponseWriter, r *http.Request, wrong []*fault.Error, err error) error {
	if fault.KindOf(err) == fault.Forbidden {
		return err
	}
	p, broken := o.synonymsPage(r)
	if broken != nil {
		return broken
	}
	if len(wrong) > 0 {
		c := Card{ID: "wrong", Title: p.T("synonyms.wrong", "n", len(wrong))}
		for _, one := range wrong[:min(len(wrong), shownFaults)] {
			c.Facts = append(c.Facts, Fact{Value: p.Text(one.Message())})
		}
		p.Side, err = append([]Card{c}, p.Side...), wrong[0]
	}
	return o.answer(w, r, p, err)
}
