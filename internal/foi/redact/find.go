package redact

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/gate"
)

// Wanted is what to look for.
type Wanted struct {
	Names []string // of people and bodies: the applicant, third parties
	Words []string // any other words the person who marks gives
	Today date.Date
}

// Proposal is a text that may have to be withheld, and every place it runs over.
type Proposal struct {
	Kind   Kind
	Words  string
	Places []Place
}

// Kind is what a proposal is.
type Kind string

// The kinds. 条例第十五条 speaks of 个人隐私; what the law counts as personal data is wider, so
// these are proposals and a person decides.
const (
	Name     Kind = "name"
	Word     Kind = "word"
	Identity Kind = "identity"
	Phone    Kind = "phone"
	Card     Kind = "card"
	Passport Kind = "passport"
	Address  Kind = "address"
	Mail     Kind = "mail"
	Plate    Kind = "plate"
	Person   Kind = "person" // a name after a word such as 联系人, or in a list
)

// kinds says what the findings of a rule of the gate are.
var kinds = map[string]Kind{
	"R-PII-01-address": Address, "R-PII-01-landline": Phone, "R-PII-01-mobile": Phone,
	"R-PII-02-bank-card": Card, "R-PII-02-id-card": Identity, "R-PII-02-passport": Passport,
	"R-PII-02-minor": Person, "R-PII-05-list": Person,
}

// Patterns the gate has no rule for.
var (
	oldIdentityPattern = regexp.MustCompile(`(?:^|\D)([1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3})(?:\D|$)`) // 15 digits, given until 1999
	landlinePattern    = regexp.MustCompile(`(?:^|\D)(\(?0\d{2,3}[)\-— ]{1,2}\d{3,4}[ -]?\d{4})(?:\D|$)`)
	permitPattern      = regexp.MustCompile(`(?:通行证|台胞证|回乡证|居住证|居留证|军官证|士兵证|警官证|驾驶证|护照|证件)(?:号码|号|编号)?[:\s]*([A-Za-z]{0,3}\d{7,12})(?:\D|$)`)
	mailPattern        = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+`)
	platePattern       = regexp.MustCompile(`[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·\s-]?[A-HJ-NP-Z0-9]{5,6}`)
	personPattern      = regexp.MustCompile(`(?:姓\s*名|申\s*请\s*人|联\s*系\s*人|法定代表人|负责人|举报人|投诉人|当事人|被处罚人|经办人|代理人|代表|户\s*主|业\s*主)[:：\s]+([\p{Han}·]{2,4}?)(?:[^\p{Han}·]|$|电话|手机|身份|证件|性别|住址|地址|联系|年龄)`)
)

// mostProposals bounds what one file can propose.
const mostProposals = 5_000

// strip is a text in which to look, and for each rune the passage and the rune in it.
type strip struct {
	text      []rune
	at        []spot
	backwards bool // only given words are looked for
}

type spot struct{ passage, rune int }

// strip lays all passages out as one text: a line each, the cells of a row parted by tabs.
func (f *File) strip() strip {
	var s strip
	for i, p := range f.Passages {
		if i > 0 {
			sep := '\n'
			if p.Part == Sheet && rowOf(p.Where) == rowOf(f.Passages[i-1].Where) {
				sep = '\t'
			}
			s.text, s.at = append(s.text, sep), append(s.at, spot{})
		}
		n := 0
		for _, r := range p.Text {
			s.text, s.at = append(s.text, r), append(s.at, spot{i + 1, n})
			n++
		}
	}
	return s
}

// rowOf returns a cell's sheet and row: 名单!B3 gives 名单!3.
func rowOf(where string) string {
	sheet, cell, _ := strings.Cut(where, "!")
	return sheet + "!" + strings.TrimLeft(cell, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

// places returns the ranges of passages that a range of the strip covers.
func (s strip) places(f *File, start, end int) []Place {
	var out []Place
	for i := start; i < end; i++ {
		at := s.at[i]
		if at.passage == 0 {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Passage == at.passage {
			out[n-1].Start, out[n-1].End = min(out[n-1].Start, at.rune), max(out[n-1].End, at.rune+1)
			continue
		}
		out = append(out, Place{Page: f.Passages[at.passage-1].Page, Passage: at.passage, Start: at.rune, End: at.rune + 1})
	}
	return out
}

// strips returns the texts in which to look: the passages as they read; of a PDF also the order
// in which the file holds its characters, and all of it backwards, as text reads that stands
// upright or on its head.
func (f *File) strips() []strip {
	all := []strip{f.strip()}
	if p, ok := f.maker.(interface{ order(*File) strip }); ok {
		back := strip{slices.Clone(all[0].text), slices.Clone(all[0].at), true}
		slices.Reverse(back.text)
		slices.Reverse(back.at)
		all = append(all, p.order(f), back)
	}
	return all
}

// Find proposes what may have to be withheld, in the order of the file.
func (f *File) Find(w Wanted) []Proposal {
	found := &finder{f: f, taken: map[spot]bool{}}
	for _, s := range f.strips() {
		found.s, found.flat = s, flatten(s.text)
		found.all(w)
	}
	slices.SortStableFunc(found.out, func(a, b Proposal) int {
		x, y := a.Places[0], b.Places[0]
		if x.Passage != y.Passage {
			return x.Passage - y.Passage
		}
		return x.Start - y.Start
	})
	return found.out
}

// finder gathers proposals; what one covers another does not repeat.
type finder struct {
	f     *File
	s     strip
	flat  flat
	taken map[spot]bool
	out   []Proposal
}

// all looks for everything in the strip at hand.
func (d *finder) all(w Wanted) {
	for _, name := range w.Names {
		d.words(Name, name)
	}
	for _, word := range w.Words {
		d.words(Word, word)
	}
	if d.s.backwards {
		return
	}
	d.gate(w.Today)
	text := narrow(d.s.text)
	d.pattern(Identity, oldIdentityPattern, text, 1)
	d.pattern(Phone, landlinePattern, text, 1)
	d.pattern(Passport, permitPattern, text, 1)
	d.pattern(Mail, mailPattern, text, 0)
	d.pattern(Plate, platePattern, text, 0)
	d.pattern(Person, personPattern, text, 1)
	for _, p := range slices.Clone(d.out) {
		if p.Kind == Person { // who is named once by a label is named elsewhere without
			d.words(Person, p.Words)
		}
	}
}

// narrow is a text with the wide letters and figures of Chinese typing as plain ones, rune by rune.
func narrow(text []rune) string {
	var b strings.Builder
	for _, r := range text {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (d *finder) add(kind Kind, start, end int) {
	fresh := false
	for _, at := range d.s.at[start:end] {
		fresh = fresh || at.passage > 0 && !d.taken[at]
	}
	if !fresh || len(d.out) >= mostProposals {
		return
	}
	for _, at := range d.s.at[start:end] {
		d.taken[at] = true
	}
	d.out = append(d.out, Proposal{Kind: kind, Words: string(d.s.text[start:end]), Places: d.s.places(d.f, start, end)})
}

// words finds a given text however it is spaced, over the ends of lines too.
func (d *finder) words(kind Kind, want string) {
	if squeeze(want) == "" {
		return
	}
	for _, r := range d.flat.find(squeeze(want)) {
		d.add(kind, r[0], r[1])
	}
}

// flat is a text squeezed, and of each rune left where it stood.
type flat struct {
	text string
	from []int
}

func flatten(text []rune) flat {
	var b strings.Builder
	var from []int
	for i, r := range text {
		for _, c := range squeezed(r) {
			b.WriteRune(c)
			from = append(from, i)
		}
	}
	return flat{b.String(), from}
}

// find returns where a squeezed text stands, as ranges of the runes it was made of.
func (f flat) find(want string) [][2]int {
	var out [][2]int
	for at, runes := 0, 0; ; {
		i := strings.Index(f.text[at:], want)
		if i < 0 {
			return out
		}
		start := runes + utf8.RuneCountInString(f.text[at:at+i])
		end := start + utf8.RuneCountInString(want)
		out = append(out, [2]int{f.from[start], f.from[end-1] + 1})
		at, runes = at+i+len(want), end
	}
}

// gate asks the rules on personal data.
func (d *finder) gate(today date.Date) {
	var rules []check.Rule[*gate.Subject]
	for _, r := range gate.Rules() {
		if _, ours := kinds[r.Code]; ours {
			rules = append(rules, r)
		}
	}
	subject := &gate.Subject{Parts: []gate.Part{gate.Plain(gate.BodyID, string(d.s.text))}, Today: today}
	for _, finding := range gate.Run(rules, subject) {
		for _, spot := range finding.Spots {
			d.add(kinds[finding.Code], spot.Start, spot.End)
		}
	}
}

// pattern adds what a group of an expression matches.
func (d *finder) pattern(kind Kind, p *regexp.Regexp, text string, group int) {
	runes, at := 0, 0
	for _, m := range p.FindAllStringSubmatchIndex(text, mostProposals) {
		from, to := m[2*group], m[2*group+1]
		runes += utf8.RuneCountInString(text[at:from])
		at = from
		d.add(kind, runes, runes+utf8.RuneCountInString(text[from:to]))
	}
}

// Elsewhere returns where the texts of the marks stand unmarked: the same name on another page.
// Marks that mean one place only are not asked.
func (f *File) Elsewhere(marks []Mark) []Place {
	words, err := f.check(marks)
	if err != nil {
		return nil
	}
	var out []Place
	for _, s := range f.strips() {
		covered, plain := f.covered(s, marks), flatten(s.text)
		for _, w := range words {
			for _, r := range plain.find(w) {
				if slices.Contains(covered[r[0]:r[1]], true) {
					continue
				}
				for _, p := range s.places(f, r[0], r[1]) {
					if !slices.Contains(out, p) {
						out = append(out, p)
					}
				}
			}
		}
	}
	return out
}

// covered tells of each rune of the strip whether a mark takes it away.
func (f *File) covered(s strip, marks []Mark) []bool {
	byPassage := map[int][]Mark{}
	var areas []Mark
	for _, m := range marks {
		if m.Passage > 0 {
			byPassage[m.Passage] = append(byPassage[m.Passage], m)
		} else {
			areas = append(areas, m)
		}
	}
	boxes, boxed := f.maker.(interface {
		box(f *File, passage, rune int) (Box, bool)
	})
	out := make([]bool, len(s.text))
	for i, at := range s.at {
		if at.passage == 0 {
			continue
		}
		out[i] = slices.ContainsFunc(byPassage[at.passage], func(m Mark) bool { return at.rune >= m.Start && at.rune < m.End })
		if out[i] || !boxed || len(areas) == 0 {
			continue
		}
		if box, ok := boxes.box(f, at.passage, at.rune); ok {
			page := f.Passages[at.passage-1].Page
			out[i] = slices.ContainsFunc(areas, func(m Mark) bool { return m.Page == page && m.Box.meets(box) })
		}
	}
	return out
}
