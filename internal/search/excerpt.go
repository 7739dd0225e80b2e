package search

import "slices"

// excerptLength is the characters shown of a text.
const excerptLength = 110

// finder marks in texts what a query looked for: words in one piece, and of long runs of
// characters and questions the pairs that occur.
type finder struct {
	whole [][]rune
	pairs map[token]float32 // with what each is worth
}

func newFinder(words []word, idf map[token]float32, loosely bool) *finder {
	f := &finder{pairs: map[token]float32{}}
	for _, w := range words {
		for _, one := range append([]word{w}, w.others...) {
			switch {
			case w.not:
			case w.soft || loosely:
				for _, t := range one.tokens {
					f.pairs[t] = max(f.pairs[t], idf[t])
				}
			default:
				f.whole = append(f.whole, one.runes)
			}
		}
	}
	return f
}

// found is a place where something stands.
type found struct {
	from, to int // runes of the text as it is written
	what     token
	worth    float32
}

// wholeWorth is what a word in one piece is worth in the choice of a passage, against pairs.
const wholeWorth = 10

// in finds everything in a text.
func (f *finder) in(text string) (all []found) {
	t := foldText(text, true)
	for n, w := range f.whole {
		for at := 0; len(w) > 0; {
			i := index(t.runes[at:], w)
			if i < 0 {
				break
			}
			i += at
			all = append(all, found{int(t.from[i]), int(t.from[i+len(w)-1]) + 1, token(-1 - n), wholeWorth})
			at = i + len(w)
		}
	}
	if len(f.pairs) > 0 {
		at := 0
		tokens(t.runes, func(runes []rune) {
			for &t.runes[at] != &runes[0] {
				at++
			}
			what := tokenOf(runes)
			if w := f.pairs[what]; w > 0 {
				all = append(all, found{int(t.from[at]), int(t.from[at+len(runes)-1]) + 1, what, w})
			}
		})
	}
	slices.SortStableFunc(all, func(a, b found) int { return a.from - b.from })
	return all
}

// passage chooses the length runes in which most of what was found stands, each thing counted
// once, and returns where they begin and what they are worth.
func passage(all []found, length int) (from int, worth float32) {
	have := map[token]int{}
	var sum float32
	from = -1
	for first, last := 0, 0; last < len(all); last++ {
		if have[all[last].what]++; have[all[last].what] == 1 {
			sum += all[last].worth
		}
		for all[last].to-all[first].from > length && first < last {
			if have[all[first].what]--; have[all[first].what] == 0 {
				sum -= all[first].worth
			}
			first++
		}
		if sum > worth*1.001 || from < 0 {
			from, worth = all[first].from, sum
		}
	}
	return from, worth
}

// whole marks a text that is shown in full.
func (f *finder) mark(text string) []Span {
	runes := []rune(text)
	return cut(runes, flags(f.in(text), len(runes)), 0, len(runes))
}

// excerpt marks the best passage of the texts and says which it is from.
func (f *finder) excerpt(texts []string, length int) (spans []Span, from int) {
	var best []found
	start, most := -1, float32(-1)
	for i, t := range texts {
		all := f.in(t)
		if at, worth := passage(all, length); worth > most*1.001 && (at >= 0 || i == 0) {
			best, start, most, from = all, at, worth, i
		}
	}
	runes := []rune(texts[from])
	begin := 0
	if len(runes) > length && start >= 0 {
		begin = max(0, min(start-length/4, len(runes)-length))
	}
	end := min(len(runes), begin+length)
	return cut(runes, flags(best, len(runes)), begin, end), from
}

func flags(all []found, length int) []bool {
	hit := make([]bool, length)
	for _, f := range all {
		for k := f.from; k < f.to; k++ {
			hit[k] = true
		}
	}
	return hit
}

func cut(all []rune, hit []bool, from, to int) []Span {
	var out []Span
	for i := from; i < to; {
		end := i
		for end < to && hit[end] == hit[i] {
			end++
		}
		out = append(out, Span{string(all[i:end]), hit[i]})
		i = end
	}
	if from > 0 && len(out) > 0 {
		out = slices.Insert(out, 0, Span{Text: "…"})
	}
	if to < len(all) && len(out) > 0 {
		out = append(out, Span{Text: "…"})
	}
	return out
}

// hit shows a document. some is false if nothing that was looked for by pairs stands in it any
// more.
func (f *finder) hit(d *Document) (h Hit, some bool) {
	texts := []string{d.Body}
	for _, p := range d.Parts {
		texts = append(texts, p.Text)
	}
	h = Hit{Document: *d, TitleIn: f.mark(d.Title)}
	var from int
	if h.Excerpt, from = f.excerpt(texts, excerptLength); from > 0 {
		h.Part = d.Parts[from-1].Name
	}
	h.Body, h.Parts = "", nil
	is := func(s Span) bool { return s.Hit }
	return h, len(f.pairs) == 0 || slices.ContainsFunc(h.TitleIn, is) || slices.ContainsFunc(h.Excerpt, is)
}
