package letter

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// blank stands where a fact is missing.
const blank = "＿＿＿＿"

// drafter fills a letter's templates from the facts and notes what it lacked.
type drafter struct {
	code   Code
	facts  *Facts
	on     date.Date
	title  string
	answer Answer   // the one in hand
	pinned []string // versions to use, of a letter that was drafted before
	used   []string
	keep   []string // words the slot in hand must keep
	cited  int      // times the regulation was cited so far
	cites  int      // times it is cited in all; 0 while they are counted
	refs   []statute.Ref
	gaps   []Gap
	err    error
}

// Draft proposes a letter dated on. It is drafted however little the facts say; Missing lists
// what it lacks.
func Draft(code Code, f Facts, on date.Date) (*Letter, error) {
	l, _, err := draft(code, f, on, nil)
	return l, err
}

// draft fills the templates twice: the first time counts how often the regulation is cited, since
// only a name that comes again is given a short form.
func draft(code Code, f Facts, on date.Date, pinned []string) (*Letter, *drafter, error) {
	if _, known := Find(code); !known {
		return nil, nil, ErrUnknown.With("code", string(code))
	}
	count := &drafter{code: code, facts: &f, on: on, pinned: pinned}
	count.letter()
	d := &drafter{code: code, facts: &f, on: on, pinned: pinned, cites: count.cited}
	slots := d.letter()
	if d.err != nil {
		return nil, nil, d.err
	}
	return &Letter{Code: code, Templates: d.used, On: on, Title: d.title, Facts: f, Slots: slots}, d, nil
}

// letter fills all parts of the letter.
func (d *drafter) letter() []Slot {
	kind, _ := Find(d.code)
	own := d.sheet(string(d.code))
	if own == nil {
		return nil
	}
	d.title = own.title
	if !kind.Decision {
		return d.parts(own, own.parts, false)
	}
	frame := d.sheet("reply")
	if frame == nil {
		return nil
	}
	return d.parts(frame, frame.parts, false)
}

// sheet finds a template's version and notes that it is used.
func (d *drafter) sheet(name string) *sheet {
	s, ok := inForce(name, d.on, d.pinned)
	if !ok {
		d.err = ErrNoText.With("code", name).With("on", d.on)
		return nil
	}
	if !slices.Contains(d.used, s.id()) {
		d.used = append(d.used, s.id())
		for _, need := range s.needs {
			d.need(need)
		}
	}
	return s
}

// parts fills parts of a template. Two names stand for others: @answers for what is answered, and
// @remedy for what can be done against it.
func (d *drafter) parts(s *sheet, parts []part, each bool) []Slot {
	var slots []Slot
	for _, p := range parts {
		switch {
		case p.name == "@answers":
			slots = append(slots, d.answers()...)
		case p.name == "@remedy":
			slots = append(slots, d.remedy()...)
		case p.each == each:
			if slot, said := d.fill(s, p); said {
				slots = append(slots, slot)
			}
		}
	}
	return slots
}

// answers fills the parts of each answer: of the letter's own template where there is one answer,
// else each under a heading and from the template of its own outcome.
func (d *drafter) answers() []Slot {
	all := d.facts.Answers
	if len(all) == 0 {
		d.gap("Answers")
		all = []Answer{{}}
	}
	var slots []Slot
	for i, a := range all {
		d.answer = a
		name := string(d.code)
		if len(all) > 1 {
			name = Of(a.Outcome, a.Variant)
		}
		s := d.sheet(name)
		if s == nil {
			return nil
		}
		var own []Slot
		if len(all) > 1 {
			own = append(own, Slot{Name: "about", Text: statute.Numeral(i+1) + "、" + d.fact("Answer.About")})
		}
		own = append(own, d.parts(s, s.parts, true)...)
		d.checkAnswer(name)
		if len(all) > 1 {
			for k := range own {
				own[k].Name = fmt.Sprintf("%s.%d", own[k].Name, i+1)
				own[k].Proposed = own[k].Text
			}
		}
		slots = append(slots, own...)
	}
	d.answer = Answer{}
	return slots
}

// Of returns the code of the letter, and template, that answers an outcome.
func Of(outcome, variant string) string {
	if outcome == "unable.nohold" && variant == "other" {
		return "L22"
	}
	return outcomeLetters[outcome]
}

// outcomeLetters is the letter of each outcome (R-DEC-02).
var outcomeLetters = map[string]string{
	"open": "L10", "open.public": "L11", "partial": "L12",
	"deny.secret": "L13", "deny.law": "L14", "deny.safety": "L15", "deny.third": "L16",
	"deny.internal": "L17", "deny.process": "L18", "deny.casefile": "L19", "deny.query": "L20",
	"unable.nohold": "L21", "unable.make": "L23", "unable.unclear": "L24",
	"noproc.petition": "L25", "noproc.repeat": "L26", "noproc.publication": "L27", "noproc.excess": "L28", "noproc.confirm": "L29",
	"other.nocorrect": "L30", "other.nopay": "L31", "other.misc": "L32",
}

// fill fills one part. An optional one that says nothing is left out.
func (d *drafter) fill(s *sheet, p part) (Slot, bool) {
	d.keep = nil
	text, err := p.text.Clone()
	if err == nil {
		var b strings.Builder
		if err = text.Funcs(d.funcs()).Execute(&b, d.scope()); err == nil {
			said := trimLines(b.String())
			if said == "" && p.optional {
				return Slot{}, false
			}
			slot := Slot{Name: p.name, Text: said, Proposed: said, Editable: p.editable, Least: p.least, Most: p.most, Widths: p.widths}
			if p.editable {
				slot.Keep = d.keep
			}
			return slot, true
		}
	}
	d.err = fmt.Errorf("fill %s: %w", s.id(), err)
	return Slot{}, false
}

// trimLines drops blank lines and the space around others.
func trimLines(text string) string {
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// scope is what a template sees.
type scope struct {
	*Facts
	Answer Answer
	Code   Code
	On     date.Date
	Title  string
}

func (d *drafter) scope() scope {
	return scope{Facts: d.facts, Answer: d.answer, Code: d.code, On: d.on, Title: d.title}
}

// funcs are the words of templates.
func (d *drafter) funcs() template.FuncMap {
	return template.FuncMap{
		"fact": d.fact, "has": d.has, "first": d.first, "need": d.needed, "choice": d.choice, "keep": d.kept, "day": d.day,
		"law": d.law, "act": d.act, "also": d.also,
		"you": d.you, "this": d.this, "verb": d.verb, "unit": d.unit,
		"phrase": phrase, "sentence": sentence, "list": list, "quoted": quoted, "capital": capital,
		"cell": cell, "room": room, "box": box, "says": says, "other": other,
		"inc": func(n int) int { return n + 1 }, "numeral": statute.Numeral,
	}
}

// lookup finds a fact by its key: Request.Text, Answer.Search.From, Number.
func (d *drafter) lookup(key string) reflect.Value {
	v := reflect.ValueOf(d.facts).Elem()
	first, rest, _ := strings.Cut(key, ".")
	if first == "Answer" {
		v, key = reflect.ValueOf(d.answer), rest
	}
	for _, name := range strings.Split(key, ".") {
		if v = v.FieldByName(name); !v.IsValid() {
			panic("letter: no fact " + key)
		}
	}
	return v
}

// has reports whether a fact is known.
func (d *drafter) has(key string) bool {
	v := d.lookup(key)
	if s, text := v.Interface().(string); text {
		return strings.TrimSpace(s) != ""
	}
	if v.Kind() == reflect.Slice {
		return v.Len() > 0
	}
	return !v.IsZero()
}

// need notes a fact that is not known.
func (d *drafter) need(key string) {
	if !d.has(key) {
		d.gap(key)
	}
}

// gap notes that a fact is missing, once.
func (d *drafter) gap(key string) {
	label, known := factNames[key]
	if !known {
		panic("letter: no name for the fact " + key)
	}
	d.lack(key, i18n.M("letter.gap.blank", "what", i18n.M(label)), statute.Ref{})
}

// lack notes something that is missing or cannot be so.
func (d *drafter) lack(field string, m i18n.Message, cite statute.Ref) {
	for _, g := range d.gaps {
		if g.Field == field && g.Message.Key == m.Key {
			return
		}
	}
	d.gaps = append(d.gaps, Gap{Field: field, Message: m, Cite: cite})
}

// fact prints a fact the letter cannot do without; where it is missing, a blank to be seen.
func (d *drafter) fact(key string) string {
	if !d.has(key) {
		d.gap(key)
		return blank
	}
	switch v := d.lookup(key).Interface().(type) {
	case date.Date:
		return d.day(v)
	case int:
		return d.kept(strconv.Itoa(v))
	case []string:
		return list(v)
	default:
		return flat(fmt.Sprint(v))
	}
}

// first prints the first of facts that is known.
func (d *drafter) first(keys ...string) string {
	for _, key := range keys {
		if d.has(key) {
			return d.fact(key)
		}
	}
	return d.fact(keys[0])
}

// day prints a date, which an edited text must keep.
func (d *drafter) day(day date.Date) string {
	if day.IsZero() {
		return blank
	}
	return d.kept(day.Chinese())
}

// kept notes words an edited text must keep.
func (d *drafter) kept(words string) string {
	if words != "" && words != blank && !slices.Contains(d.keep, words) {
		d.keep = append(d.keep, words)
	}
	return words
}

// law cites the regulation: in full where it comes first, by its short name afterwards. Article 0 is
// the regulation as a whole.
func (d *drafter) law(article int, parts ...int) string {
	ref := statute.OGI2019.Art(article, parts...)
	d.refs = append(d.refs, ref)
	name := ref.Instrument.Name
	if d.cited++; d.cited > 1 {
		name = "《" + ref.Instrument.Short + "》"
	} else if d.cites > 1 {
		name += "（以下简称《" + ref.Instrument.Short + "》）"
	}
	return d.kept(name + strings.TrimPrefix(ref.String(), ref.Instrument.Short))
}

// acts are the other laws templates cite.
var acts = map[string]*statute.Instrument{
	"ogi": statute.OGI2019, "review": statute.Reconsideration2023, "review-2017": statute.Reconsideration2017,
	"suit": statute.Litigation2017, "fee": statute.ProcessingFee,
}

// act cites another law in full, or all of it where no article is given.
func (d *drafter) act(name string, parts ...int) string {
	i, known := acts[name]
	if !known {
		panic("letter: no law " + name)
	}
	if len(parts) == 0 {
		d.refs = append(d.refs, i.Whole(""))
		return d.kept(i.Name)
	}
	ref := i.Art(parts[0], parts[1:]...)
	d.refs = append(d.refs, ref)
	return d.kept(i.Name + strings.TrimPrefix(ref.String(), i.Short))
}

// also cites a further provision of a law just named.
func (d *drafter) also(name string, article int, parts ...int) string {
	ref := acts[name].Art(article, parts...)
	d.refs = append(d.refs, ref)
	return d.kept(strings.TrimPrefix(ref.String(), ref.Instrument.Short))
}

// needed notes a fact the text does not print.
func (d *drafter) needed(key string) string {
	d.need(key)
	return ""
}

// choice prints bodies one of which may be turned to: 甲或者乙.
func (d *drafter) choice(key string) string {
	if !d.has(key) {
		d.gap(key)
		return blank
	}
	return d.kept(strings.Join(d.lookup(key).Interface().([]string), "或者"))
}

// you is how the letter speaks to its reader.
func (d *drafter) you() string {
	kind, _ := Find(d.code)
	switch {
	case kind.To == ToOrgan:
		return "贵机关"
	case kind.To == ToThird && d.facts.Consultation.Person, kind.To != ToThird && !d.facts.Applicant.Organisation:
		return "您"
	}
	return "贵单位"
}

// this is how the letter speaks of itself: 本答复书, 本告知书.
func (d *drafter) this() string {
	r := []rune(d.title)
	return "本" + string(r[max(0, len(r)-3):])
}

// verb is what the letter does: 答复 or 告知.
func (d *drafter) verb() string {
	if strings.HasSuffix(d.title, "答复书") {
		return "答复"
	}
	return "告知"
}

// unit is what the fee is counted by.
func (d *drafter) unit() string {
	if d.facts.Fee.Mode == PerPage {
		return "页"
	}
	return "件"
}
