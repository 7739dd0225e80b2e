package office

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/account"
	"gongkai/internal/actor"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/reckon"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

type fieldsOf = func(o *Office, r *http.Request, p i18n.Printer, v *foi.View) []Field

func whyField(_ *Office, _ *http.Request, p i18n.Printer, _ *foi.View) []Field {
	return []Field{{Name: "reason", Label: p.T("requests.field.reason"), Kind: LongField, Required: true, Most: 1500, Lang: "zh-CN"}}
}

func longField(name, label string) fieldsOf {
	return func(_ *Office, _ *http.Request, p i18n.Printer, _ *foi.View) []Field {
		return []Field{{Name: name, Label: p.T(label), Kind: LongField, Required: true, Rows: 6, Most: 5000, Lang: "zh-CN"}}
	}
}

// dayField asks for a day not later than today.
func dayField(label string) fieldsOf {
	return func(o *Office, _ *http.Request, p i18n.Printer, _ *foi.View) []Field {
		return []Field{o.pastDay(p, "on", label)}
	}
}

func (o *Office) pastDay(p i18n.Printer, name, label string) Field {
	today := o.today().String()
	return Field{Name: name, Label: p.T(label), Kind: DateField, Required: true, Value: today, Top: today, Half: true}
}

func titleField(_ *Office, _ *http.Request, p i18n.Printer, v *foi.View) []Field {
	return []Field{{Name: "title", Label: p.T("requests.field.title"), Required: true, Most: 300, Value: v.Request.Title, Hint: p.T("requests.hint.title"), Lang: "zh-CN"}}
}

func confirmFields(o *Office, r *http.Request, p i18n.Printer, v *foi.View) []Field {
	on := o.pastDay(p, "on", "requests.field.received")
	on.Hint = p.T(receiptRules[v.Request.Channel])
	return append([]Field{on}, titleField(o, r, p, v)...)
}

// assignFields offer the people of the body who may handle requests.
func assignFields(o *Office, r *http.Request, p i18n.Printer, v *foi.View) []Field {
	a := v.Record.Assignment
	fields := []Field{{Name: "department", Label: p.T("requests.column.department"), Value: a.Department, Most: 100, Lang: "zh-CN", Hint: p.T("requests.hint.department")}}
	if people := o.requestPeople(r, v); len(people) > 0 {
		var choices []Choice
		for _, one := range people {
			choices = append(choices, Choice{Value: one.ID, Text: one.Name, Note: one.Department})
		}
		fields = append(fields, Field{Name: "handlers", Label: p.T("requests.field.handlers"), Kind: TicksField, Values: a.Handlers, Choices: choices})
	}
	return append(fields, Field{Name: "until", Label: p.T("requests.field.until"), Kind: DateField, Half: true, Value: a.Until.String(), Least: o.today().String(), Hint: p.T("requests.hint.until")},
		Field{Name: "note", Label: p.T("requests.field.note"), Kind: LongField, Rows: 2, Value: a.Note, Most: 500, Lang: "zh-CN"})
}

func (o *Office) requestPeople(r *http.Request, v *foi.View) []account.Ref {
	if o.People == nil {
		return nil
	}
	people, err := o.People.Staff(r.Context(), o.Actor(r), actor.FoiAssign, v.Request.Agency, actor.Handler, actor.Officer)
	if err != nil && fault.KindOf(err) == fault.Internal {
		o.Log.Error("people for a request", "route", r.Pattern, "err", err)
	}
	return people
}

func runAssign(c *actCall) error {
	a := foi.Assignment{Department: c.f.AtMost("department", 100), Until: c.f.Date("until"), Note: c.f.AtMost("note", 500)}
	people := c.requestPeople(c.r, c.v)
	for _, id := range c.f.List("handlers") {
		i := slices.IndexFunc(people, func(one account.Ref) bool { return one.ID == id })
		if i < 0 {
			return web.ErrChoice.At("handlers")
		}
		a.Handlers, a.Names = append(a.Handlers, id), append(a.Names, people[i].Name)
		if a.Department == "" {
			a.Department = people[i].Department
		}
	}
	return c.call(func() (*foi.Request, error) { return c.Requests.Assign(c.r.Context(), c.by, c.id, c.version, a) })
}

func coHandleFields(o *Office, _ *http.Request, p i18n.Printer, _ *foi.View) []Field {
	return []Field{{Name: "department", Label: p.T("requests.field.co_department"), Required: true, Half: true, Most: 100, Lang: "zh-CN"}, {Name: "person", Label: p.T("requests.field.person"), Half: true, Most: 100, Lang: "zh-CN"},
		{Name: "question", Label: p.T("requests.field.question"), Kind: LongField, Required: true, Rows: 5, Most: 3000, Lang: "zh-CN", Hint: p.T("requests.hint.question")},
		{Name: "until", Label: p.T("requests.field.answer_until"), Kind: DateField, Half: true, Least: o.today().String()}}
}

// runCoHandle shows the link once: only its digest is kept.
func runCoHandle(c *actCall) error {
	q := foi.CoHandling{Department: c.f.AtMost("department", 100), Person: c.f.AtMost("person", 100), Question: c.f.AtMost("question", 3000), Until: c.f.Date("until")}
	if err := c.f.Err(); err != nil {
		return err
	}
	_, secret, err := c.Requests.CoHandle(c.r.Context(), c.by, c.id, c.version, q)
	if err != nil {
		return err
	}
	c.answer = func() error {
		p := &tokenPage{Page: c.page(c.r, printer(c.r).T("requests.link.title")), Name: q.Department, Secret: c.linkAddress(secret), Next: c.path(c.r, "/office/requests/%s", c.id)}
		return c.show(c.w, c.r, "link", p)
	}
	return nil
}

// linkAddress is the address by which a colleague answers, beside the one for query codes.
func (o *Office) linkAddress(secret string) string {
	site, _, _ := strings.Cut(o.Requests.Address, "/request")
	return site + "/colleague.html#" + secret
}

func searchFields(o *Office, _ *http.Request, p i18n.Printer, v *foi.View) []Field {
	last := foi.SearchRecord{}
	if n := len(v.Record.Searches); n > 0 {
		last = v.Record.Searches[n-1]
	}
	names := strings.Join(v.Record.Assignment.Names, "、")
	if last.People != "" {
		names = last.People
	}
	from, to := o.pastDay(p, "from", "requests.field.search_from"), o.pastDay(p, "to", "requests.field.search_to")
	return []Field{
		{Name: "systems", Label: p.T("requests.field.systems"), Kind: LongField, Rows: 2, Value: last.Systems, Most: 1000, Lang: "zh-CN", Hint: p.T("requests.hint.systems")},
		{Name: "archives", Label: p.T("requests.field.archives"), Kind: LongField, Rows: 2, Value: last.Archives, Most: 1000, Lang: "zh-CN"},
		{Name: "words", Label: p.T("requests.field.words"), Required: true, Half: true, Value: last.Words, Most: 500, Lang: "zh-CN", Hint: p.T("requests.hint.words")},
		{Name: "people", Label: p.T("requests.field.people"), Required: true, Half: true, Value: names, Most: 500, Lang: "zh-CN"}, from, to,
		{Name: "result", Label: p.T("requests.field.result"), Kind: LongField, Required: true, Rows: 3, Most: 2000, Lang: "zh-CN"},
		{Name: "found", Label: p.T("requests.field.found"), Kind: TickField},
	}
}

func runSearch(c *actCall) error {
	s := foi.SearchRecord{Systems: c.f.AtMost("systems", 1000), Archives: c.f.AtMost("archives", 1000), Words: c.f.AtMost("words", 500), People: c.f.AtMost("people", 500),
		From: c.f.Date("from"), To: c.f.Date("to"), Result: c.f.AtMost("result", 2000), Found: c.f.Bool("found")}
	return c.call(func() (*foi.Request, error) { return c.Requests.RecordSearch(c.r.Context(), c.by, c.id, c.version, s) })
}

func correctionFields(o *Office, _ *http.Request, p i18n.Printer, v *foi.View) []Field {
	n := foi.Correction{Days: v.Settings.CorrectionDays}
	if v.Record.Correction != nil {
		n = *v.Record.Correction
	}
	last := o.Requests.Calendar().Add(v.Request.Received, reckon.CorrectionDays).Date
	return []Field{
		{Name: "what", Label: p.T("requests.field.what"), Kind: LongField, Required: true, Rows: 4, Value: n.What, Most: 3000, Lang: "zh-CN", Hint: p.T("requests.hint.what", "last", last)},
		{Name: "guidance", Label: p.T("requests.field.guidance"), Kind: LongField, Required: true, Rows: 4, Value: n.Guidance, Most: 3000, Lang: "zh-CN", Hint: p.T("requests.hint.guidance")},
		{Name: "days", Label: p.T("requests.field.correct_days"), Kind: NumberField, Required: true, Value: strconv.Itoa(n.Days), Unit: p.T("requests.unit.days"), Hint: p.T("requests.hint.correct_days")},
	}
}

func correctedFields(o *Office, _ *http.Request, p i18n.Printer, _ *foi.View) []Field {
	on := o.pastDay(p, "on", "requests.field.corrected")
	on.Hint = p.T("requests.hint.corrected")
	return []Field{on, {Name: "text", Label: p.T("requests.field.corrected_text"), Kind: LongField, Rows: 5, Most: 5000, Lang: "zh-CN"},
		{Name: "file", Label: p.T("requests.files"), Kind: FileField, Many: true}}
}

func reasonsFields(_ *Office, _ *http.Request, p i18n.Printer, v *foi.View) []Field {
	facts := ""
	if v.Record.Reasons != nil {
		facts = v.Record.Reasons.Facts
	}
	return []Field{{Name: "facts", Label: p.T("requests.field.facts"), Kind: LongField, Required: true, Rows: 4, Value: facts, Most: 1500, Lang: "zh-CN", Hint: p.T("requests.hint.facts", "n", len(v.SameApplicant)+1)},
		{Name: "days", Label: p.T("requests.field.reason_days"), Kind: NumberField, Required: true, Value: strconv.Itoa(v.Settings.ReasonDays), Unit: p.T("requests.unit.days")}}
}

func givenFields(o *Office, _ *http.Request, p i18n.Printer, _ *foi.View) []Field {
	return []Field{o.pastDay(p, "on", "requests.field.given"), {Name: "text", Label: p.T("requests.field.given_text"), Kind: LongField, Rows: 5, Most: 5000, Lang: "zh-CN", Hint: p.T("requests.hint.given")}}
}

func laterField(_ *Office, _ *http.Request, p i18n.Printer, v *foi.View) []Field {
	return []Field{{Name: "later", Label: p.T("requests.field.later"), Kind: DateField, Required: true, Least: v.Clock.Due.Plus(1).String(), Hint: p.T("requests.hint.later", "due", v.Clock.Due)}}
}

func consultFields(_ *Office, _ *http.Request, p i18n.Printer, _ *foi.View) []Field {
	return []Field{
		{Name: "party", Label: p.T("requests.field.whom"), Kind: RadioField, Required: true, Value: string(foi.ThirdParty), Choices: []Choice{
			{Value: string(foi.ThirdParty), Text: p.Text(foi.Word(string(foi.ThirdParty))), Note: p.T("requests.hint.third")}, {Value: string(foi.Organ), Text: p.Text(foi.Word(string(foi.Organ))), Note: p.T("requests.hint.organ")}}},
		{Name: "name", Label: p.T("requests.field.party"), Required: true, Half: true, Most: 200, Lang: "zh-CN"}, {Name: "address", Label: p.T("requests.field.party_address"), Half: true, Most: 300, Lang: "zh-CN"},
		{Name: "content", Label: p.T("requests.field.content"), Kind: LongField, Required: true, Rows: 4, Most: 3000, Lang: "zh-CN", Hint: p.T("requests.hint.content")},
		{Name: "concern", Label: p.T("requests.field.concern"), Kind: LongField, Rows: 3, Most: 1500, Lang: "zh-CN", Hint: p.T("requests.hint.concern")},
	}
}

func opinionFields(o *Office, _ *http.Request, p i18n.Printer, _ *foi.View) []Field {
	return []Field{o.pastDay(p, "on", "requests.field.replied"),
		{Name: "consents", Label: p.T("requests.field.stand"), Kind: RadioField, Required: true, Choices: []Choice{{Value: "yes", Text: p.T("requests.consult.agrees")}, {Value: "no", Text: p.T("requests.consult.objects")}}},
		{Name: "text", Label: p.T("requests.field.opinion"), Kind: LongField, Rows: 4, Most: 3000, Lang: "zh-CN", Hint: p.T("requests.hint.opinion")},
		{Name: "file", Label: p.Text(foi.Word(string(foi.Opinion))), Kind: FileField, Many: true}}
}

func runOpinion(c *actCall) error {
	given := foi.OpinionGiven{On: c.f.Date("on"), Consents: c.f.Choice("consents", "yes", "no") == "yes", Text: c.f.AtMost("text", 3000)}
	c.f.Need("consents")
	files, err := requestUploads(c.r, "file", foi.Opinion)
	if err != nil {
		return err
	}
	given.Files = files
	return c.call(func() (*foi.Request, error) {
		return c.Requests.ConsultationAnswered(c.r.Context(), c.by, c.id, c.version, c.item, given)
	})
}

func extendFields(_ *Office, _ *http.Request, p i18n.Printer, v *foi.View) []Field {
	days, reason := reckon.ExtensionDays, ""
	if e := v.Record.Extension; e != nil {
		days, reason = e.Days, e.Reason
	}
	return []Field{{Name: "days", Label: p.T("requests.field.days"), Kind: NumberField, Required: true, Value: strconv.Itoa(days), Least: "1", Top: strconv.Itoa(reckon.ExtensionDays), Unit: p.T("requests.unit.days"), Hint: p.T("requests.hint.extend", "due", v.Clock.Due)},
		{Name: "reason", Label: p.T("requests.field.reason"), Kind: LongField, Required: true, Rows: 4, Value: reason, Most: 1500, Lang: "zh-CN"}}
}

func approveFields(_ *Office, _ *http.Request, p i18n.Printer, v *foi.View) []Field {
	var asked string
	if e := v.Record.Extension; e != nil {
		asked = p.T("requests.extension.asked", "n", e.Days, "who", e.ByName, "reason", e.Reason)
	}
	return []Field{{Name: "asked", Label: p.T("requests.card.extension"), Kind: ShownField, Value: asked, Lang: "zh-CN"},
		{Name: "ok", Label: p.T("requests.field.verdict"), Kind: RadioField, Required: true, Choices: []Choice{{Value: "yes", Text: p.Text(foi.Word("agreed"))}, {Value: "no", Text: p.Text(foi.Word("refused"))}}},
		{Name: "note", Label: p.T("requests.field.note"), Kind: LongField, Rows: 2, Most: 500, Lang: "zh-CN", Hint: p.T("requests.hint.refused")}}
}

func chargeFields(_ *Office, _ *http.Request, p i18n.Printer, _ *foi.View) []Field {
	return []Field{{Name: "mode", Label: p.T("requests.field.mode"), Kind: RadioField, Required: true, Choices: []Choice{
		{Value: string(foi.ByPiece), Text: p.Text(foi.Word(string(foi.ByPiece))), Note: p.T("requests.hint.piece")}, {Value: string(foi.ByPage), Text: p.Text(foi.Word(string(foi.ByPage))), Note: p.T("requests.hint.page")}}},
		{Name: "pages", Label: p.T("requests.field.pages"), Kind: NumberField, Hint: p.T("requests.hint.pages")}}
}

func payFields(o *Office, _ *http.Request, p i18n.Printer, _ *foi.View) []Field {
	return []Field{o.pastDay(p, "on", "requests.field.paid"), {Name: "voucher", Label: p.T("requests.field.voucher"), Half: true, Most: 200}}
}

func fileFields(_ *Office, _ *http.Request, p i18n.Printer, _ *foi.View) []Field {
	return []Field{{Name: "kind", Label: p.T("requests.file.kind"), Kind: RadioField, Required: true, Value: string(foi.Found), Choices: wordChoices(p, "", foi.FileKinds)},
		{Name: "file", Label: p.T("requests.file.name"), Kind: FileField, Required: true, Many: true, Hint: p.T("requests.hint.file")}}
}

// runFile adds the files one by one; each is an act of its own.
func runFile(c *actCall) error {
	kind := foi.FileKind(c.f.Choice("kind", asStrings(foi.FileKinds)...))
	if err := c.f.Err(); err != nil {
		return err
	}
	files, err := requestUploads(c.r, "file", kind)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return web.ErrRequired.At("file")
	}
	for _, one := range files {
		if _, err := c.Requests.AddFile(c.r.Context(), c.by, c.id, one); err != nil {
			return err
		}
	}
	c.next = "/office/requests/" + c.id + "?view=papers"
	return nil
}

// freeLetters are those no act drafts by itself.
var freeLetters = []letter.Code{"L01", letter.Approval, letter.Register, letter.ServiceReturn, letter.Application, "L32", "L30", "L31"}

func letterFields(_ *Office, _ *http.Request, p i18n.Printer, v *foi.View) []Field {
	var choices []Choice
	codes := freeLetters
	if e := v.Record.Extension; e != nil && !e.Approved.IsZero() && e.Notified.IsZero() {
		codes = append([]letter.Code{"L04"}, codes...)
	}
	for _, code := range codes {
		if k, ok := letter.Find(code); ok {
			choices = append(choices, Choice{Value: string(code), Text: k.Name})
		}
	}
	return []Field{{Name: "code", Label: p.T("requests.letter.name"), Kind: RadioField, Required: true, Choices: choices}}
}

func transferFields(o *Office, r *http.Request, p i18n.Printer, v *foi.View) []Field {
	all := []Choice{{Text: p.T("office.choose")}}
	if tree, err := o.tree(r); err == nil {
		all = slices.DeleteFunc(bodyChoices(tree, p.T("office.choose")), func(c Choice) bool { return c.Value == v.Request.Agency })
	}
	return append([]Field{{Name: "agency", Label: p.T("requests.field.transfer_to"), Kind: SelectField, Required: true, Choices: all}}, whyField(o, r, p, v)...)
}

// mergeable are the same applicant's requests a request can be joined with.
func mergeable(v *foi.View) (all []*foi.Request) {
	for _, one := range v.SameApplicant {
		if one.State.Open() && one.State != foi.Submitted {
			all = append(all, one)
		}
	}
	return all
}

func mergeFields(o *Office, r *http.Request, p i18n.Printer, v *foi.View) []Field {
	var choices []Choice
	for _, one := range mergeable(v) {
		choices = append(choices, Choice{Value: one.ID, Text: one.No + "　" + one.Title, Note: p.Text(foi.Word(string(one.State)))})
	}
	return append([]Field{{Name: "into", Label: p.T("requests.field.into"), Kind: RadioField, Required: true, Value: r.FormValue("into"), Choices: choices}}, whyField(o, r, p, v)...)
}

// mostShownParts is into how many a form splits a request.
const mostShownParts = 6

func divideFields(o *Office, r *http.Request, p i18n.Printer, v *foi.View) []Field {
	var all []Field
	for n := 1; n <= mostShownParts; n++ {
		i := strconv.Itoa(n)
		all = append(all, Field{Name: "title" + i, Label: p.T("requests.field.part_title", "n", n), Most: 200, Lang: "zh-CN"},
			Field{Name: "sought" + i, Label: p.T("requests.field.part", "n", n), Kind: LongField, Rows: 2, Most: 3000, Lang: "zh-CN", Required: n <= 2})
	}
	return append(all, whyField(o, r, p, v)...)
}

func runDivide(c *actCall) error {
	var parts []foi.Part
	for n := 1; n <= mostShownParts; n++ {
		i := strconv.Itoa(n)
		if one := (foi.Part{Title: c.f.AtMost("title"+i, 200), Sought: c.f.AtMost("sought"+i, 3000)}); one.Title+one.Sought != "" {
			parts = append(parts, one)
		}
	}
	reason := c.f.AtMost("reason", 1500)
	return c.call(func() (*foi.Request, error) {
		return c.Requests.Divide(c.r.Context(), c.by, c.id, c.version, parts, reason)
	})
}

func reopenFields(o *Office, _ *http.Request, p i18n.Printer, _ *foi.View) []Field {
	on := o.pastDay(p, "on", "requests.field.reopen_on")
	return []Field{on, {Name: "basis", Label: p.T("requests.field.basis"), Required: true, Most: 500, Lang: "zh-CN", Hint: p.T("requests.hint.basis")}}
}
