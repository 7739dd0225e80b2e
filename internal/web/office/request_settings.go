package office

import (
	"net/http"
	"strconv"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/foi"
	"gongkai/internal/foi/reckon"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

func (o *Office) showRequestSettings(w http.ResponseWriter, r *http.Request) error {
	s, err := o.requestSettings(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", o.requestSettingsPage(r, s))
}

// requestSettings are those of the body worked for, to who may change them.
func (o *Office) requestSettings(r *http.Request) (*foi.Settings, error) {
	if err := o.Actor(r).May(actor.FoiSetting, actor.In(o.Body(r))); err != nil {
		return nil, err
	}
	return o.Requests.Settings(r.Context(), o.Actor(r), o.Body(r))
}

func (o *Office) requestSettingsPage(r *http.Request, s *foi.Settings) *FormPage {
	p := &FormPage{Page: o.page(r, printer(r).T("requests.settings")), Lead: printer(r).T("requests.settings.lead")}
	p.Crumb(p.T("requests.title"), o.path(r, "/office/requests"))
	q := p.Printer
	p.Form = NewForm(p.Page, o.path(r, "/office/requests/settings"),
		Group{Legend: q.T("requests.settings.intake"), Fields: []Field{
			tick(q, "online", "requests.setting.online", s.Online), {Name: "notice", Label: q.T("requests.setting.notice"), Kind: LongField, Rows: 4, Most: 3000, Value: s.Notice, Lang: "zh-CN", Hint: q.T("requests.setting.notice_hint")},
			{Name: "hours", Label: q.T("requests.setting.hours"), Value: s.Hours, Most: 200, Lang: "zh-CN"}}},
		Group{Legend: q.T("requests.settings.numbers"), Note: q.T("requests.settings.numbers_note", "year", "{year}", "n", "{n}", "four", "{n:4}"), Fields: []Field{
			{Name: "register_pattern", Label: q.T("requests.setting.register_pattern"), Required: true, Half: true, Value: s.RegisterPattern, Most: 60}, {Name: "letter_pattern", Label: q.T("requests.setting.letter_pattern"), Required: true, Half: true, Value: s.LetterPattern, Most: 60, Lang: "zh-CN"}}},
		Group{Legend: q.T("requests.settings.periods"), Fields: []Field{
			number(q, "correction_days", "requests.setting.correction_days", s.CorrectionDays, statute.OGI2019.Art(30)), number(q, "reason_days", "requests.setting.reason_days", s.ReasonDays, statute.OGI2019.Art(35)),
			number(q, "alike", "requests.setting.alike", s.Alike, statute.OGI2019.Art(44))}},
		Group{Legend: q.T("requests.settings.reviews"), Note: q.T("requests.settings.reviews_note"), Fields: []Field{
			reviewsField(q, "reviews_open", "requests.setting.reviews_open", s.ReviewsOpen), reviewsField(q, "reviews_deny", "requests.setting.reviews_deny", s.ReviewsDeny), reviewsField(q, "reviews_other", "requests.setting.reviews_other", s.ReviewsOther)}},
		Group{Legend: q.T("requests.settings.remedy"), Note: q.T("requests.settings.remedy_note"), Fields: []Field{
			{Name: "authorities", Label: q.T("requests.setting.authorities"), Kind: LongField, Rows: 2, Most: 500, Value: strings.Join(s.Authorities, "\n"), Lang: "zh-CN", Hint: q.T("requests.setting.line")},
			{Name: "courts", Label: q.T("requests.setting.courts"), Kind: LongField, Rows: 2, Most: 500, Value: strings.Join(s.Courts, "\n"), Lang: "zh-CN", Hint: q.T("requests.setting.line")},
			unverified(tick(q, "query_first", "requests.setting.query_first", s.QueryFirst), q, "requests.setting.query_first_note")}},
		Group{Legend: q.T("requests.settings.fee"), Fields: []Field{
			unverified(tick(q, "charges", "requests.setting.charges", s.Charges), q, "requests.setting.charges_note"), {Name: "how_to_pay", Label: q.T("requests.setting.how_to_pay"), Kind: LongField, Rows: 3, Most: 1000, Value: s.HowToPay, Lang: "zh-CN"}}},
		Group{Legend: q.T("requests.settings.clock"), Note: q.T("requests.settings.clock_note"), Fields: clockFields(q, s.Clock)},
		Group{Legend: q.T("requests.settings.count"), Fields: []Field{
			unverified(tick(q, "count_again", "requests.setting.count_again", s.CountAgain), q, "requests.setting.count_again_note"), tick(q, "public_log", "requests.setting.public_log", s.PublicLog)}})
	p.Form.Version = s.Version
	p.Form.Buttons = []Button{{Text: q.T("office.save"), Tone: "primary"}}
	p.Form.Back = p.back(o.path(r, "/office/requests"))
	return p
}

func tick(p i18n.Printer, name, label string, on bool) Field {
	f := Field{Name: name, Label: p.T(label), Kind: TickField}
	if on {
		f.Value = "1"
	}
	return f
}

func number(p i18n.Printer, name, label string, n int, ref statute.Ref) Field {
	return Field{Name: name, Label: p.T(label), Kind: NumberField, Required: true, Half: true, Value: strconv.Itoa(n), Help: HelpOn(p, "requests.setting.left_open", ref)}
}

// unverified marks a choice that rests on a text that was not seen, or that the law leaves open.
func unverified(f Field, p i18n.Printer, note string) Field {
	f.Hint = p.T("requests.setting.unverified") + p.T(note)
	return f
}

// reviewsField offers the reviews in their order; the head's is always the last.
func reviewsField(p i18n.Printer, name, label string, on []foi.ReviewKind) Field {
	f := Field{Name: name, Label: p.T(label), Kind: TicksField, Values: asStrings(on)}
	for _, k := range []foi.ReviewKind{foi.LegalReview, foi.SecrecyReview, foi.Leadership} {
		f.Choices = append(f.Choices, Choice{Value: string(k), Text: p.Text(foi.Word("review_" + string(k)))})
	}
	return f
}

func clockFields(p i18n.Printer, c reckon.Policy) []Field {
	fields := []Field{
		unverified(tick(p, "from_sending", "requests.setting.from_sending", c.FromSending), p, "requests.setting.from_sending_note"), unverified(tick(p, "sum", "requests.setting.sum", c.Sum), p, "requests.setting.sum_note"),
		unverified(tick(p, "lapse_sent", "requests.setting.lapse_sent", c.LapseSent), p, "requests.setting.lapse_sent_note"), unverified(tick(p, "cut_late", "requests.setting.cut_late", c.CutLate), p, "requests.setting.cut_late_note"),
		unverified(tick(p, "late_notice", "requests.setting.late_notice", c.LateNotice), p, "requests.setting.late_notice_note"),
	}
	after := Field{Name: "after_fee", Label: p.T("requests.setting.after_fee"), Kind: RadioField, Value: string(c.AfterFee), Choices: []Choice{
		{Value: string(reckon.Anew), Text: p.T("requests.setting.after_anew")}, {Value: string(reckon.Resumed), Text: p.T("requests.setting.after_resumed")}, {Value: string(reckon.Ignored), Text: p.T("requests.setting.after_unchanged")}}}
	return append(fields, unverified(after, p, "requests.setting.after_fee_note"))
}

func (o *Office) changeRequestSettings(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	s, err := o.requestSettings(r)
	if err != nil {
		return err
	}
	readRequestSettings(f, s)
	if err = f.Err(); err == nil {
		err = o.Requests.SaveSettings(r.Context(), o.Actor(r), o.Body(r), s)
	}
	if err == nil {
		return o.done(w, r, i18n.M("office.saved"), "/office/requests/settings")
	}
	if !mendable(err) {
		return err
	}
	p := o.requestSettingsPage(r, s)
	p.Form.Keep(r.PostForm)
	return o.showAs(w, r, p.Form.Tell(err), "form", p)
}

func readRequestSettings(f *web.Form, s *foi.Settings) {
	s.Version = f.Int64("version")
	s.Online, s.Notice, s.Hours = f.Bool("online"), f.AtMost("notice", 3000), f.AtMost("hours", 200)
	s.RegisterPattern, s.LetterPattern = f.Text("register_pattern"), f.Text("letter_pattern")
	s.CorrectionDays, s.ReasonDays, s.Alike = f.Int("correction_days"), f.Int("reason_days"), f.Int("alike")
	s.ReviewsOpen, s.ReviewsDeny, s.ReviewsOther = reviewsOf(f, "reviews_open"), reviewsOf(f, "reviews_deny"), reviewsOf(f, "reviews_other")
	s.Authorities, s.Courts, s.QueryFirst = linesOf(f.AtMost("authorities", 500)), linesOf(f.AtMost("courts", 500)), f.Bool("query_first")
	s.Charges, s.HowToPay, s.CountAgain, s.PublicLog = f.Bool("charges"), f.AtMost("how_to_pay", 1000), f.Bool("count_again"), f.Bool("public_log")
	s.Clock = reckon.Policy{FromSending: f.Bool("from_sending"), Sum: f.Bool("sum"), LapseSent: f.Bool("lapse_sent"), CutLate: f.Bool("cut_late"), LateNotice: f.Bool("late_notice"),
		AfterFee: reckon.AfterFee(f.Choice("after_fee", string(reckon.Anew), string(reckon.Resumed), string(reckon.Ignored)))}
}

func reviewsOf(f *web.Form, name string) (all []foi.ReviewKind) {
	for _, k := range f.List(name) {
		all = append(all, foi.ReviewKind(k))
	}
	return all
}

func linesOf(text string) (all []string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}
