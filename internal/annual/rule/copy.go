package rule

import (
	"cmp"
	"slices"

	"gongkai/internal/annual"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// alike: a report is written anew. It is compared with the year before, with neighbours and
// with itself (R-AR-22).
//
// 国办公开办函〔2021〕30号 has reports pursued under 条例第四十七条 that are copied or perfunctory.
// How much may be alike is not fixed anywhere; the shares below are ours, and a finding asks.
var alike = check.Rule[*Subject]{
	Code: "R-AR-22", Severity: check.Warning, Since: statute.AnnualForm2021.Since,
	Cite: statute.OGI2019.Art(47), Title: i18n.M("rule.alike.title"),
	Find: func(s *Subject) []check.Finding {
		if !s.readable() {
			return nil
		}
		mine := streamOf(s.passages)
		out := s.repeats(mine)
		if p := s.last(); p != nil {
			out = append(out, s.sharedWith(mine, p, i18n.M("rule.at.last_year", "year", p.Year), func(section string, percent int) i18n.Message {
				return i18n.M("rule.alike.last_year", "section", section, "percent", percent, "year", p.Year)
			})...)
		}
		for _, n := range s.Context.Neighbours {
			if n == nil || n == s.Report || n.Refused != nil {
				continue
			}
			name := n.Agency.Text
			out = append(out, s.sharedWith(mine, n, i18n.M("rule.at.neighbour", "body", name), func(section string, percent int) i18n.Message {
				return i18n.M("rule.alike.neighbour", "section", section, "percent", percent, "body", name)
			})...)
		}
		return out
	},
}

// limits say from which share, in percent, a section is too much like another, and how many
// characters of text it must have for the share to mean anything.
var limits = []struct {
	section        string
	percent, least int
}{
	{"s1", 50, 200},
	{"s5", 30, 60},
	{"s6", 60, 120},
}

// A passage counts as repeated within a report from 60 characters, or from 30 where it is
// nearly the whole of its paragraph. Shorter ones are turns of phrase, or an overview that
// says in advance what a section says again.
const (
	repeated      = 60
	repeatedWhole = 30
)

// repeats reports passages that stand twice in the report, once per repeated paragraph.
func (s *Subject) repeats(mine stream) []check.Finding {
	var out []check.Finding
	seen := map[int]bool{}
	for _, m := range mine.shared(mine) {
		p := mine.at[m.here].passage
		whole := m.length >= repeatedWhole && m.length*100 >= mine.length(p)*80
		if m.length < repeated && !whole || seen[p] {
			continue
		}
		seen[p] = true
		out = append(out, check.Finding{
			Message: i18n.M("rule.alike.itself", "n", m.length),
			Places:  []check.Quote{s.passageQuote(mine, m.here, m.length), s.passageQuote(mine, m.there, m.length)},
		})
	}
	return out
}

func (s *Subject) passageQuote(st stream, from, length int) check.Quote {
	p := st.passages[st.at[from].passage]
	return paragraphAt(p.text, st.at[from].rune, st.at[from+length-1].rune+1, s.where(p.section))
}

// sharedWith compares with another report and reports each section that is too much alike,
// with its longest shared passages.
func (s *Subject) sharedWith(mine stream, other *annual.Report, label i18n.Message, message func(section string, percent int) i18n.Message) []check.Finding {
	theirs := streamOf(passagesOf(other))
	matches := mine.shared(theirs)
	var out []check.Finding
	for _, l := range limits {
		size := mine.size(l.section)
		var in []match
		covered := 0
		for _, m := range matches {
			if mine.passages[mine.at[m.here].passage].section == l.section {
				in = append(in, m)
				covered += m.length
			}
		}
		if size < l.least || covered*100 < l.percent*size {
			continue
		}
		slices.SortStableFunc(in, func(a, b match) int { return cmp.Compare(b.length, a.length) })
		f := check.Finding{Message: message(s.section(l.section), covered*100/size)}
		for _, m := range in[:min(len(in), 3)] {
			p := theirs.passages[theirs.at[m.there].passage]
			f.Places = append(f.Places, s.passageQuote(mine, m.here, m.length),
				paragraphAt(p.text, theirs.at[m.there].rune, theirs.at[m.there+m.length-1].rune+1, label))
		}
		out = append(out, f)
	}
	return out
}
