package search

import (
	"context"
	"slices"
	"strings"

	"gongkai/internal/db"
)

// titlesRead is how many titles suggestions are made from.
const titlesRead = 24

// Suggest returns up to n texts that somebody who typed prefix may want to search for: phrases
// of titles that go on as he began, numbers, titles. The filters of q apply; its text, order and
// page do not matter. All is from documents as they are at this moment.
func (x *Index) Suggest(ctx context.Context, prefix string, q Query, n int) ([]Suggestion, error) {
	runes := trimGap(foldText(prefix, false).runes)
	if len(runes) == 0 || len([]rune(prefix)) > mostText {
		return nil, nil
	}
	q.Order, q.Facets = Relevance, nil
	x.mu.RLock()
	defer x.mu.RUnlock()
	if err := x.refresh(ctx); err != nil {
		return nil, err
	}
	c := call{x: x, v: x.vol, q: &q}
	docs, err := c.titled(ctx, term{titleWay(runes)}, titlesRead)
	if err != nil {
		return nil, err
	}
	return suggestions(docs, string(runes), n), nil
}

// titleWay is how a title has some runes. A word of letters at their end may be unfinished; it
// is left to the comparison with the title.
func titleWay(runes []rune) way {
	w := word{runes: runes}
	if last := len(runes) - 1; classOf(runes[last]) == letter {
		for last > 0 && classOf(runes[last-1]) == letter {
			last--
		}
		if rest := trimGap(runes[:last]); len(rest) > 0 {
			w.runes = rest
		}
	}
	w.look()
	one := w.way(1)
	for i := range one.tokens {
		one.tokens[i] |= titleBit
	}
	return one
}

// titled returns documents whose titles fit a term, as they are now.
func (c *call) titled(ctx context.Context, t term, most int) ([]*Document, error) {
	var all []ranked
	c.v.mu.RLock()
	err := c.v.file.View(ctx, func(tx *db.Tx) error {
		p := (*reading)(nil).plan(c.q, false)
		p.must, p.most, p.facets, p.order = []term{t}, most, nil, Relevance
		a, err := c.v.match(tx, p)
		if err == nil {
			all, err = c.v.inOrder(tx, a.hits)
		}
		return err
	})
	c.v.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	if err := c.x.load(ctx, all); err != nil {
		return nil, err
	}
	var docs []*Document
	for _, one := range all {
		if one.doc != nil && c.fits(one.doc, nil, false) {
			docs = append(docs, one.doc)
		}
	}
	return docs, nil
}

// suggestions are made of documents' titles and numbers that hold what was typed.
func suggestions(docs []*Document, typed string, n int) (all []Suggestion) {
	times := map[string]int{}
	var phrases []string
	var whole []Suggestion
	seen := map[string]bool{}
	add := func(text, id string) {
		if !seen[text] && strings.Contains(string(foldText(text, false).runes), typed) {
			seen[text] = true
			whole = append(whole, Suggestion{text, id})
		}
	}
	for _, d := range docs {
		for _, p := range phrasesOf(d.Title) {
			if p = from(p, typed); p != "" && p != d.Title {
				if times[p]++; times[p] == 1 {
					phrases = append(phrases, p)
				}
			}
		}
		for _, number := range d.Numbers {
			if strings.HasPrefix(string(foldText(number, false).runes), typed) {
				add(number, d.ID)
			}
		}
		add(d.Title, d.ID)
	}
	slices.SortStableFunc(phrases, func(a, b string) int { return times[b] - times[a] })
	for _, p := range phrases {
		if len(all) < (n+1)/2 || times[p] > 1 {
			all = append(all, Suggestion{Text: p})
		}
	}
	for _, w := range whole {
		if !slices.Contains(all, Suggestion{Text: w.Text}) {
			all = append(all, w)
		}
	}
	return all[:min(len(all), n)]
}

// from returns what a phrase has from what was typed on, "" if it does not have it, or begins with
// something else than the single character that was typed.
func from(phrase, typed string) string {
	f := foldText(phrase, true)
	what := []rune(typed)
	at := index(f.runes, what)
	if at < 0 || at > 0 && len(what) == 1 {
		return ""
	}
	return string([]rune(phrase)[f.from[at]:])
}

// phraseEnds are what stands between the phrases of a title.
var phraseEnds = strings.NewReplacer("关于", "|", "印发", "|", "公布", "|", "的", "|", "《", "|", "》", "|", "（", "|", "）", "|",
	"(", "|", ")", "|", "、", "|", "，", "|", "“", "|", "”", "|", " ", "|", "　", "|")

// phrasesOf cuts a title into phrases: 关于公布养老服务补贴标准的通知 has 养老服务补贴标准.
func phrasesOf(title string) (all []string) {
	for p := range strings.SplitSeq(phraseEnds.Replace(title), "|") {
		if n := len([]rune(p)); n >= 2 && n <= 20 {
			all = append(all, p)
		}
	}
	return all
}

// meant returns the text with its one word that no document has written as titles have it, ""
// if no title has a word that differs in one character.
func (c *call) meant(ctx context.Context) (string, error) {
	for _, w := range c.r.words {
		if w.not || hans(w.runes) != len(w.runes) || len(w.runes) < 2 || len(w.runes) > 2*mostHard {
			continue
		}
		near, err := c.near(ctx, w.runes)
		if err != nil || near == "" {
			continue
		}
		text := strings.Replace(c.q.Text, string(w.runes), near, 1)
		if text == c.q.Text {
			continue
		}
		r, err := parse(text)
		if err != nil {
			continue
		}
		other := *c
		other.r, other.result, other.skip = r, &Result{}, 0
		if err := other.page(ctx, false); err != nil {
			return "", err
		}
		if len(other.result.Hits) > 0 {
			return text, nil
		}
	}
	return "", nil
}

// near returns the word of titles that differs least from some runes.
func (c *call) near(ctx context.Context, runes []rune) (string, error) {
	var t term
	for i := range runes {
		t = append(t, way{tokens: []token{titleBit | token(runes[i])<<pairBits}, begins: true, weight: 1})
		if i+1 < len(runes) {
			t = append(t, way{tokens: []token{titleBit | tokenOf(runes[i:i+2])}, weight: 2})
		}
	}
	docs, err := c.titled(ctx, t, 2*titlesRead)
	if err != nil {
		return "", err
	}
	times := map[string]int{}
	best := ""
	for _, d := range docs {
		title := foldText(d.Title, false).runes
		for from := range title {
			for n := len(runes) - 1; n <= len(runes)+1; n++ {
				if n < 2 || from+n > len(title) || !oneApart(runes, title[from:from+n]) {
					continue
				}
				s := string(title[from : from+n])
				times[s]++
				if best == "" || rankOf(s, runes, times) > rankOf(best, runes, times) {
					best = s
				}
			}
		}
	}
	return best, nil
}

// rankOf prefers a word of the same length, then the more frequent one.
func rankOf(s string, runes []rune, times map[string]int) int {
	n := times[s]
	if len([]rune(s)) == len(runes) {
		n += 1000
	}
	return n
}

// oneApart reports whether one character changed, added or left out makes b of a.
func oneApart(a, b []rune) bool {
	if hans(b) != len(b) {
		return false
	}
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	switch len(a) - len(b) {
	case 0:
		return i < len(a) && slices.Equal(a[i+1:], b[i+1:])
	case 1:
		return slices.Equal(a[i+1:], b[i:])
	case -1:
		return slices.Equal(a[i:], b[i+1:])
	}
	return false
}
