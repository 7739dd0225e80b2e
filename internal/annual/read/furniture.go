package read

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"gongkai/internal/extract"
)

var (
	// pageOf is a page number with the number of pages, as printers and browsers set it,
	// with or without the address of the page before it.
	pageOf = regexp.MustCompile(`^(?:(?:https?|file)://\S+\s*)?\d{1,3}\s*/\s*\d{1,3}$`)
	// printedAt is the head that browsers set above each page they print.
	printedAt = regexp.MustCompile(`^\d{2,4}[/-]\d{1,2}[/-]\d{1,4}[,，]?\s*(?:上午|下午)?\s*\d{1,2}:\d{2}\s*(?:[AP]M)?\s`)
	digitRuns = regexp.MustCompile(`\d+`)
)

// Bounds of what counts as a line repeated on every page: that often, that long, and at
// least so far apart that it is no repeated row.
const (
	runningTimes = 3
	runningRunes = 60
	runningApart = 8
	runningTop   = 12 // lines at the top among which the title stands
)

// furnishings are the lines that belong to the pages of a text and not to it: page numbers
// and the heads, feet and watermarks that stand on each.
func furnishings(blocks []extract.Block) map[int]bool {
	out := map[int]bool{}
	seen := map[string][]int{}
	for i, block := range blocks {
		if len(block.Text) > 6*runningRunes {
			continue
		}
		text := strings.TrimFunc(block.Text, isSpace)
		n := utf8.RuneCountInString(text)
		switch {
		case block.Table != nil || text == "" || n > runningRunes && !printedAt.MatchString(text):
		case pageOf.MatchString(text), printedAt.MatchString(text), pageNumber(row{text: text}):
			out[i] = true
		case n >= 4 && strings.ContainsFunc(text, isHan) && !strings.ContainsAny(text, "。；，、：,|\t"):
			id := digitRuns.ReplaceAllString(compact(text), "0")
			seen[id] = append(seen[id], i)
		}
	}
	for id, at := range seen {
		if len(at) < runningTimes || known(id) {
			continue
		}
		for k, i := range at {
			opens := k == 0 && (i < runningTop || parseTitle(blocks[i].Text) != nil)
			near := k > 0 && i-at[k-1] < runningApart
			if !opens && !near && !dated(blocks[i+1:]) {
				out[i] = true
			}
		}
	}
	return out
}

// dated reports whether the next line is a date: the line before it then is a signature.
func dated(next []extract.Block) bool {
	for _, b := range next {
		if text := strings.TrimFunc(b.Text, isSpace); text != "" || b.Table != nil {
			_, ok := wholeDate(text)
			return ok
		}
	}
	return false
}

// known reports whether words are, or may be part of, a label or heading of any version.
func known(words string) bool {
	for _, b := range books() {
		if b.knows(words) {
			return true
		}
	}
	return false
}

// knows reports whether words are, or may be part of, a label or heading of the form.
func (b *book) knows(words string) bool {
	toks := spacedTokens(extract.Block{Text: words})
	if len(toks) == 0 {
		return false
	}
	n := toks[0].norm
	if b.header(n) || b.merged[n] != nil {
		return true
	}
	if _, ok := headingOf(words, b); ok {
		return true
	}
	for table, entries := range b.rows {
		if b.find(table, n) != nil {
			return true
		}
		for _, e := range entries {
			if strings.Contains(e.full, n) {
				return true
			}
		}
	}
	return false
}
