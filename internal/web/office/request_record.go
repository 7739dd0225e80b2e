package office

import (
	"net/http"
	"strconv"
	"strings"

	"gongkai/internal/date"
	"gongkai/internal/foi"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/reckon"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// recordBuilder gathers the cards of what is on record of a request.
type recordBuilder struct {
	i18n.Printer
	at  string // address of the request
	all []Card
}

// card adds a card with the facts that are known.
func (b *recordBuilder) card(id, title string, facts ...Fact) *Card {
	c := Card{ID: id, Title: title}
	for _, f := range facts {
		if f.Value != "" || f.Badge != nil {
			c.Facts = append(c.Facts, f)
		}
	}
	b.all = append(b.all, c)
	return &b.all[len(b.all)-1]
}

func (b *recordBuilder) text(key, value string) Fact {
	return Fact{Label: b.T(key), Value: value, Lang: "zh-CN"}
}

func (b *recordBuilder) day(key string, d date.Date) Fact {
	return Fact{Label: b.T(key), Value: d.String()}
}

// recordCards are what is on record: who handles it, what was asked, searched, decided.
func (o *Office) recordCards(r *http.Request, p i18n.Printer, v *foi.View) []Card {
	b, c := &recordBuilder{Printer: p, at: o.path(r, "/office/requests/%s", v.Request.ID)}, v.Record
	if a := c.Assignment; a.Department != "" || len(a.Names) > 0 {
		b.card("assignment", p.T("requests.card.assignment"), b.text("requests.column.department", a.Department), b.text("requests.field.handlers", p.List(a.Names)),
			b.day("requests.field.until", a.Until), b.text("requests.field.note", a.Note))
	}
	b.coHandling(c)
	if n := c.Correction; n != nil {
		b.card("correction", p.T("requests.card.correction"), b.text("requests.field.what", n.What), b.text("requests.field.guidance", n.Guidance), b.day("requests.field.notified", n.Notified),
			b.day("requests.field.period", n.Due), b.day("requests.field.corrected", n.Corrected), b.text("requests.field.corrected_text", n.Text), b.day("requests.field.lapsed", n.Lapsed))
	}
	if n := c.Reasons; n != nil {
		b.card("reasons", p.T("requests.card.reasons"), b.text("requests.field.facts", n.Facts), b.day("requests.field.notified", n.Notified), b.day("requests.field.period", n.Due),
			b.day("requests.field.given", n.Given), b.text("requests.field.given_text", n.Text), b.day("requests.field.later", n.LaterTo))
	}
	for _, one := range c.Consulted {
		b.consultation(o, v, one)
	}
	for i, s := range c.Searches {
		b.card("search-"+strconv.Itoa(i), p.T("requests.card.search", "n", i+1), b.text("requests.field.systems", s.Systems), b.text("requests.field.archives", s.Archives), b.text("requests.field.words", s.Words),
			b.text("requests.field.people", s.People), Fact{Label: p.T("requests.field.searched"), Value: s.From.String() + " — " + s.To.String()}, b.text("requests.field.result", s.Result))
	}
	if e := c.Extension; e != nil {
		b.card("extension", p.T("requests.card.extension"), Fact{Label: p.T("requests.field.days"), Value: strconv.Itoa(e.Days)}, b.text("requests.field.reason", e.Reason),
			b.text("requests.field.proposed_by", e.ByName), b.day("requests.field.approved", e.Approved), b.text("requests.field.head", e.Head), b.day("requests.field.notified", e.Notified))
	}
	b.fee(c.Fee)
	b.decision(v)
	if d := c.Delivery; d != nil {
		b.card("delivery", p.T("requests.card.delivery"), Fact{Label: p.T("requests.field.way"), Value: p.Text(foi.WayWord(d.Way))}, b.day("requests.letter.sent", d.On), b.day("requests.letter.arrived", d.Arrived),
			b.text("requests.field.tracking", d.Tracking), b.text("requests.field.signer", d.Signer), b.text("requests.letter.failed", d.Failed))
	}
	if c.Withdrawal != "" {
		b.card("withdrawal", p.T("requests.card.withdrawal"), b.text("requests.field.reason", c.Withdrawal))
	}
	return b.all
}

func (b *recordBuilder) coHandling(c *foi.Record) {
	for _, q := range c.CoHandling {
		one := b.card("co-"+strconv.Itoa(q.ID), b.T("requests.card.cohandling", "department", q.Department), b.text("requests.field.person", q.Person), b.text("requests.field.question", q.Question),
			b.day("requests.field.asked", q.Asked), b.day("requests.field.until", q.Until), b.day("requests.field.answered", q.Answered), b.text("requests.field.answer", q.Answer))
		for _, key := range q.Files {
			one.Links = append(one.Links, web.Link{Text: b.T("requests.field.answer_file"), Href: b.at + "/files/" + key})
		}
		if q.Answered.IsZero() {
			one.More = web.Link{Text: b.T("requests.act.coanswer"), Href: b.at + "/do/coanswer?item=" + strconv.Itoa(q.ID)}
		}
	}
}

// consultation is one round of asking, with its own clock: 15 working days from the day the party
// received the letter.
func (b *recordBuilder) consultation(o *Office, v *foi.View, one foi.Consultation) {
	state := Badge{b.T("requests.consult.draft"), Wait}
	until := date.Date{}
	if !one.Received.IsZero() {
		until = o.Requests.Calendar().Add(one.Received, reckon.OpinionDays).Date
	}
	switch {
	case !one.Replied.IsZero() && one.Consents:
		state = Badge{b.T("requests.consult.agrees"), Good}
	case !one.Replied.IsZero():
		state = Badge{b.T("requests.consult.objects"), Bad}
	case !until.IsZero() && v.Today.After(until):
		state = Badge{b.T("requests.consult.silent"), Warn}
	case !one.Sent.IsZero():
		state = Badge{b.T("requests.consult.waits"), Wait}
	}
	c := b.card("consultation-"+strconv.Itoa(one.ID), b.T("requests.card.consultation", "party", b.Text(foi.Word(string(one.Party)))), b.text("requests.field.party", one.Name),
		Fact{Label: b.T("requests.column.state"), Badge: &state}, b.text("requests.field.content", one.Content), b.day("requests.letter.sent", one.Sent), b.day("requests.field.party_received", one.Received),
		b.day("requests.field.opinion_until", until), b.day("requests.field.replied", one.Replied), b.text("requests.field.opinion", one.Opinion), b.text("requests.field.overrides", one.Overrides))
	link := func(key, act string) {
		c.Links = append(c.Links, web.Link{Text: b.T(key), Href: b.at + "/do/" + act + "?item=" + strconv.Itoa(one.ID)})
	}
	if !one.Sent.IsZero() && one.Replied.IsZero() {
		link("requests.act.received", "received")
		link("requests.act.opinion", "opinion")
	}
	if one.Party == foi.ThirdParty && !one.Replied.IsZero() && !one.Consents && one.Overrides == "" && v.Request.State == foi.Handling {
		link("requests.act.override", "override")
	}
}

func (b *recordBuilder) fee(f *foi.Fee) {
	if f == nil {
		return
	}
	count := b.T("requests.fee.pages", "n", f.Pages)
	if f.Mode == foi.ByPiece {
		count = b.T("requests.fee.pieces", "n", f.Before+1, "month", f.Month)
	}
	b.card("fee", b.T("requests.card.fee"), Fact{Label: b.T("requests.field.mode"), Value: b.Text(foi.Word(string(f.Mode)))}, Fact{Label: b.T("requests.field.count"), Value: count},
		Fact{Label: b.T("requests.field.yuan"), Value: b.T("requests.fee.yuan", "n", f.Yuan)}, b.day("requests.field.notified", f.Notified), b.day("requests.letter.arrived", f.Arrived), b.day("requests.field.pay_until", f.Due),
		b.day("requests.field.paid", f.Paid), b.text("requests.field.voucher", f.Voucher), b.text("requests.field.waived", f.Waived), b.day("requests.field.lapsed", f.Lapsed))
}

// decision is what was decided, with the ground of every part, and who reviewed it.
func (b *recordBuilder) decision(v *foi.View) {
	n := v.Record.Decision
	if n == nil {
		return
	}
	name := b.Text(n.Outcome.Message())
	if v.Request.Nature == foi.OwnRecord {
		name = b.T("requests.decide.own")
	}
	c := b.card("decision", b.T("requests.card.decision"), Fact{Label: b.T("requests.filter.outcome"), Value: name})
	if key := variantWords[n.Variant]; key != "" {
		c.Facts = append(c.Facts, Fact{Label: b.T("requests.field.variant"), Value: b.T(key)})
	}
	for _, a := range n.Answers {
		c.Facts = append(c.Facts, b.answer(a)...)
	}
	for _, f := range v.Files {
		for _, key := range n.Files {
			if f.ID == key {
				c.Facts = append(c.Facts, Fact{Label: b.T("requests.field.handed"), Value: f.Name, Href: b.at + "/files/" + f.ID, Lang: "zh-CN"})
			}
		}
	}
	c.Facts = append(c.Facts, b.known(b.text("requests.field.draft_opinion", n.Opinion), b.text("requests.field.proposed_by", n.ByName), b.day("requests.field.proposed", n.On))...)
	for _, s := range v.Record.Reviews {
		badge := Badge{b.Text(foi.Word("agreed")), Good}
		if !s.OK {
			badge = Badge{b.Text(foi.Word("refused")), Bad}
		}
		c.Facts = append(c.Facts, Fact{Label: b.Text(foi.Word("review_" + string(s.Kind))), Badge: &badge, Value: s.Name + "　" + When(s.At) + "　" + s.Note, Lang: "zh-CN"})
	}
}

func (b *recordBuilder) known(all ...Fact) (out []Fact) {
	for _, f := range all {
		if f.Value != "" {
			out = append(out, f)
		}
	}
	return out
}

// answer lists what an answer says.
func (b *recordBuilder) answer(a letter.Answer) []Fact {
	all := b.known(b.text("requests.field.finding", a.Finding), b.text("requests.field.class", a.Class), b.text("requests.field.law", a.Law), b.text("requests.field.ground", a.Reason))
	for _, one := range a.Provided {
		text := one.Title
		if one.DocNo != "" {
			text += "（" + one.DocNo + "）"
		}
		if one.Pages > 0 {
			text += "　" + b.T("requests.fee.pages", "n", one.Pages)
		}
		all = append(all, b.text("requests.field.provided", text))
	}
	for _, w := range a.Withheld {
		all = append(all, b.text("requests.field.withheld", w.What+"　"+b.T(withheldWords[w.Outcome])+"　"+w.Reason))
	}
	return append(all, b.known(b.text("requests.field.obtain", joined(a.Obtain.Way, a.Obtain.Place, a.Obtain.Time)), b.text("requests.field.where", joined(a.Published.Title, a.Published.Where, a.Published.URL)),
		b.text("requests.field.whynot", a.Third.WhyNot), b.text("requests.field.organ", joined(a.Organ.Name, a.Organ.Contact)), b.text("requests.field.organ_why", a.Organ.Why), b.text("requests.field.earlier_no", a.Earlier.Number),
		b.day("requests.field.earlier_on", a.Earlier.On), b.text("requests.field.proper_channel", a.Channel), b.text("requests.field.existing", a.Existing), b.text("requests.field.case_way", a.CaseWay))...)
}

// joined sets texts side by side, the empty ones left out.
func joined(all ...string) string { return strings.Join(strings.Fields(strings.Join(all, " ")), " ") }
