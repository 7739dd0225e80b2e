package rule

import (
	"strings"
	"unicode/utf8"

	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/narrative"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Subject is a report under check with what the rules share about it.
type Subject struct {
	*annual.Report
	Context Context

	kind     agency.Kind
	passages []passage
	sums     []tally

	judgements []narrative.Judgement // what annual/narrative found
	witnesses  []witness             // those that say what a wrong cell should be
}

// passage is a paragraph and the section it stands in, "" for the preface.
type passage struct {
	section string
	text    annual.Text
}

func newSubject(r *annual.Report, c Context) *Subject {
	s := &Subject{Report: r, Context: c, kind: c.Kind, passages: passagesOf(r)}
	if s.kind == agency.Unknown {
		s.kind = agency.KindOf(s.body())
	}
	if s.kind == agency.Unknown {
		s.kind = agency.KindOf(s.self())
	}
	if r.Form != nil {
		s.sums = tallies(r)
		s.judgements = narrative.Check(r)
		s.witnesses = s.heard()
	}
	return s
}

// passagesOf lists a report's paragraphs in reading order.
func passagesOf(r *annual.Report) []passage {
	var out []passage
	for _, t := range r.Preface {
		out = append(out, passage{text: t})
	}
	for _, sec := range r.Sections {
		for _, t := range sec.Paragraphs {
			out = append(out, passage{section: sec.Key, text: t})
		}
	}
	return out
}

// selves are the words in which a report without a name speaks of its body.
var selves = []string{"我镇", "我乡", "我街道", "本镇", "本乡", "本街道", "我局", "本局", "我委", "我厅", "我办"}

// self returns the first of these words that the text uses, "" for none. A department speaks
// of its town too, but hardly as 我镇.
func (s *Subject) self() string {
	for _, w := range selves {
		for _, p := range s.passages {
			if strings.Contains(p.text.Text, w) {
				return w
			}
		}
	}
	return ""
}

// readable reports whether the report's tables and text can be checked: it is a report in
// the unified form.
func (s *Subject) readable() bool { return s.Refused == nil && s.Form != nil }

// body returns the name of the reporting body from the best place that states it.
func (s *Subject) body() string {
	for _, t := range []annual.Text{s.Agency, s.Signature, s.Publisher} {
		if t.Text != "" {
			return t.Text
		}
	}
	return ""
}

// formRef cites a place in the form the report uses.
func (s *Subject) formRef(where string) statute.Ref { return s.Form.Instrument.Whole(where) }

// section returns what a section is called in the report's form: 五、存在的主要问题及改进情况.
func (s *Subject) section(key string) string {
	if s.Form != nil {
		if sec := s.Form.Section(key); sec != nil {
			return sec.Full
		}
	}
	return key
}

// whole points at the report as such, for what is absent: its title or its first text.
func (s *Subject) whole() check.Quote {
	q := check.Quote{Label: i18n.M("rule.at.report"), At: s.Title.At, Text: s.Title.Text}
	if s.Title.Text == "" && len(s.passages) > 0 {
		q.At = s.passages[0].text.At
	}
	return q
}

// cell points at a cell with what is printed in it.
func (s *Subject) cell(k form.Key) check.Quote {
	c := s.Cells[k]
	text := c.Raw
	if text == "" && c.State != annual.Blank && c.State != "" {
		text = c.Value.String()
	}
	return check.Quote{At: c.At, Key: string(k), Label: i18n.M("rule.at.cell", "cell", s.Form.Label(k)), Text: text}
}

// quote points at bytes start to end of a paragraph and gives the sentence around them.
func (s *Subject) quote(p passage, start, end int) check.Quote {
	from := utf8.RuneCountInString(p.text.Text[:start])
	to := from + utf8.RuneCountInString(p.text.Text[start:end])
	return check.Quote{At: p.text.Locate(from, to), Label: s.where(p.section), Text: sentence(p.text.Text, start, end)}
}

// where labels a section, or the text before the first heading.
func (s *Subject) where(section string) i18n.Message {
	if section == "" {
		return i18n.M("rule.at.preface")
	}
	return i18n.M("rule.at.section", "section", s.section(section))
}

// margin is how many runes around a passage are quoted at most, so that a finding fits on a
// few lines.
const margin = 24

// sentence cuts the sentence around bytes start to end out of text.
func sentence(text string, start, end int) string {
	left := text[:start]
	if i := strings.LastIndexAny(left, "。；！？\n"); i >= 0 {
		_, size := utf8.DecodeRuneInString(left[i:])
		left = left[i+size:]
	}
	right := text[end:]
	if i := strings.IndexAny(right, "。；！？\n"); i >= 0 {
		right = right[:i]
	}
	l, r := []rune(strings.TrimSpace(left)), []rune(strings.TrimRight(right, " \t　"))
	before, after := "", ""
	if len(l) > margin {
		l, before = l[len(l)-margin:], "…"
	}
	if len(r) > margin {
		r, after = r[:margin], "…"
	}
	return before + string(l) + text[start:end] + string(r) + after
}

// find calls yield with each place where word stands in the report's text.
func (s *Subject) find(word string, yield func(p passage, start, end int)) {
	for _, p := range s.passages {
		for from := 0; ; {
			i := strings.Index(p.text.Text[from:], word)
			if i < 0 {
				break
			}
			yield(p, from+i, from+i+len(word))
			from += i + len(word)
		}
	}
}

// says reports whether any of the words stands in a section.
func (s *Subject) says(section string, words ...string) bool {
	for _, p := range s.passages {
		if p.section != section {
			continue
		}
		for _, w := range words {
			if strings.Contains(p.text.Text, w) {
				return true
			}
		}
	}
	return false
}
