package office

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// outcomeGroups are the groups of table three, each with its results.
var outcomeGroups = []struct {
	text  string
	codes []outcome.Code
}{
	{"requests.outcomes.open", []outcome.Code{outcome.Open, outcome.Public, outcome.Partial}},
	{"requests.outcomes.deny", []outcome.Code{outcome.Secret, outcome.Law, outcome.Safety, outcome.Third, outcome.Internal, outcome.Process, outcome.CaseFile, outcome.Query}},
	{"requests.outcomes.unable", []outcome.Code{outcome.NotHeld, outcome.Make, outcome.Unclear}},
	{"requests.outcomes.noproc", []outcome.Code{outcome.Petition, outcome.Repeat, outcome.Publication, outcome.Excess, outcome.Certify}},
	{"requests.outcomes.other", []outcome.Code{outcome.NotCorrected, outcome.NotPaid, outcome.Misc}},
}

// outcomeNotes say in plain words when each result is right.
var outcomeNotes = map[outcome.Code]string{
	outcome.Open: "requests.when.open", outcome.Public: "requests.when.public", outcome.Partial: "requests.when.partial", outcome.Secret: "requests.when.secret",
	outcome.Law: "requests.when.law", outcome.Safety: "requests.when.safety", outcome.Third: "requests.when.third", outcome.Internal: "requests.when.internal",
	outcome.Process: "requests.when.process", outcome.CaseFile: "requests.when.casefile", outcome.Query: "requests.when.query", outcome.NotHeld: "requests.when.nohold",
	outcome.Make: "requests.when.make", outcome.Unclear: "requests.when.unclear", outcome.Petition: "requests.when.petition", outcome.Repeat: "requests.when.repeat",
	outcome.Publication: "requests.when.publication", outcome.Excess: "requests.when.excess", outcome.Certify: "requests.when.certify",
	outcome.NotCorrected: "requests.when.nocorrect", outcome.NotPaid: "requests.when.nopay", outcome.Misc: "requests.when.misc",
}

var variantWords = map[string]string{
	"absent": "requests.variant.absent", "other": "requests.variant.other", "petition": "requests.variant.petition", "complaint": "requests.variant.complaint", "report": "requests.variant.report",
	"certify": "requests.variant.certify", "reissue": "requests.variant.reissue", "withdrawn": "requests.variant.withdrawn", "not_information": "requests.variant.not_information",
	"inquiry": "requests.variant.inquiry", "moot": "requests.variant.moot", "transferred": "requests.variant.transferred",
	"corrected": "requests.variant.corrected", "sent": "requests.variant.sent", "directed": "requests.variant.directed", "unfounded": "requests.variant.unfounded",
}

// withheldWords are the grounds of a part that is withheld: art. 37.
var withheldWords = map[string]string{
	string(outcome.Secret): "requests.withheld.secret", string(outcome.Law): "requests.withheld.law", string(outcome.Safety): "requests.withheld.safety", string(outcome.Third): "requests.withheld.third",
	string(outcome.Internal): "requests.withheld.internal", string(outcome.Process): "requests.withheld.process", string(outcome.CaseFile): "requests.withheld.casefile", "not_information": "requests.withheld.none",
}

var withheldOrder = []string{string(outcome.Third), string(outcome.Internal), string(outcome.Process), string(outcome.CaseFile), string(outcome.Secret), string(outcome.Law), string(outcome.Safety), "not_information"}

// outcomePage offers the results to choose from: show it as "outcome".
type outcomePage struct {
	Page
	Lead   string
	Tools  []Tool
	Groups []outcomeGroup
	Side   []Card
}

type outcomeGroup struct {
	Title   string
	Choices []outcomeChoice
}

// outcomeChoice is a result with when it is right and what it takes.
type outcomeChoice struct {
	Name, When, Cite, Href string
	Needs                  []string
	First                  string // that review comes before suit
	Off                    string // why it cannot be chosen
}

// showDecide offers the results, and for a chosen one its form.
func (o *Office) showDecide(w http.ResponseWriter, r *http.Request) error {
	v, err := o.deciding(r)
	if err != nil {
		return err
	}
	code := outcome.Code(r.URL.Query().Get("outcome"))
	if v.Request.Nature == foi.OwnRecord {
		code = outcome.Misc
	}
	if _, known := outcome.Of(code); !known {
		return o.show(w, r, "outcome", o.outcomes(r, v))
	}
	return o.show(w, r, "form", o.decidePage(r, v, code))
}

func (o *Office) deciding(r *http.Request) (*foi.View, error) {
	if err := o.Requests.May(r.Context(), o.Actor(r), actor.FoiPropose, r.PathValue("id")); err != nil {
		return nil, err
	}
	return o.Requests.Load(r.Context(), o.Actor(r), r.PathValue("id"), false)
}

func (o *Office) outcomes(r *http.Request, v *foi.View) *outcomePage {
	p := &outcomePage{Page: o.page(r, printer(r).T("requests.act.decide")), Lead: printer(r).T("requests.decide.lead")}
	at := o.path(r, "/office/requests/%s", v.Request.ID)
	p.Crumb(p.T("requests.title"), o.path(r, "/office/requests"))
	p.Crumb(v.Request.Title, at)
	for _, g := range outcomeGroups {
		group := outcomeGroup{Title: p.T(g.text)}
		for _, code := range g.codes {
			one, _ := outcome.Of(code)
			c := outcomeChoice{Name: p.Text(code.Message()), When: p.T(outcomeNotes[code]), Href: at + "/decide?outcome=" + string(code)}
			if !one.Cite.IsZero() {
				c.Cite = citeOf(p.Printer, one.Cite)
			}
			for _, need := range one.Needs {
				c.Needs = append(c.Needs, p.Text(need.Message()))
			}
			if one.ReviewFirst {
				c.First = p.T("requests.decide.first")
			}
			if one.Lapse {
				c.Off = p.T("requests.decide.by_time")
			}
			group.Choices = append(group.Choices, c)
		}
		p.Groups = append(p.Groups, group)
	}
	p.Side = o.actSide(p.Printer, nil, v)
	return p
}

// decidePage is the form of one result: only what it needs is asked for.
func (o *Office) decidePage(r *http.Request, v *foi.View, code outcome.Code) *FormPage {
	one, _ := outcome.Of(code)
	p := &FormPage{Page: o.page(r, printer(r).Text(code.Message())), Lead: printer(r).T(outcomeNotes[code])}
	at := o.path(r, "/office/requests/%s", v.Request.ID)
	p.Crumb(p.T("requests.title"), o.path(r, "/office/requests"))
	p.Crumb(v.Request.Title, at)
	groups := o.decideGroups(r, p.Printer, v, code)
	if v.Request.Nature == foi.OwnRecord {
		p.Title, p.Lead = p.T("requests.decide.own"), p.T("requests.decide.own_lead")
		groups = []Group{ownGroup(p.Printer)}
	} else {
		p.Tools = []Tool{{Text: p.T("requests.decide.again"), Href: at + "/decide"}}
	}
	groups = append(groups, Group{Legend: p.T("requests.decide.opinion"), Fields: []Field{{Name: "opinion", Label: p.T("requests.field.draft_opinion"), Kind: LongField, Rows: 3, Most: 2000, Required: true, Lang: "zh-CN", Hint: p.T("requests.hint.draft_opinion")}}})
	p.Form = NewForm(p.Page, at+"/decide", groups...)
	p.Form.Version = v.Request.Version
	p.Form.Hidden = []Field{{Name: "outcome", Value: string(code)}, {Name: "seen", Value: strconv.Itoa(len(v.Record.Steps))}}
	p.Form.Buttons = []Button{{Text: p.T("requests.decide.propose"), Tone: "primary"}}
	p.Form.Back = p.back(at)
	p.Side = o.actSide(p.Printer, nil, v)
	needs := Card{ID: "needs", Title: p.T("requests.decide.needs"), Note: p.T("requests.decide.reviews", "all", p.List(reviewWords(p.Printer, v.Settings.Reviews(code))))}
	if !one.Cite.IsZero() {
		needs.Facts = append(needs.Facts, Fact{Label: p.T("requests.side.cite"), Value: citeOf(p.Printer, one.Cite)})
	}
	for _, need := range one.Needs {
		needs.Facts = append(needs.Facts, Fact{Label: p.T("requests.decide.need"), Value: p.Text(need.Message())})
	}
	p.Side = append(p.Side, needs)
	return p
}

// field is one of the form of a decision, put together by name.
func longOf(p i18n.Printer, name, label, hint string, required bool) Field {
	f := Field{Name: name, Label: p.T(label), Kind: LongField, Rows: 4, Most: 1500, Required: required, Lang: "zh-CN"}
	if hint != "" {
		f.Hint = p.T(hint)
	}
	return f
}

func textOf(p i18n.Printer, name, label string, required bool) Field {
	return Field{Name: name, Label: p.T(label), Most: 300, Half: true, Required: required, Lang: "zh-CN"}
}

// decideGroups are the fields of a result.
func (o *Office) decideGroups(r *http.Request, p i18n.Printer, v *foi.View, code outcome.Code) []Group {
	main := Group{Legend: p.T("requests.decide.ground")}
	add := func(fields ...Field) { main.Fields = append(main.Fields, fields...) }
	if kinds := letter.Variants[string(code)]; len(kinds) > 0 {
		add(variantField(p, kinds))
	}
	if classes := letter.Classes[string(code)]; len(classes) > 0 {
		add(Field{Name: "class", Label: p.T("requests.field.class"), Kind: RadioField, Required: true, Choices: plainChoices(classes)})
	}
	ground := longOf(p, "ground", "requests.field.ground", "requests.hint.ground", true)
	law := longOf(p, "provision", "requests.field.law", "requests.hint.law", true)
	law.Rows = 2
	var more []Group
	switch code {
	case outcome.Open:
		more = o.givenGroups(p, v)
		main.Fields = nil
	case outcome.Partial:
		more = append(o.givenGroups(p, v), withheldGroups(p)...)
		main.Fields = nil
	case outcome.Public, outcome.Publication:
		add(textOf(p, "published_title", "requests.field.published_title", true), Field{Name: "published_on", Label: p.T("requests.field.published_on"), Kind: DateField, Half: true},
			Field{Name: "where", Label: p.T("requests.field.where"), Required: true, Most: 500, Lang: "zh-CN", Hint: p.T("requests.hint.where")}, Field{Name: "url", Label: p.T("requests.field.url"), Most: 500})
	case outcome.Law:
		add(law, ground)
	case outcome.Third:
		add(ground, o.whyNot(p, v))
	case outcome.CaseFile:
		add(ground, longOf(p, "case_way", "requests.field.case_way", "requests.hint.case_way", true))
	case outcome.Query:
		add(law, longOf(p, "channel", "requests.field.proper_channel", "requests.hint.channel_query", true), longOf(p, "ground", "requests.field.ground", "", false))
	case outcome.NotHeld:
		more = o.notHeldGroups(r, p, v)
	case outcome.Make:
		add(longOf(p, "existing", "requests.field.existing", "requests.hint.existing", true), ground)
	case outcome.Petition:
		add(ground, longOf(p, "channel", "requests.field.proper_channel", "requests.hint.channel", true))
	case outcome.Repeat:
		add(o.earlierFields(r, p, v)...)
		add(longOf(p, "ground", "requests.field.ground", "", false))
	case outcome.Certify:
		add(longOf(p, "earlier_about", "requests.field.earlier_about", "requests.hint.earlier_about", true), ground, longOf(p, "channel", "requests.field.proper_channel", "", false))
	case outcome.Misc:
		add(ground, longOf(p, "channel", "requests.field.proper_channel", "", false))
	default:
		add(ground)
	}
	finding := Group{Legend: p.T("requests.decide.finding"), Folded: true, Fields: []Field{longOf(p, "finding", "requests.field.finding", "requests.hint.finding", false)}}
	if len(main.Fields) > 0 {
		more = append([]Group{main}, more...)
	}
	return append(more, finding)
}

func variantField(p i18n.Printer, kinds []string) Field {
	var choices []Choice
	for _, k := range kinds {
		if k != "withdrawn" {
			choices = append(choices, Choice{Value: k, Text: p.T(variantWords[k])})
		}
	}
	return Field{Name: "variant", Label: p.T("requests.field.variant"), Kind: RadioField, Required: true, Choices: choices}
}

func plainChoices(all []string) []Choice {
	var out []Choice
	for _, s := range all {
		out = append(out, Choice{Value: s, Text: s})
	}
	return out
}

// givenGroups are what is handed over: files of the request, or how information is to be had.
func (o *Office) givenGroups(p i18n.Printer, v *foi.View) []Group {
	given := Group{Legend: p.T("requests.decide.given"), Note: p.T("requests.decide.given_note")}
	var files []Choice
	for _, f := range v.Files {
		if f.Kind == foi.Found || f.Kind == foi.Redacted {
			files = append(files, Choice{Value: f.ID, Text: f.Name, Note: p.Text(foi.Word(string(f.Kind))) + " · " + sizeOf(f.Size)})
		}
	}
	if len(files) > 0 {
		given.Fields = append(given.Fields, Field{Name: "files", Label: p.T("requests.field.handed"), Kind: TicksField, Choices: files})
	} else {
		given.Fields = append(given.Fields, Field{Name: "nofiles", Label: p.T("requests.field.handed"), Kind: ShownField, Value: p.T("requests.decide.no_files")})
	}
	list := longOf(p, "provided", "requests.field.provided", "requests.hint.provided", false)
	given.Fields = append(given.Fields, list)
	obtain := Group{Legend: p.T("requests.decide.obtain"), Folded: true, Note: p.T("requests.decide.obtain_note"), Fields: []Field{textOf(p, "obtain_way", "requests.field.obtain_way", false), textOf(p, "obtain_place", "requests.field.obtain_place", false), textOf(p, "obtain_time", "requests.field.obtain_time", false),
		textOf(p, "form", "requests.field.other_form", false), longOf(p, "form_why", "requests.field.form_why", "", false)}}
	return []Group{given, obtain}
}

// mostWithheld is how many parts a form takes that are withheld.
const mostWithheld = 6

// withheldGroups ask for every part that is withheld its ground: art. 37.
func withheldGroups(p i18n.Printer) []Group {
	var all []Group
	grounds := []Choice{{Text: p.T("office.choose")}}
	for _, code := range withheldOrder {
		grounds = append(grounds, Choice{Value: code, Text: p.T(withheldWords[code])})
	}
	classes := []Choice{{Text: p.T("requests.decide.class_none")}}
	for _, code := range withheldOrder {
		for _, c := range letter.Classes[code] {
			classes = append(classes, Choice{Value: c, Text: c, Group: p.T(withheldWords[code])})
		}
	}
	for n := 1; n <= mostWithheld; n++ {
		i := "w" + strconv.Itoa(n) + "_"
		g := Group{Legend: p.T("requests.decide.part", "n", n), Folded: n > 1, Fields: []Field{
			{Name: i + "what", Label: p.T("requests.field.withheld"), Most: 500, Required: n == 1, Lang: "zh-CN", Hint: p.T("requests.hint.withheld")},
			{Name: i + "outcome", Label: p.T("requests.field.withheld_ground"), Kind: SelectField, Half: true, Required: n == 1, Choices: grounds},
			{Name: i + "class", Label: p.T("requests.field.class"), Kind: SelectField, Half: true, Choices: classes},
			{Name: i + "reason", Label: p.T("requests.field.ground"), Kind: LongField, Rows: 2, Most: 1500, Required: n == 1, Lang: "zh-CN"},
			{Name: i + "law", Label: p.T("requests.field.law"), Most: 300, Lang: "zh-CN", Hint: p.T("requests.hint.withheld_law")},
			{Name: i + "whynot", Label: p.T("requests.field.whynot"), Most: 500, Lang: "zh-CN", Hint: p.T("requests.hint.withheld_whynot")},
		}}
		all = append(all, g)
	}
	return all
}

// whyNot asks why no third party was consulted, unless one was.
func (o *Office) whyNot(p i18n.Printer, v *foi.View) Field {
	for _, one := range v.Record.Consulted {
		if one.Party == foi.ThirdParty && !one.Sent.IsZero() {
			return Field{Name: "consulted", Label: p.T("requests.field.whynot"), Kind: ShownField, Value: p.T("requests.decide.consulted", "name", one.Name)}
		}
	}
	return longOf(p, "whynot", "requests.field.whynot", "requests.hint.whynot", false)
}

func (o *Office) notHeldGroups(r *http.Request, p i18n.Printer, v *foi.View) []Group {
	search := Group{Legend: p.T("requests.decide.search")}
	if n := len(v.Record.Searches); n > 0 {
		s := v.Record.Searches[n-1]
		search.Fields = []Field{{Name: "searched", Label: p.T("requests.decide.search"), Kind: ShownField, Value: p.T("requests.decide.search_of", "n", n, "words", s.Words, "people", s.People, "to", s.To, "result", s.Result), Lang: "zh-CN"}}
	} else {
		search.Note = p.T("requests.decide.no_search")
		search.Fields = []Field{{Name: "searched", Label: p.T("requests.decide.search"), Kind: ShownField, Value: p.T("requests.decide.none_yet")}}
	}
	search.Fields = append(search.Fields, longOf(p, "ground", "requests.field.ground", "requests.hint.absent", false))
	other := Group{Legend: p.T("requests.decide.organ"), Note: p.T("requests.decide.organ_note"), Fields: []Field{
		textOf(p, "organ", "requests.field.organ", false), textOf(p, "organ_contact", "requests.field.organ_contact", false), longOf(p, "organ_why", "requests.field.organ_why", "requests.hint.organ_why", false),
		{Name: "organ_unknown", Label: p.T("requests.field.organ_unknown"), Kind: TickField}}}
	return []Group{search, other}
}

// earlierFields are prefilled from the reply the applicant had before.
func (o *Office) earlierFields(r *http.Request, p i18n.Printer, v *foi.View) []Field {
	on, no := "", ""
	for _, one := range v.SameApplicant {
		if one.State != foi.Closed || r.FormValue("earlier") != "" && r.FormValue("earlier") != one.ID {
			continue
		}
		if earlier, err := o.Requests.Load(r.Context(), o.Actor(r), one.ID, false); err == nil && earlier.Record.Delivery != nil {
			on = earlier.Record.Delivery.On.String()
			for _, l := range earlier.Letters {
				if l.ID == earlier.Record.Delivery.Letter {
					no = l.No
				}
			}
		}
		break
	}
	return []Field{{Name: "earlier_on", Label: p.T("requests.field.earlier_on"), Kind: DateField, Half: true, Required: true, Value: on},
		{Name: "earlier_no", Label: p.T("requests.field.earlier_no"), Half: true, Required: true, Value: no, Most: 100, Lang: "zh-CN"}}
}

// ownGroup is the answer to who wants a record about himself corrected: art. 41.
func ownGroup(p i18n.Printer) Group {
	return Group{Legend: p.T("requests.decide.own"), Fields: []Field{variantField(p, []string{"corrected", "sent", "directed", "unfounded"}),
		longOf(p, "ground", "requests.field.own_result", "requests.hint.own_result", true), textOf(p, "organ", "requests.field.organ", false), textOf(p, "organ_contact", "requests.field.organ_contact", false)}}
}

// proposeDecision hands the decision in for review.
func (o *Office) proposeDecision(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	v, err := o.deciding(r)
	if err != nil {
		return err
	}
	n := readDecision(f, v)
	if err = f.Err(); err == nil {
		_, err = o.Requests.Propose(r.Context(), o.Actor(r), v.Request.ID, f.Int64("version"), n)
	}
	if err == nil {
		return o.done(w, r, i18n.M("requests.done.propose"), "/office/requests/%s", v.Request.ID)
	}
	if !mendable(err) {
		return err
	}
	if _, known := outcome.Of(n.Outcome); !known {
		return err
	}
	if again, err2 := o.Requests.Load(r.Context(), o.Actor(r), v.Request.ID, false); err2 == nil {
		v = again
	}
	p := o.decidePage(r, v, n.Outcome)
	p.Form.Keep(r.PostForm)
	status := p.Form.Tell(atNeeds(err))
	p.Form.Problem = changedSince(p.Printer, v, f, err, p.Form.Problem)
	return o.showAs(w, r, status, "form", p)
}

// needFields are the fields at which it is said that a need is not met.
var needFields = map[outcome.Need]string{outcome.Given: "provided", outcome.Withheld: "w1_what", outcome.Earlier: "earlier_on", outcome.Kind: "variant", outcome.Consulted: "whynot", outcome.Responsible: "organ"}

// atNeeds puts what a decision lacks at the field where it is mended.
func atNeeds(err error) error {
	var all web.Faults
	for _, e := range web.FaultsOf(err) {
		if field := needFields[outcome.Need(e.Field)]; field != "" && e.Is(foi.ErrLacks) {
			e = e.At(field)
		}
		all = append(all, e)
	}
	if len(all) == 0 {
		return err
	}
	return all
}

// readDecision reads the form of a decision.
func readDecision(f *web.Form, v *foi.View) foi.Decision {
	code := outcome.Code(f.Text("outcome"))
	n := foi.Decision{Outcome: code, Variant: f.Text("variant"), Opinion: f.AtMost("opinion", 2000)}
	a := letter.Answer{
		Outcome: string(code), Variant: n.Variant, Finding: f.AtMost("finding", 1500), Reason: f.AtMost("ground", 1500), Law: f.AtMost("provision", 1500), Class: f.Text("class"),
		Channel: f.AtMost("channel", 1500), Existing: f.AtMost("existing", 1500), CaseWay: f.AtMost("case_way", 1500), Form: f.AtMost("form", 300), FormWhy: f.AtMost("form_why", 1500),
		Obtain:    letter.Obtain{Way: f.AtMost("obtain_way", 300), Place: f.AtMost("obtain_place", 300), Time: f.AtMost("obtain_time", 300)},
		Published: letter.Published{Title: f.AtMost("published_title", 300), Where: f.AtMost("where", 500), URL: f.AtMost("url", 500), On: f.Date("published_on")},
		Third:     letter.Third{WhyNot: f.AtMost("whynot", 1500)},
		Organ:     letter.Organ{Name: f.AtMost("organ", 300), Contact: f.AtMost("organ_contact", 300), Why: f.AtMost("organ_why", 1500), Unknown: f.Bool("organ_unknown")},
		Earlier:   letter.Earlier{On: f.Date("earlier_on"), Number: f.AtMost("earlier_no", 100), About: f.AtMost("earlier_about", 1500)},
		Provided:  providedPapers(f.AtMost("provided", 3000)), Withheld: withheldParts(f),
	}
	for _, key := range f.List("files") {
		if i := slices.IndexFunc(v.Files, func(one *foi.File) bool { return one.ID == key }); i >= 0 {
			n.Files = append(n.Files, key)
			if f.Text("provided") == "" {
				a.Provided = append(a.Provided, letter.Paper{Title: plainName(v.Files[i].Name)})
			}
		}
	}
	n.Answers = []letter.Answer{a}
	return n
}

// plainName is a file's name without what tells its kind.
func plainName(name string) string {
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		return name[:i]
	}
	return name
}

// providedPapers reads a list of papers: a line each, with number and pages behind strokes.
func providedPapers(text string) (all []letter.Paper) {
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "｜", "|"), "\n") {
		parts := strings.Split(line, "|")
		one := letter.Paper{Title: strings.TrimSpace(parts[0])}
		if one.Title == "" {
			continue
		}
		for _, part := range parts[1:] {
			part = strings.TrimSpace(part)
			if n, err := strconv.Atoi(strings.TrimSuffix(part, "页")); err == nil {
				one.Pages = n
			} else {
				one.DocNo = part
			}
		}
		all = append(all, one)
	}
	return all
}

func withheldParts(f *web.Form) (all []letter.Withheld) {
	for n := 1; n <= mostWithheld; n++ {
		i := "w" + strconv.Itoa(n) + "_"
		one := letter.Withheld{What: f.AtMost(i+"what", 500), Outcome: f.Text(i + "outcome"), Class: f.Text(i + "class"), Law: f.AtMost(i+"law", 300), Reason: f.AtMost(i+"reason", 1500),
			Third: letter.Third{WhyNot: f.AtMost(i+"whynot", 500)}}
		if one.What+one.Outcome+one.Reason != "" {
			all = append(all, one)
		}
	}
	return all
}

// letterPage is a letter, as it will be printed, with what can be done with it: show it as
// "letter".
type letterPage struct {
	Page
	State  *Badge
	Lead   string
	Tools  []Tool
	Paper  paperView
	Said   string // what is to be done next
	Gaps   []web.Link
	Cards  []Card
	Forms  []Section
	Editor *Form
	Fixed  []Fact // beside the editor: what cannot be changed, and why
}

// nextReview is the review of a proposed decision that is the person's now, "" if none is.
func (o *Office) nextReview(r *http.Request, v *foi.View) foi.ReviewKind {
	if v.Request.State != foi.Reviewing || len(v.Reviews) == 0 || v.Record.Decision == nil {
		return ""
	}
	by := o.Actor(r)
	acts := map[foi.ReviewKind]actor.Act{foi.LegalReview: actor.FoiLegal, foi.SecrecyReview: actor.FoiSecrecy, foi.Leadership: actor.FoiApprove}
	took := slices.ContainsFunc(v.Record.Reviews, func(s foi.Review) bool { return s.By == by.ID })
	if kind := v.Reviews[0]; by.Can(acts[kind], actor.In(v.Request.Agency)) && v.Record.Decision.By != by.ID && !took {
		return kind
	}
	return ""
}

// showRequestReview puts the whole decision and the reply before a reviewer's eyes.
func (o *Office) showRequestReview(w http.ResponseWriter, r *http.Request) error {
	p, err := o.reviewPage(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "letter", p)
}

func (o *Office) reviewPage(r *http.Request) (*letterPage, error) {
	ctx, by, id := r.Context(), o.Actor(r), r.PathValue("id")
	v, err := o.Requests.Load(ctx, by, id, false)
	if err != nil {
		return nil, err
	}
	p := &letterPage{Page: o.page(r, printer(r).T("requests.act.review")), State: requestState(printer(r), v.Request.State), Lead: o.requestLead(r, v)}
	at := o.path(r, "/office/requests/%s", id)
	p.Crumb(p.T("requests.title"), o.path(r, "/office/requests"))
	p.Crumb(v.Request.Title, at)
	b := &recordBuilder{Printer: p.Printer, at: at}
	b.decision(v)
	p.Cards = append(b.all, o.applicationCards(p.Printer, v)[0])
	if v.Record.Decision == nil {
		p.Said = p.T("requests.review.none")
		return p, nil
	}
	doc, err := o.Requests.Form(ctx, by, id, v.Letter())
	if err != nil {
		return nil, err
	}
	p.Paper = paperOf(doc)
	kind := o.nextReview(r, v)
	if kind == "" {
		p.Said = p.T("requests.review.not_yours", "left", p.List(reviewWords(p.Printer, v.Reviews)))
		return p, nil
	}
	p.Said = p.T(reviewAsks[kind])
	f := NewForm(p.Page, at+"/review", Group{Fields: []Field{{Name: "note", Label: p.T("requests.field.note"), Kind: LongField, Rows: 4, Most: 1500, Lang: "zh-CN", Hint: p.T("requests.hint.refused")}}})
	f.Version, f.Hidden = v.Request.Version, []Field{{Name: "kind", Value: string(kind)}, {Name: "seen", Value: strconv.Itoa(len(v.Record.Steps))}}
	f.Buttons = []Button{{Text: p.T("requests.review.agree", "review", p.Text(foi.Word("review_"+string(kind)))), Tone: "primary", Name: "ok", Value: "yes"}, {Text: p.T("requests.review.return"), Tone: "danger", Name: "ok", Value: "no"}}
	p.Forms = []Section{{ID: "verdict", Title: p.Text(foi.Word("review_" + string(kind))), Form: f}}
	return p, nil
}

// reviewAsks say what each reviewer looks at.
var reviewAsks = map[foi.ReviewKind]string{foi.LegalReview: "requests.review.legal", foi.SecrecyReview: "requests.review.secrecy", foi.Leadership: "requests.review.lead"}

func (o *Office) reviewRequest(w http.ResponseWriter, r *http.Request) error {
	f, id := web.ReadForm(r), r.PathValue("id")
	kind, ok, note := foi.ReviewKind(f.Text("kind")), f.Choice("ok", "yes", "no") == "yes", f.AtMost("note", 1500)
	err := f.Err()
	if err == nil {
		_, err = o.Requests.Review(r.Context(), o.Actor(r), id, f.Int64("version"), kind, ok, note)
	}
	if err == nil {
		done := "requests.done.agreed"
		if !ok {
			done = "requests.done.returned"
		}
		return o.done(w, r, i18n.M(done), "/office/requests/%s", id)
	}
	if !mendable(err) {
		return err
	}
	p, broken := o.reviewPage(r)
	if broken != nil {
		return broken
	}
	status := web.Status(fault.KindOf(err))
	if len(p.Forms) == 0 {
		return err
	}
	p.Forms[0].Form.Keep(r.PostForm)
	p.Forms[0].Form.Tell(err)
	return o.showAs(w, r, status, "letter", p)
}
