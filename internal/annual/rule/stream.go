package rule

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gongkai/internal/annual/form"
)

// stream is a report's text as it is compared: letters only, each run of digits as one sign,
// so that a copy with other figures and years is still a copy. Stock phrases that the law and
// the form put into every report are cut out.
type stream struct {
	passages []passage
	runes    []rune
	at       []spot
}

// spot is where a rune of the stream stands: passage and rune in it.
type spot struct{ passage, rune int }

// gap stands where a paragraph ends or a stock phrase was cut out; it equals nothing.
const gap = rune(0)

// stock are phrases that say nothing about who copied from whom, by first rune.
var stock, stockFirst = func() (map[rune][][]rune, filter) {
	m := map[rune][][]rune{}
	var first filter
	add := func(p string) {
		r := []rune(p)
		m[r[0]] = append(m[r[0]], r)
		first.add(r[0])
	}
	for _, f := range form.All() {
		for _, s := range f.Sections {
			add(strings.ReplaceAll(s.Heading, "、", ""))
		}
	}
	for _, p := range []string{
		"中华人民共和国政府信息公开条例", "政府信息公开工作年度报告", "政府信息公开年度报告",
		"以习近平新时代中国特色社会主义思想为指导", "深入学习贯彻党的二十大", "国务院办公厅政府信息与政务公开办公室",
		"政府信息公开行政复议和行政诉讼情况", "政府信息公开信息处理费管理办法", "没有需要报告的事项", "无其他需要报告的事项",
	} {
		add(p)
	}
	return m, first
}()

// filter says of most runes at once that they are not in a set, by their last eight bits.
type filter [256]bool

func (f *filter) add(r rune) { f[byte(r)] = true }

func (f *filter) may(r rune) bool { return f[byte(r)] }

func streamOf(ps []passage) stream {
	st := stream{passages: ps}
	n := 0
	for _, p := range ps {
		n += utf8.RuneCountInString(p.text.Text) + 1
	}
	st.runes, st.at = make([]rune, 0, n), make([]spot, 0, n)
	for i, p := range ps {
		st.add(i, p.text.Text)
	}
	st.cutStock()
	return st
}

func (st *stream) add(passage int, text string) {
	k := -1
	for _, r := range text {
		k++
		switch {
		case r >= '0' && r <= '9':
			r = '#'
			if n := len(st.runes); n > 0 && st.runes[n-1] == '#' {
				continue
			}
		case !han(r) && !unicode.IsLetter(r):
			continue
		}
		st.runes = append(st.runes, r)
		st.at = append(st.at, spot{passage, k})
	}
	st.runes = append(st.runes, gap)
	st.at = append(st.at, spot{passage, k})
}

func (st *stream) cutStock() {
	for i, r := range st.runes {
		if !stockFirst.may(r) {
			continue
		}
		for _, p := range stock[r] {
			if i+len(p) <= len(st.runes) && slices.Equal(st.runes[i:i+len(p)], p) {
				clear(st.runes[i : i+len(p)])
				break
			}
		}
	}
}

// size is the number of a section's runes that count.
func (st stream) size(section string) int {
	n := 0
	for i, r := range st.runes {
		if r != gap && st.passages[st.at[i].passage].section == section {
			n++
		}
	}
	return n
}

// length is the number of a passage's runes that count.
func (st stream) length(passage int) int {
	n := 0
	for i, r := range st.runes {
		if r != gap && st.at[i].passage == passage {
			n++
		}
	}
	return n
}

// match is a passage found in two places.
type match struct{ here, there, length int }

// gram and stride: a passage is found by any gram runes of it; grams are remembered at every
// stride-th rune, so that any shared passage of gram+stride-1 runes is found.
const (
	gram   = 12
	stride = 6
)

// shared finds the passages of st that also stand in o, in order and without overlaps. Within
// one and the same stream it finds what repeats something earlier.
func (st stream) shared(o stream) []match {
	same := len(st.runes) > 0 && len(o.runes) > 0 && &st.runes[0] == &o.runes[0]
	index := o.grams()
	var out []match
	var h hash
	for i, r := range st.runes {
		if !h.push(r, st.runes, i) {
			continue
		}
		here := i - gram + 1
		if n := len(out); n > 0 && here < out[n-1].here+out[n-1].length {
			continue
		}
		there, ok := index[h.sum]
		if !ok || same && there+gram > here || !slices.Equal(st.runes[here:i+1], o.runes[there:there+gram]) {
			continue
		}
		floor := 0
		if n := len(out); n > 0 {
			floor = out[n-1].here + out[n-1].length
		}
		out = append(out, extend(st, o, match{here, there, gram}, floor, same))
	}
	return out
}

// grams remembers where each gram stands first, at every stride-th rune.
func (st stream) grams() map[uint64]int {
	index := make(map[uint64]int, len(st.runes)/stride+1)
	var h hash
	for i, r := range st.runes {
		whole := h.push(r, st.runes, i)
		start := i - gram + 1
		if !whole || start%stride != 0 {
			continue
		}
		if _, known := index[h.sum]; !known {
			index[h.sum] = start
		}
	}
	return index
}

// hash rolls over the last gram runes. It counts how many of them are free of gaps.
type hash struct {
	sum  uint64
	free int
}

const base = 1_000_003

// lead is base to the power of gram.
var lead = func() uint64 {
	p := uint64(1)
	for range gram {
		p *= base
	}
	return p
}()

// push takes rune i of runes in and reports whether the last gram runes are free of gaps.
func (h *hash) push(r rune, runes []rune, i int) bool {
	h.sum = h.sum*base + uint64(r)
	if i >= gram {
		h.sum -= lead * uint64(runes[i-gram])
	}
	h.free++
	if r == gap {
		h.free = 0
	}
	return h.free >= gram
}

// extend lengthens a match in both directions within its paragraphs.
func extend(a, b stream, m match, floor int, same bool) match {
	for m.here > floor && m.there > 0 && a.runes[m.here-1] != gap && a.runes[m.here-1] == b.runes[m.there-1] {
		m.here, m.there, m.length = m.here-1, m.there-1, m.length+1
	}
	for {
		i, j := m.here+m.length, m.there+m.length
		if i >= len(a.runes) || j >= len(b.runes) || a.runes[i] == gap || a.runes[i] != b.runes[j] || same && j >= m.here {
			return m
		}
		m.length++
	}
}
