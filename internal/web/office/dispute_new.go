package office

import (
	"net/http"
	"strconv"
	"strings"

	"gongkai/internal/foi/dispute"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// newDisputeForm asks for a reconsideration or a suit as it is first known.
func (o *Office) newDisputeForm(r *http.Request) (*FormPage, error) {
	p := &FormPage{Page: o.page(r, printer(r).T("disputes.new")), Lead: printer(r).T("disputes.new_lead")}
	p.Crumb(p.T("disputes.title"), o.path(r, "/office/disputes"))
	reviews, err := o.Disputes.List(r.Context(), o.Actor(r), dispute.Filter{Agency: o.Body(r), Kind: dispute.Review, Limit: 200})
	if err != nil {
		return nil, err
	}
	before := []Choice{{Text: p.T("disputes.no_review")}}
	for _, d := range reviews.Disputes {
		before = append(before, Choice{Value: d.ID, Text: d.Filed.String() + " " + d.Last().Authority})
	}
	p.Form = NewForm(p.Page, "", Group{Fields: []Field{
		{Name: "kind", Label: p.T("disputes.kind"), Kind: RadioField, Required: true, Value: r.URL.Query().Get("kind"), Choices: choices(p.Printer, "", dispute.Kinds, dispute.Word[dispute.Kind])},
		{Name: "request_no", Label: p.T("disputes.request"), Hint: p.T("disputes.request_hint"), Value: r.URL.Query().Get("no"), Half: true, Most: 100, Lang: "zh-CN"},
		{Name: "reviewed", Label: p.T("disputes.reviewed"), Kind: SelectField, Half: true, Value: r.URL.Query().Get("reviewed"), Choices: before},
		{Name: "authority", Label: p.T("disputes.authority"), Required: true, Half: true, Most: 100, Lang: "zh-CN"},
		{Name: "no", Label: p.T("disputes.no"), Half: true, Most: 100, Lang: "zh-CN"},
		{Name: "filed", Label: p.T("disputes.filed"), Kind: DateField, Required: true, Half: true, Top: o.today().String()},
		{Name: "party", Label: p.T("disputes.party"), Required: true, Half: true, Most: 100, Lang: "zh-CN", Hint: p.T("disputes.party_hint")},
		{Name: "claim", Label: p.T("disputes.claim"), Kind: LongField, Rows: 3, Most: 2000, Lang: "zh-CN"},
		{Name: "co_defendant", Label: p.T("disputes.co_defendant"), Kind: TickField, Hint: p.T("disputes.co_hint")},
	}})
	p.Form.Buttons = []Button{{Text: p.T("office.save"), Tone: "primary"}}
	p.Form.Back = p.back(o.path(r, "/office/disputes"))
	return p, nil
}

func (o *Office) newDispute(w http.ResponseWriter, r *http.Request) error {
	p, err := o.newDisputeForm(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", p)
}

func (o *Office) enterDispute(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	in := dispute.Entering{Agency: o.Body(r), Kind: dispute.Kind(f.Text("kind")), RequestNo: f.Text("request_no"), Reviewed: f.Text("reviewed"),
		CoDefendant: f.Bool("co_defendant"), Authority: f.Text("authority"), No: f.Text("no"), Filed: f.Date("filed"),
		Details: dispute.Details{Party: f.Text("party"), Claim: f.AtMost("claim", 2000)}}
	err := f.Err()
	if err == nil {
		var d *dispute.Dispute
		if d, err = o.Disputes.Enter(r.Context(), o.Actor(r), in); err == nil {
			return o.done(w, r, i18n.M("disputes.entered"), "/office/disputes/%s", d.ID)
		}
	}
	p, broken := o.newDisputeForm(r)
	if broken != nil {
		return broken
	}
	return o.answer(w, r, p, err)
}

// disputeColumnsForm asks into which column of table four a body puts what no official note fixes.
func (o *Office) disputeColumnsForm(r *http.Request) (*FormPage, error) {
	own, version, err := o.Disputes.Columns(r.Context(), o.Actor(r), o.Body(r))
	if err != nil {
		return nil, err
	}
	p := &FormPage{Page: o.page(r, printer(r).T("disputes.columns")), Lead: printer(r).T("disputes.columns_lead")}
	p.Crumb(p.T("disputes.title"), o.path(r, "/office/disputes"))
	keys, usual := dispute.Unverified()
	groups := map[string]*Group{"review": {Legend: p.Text(dispute.Word(dispute.Review))}, "suit": {Legend: p.T("disputes.suits")}}
	for _, key := range keys {
		procedure, result, _ := strings.Cut(key, ".")
		value := usual[key]
		if own[key] != "" {
			value = own[key]
		}
		groups[procedure].Fields = append(groups[procedure].Fields, Field{Name: key, Label: p.Text(dispute.Word(result)), Kind: SelectField, Half: true, Value: string(value),
			Choices: choices(p.Printer, "", dispute.ColumnsOf[:3], dispute.Bucket.Message), Hint: p.T("disputes.usual", "column", usual[key].Message())})
	}
	p.Form = NewForm(p.Page, "", *groups["review"], *groups["suit"])
	p.Form.Hidden = []Field{{Name: "version", Value: strconv.FormatInt(version, 10)}}
	p.Form.Buttons = []Button{{Text: p.T("office.save"), Tone: "primary"}}
	p.Form.Back = p.back(o.path(r, "/office/disputes"))
	return p, nil
}

func (o *Office) showDisputeColumns(w http.ResponseWriter, r *http.Request) error {
	p, err := o.disputeColumnsForm(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", p)
}

func (o *Office) setDisputeColumns(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	keys, usual := dispute.Unverified()
	b := dispute.Buckets{}
	for _, key := range keys {
		if c := dispute.Bucket(f.Text(key)); c != "" && c != usual[key] {
			b[key] = c
		}
	}
	err := o.Disputes.SetColumns(r.Context(), o.Actor(r), o.Body(r), f.Int64("version"), b)
	if err == nil {
		return o.done(w, r, i18n.M("office.saved"), "/office/disputes")
	}
	p, broken := o.disputeColumnsForm(r)
	if broken != nil {
		return broken
	}
	return o.answer(w, r, p, err)
}
