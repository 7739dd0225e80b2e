package office

import (
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

func (o *Office) showCredit(w http.ResponseWriter, r *http.Request) error {
	p, err := o.creditPage(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "record", p)
}

func (o *Office) creditPage(r *http.Request) (*RecordPage, error) {
	d, err := o.Credit.Load(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p := &RecordPage{Page: o.page(r, d.No), State: creditState(printer(r), d.State)}
	p.Crumb(p.T("law.credit.title"), o.path(r, "/office/credit"))
	p.Cards = []Card{creditFacts(p.Printer, d), creditDetails(p.Printer, d)}
	p.Forms = o.creditActs(r, p.Page, d)
	return p, nil
}

func creditFacts(p i18n.Printer, d *credit.Decision) Card {
	c := Card{ID: "facts", Title: p.T("law.card.facts")}
	for _, f := range []struct{ key, value string }{
		{"law.column.kind", p.Text(creditWord(d.Kind))}, {"law.column.party", d.Masked()}, {"law.column.decided", dayText(p, d.DecidedOn)},
		{"law.field.published_on", dayText(p, d.PublishedOn)}, {"law.column.show_until", dayText(p, d.ShowUntil)},
		{"law.field.overturned", dayText(p, d.Overturned)}, {"law.field.ended_on", dayText(p, d.EndedOn)}, {"law.field.reason", d.Reason},
	} {
		if f.value != "" {
			c.Facts = append(c.Facts, Fact{Label: p.T(f.key), Value: f.value})
		}
	}
	if d.Natural {
		c.Note = p.T("law.credit.masked")
	}
	return c
}

// creditDetails lists the standard's fields that the decision has, in their order.
func creditDetails(p i18n.Printer, d *credit.Decision) Card {
	c := Card{ID: "fields", Title: p.T("law.credit.fields")}
	for _, col := range credit.Columns(d.Kind) {
		if text := d.Fields[col.Code]; text != "" {
			c.Facts = append(c.Facts, Fact{Label: col.Label, Value: text, Lang: "zh-CN"})
		}
	}
	return c
}

// creditActs are the forms of what can be done next.
func (o *Office) creditActs(r *http.Request, p Page, d *credit.Decision) []Section {
	in, by := actor.In(d.Agency), o.Actor(r)
	var all []Section
	add := func(may bool, do, title string, fields ...Field) {
		if !may {
			return
		}
		f := NewForm(p, "", Group{Fields: fields})
		f.Version, f.Hidden = d.Version, []Field{{Name: "do", Value: do}}
		f.Buttons = []Button{{Text: p.T(title), Tone: "primary"}}
		all = append(all, Section{ID: do, Title: p.T(title), Form: f, Folded: do != "publish"})
	}
	withdraw := by.Can(actor.CreditWithdraw, in)
	live := d.State == credit.Shown || d.State == credit.Recorded
	reason := Field{Name: "reason", Label: p.T("law.field.reason"), Required: true, Most: 300, Kind: LongField, Rows: 3}
	overturn := onField(p.Printer, "law.field.overturned")
	overturn.Help = HelpOn(p.Printer, "law.help.overturn", statute.Penalty2021.Art(48, 2))
	add(by.Can(actor.CreditPublish, in) && credit.Flow.May(d.State, credit.Publish), "publish", "credit.act.publish")
	add(withdraw && live && d.Overturned.IsZero(), "overturn", "law.do.overturn", overturn, reason)
	add(withdraw && live, "withdraw", "credit.act.withdraw", reason)
	add(withdraw && d.Natural, "reveal", "law.do.reveal")
	return all
}

// actCredit does what one of the page's forms asks for.
func (o *Office) actCredit(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	if f.Text("do") == "reveal" {
		return o.revealCredit(w, r)
	}
	err := o.doCredit(r, f)
	if err == nil {
		return o.done(w, r, i18n.M("law.saved"), "/office/credit/%s", r.PathValue("id"))
	}
	if k := fault.KindOf(err); k != fault.Invalid && k != fault.Conflict {
		return err
	}
	p, broken := o.creditPage(r)
	if broken != nil {
		return broken
	}
	return o.answerRecord(w, r, p, f.Text("do"), err)
}

func (o *Office) doCredit(r *http.Request, f *web.Form) (err error) {
	ctx, by, id, version := r.Context(), o.Actor(r), r.PathValue("id"), f.Int64("version")
	on := f.Date("on")
	if err := f.Err(); err != nil {
		return err
	}
	switch f.Text("do") {
	case "publish":
		_, err = o.Credit.Publish(ctx, by, []string{id})
	case "overturn":
		_, err = o.Credit.Overturn(ctx, by, id, version, on, f.Text("reason"))
	case "withdraw":
		_, err = o.Credit.Withdraw(ctx, by, id, version, f.Text("reason"))
	default:
		return web.ErrChoice
	}
	return err
}

// revealCredit shows a natural person's name once, on a page that is not kept.
func (o *Office) revealCredit(w http.ResponseWriter, r *http.Request) error {
	name, err := o.Credit.Reveal(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	p, err := o.creditPage(r)
	if err != nil {
		return err
	}
	p.Cards = append([]Card{{ID: "name", Title: p.T("law.do.reveal"), Note: p.T("law.credit.revealed"), Facts: []Fact{{Label: p.T("law.column.party"), Value: name, Lang: "zh-CN"}}}}, p.Cards...)
	w.Header().Set("Cache-Control", "no-store")
	return o.show(w, r, "record", p)
}
