package richtext

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ChangeKind says what became of a block between two editions.
type ChangeKind string

// The kinds.
const (
	Same     ChangeKind = "same"
	Added    ChangeKind = "added"
	Removed  ChangeKind = "removed"
	Changed  ChangeKind = "changed"  // other words
	Restyled ChangeKind = "restyled" // the same words, set differently
)

// Change is one block of a comparison, ready to be shown: in two columns (Old, New) or in
// one (Both), with <ins> and <del> around what came and went and class "restyled" around
// words that are set differently. A side the block does not stand on is "". Attachments are
// still called attachment:ID: Resolve puts their addresses in.
type Change struct {
	Kind           ChangeKind
	Moved          bool // added here and removed there, or the other way round
	Old, New, Both string
}

// Diff compares two editions, block by block and in changed blocks word by word. Its work
// grows with their length, not with its square.
func Diff(old, new string) []Change {
	a, _ := parse(old, nil)
	b, _ := parse(new, nil)
	return diff(units(a), units(b))
}

// unit is a block as it is compared: items of lists and quotations one by one, a table as a
// whole.
type unit struct {
	*element
	item    string   // what stands before an item: • 1. a.
	deep    int      // how deep in lists and quotations
	key     string   // equal exactly if nothing changed
	bag     []uint64 // its pairs of characters, sorted
	counted bool
}

// units flattens a document.
func units(d document) []*unit {
	var out []*unit
	for _, e := range d {
		out = gather(out, e, "", 0)
	}
	for _, u := range out {
		u.key = u.item + "\x00" + strconv.Itoa(u.deep) + document{u.element}.html()
	}
	return out
}

func gather(out []*unit, e *element, item string, deep int) []*unit {
	switch e.kind {
	case bullets, numbers:
		for i, li := range e.kids {
			for j, k := range li.kids {
				label := ""
				if j == 0 {
					label = e.label(i)
				}
				out = gather(out, k, label, deep+1)
			}
		}
	case quote:
		for _, k := range e.kids {
			out = gather(out, k, "", deep+1)
		}
	default:
		out = append(out, &unit{element: e, item: item, deep: deep})
	}
	return out
}

// label writes what a browser shows before item i of a list.
func (e *element) label(i int) string {
	if e.kind == bullets {
		return "•"
	}
	n := max(1, e.start) + i
	switch e.style {
	case "a", "A":
		if n <= 26 {
			return string(rune(e.style[0])+rune(n-1)) + "."
		}
	case "i", "I":
		if roman := roman(n); e.style == "I" {
			return strings.ToUpper(roman) + "."
		} else {
			return roman + "."
		}
	}
	return strconv.Itoa(n) + "."
}

// roman writes a number in small Roman numerals.
func roman(n int) string {
	var b strings.Builder
	for _, s := range []struct {
		value int
		text  string
	}{{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}} {
		for ; n >= s.value && b.Len() < 20; n -= s.value {
			b.WriteString(s.text)
		}
	}
	return b.String()
}

// diff compares two sequences of blocks: what is equal is tied, what stands between two
// ties is paired by likeness.
func diff(a, b []*unit) []Change {
	var out []Change
	i, j := 0, 0
	between := func(toA, toB int) {
		for _, p := range alike(a[i:toA], b[j:toB]) {
			out = append(out, compareUnits(at(a[i:toA], p.old), at(b[j:toB], p.new)))
		}
	}
	for _, p := range align(keys(a, b)) {
		between(p.old, p.new)
		out = append(out, compareUnits(a[p.old], b[p.new]))
		i, j = p.old+1, p.new+1
	}
	between(len(a), len(b))
	markMoved(out)
	return out
}

func at(all []*unit, i int) *unit {
	if i < 0 {
		return nil
	}
	return all[i]
}

// keys numbers the units so that equal ones have equal numbers.
func keys(a, b []*unit) ([]int, []int) {
	ids := map[string]int{}
	number := func(all []*unit) []int {
		out := make([]int, len(all))
		for i, u := range all {
			if _, ok := ids[u.key]; !ok {
				ids[u.key] = len(ids)
			}
			out[i] = ids[u.key]
		}
		return out
	}
	return number(a), number(b)
}

// A gap between two ties is paired by likeness in pieces of so many blocks, because every
// block of one side is held against every one of the other; blocks that share less than a
// third of their pairs of characters are different blocks.
const (
	gapPiece   = 48
	likeEnough = 33
)

// alike pairs the blocks of a gap, in order, so that the pairs together are as alike as can
// be. What finds no partner is paired with nothing.
func alike(a, b []*unit) []pair {
	if len(a) == 0 || len(b) == 0 || len(a) <= gapPiece && len(b) <= gapPiece {
		return alikePiece(a, b, 0, 0)
	}
	pieces := (max(len(a), len(b)) + gapPiece - 1) / gapPiece
	var out []pair
	for k := range pieces {
		a0, a1 := len(a)*k/pieces, len(a)*(k+1)/pieces
		b0, b1 := len(b)*k/pieces, len(b)*(k+1)/pieces
		out = append(out, alikePiece(a[a0:a1], b[b0:b1], a0, b0)...)
	}
	return out
}

func alikePiece(a, b []*unit, atA, atB int) []pair {
	best := make([][]int, len(a)+1)
	like := make([][]int, len(a))
	for i := range best {
		best[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		like[i] = make([]int, len(b))
		for j := len(b) - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if like[i][j] = a[i].like(b[j]); like[i][j] >= likeEnough {
				best[i][j] = max(best[i][j], best[i+1][j+1]+like[i][j])
			}
		}
	}
	var out []pair
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && like[i][j] >= likeEnough && best[i][j] == best[i+1][j+1]+like[i][j]:
			out = append(out, pair{atA + i, atB + j})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && best[i][j] == best[i+1][j]:
			out = append(out, pair{atA + i, -1})
			i++
		default:
			out = append(out, pair{-1, atB + j})
			j++
		}
	}
	return out
}

// like says how alike two blocks are, per cent of the pairs of characters they share. Short
// ones count single characters, so that 5月 and 6月 are alike.
func (u *unit) like(o *unit) int {
	if u.kind.textual() != o.kind.textual() || !u.kind.textual() && u.kind != o.kind {
		return 0
	}
	u.count()
	o.count()
	if len(u.bag)+len(o.bag) == 0 {
		return 100
	}
	shared := 0
	for i, j := 0, 0; i < len(u.bag) && j < len(o.bag); {
		switch a, b := u.bag[i], o.bag[j]; {
		case a == b:
			shared, i, j = shared+1, i+1, j+1
		case a < b:
			i++
		default:
			j++
		}
	}
	return 200 * shared / (len(u.bag) + len(o.bag))
}

// bagged is how many characters of a block are weighed.
const bagged = 2000

func (u *unit) count() {
	if u.counted {
		return
	}
	u.counted = true
	text := []rune(document{u.element}.text())
	if u.media != nil {
		text = append(text, []rune(u.media.ref)...)
	}
	text = text[:min(len(text), bagged)]
	if len(text) < 12 {
		for _, c := range text {
			u.bag = append(u.bag, uint64(c))
		}
	}
	for i := 1; i < len(text) && len(text) >= 12; i++ {
		u.bag = append(u.bag, uint64(text[i-1])<<32|uint64(text[i]))
	}
	slices.Sort(u.bag)
}

// worthMoving is how long a block must be to be called moved; shorter ones, such as blank
// lines and dates, repeat by chance.
const worthMoving = 8

// markMoved says of blocks that went in one place and came in another that they moved.
func markMoved(all []Change) {
	removed := map[string][]int{}
	for i, c := range all {
		if c.Kind == Removed {
			key := strings.NewReplacer("<del>", "", "</del>", "").Replace(c.Old)
			removed[key] = append(removed[key], i)
		}
	}
	for i, c := range all {
		key := strings.NewReplacer("<ins>", "", "</ins>", "").Replace(c.New)
		if from := removed[key]; c.Kind == Added && len(from) > 0 && utf8.RuneCountInString(Text(c.New)) >= worthMoving {
			all[i].Moved, all[from[0]].Moved = true, true
			removed[key] = from[1:]
		}
	}
}
