package letter

import (
	"encoding/json"
	"errors"
	"io/fs"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/paper"
)

// The catalogue is L01 to L34 and the four forms; what each rests on stands in the law.
func TestCatalogue(t *testing.T) {
	all := Catalogue()
	if len(all) != 38 || all[0].Code != "L01" || all[33].Code != "L34" {
		t.Fatalf("%d kinds", len(all))
	}
	for _, k := range all {
		if k.Title == "" || len(k.Versions) == 0 {
			t.Errorf("%s has no template", k.Code)
		}
		for _, ref := range k.Law {
			if ok, _ := ref.Stands(); ref.Article > 0 && !ok {
				t.Errorf("%s cites %s", k.Code, ref)
			}
		}
	}
}

// R-DEC-02: the letter of each outcome is the one the list of outcomes names.
func TestEachOutcomeHasItsLetter(t *testing.T) {
	if len(outcome.All) != 22 || len(outcomeLetters) != 22 {
		t.Errorf("%d outcomes, %d letters; want 22", len(outcome.All), len(outcomeLetters))
	}
	for _, o := range outcome.All {
		if got := Of(string(o.Code), ""); got != o.Letter {
			t.Errorf("%s: letter %s, want %s", o.Code, got, o.Letter)
		}
		if slices.Contains(refusals, string(o.Code)) != o.ReviewFirst {
			t.Errorf("%s: review first %v", o.Code, o.ReviewFirst)
		}
	}
	if got := Of("unable.nohold", "other"); got != "L22" {
		t.Errorf("another agency's information: %s, want L22", got)
	}
}

// Article, paragraph and item of each provision a letter cites exist.
func TestCitationsStand(t *testing.T) {
	cited := 0
	for _, s := range samples() {
		_, d, err := draft(s.code, s.facts, s.on, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, ref := range d.refs {
			cited++
			if ok, known := ref.Stands(); ref.Article > 0 && (!ok || !known) {
				t.Errorf("%s cites %s", s.name, ref)
			}
			if s.on.Before(ref.Instrument.Since) || !ref.Instrument.Until.IsZero() && s.on.After(ref.Instrument.Until) {
				t.Errorf("%s of %s cites %s, not in force", s.name, s.on, ref)
			}
		}
	}
	if cited < 100 {
		t.Errorf("%d citations", cited)
	}
}

// No template writes an article's number itself: all go through the check above.
func TestTemplatesCiteByReference(t *testing.T) {
	article := regexp.MustCompile(`第[一二三四五六七八九十百]+[条款项]`)
	names, err := fs.Glob(files, "template/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if found := article.FindString(read(name)); found != "" {
			t.Errorf("%s writes %s", name, found)
		}
	}
}

// R-DEC-01: what every decision bears.
func TestDecisionsBearTheCommonElements(t *testing.T) {
	for _, s := range samples() {
		kind, _ := Find(s.code)
		l := drafted(t, s)
		d := l.Document()
		text := ""
		for _, b := range d.Body {
			text += b.Text + "\n"
		}
		if kind.To != ToFile {
			if d.Signature != s.facts.Agency.Name || d.Date != s.on.Chinese() || !d.Seal || d.Head == nil || d.To == "" {
				t.Errorf("%s: head %v, to %q, signed %q on %q, seal %v", s.name, d.Head, d.To, d.Signature, d.Date, d.Seal)
			}
			for _, has := range []string{s.facts.Agency.Phone, s.facts.Agency.Address, s.facts.Agency.Hours} {
				if !strings.Contains(text, has) {
					t.Errorf("%s does not say %s", s.name, has)
				}
			}
			if s.code != "L01" && d.Head.Number != s.facts.Number {
				t.Errorf("%s: number %q", s.name, d.Head.Number)
			}
		}
		if !kind.Decision {
			continue
		}
		parts := map[string]string{
			"day of receipt": s.facts.Request.Received.Chinese(), "number of the request": s.facts.Request.Number,
			"what was asked": s.facts.Request.Text, "review": s.facts.Remedy.Review[0], "court": s.facts.Remedy.Court[0],
			"time for review": "60日内",
		}
		if s.name != "L32" { // a withdrawal rests on no article
			if !strings.Contains(text, "《中华人民共和国政府信息公开条例》") {
				t.Errorf("%s cites no provision", s.name)
			}
		}
		if c := s.facts.Request.Corrected; !c.IsZero() {
			parts["corrected"] = c.Chinese()
		}
		for what, words := range parts {
			if !strings.Contains(text, words) {
				t.Errorf("%s lacks %s: %s", s.name, what, words)
			}
		}
	}
}

// R-DOC-01, 02 and 04: brackets of numbers, dates without leading zeros, full-width marks between
// Chinese characters.
func TestLettersAreWrittenAsOfficialChinese(t *testing.T) {
	wrong := regexp.MustCompile(`\d年0|月0\d日|[\p{Han}][,;!?]|[,;!?]\p{Han}|。。|：。|，。|；。|、。|。，|<no value>|%!`)
	for _, s := range samples() {
		for _, slot := range drafted(t, s).Slots {
			if found := wrong.FindString(slot.Text); found != "" {
				t.Errorf("%s, %s: %q in %s", s.name, slot.Name, found, slot.Text)
			}
		}
	}
}

// The remedies of each outcome, before and since 2024-01-01, as R-RL-01 to 03 have them.
func TestRemedyOfEachOutcome(t *testing.T) {
	const (
		old    = "可以依照《中华人民共和国行政复议法》第九条第一款的规定，自收到本%自之日起60日内向甲或者乙申请行政复议；也可以依照《中华人民共和国行政诉讼法》第四十六条第一款的规定，自收到本%自之日起6个月内直接向丙法院提起行政诉讼。"
		either = "可以依照《中华人民共和国行政复议法》第二十条第一款的规定，自收到本%自之日起60日内向甲或者乙申请行政复议；也可以依照《中华人民共和国行政诉讼法》第四十六条第一款的规定，自收到本%自之日起6个月内直接向丙法院提起行政诉讼。"
		first  = "应当依照《中华人民共和国行政复议法》第二十条第一款、第二十三条第一款第（四）项的规定，自收到本%自之日起60日内先向甲或者乙申请行政复议。对行政复议决定不服的，可以依照《中华人民共和国行政诉讼法》第四十五条的规定，自收到行政复议决定书之日起15日内向丙法院提起行政诉讼；行政复议机关决定不予受理、驳回申请，或者受理后超过行政复议期限不作答复的，可以依照《中华人民共和国行政复议法》第三十四条的规定，自收到决定书之日起或者行政复议期限届满之日起15日内向丙法院提起行政诉讼。"
	)
	since := map[string]string{
		"open": either, "open.public": either,
		"deny.secret": first, "deny.law": first, "deny.safety": first, "deny.third": first, "deny.internal": first, "deny.process": first, "deny.casefile": first,
		"deny.query": either, "unable.nohold": either, "unable.make": either, "unable.unclear": either,
		"noproc.petition": either, "noproc.repeat": either, "noproc.publication": either, "noproc.excess": either, "noproc.confirm": either,
		"other.nocorrect": either, "other.nopay": either, "other.misc": either,
		"partial": "", // both, below
	}
	if len(since) != 22 {
		t.Fatalf("%d outcomes", len(since))
	}
	remedy := func(f Facts, o string, on date.Date) string {
		f.Remedy.Review, f.Remedy.Court = []string{"甲", "乙"}, []string{"丙法院"}
		l, err := Draft(Code(Of(o, "absent")), f, on)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range l.Slots {
			if s.Name == "remedy" {
				this := string([]rune(l.Title)[len([]rune(l.Title))-3:])
				return strings.ReplaceAll(s.Text, "本"+this, "本%自")
			}
		}
		t.Fatalf("%s: no remedy", o)
		return ""
	}
	last, next := date.Must(2023, 12, 31), date.Must(2024, 1, 1)
	for o, want := range since {
		f := answered(Answer{Outcome: o, Variant: "absent", Withheld: []Withheld{{Outcome: "deny.third"}}})
		if got := remedy(f, o, last); got != "您如果不服本%自，"+old {
			t.Errorf("%s before 2024: %s", o, got)
		}
		if want != "" {
			if got := remedy(f, o, next); got != "您如果不服本%自，"+want {
				t.Errorf("%s since 2024: %s", o, got)
			}
		}
	}
	both := "您如果不服本%自中不予公开的决定，" + first + "\n您如果不服本%自的其他内容，" + strings.Replace(either, "；也可以", "，也可以", 1)
	if got := remedy(answered(Answer{Outcome: "partial", Withheld: []Withheld{{Outcome: "deny.third"}}}), "partial", next); got != both {
		t.Errorf("partial with a refusal: %s", got)
	}
	if got := remedy(answered(Answer{Outcome: "partial", Withheld: []Withheld{{Outcome: "not_information"}}}), "partial", next); got != "您如果不服本%自，"+either {
		t.Errorf("partial without a refusal: %s", got)
	}
	query := answered(Answer{Outcome: "deny.query"})
	query.Remedy.QueryFirst = true
	if got := remedy(query, "deny.query", next); got != "您如果不服本%自，"+first {
		t.Errorf("第三十六条第七项 by the setting: %s", got)
	}
}

// Process letters tell of no remedy; a third party whose objection is overruled is told of his.
func TestProcessLettersHaveNoRemedy(t *testing.T) {
	for _, s := range samples() {
		kind, _ := Find(s.code)
		has := slices.ContainsFunc(drafted(t, s).Slots, func(slot Slot) bool { return slot.Name == "remedy" })
		if want := kind.Decision || s.code == "L08" || s.code == "L33"; has != want {
			t.Errorf("%s: remedy %v, want %v", s.name, has, want)
		}
	}
}

// What the fee measures say of challenging the charge was not verified: it is printed in the words of
// a body that settled them, and not otherwise.
func TestTheFeeNoticeSaysWhatTheBodySettled(t *testing.T) {
	s := samples()[indexOf("L09")]
	told := func() bool {
		return slices.ContainsFunc(drafted(t, s).Slots, func(slot Slot) bool {
			return slot.Name == "told" && slot.Text == "对收费有异议的，请来函说明。"
		})
	}
	if told() {
		t.Error("told without being settled")
	}
	if s.facts.Fee.Told = "对收费有异议的，请来函说明"; !told() {
		t.Error("not told")
	}
	if kind, _ := Find("L09"); kind.Note == "" {
		t.Error("the clerk is not warned")
	}
}

// erase blanks the fact of a key; those of an answer in every answer.
func erase(f *Facts, key string) {
	targets := []reflect.Value{reflect.ValueOf(f).Elem()}
	if rest, found := strings.CutPrefix(key, "Answer."); found {
		key, targets = rest, nil
		f.Answers = slices.Clone(f.Answers)
		for i := range f.Answers {
			targets = append(targets, reflect.ValueOf(&f.Answers[i]).Elem())
		}
	}
	for _, v := range targets {
		for _, name := range strings.Split(key, ".") {
			v = v.FieldByName(name)
		}
		v.SetZero()
	}
}

// final reports whether a letter can be sent.
func final(t interface{ Fatal(...any) }, code Code, f Facts, on date.Date) bool {
	l, err := Draft(code, f, on)
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.Final()
	if err != nil && !errors.Is(err, ErrGaps) {
		t.Fatal(err)
	}
	return err == nil
}

// A letter without one of the facts it needs is never final, and says which it is.
func TestNothingNeededMayBeBlank(t *testing.T) {
	for _, s := range samples() {
		for _, k := range Catalogue() {
			if k.Code != s.code {
				continue
			}
			for _, key := range k.Needs {
				f := s.facts
				erase(&f, key)
				l, err := Draft(s.code, f, s.on)
				if err != nil {
					t.Fatal(err)
				}
				if len(f.Answers) > 1 && strings.HasPrefix(key, "Answer.") {
					continue // of the template of another outcome
				}
				if !slices.ContainsFunc(l.Missing(), func(g Gap) bool { return g.Field == key }) {
					t.Errorf("%s without %s lacks %v", s.name, key, l.Missing())
				}
				if _, err := l.Final(); !errors.Is(err, ErrGaps) {
					t.Errorf("%s without %s is final", s.name, key)
				}
			}
		}
	}
}

// Whatever facts are lacking: a letter that shows a blank is not final.
func TestNoBlankIsEverSent(t *testing.T) {
	all := samples()
	keys := make([]string, 0, len(factNames))
	for key := range factNames {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(all).Draw(t, "letter")
		f := s.facts
		for _, key := range rapid.SliceOfN(rapid.SampledFrom(keys), 1, 4).Draw(t, "blank") {
			erase(&f, key)
		}
		l, err := Draft(s.code, f, s.on)
		if err != nil {
			t.Fatal(err)
		}
		shown := false
		for _, slot := range l.Slots {
			shown = shown || strings.Contains(slot.Text, blank) || slot.Text == ""
		}
		if shown && final(t, s.code, f, s.on) {
			t.Fatal("final with a blank")
		}
	})
}

// R-DEC-03 to 06 and the limits of extension and fee.
func TestWhatADecisionRestsOn(t *testing.T) {
	find := func(name string) sample {
		for _, s := range samples() {
			if s.name == name {
				return s
			}
		}
		t.Fatalf("no sample %s", name)
		return sample{}
	}
	tests := []struct {
		name, sample string
		change       func(f *Facts)
		field        string
	}{
		{"a refusal without its review", "L13", func(f *Facts) { f.Review.Record = "" }, "Review.Record"},
		{"a partial refusal without its review", "L12", func(f *Facts) { f.Review.Record = "" }, "Review.Record"},
		{"a class the article does not name", "L17", func(f *Facts) { f.Answers[0].Class = "其他事务" }, "Answer.Class"},
		{"none of the four dangers", "L15", func(f *Facts) { f.Answers[0].Class = "工作秩序" }, "Answer.Class"},
		{"a third party not asked, without reason", "L16", func(f *Facts) { f.Answers[0].Third = Third{} }, "Answer.Third"},
		{"an objection without reasons", "L16", func(f *Facts) { f.Answers[0].Third.Reasons = "" }, "Answer.Third.Reasons"},
		{"a search without persons", "L21", func(f *Facts) { f.Answers[0].Search.Persons = nil }, "Answer.Search.Persons"},
		{"a search that ends before it begins", "L21", func(f *Facts) { f.Answers[0].Search.To = date.Must(2026, 2, 1) }, "Answer.Search.To"},
		{"a search nowhere", "L21", func(f *Facts) { f.Answers[0].Search.Systems, f.Answers[0].Search.Archives = nil, nil }, "Answer.Search.Systems"},
		{"another agency without contact", "L22", func(f *Facts) { f.Answers[0].Organ.Contact = "" }, "Answer.Organ.Contact"},
		{"nothing withheld", "L12", func(f *Facts) { f.Answers[0].Withheld = nil }, "Answer.Withheld"},
		{"a part withheld without reason", "L12", func(f *Facts) { f.Answers[0].Withheld[2].Reason = " " }, "Answer.Withheld"},
		{"nothing given", "L10", func(f *Facts) { f.Answers[0].Provided, f.Enclosures = nil, nil }, "Answer.Provided"},
		{"another outcome's letter", "L13", func(f *Facts) { f.Answers[0].Outcome = "deny.law" }, "Answer.Outcome"},
		{"no kind of 其他", "L32", func(f *Facts) { f.Answers[0].Variant = "" }, "Answer.Variant"},
		{"served online without the online way to review", "L10-organisation", func(f *Facts) { f.Remedy.Online = "" }, "Remedy.Online"},
		{"21 days of extension", "L04", func(f *Facts) { f.Extension.Days = 21 }, "Extension.Days"},
		{"no day of extension", "L04", func(f *Facts) { f.Extension.Days = 0 }, "Extension.Days"},
		{"agreed to after the due date", "L04", func(f *Facts) { f.Extension.Approved = date.Must(2026, 3, 4) }, "Extension.Approved"},
		{"a sum that is not the amount", "L09", func(f *Facts) { f.Fee.Amount = 3100 }, "Fee.Amount"},
		{"a line that is wrong in itself", "L09", func(f *Facts) { f.Fee.Tiers[1].Sum, f.Fee.Amount = 2100, 3100 }, "Fee.Amount"},
		{"ten pieces are free", "L09", func(f *Facts) { f.Fee.Count = 10 }, "Fee.Count"},
		{"thirty pages are free", "L09-pages", func(f *Facts) { f.Fee.Count = 30 }, "Fee.Count"},
		{"dated before it was received", "L10", func(f *Facts) { f.Request.Received = date.Must(2026, 2, 28) }, "On"},
		{"ended on the last day for correcting", "L30", func(f *Facts) { f.Correction.Deadline = sampleDay }, "Correction.Deadline"},
		{"a time to correct that is over", "L02", func(f *Facts) { f.Correction.Deadline = date.Must(2026, 2, 4) }, "Correction.Deadline"},
	}
	for _, tt := range tests {
		s := find(tt.sample)
		tt.change(&s.facts)
		if l := drafted(t, s); !slices.ContainsFunc(l.Missing(), func(g Gap) bool { return g.Field == tt.field }) {
			t.Errorf("%s: lacks %v, want %s among it", tt.name, l.Missing(), tt.field)
		}
	}
	s := find("L04")
	s.facts.Extension.Days, s.facts.Extension.Approved, s.on = 20, date.Must(2026, 3, 3), date.Must(2026, 3, 3)
	if gaps := drafted(t, s).Missing(); len(gaps) != 0 {
		t.Errorf("20 days, agreed to and told on the due date: %v", gaps)
	}
}

// A slot is edited within its bounds: of its length, with the law, dates and names it must keep.
func TestEdit(t *testing.T) {
	l, err := Draft("L16", samples()[indexOf("L16")].facts, sampleDay)
	if err != nil {
		t.Fatal(err)
	}
	law := "《中华人民共和国政府信息公开条例》（以下简称《条例》）第三十二条"
	tests := []struct {
		name, slot, text string
		want             *fault.Error
	}{
		{"fixed", "decision", "本机关决定公开。", ErrFixed},
		{"the remedies", "remedy", "不得起诉。", ErrFixed},
		{"no such slot", "reasons", "理由", ErrSlot},
		{"the law alone", "ground", law, ErrKeep},
		{"fourteen characters", "ground", strings.Repeat("理", 14), ErrShort},
		{"too long", "ground", law + "商业秘密" + strings.Repeat("理", 2001), ErrLong},
		{"the law left out", "ground", "经审查，该信息涉及第三方的商业秘密，第三方不同意公开。", ErrKeep},
		{"the class left out", "ground", "依照" + law + "的规定征求了第三方的意见。", ErrKeep},
		{"a control character", "ground", law + "商业秘密\x00", ErrCharacter},
	}
	for _, tt := range tests {
		if err := l.Edit(tt.slot, tt.text); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	text := "依照" + law + "的规定，本机关征求了第三方的意见。该信息属于商业秘密。\n第三方的理由合理。"
	if err := l.Edit("ground", text); err != nil {
		t.Fatal(err)
	}
	d, err := l.Final()
	if err != nil {
		t.Fatalf("%v: %v", err, l.Missing())
	}
	if n := slices.IndexFunc(d.Body, func(b paper.Block) bool { return b.Text == "第三方的理由合理。" }); n < 0 {
		t.Error("the edited text is not in the document")
	}
	if err := l.Edit("ground", text+blank); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Final(); !errors.Is(err, ErrGaps) {
		t.Error("final with a blank a clerk left")
	}
}

func indexOf(name string) int {
	return slices.IndexFunc(samples(), func(s sample) bool { return s.name == name })
}

// A letter kept as JSON comes back the same and is final; one changed on the way is not.
func TestKeptLetters(t *testing.T) {
	for _, s := range samples() {
		l := drafted(t, s)
		data, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		var back Letter
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		if back.Hash() != l.Hash() || len(back.Hash()) != 64 {
			t.Errorf("%s: another hash", s.name)
		}
		if gaps := back.Missing(); len(gaps) > 0 {
			t.Errorf("%s read back lacks %v", s.name, gaps)
		}
		back.Slots[len(back.Slots)-1].Text += "。"
		if back.Hash() == l.Hash() {
			t.Errorf("%s: the same hash of another text", s.name)
		}
		if gaps := back.Missing(); len(gaps) == 0 {
			t.Errorf("%s: a fixed part was changed and nobody noticed", s.name)
		}
	}
}

// A letter keeps the templates it was drafted with: one of 2023 is told under the law of then.
func TestTemplatesAreChosenByDate(t *testing.T) {
	f := samples()[indexOf("L13-before-2024")].facts
	for day, want := range map[date.Date]string{date.Must(2023, 12, 31): "remedy-either@2018-01-01", date.Must(2024, 1, 1): "remedy-first@2024-01-01"} {
		l, err := Draft("L13", f, day)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(l.Templates, want) {
			t.Errorf("%s: %v, want %s", day, l.Templates, want)
		}
	}
	if _, err := Draft("L13", f, date.Must(2019, 5, 14)); !errors.Is(err, ErrNoText) {
		t.Errorf("before the regulation of 2019: %v", err)
	}
	if _, err := Draft("L09", f, date.Must(2020, 12, 31)); !errors.Is(err, ErrNoText) {
		t.Errorf("a fee before 2021: %v", err)
	}
	if _, err := Draft("L35", f, sampleDay); !errors.Is(err, ErrUnknown) {
		t.Errorf("L35: %v", err)
	}
}

// GB/T 9704-2012 7.2.5.
func TestNumber(t *testing.T) {
	got, err := Number("某政公开复〔{year}〕{n}号", 2026, 7)
	if err != nil || got != "某政公开复〔2026〕7号" {
		t.Errorf("%s, %v", got, err)
	}
	for _, p := range []string{"", "〔{year}〕{n}号", "某政公开复[{year}]{n}号", "某政公开复〔{year}〕第{n}号", "某政公开复〔{year}〕0{n}号", "某政公开复〔2026〕{n}号", "某政公开复〔{year}〕{n}", "abc〔{year}〕{n}号"} {
		if err := CheckPattern(p); !errors.Is(err, ErrPattern) {
			t.Errorf("%q: %v", p, err)
		}
	}
	for _, n := range []int{0, -1} {
		if _, err := Number(example, 2026, n); err == nil {
			t.Errorf("number %d", n)
		}
	}
}

func TestWording(t *testing.T) {
	for in, want := range map[int]string{
		0: "零元整", 100: "壹佰元整", 3000: "叁仟元整", 5500: "伍仟伍佰元整", 10500: "壹万零伍佰元整", 100000: "壹拾万元整",
		1002: "壹仟零贰元整", 200030: "贰拾万零叁拾元整", 100000000: "壹亿元整", 123456789: "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元整",
	} {
		if got := capital(in); got != want {
			t.Errorf("%d: %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"因资料多,需要审查.": "因资料多，需要审查", "网址为https://a.example/b?c=1": "网址为https://a.example/b?c=1", "共1,200页(含附件)；": "共1,200页（含附件）",
		"时间9:00—12:00": "时间9:00—12:00", "甲:乙": "甲：乙", "  多  余 ": "多 余",
	} {
		if got := phrase(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if sentence("可以吗？") != "可以吗？" || sentence("可以。") != "可以。" || sentence("") != "" {
		t.Error("sentences")
	}
}
