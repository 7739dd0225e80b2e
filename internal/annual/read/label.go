package read

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"gongkai/internal/annual/form"
)

// label normalises words for comparison with the form's labels. Note marks behind them are
// no part of them.
func label(s string) string {
	t := strings.TrimRightFunc(s, isSpace)
	if last, _ := utf8.DecodeLastRuneInString(t); strings.ContainsRune("①②③④⑤⑥*※]］）)", last) && strings.ContainsAny(t, "①②③④⑤⑥*※]］注") {
		s = noteMark.ReplaceAllString(t, "$1")
	}
	return form.Normalize(s)
}

var noteMark = regexp.MustCompile(`(.)(?:\s*(?:[①-⑩*※]|[\[［]\d+[\]］]|[（(]\s*注\s*\d*\s*[）)]))+$`)

// book knows the labels of one version of the form.
type book struct {
	form    *form.Form
	rows    map[string][]entry // per table
	headers map[string]bool    // labels that are no rows: columns, groups, notes
	notes   []string           // long header texts that sources break over lines
	group   string             // the header over several columns of table three: 法人或其他组织
	groups  []string           // merged labels over several rows, left of those of the rows
	blocks  map[string]bool    // items of article 20

	// merged leads from the label of 其他处理, whose sub-rows some reports do not print, to
	// the sub-row its figures go to: the last, 3.其他 (migration from 2019 to 2021).
	merged   map[string]*form.Row
	sections map[string]string      // heading -> section
	printed  map[string]bool        // every label as printed
	starts   map[string]bool        // the first two characters of each
	columns  map[*form.Row][]string // labels of a row's columns
	items    map[*form.Row]string   // item of article 20 a row stands under
	openings map[string][]string    // per table, words that only its head holds
}

// entry is one row label in the spellings that are compared.
type entry struct {
	row   *form.Row
	full  string // （一）予以公开
	bare  string // 予以公开
	enum  string // （一）
	order int
}

// books are the labels of each version, prepared once.
var books = sync.OnceValue(func() map[*form.Form]*book {
	all := map[*form.Form]*book{}
	for _, f := range form.All() {
		all[f] = newBook(f)
	}
	return all
})

func newBook(f *form.Form) *book {
	b := &book{
		form: f, rows: map[string][]entry{}, headers: map[string]bool{}, blocks: map[string]bool{},
		merged: map[string]*form.Row{}, sections: map[string]string{},
		columns: map[*form.Row][]string{}, items: map[*form.Row]string{}, openings: map[string][]string{}, printed: map[string]bool{}, starts: map[string]bool{},
	}
	for _, s := range f.Sections {
		b.sections[label(s.Heading)] = s.Key
		b.printed[label(s.Full)] = true
	}
	for _, t := range f.Tables {
		b.openings[t.ID] = headWords(t)
		for i, r := range t.Rows {
			full := label(r.Label)
			enum, bare := splitEnum(full)
			b.items[r] = label(r.Block)
			for _, c := range r.Cells {
				b.columns[r] = append(b.columns[r], f.Canonical(c.Column))
			}
			if otherOutcome(r) {
				b.merged[label(r.Group)] = r
			}
			b.rows[t.ID] = append(b.rows[t.ID], entry{row: r, full: full, bare: bare, enum: enum, order: i})
		}
		for _, line := range t.Grid {
			for _, box := range line {
				n := label(box.Text)
				b.printed[n] = n != ""
				switch box.Role {
				case form.RoleHeader:
					b.headers[n] = true
					if t.ID == "T3" && box.ColSpan > 1 && box.Row > 0 {
						b.group = n
					}
				case form.RoleRowGroup:
					b.headers[n] = true
					b.groups = append(b.groups, n)
				case form.RoleGroup:
					b.headers[n] = true
					b.blocks[n] = true
				case form.RoleNote:
					b.headers[n] = true
					b.notes = append(b.notes, n)
				}
			}
		}
	}
	for n := range b.printed {
		b.starts[firstRunes(n, 2)] = n != ""
	}
	return b
}

// splitEnum parts "（一）予以公开" into its number and its words.
func splitEnum(n string) (enum, rest string) {
	runes := []rune(n)
	numeral := func(r rune) bool { return strings.ContainsRune("一二三四五六七八九十0123456789", r) }
	i := 0
	if i < len(runes) && runes[i] == '（' {
		i++
		for i < len(runes) && numeral(runes[i]) {
			i++
		}
		if i > 1 && i < len(runes) && runes[i] == '）' {
			return string(runes[:i+1]), string(runes[i+1:])
		}
		return "", n
	}
	for i < len(runes) && numeral(runes[i]) {
		i++
	}
	if i > 0 && i < len(runes) && strings.ContainsRune(".、．）", runes[i]) {
		return string(runes[:i+1]), string(runes[i+1:])
	}
	return "", n
}

// find returns the row of table that words name, nil if they name none. Exact labels and
// accepted variants come first, then labels that lost or broke off some characters.
func (b *book) find(table, n string) *form.Row {
	c := b.form.CanonicalOf(n)
	entries := b.rows[table]
	if rest := b.behind(n); rest != n {
		return b.find(table, rest)
	}
	for _, e := range entries {
		if c == e.full || n == e.full {
			return e.row
		}
	}
	enum, bare := splitEnum(n)
	bare = b.form.CanonicalOf(bare)
	if !b.headers[n] && utf8.RuneCountInString(bare) >= 2 {
		for _, e := range entries {
			if bare == e.bare && (enum == "" || e.enum == "" || sameEnum(enum, e.enum)) {
				return e.row
			}
		}
	}
	if b.headers[n] {
		return nil
	}
	switch size := utf8.RuneCountInString(bare); {
	case size >= 4:
		return b.nearest(entries, enum, bare)
	case size == 3 && strings.HasPrefix(enum, "（"):
		for _, e := range entries { // （一）予以公 can be but one
			if sameEnum(enum, e.enum) && strings.HasPrefix(e.enum, "（") && likeness(bare, e.bare) >= 0.8 {
				return e.row
			}
		}
	}
	return nil
}

// behind is what follows the labels of groups on a line that runs them and the row's own
// label together: （四）无法提供1.本机关不掌握相关政府信息.
func (b *book) behind(n string) string {
	rest := n
	for _, g := range b.groups {
		if r, cut := strings.CutPrefix(rest, g); cut && r != "" {
			rest = r
		}
	}
	return rest
}

// nearest finds the one row whose label the words could be a damaged print of.
func (b *book) nearest(entries []entry, enum, bare string) *form.Row {
	var best *form.Row
	score, tie := 0.0, false
	for _, e := range entries {
		s := likeness(bare, e.bare)
		if s < 0.66 {
			continue
		}
		if enum != "" && e.enum != "" && !sameEnum(enum, e.enum) {
			s -= 0.25
		}
		switch {
		case s > score+0.02:
			best, score, tie = e.row, s, false
		case s > score-0.02:
			tie = true
		}
	}
	if tie || score < 0.66 {
		return nil
	}
	return best
}

// sameEnum compares numbers of list items by their numeral only.
func sameEnum(a, b string) bool {
	trim := func(s string) string { return strings.Trim(s, "（）.、．") }
	return trim(a) == trim(b)
}

// likeness says how much of a label survives in a print, 0 to 1. A print that is a true
// beginning of a long label counts as whole.
func likeness(print, whole string) float64 {
	p, w := []rune(print), []rune(whole)
	if len(p) == 0 || len(w) == 0 {
		return 0
	}
	if len(p) >= 5 && strings.HasPrefix(whole, print) {
		return 0.95
	}
	if len(w) >= 4 && strings.HasPrefix(print, whole) {
		return 0.9
	}
	return 2 * float64(common(p, w)) / float64(len(p)+len(w))
}

// common is the length of the longest common subsequence.
func common(a, b []rune) int {
	prev := make([]int, len(b)+1)
	cur := make([]int, len(b)+1)
	for _, x := range a {
		for j, y := range b {
			switch {
			case x == y:
				cur[j+1] = prev[j] + 1
			default:
				cur[j+1] = max(prev[j+1], cur[j])
			}
		}
		prev, cur = cur, prev
	}
	return prev[len(b)]
}

// otherOutcome reports a sub-row of （六）其他处理, which the form of 2019 does not divide.
func otherOutcome(r *form.Row) bool {
	return r.Group != "" && strings.HasPrefix(r.Key, "T3.done.other.")
}

// headWords are the words that only the head of a table holds: its first box, the wide boxes
// of its second line, and the label of its first row. Long ones are cut, since a source may
// break them.
func headWords(t *form.Table) []string {
	const enough = 9
	out := []string{strings.TrimPrefix(firstRunes(label(t.Grid[0][0].Text), enough+1), "（")}
	for _, box := range t.Grid[1] {
		if box.ColSpan > 1 && box.ColSpan < t.Columns && box.Role == form.RoleHeader {
			out = append(out, label(box.Text))
		}
	}
	if _, first := splitEnum(label(t.Rows[0].Label)); utf8.RuneCountInString(first) >= enough {
		out = append(out, first)
	}
	return out
}

// headOf reports whether a normalised label stands in the head of that table only.
func (b *book) headOf(n, table string) bool {
	_, rest := splitEnum(n)
	for _, w := range b.openings[table] {
		if strings.HasPrefix(n, w) || strings.HasPrefix(strings.TrimPrefix(n, "（"), w) || strings.HasPrefix(rest, w) {
			return true
		}
	}
	return false
}

// header reports whether words are a column header, a group label, the note in the corner,
// or a broken-off part of one.
func (b *book) header(n string) bool {
	if b.headers[n] || b.headers[b.form.CanonicalOf(n)] {
		return true
	}
	if utf8.RuneCountInString(n) < 2 {
		return false
	}
	for h := range b.headers {
		if strings.Contains(h, n) {
			return true
		}
	}
	for _, note := range b.notes {
		if utf8.RuneCountInString(n) >= 6 && likeness(n, note) > 0.6 {
			return true
		}
	}
	return false
}
