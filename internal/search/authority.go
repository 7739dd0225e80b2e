package search

import (
	"encoding/binary"
	"math"
	"regexp"
	"slices"
	"strings"
)

// A document's authority is how much it is worth before anybody asks: whoever asks about a matter
// wants the provision it rests on before a notice that mentions it. It is the level of its force
// and how many other documents cite it.

// The levels of force (效力位阶). 《立法法》 puts laws above administrative regulations and those above
// local regulations and rules; all bind more than other documents. Judicial interpretations are
// outside that order; that they stand with administrative regulations is our reading.
const (
	levelOther      = 0
	levelRule       = 1 // 地方性法规、规章, and what is called like them
	levelRegulation = 2 // 行政法规、司法解释
	levelLaw        = 3 // 宪法、法律
)

// What each level and each cited-by count, as its natural logarithm, adds to a score, in parts of
// it; for typed words half, so that a title that has them comes first whatever cites others. The
// values were chosen on one half of the questions of the quality benchmark.
const (
	levelWeight   = 0.03
	citedWeight   = 0.06
	mostAuthority = 0.3
)

// authority is what the index keeps of a document besides its words.
type authority struct {
	level int
	names []token // by which others cite it
}

// endings are what names end with and of which level that is, the first that fits. 办法 ends like
// a law and is none.
var endings = []struct {
	end   string
	level int
}{
	{"办法", levelRule}, {"条例", levelRegulation}, {"规定", levelRule}, {"细则", levelRule}, {"规则", levelRule},
	{"法典", levelLaw}, {"法", levelLaw},
}

// noLaw are words that end like the name of a law.
var noLaw = regexp.MustCompile(`(执|普|立|方|做|说|违|守|依|手|想|看)法$|(^|[^公])司法$`)

// local is how the name of a place's regulation begins.
var local = regexp.MustCompile(`^\p{Han}{2,8}?(省|自治区|自治州|自治县|经济特区)|^\p{Han}{1,3}([^城上]市[^场]|县)`)

// levelOf reads the level off a document's name and who made it.
func levelOf(name, issuer string) int {
	court := strings.HasPrefix(name, "最高人民") || strings.HasPrefix(issuer, "最高人民")
	if court && (strings.HasSuffix(name, "解释") || strings.HasSuffix(name, "规定") || strings.HasSuffix(name, "规则")) {
		return levelRegulation
	}
	if strings.HasPrefix(name, "关于") || noLaw.MatchString(name) {
		return levelOther
	}
	for _, n := range endings {
		switch {
		case !strings.HasSuffix(name, n.end):
		case n.level > levelRule && local.MatchString(name) && !strings.Contains(name, "特别行政区"):
			return levelRule
		case n.level == levelRule && strings.HasSuffix(issuer, "国务院"):
			return levelRegulation
		default:
			return n.level
		}
	}
	return levelOther
}

// What of a title is no part of the name others cite: the article it is an excerpt of, and what
// stands in brackets at its end. A notice that prints a document is cited by that one's name.
var (
	excerpted = regexp.MustCompile(`第[零〇一二三四五六七八九十百千0-9]+条.*$`)
	remark    = regexp.MustCompile(`(（[^（）]*）|\([^()]*\))+$`)
	printed   = regexp.MustCompile(`(?:印发|公布|发布|颁布)[^《》]*《([^《》]{2,60})》[^《》]*$`)
	cited     = regexp.MustCompile(`《([^《》]{2,60})》`)
)

// nameOf returns the name by which a document is cited, without the country's: 民法典 is the same
// as 中华人民共和国民法典.
func nameOf(title string) string {
	title = excerpted.ReplaceAllString(strings.TrimSpace(title), "")
	if strings.HasSuffix(title, "）") || strings.HasSuffix(title, ")") { // most do not, and looking for it is slow
		title = remark.ReplaceAllString(title, "")
	}
	name := strings.ReplaceAll(string(foldText(title, false).runes), " ", "")
	if short := strings.TrimPrefix(name, "中华人民共和国"); short != "" {
		return short
	}
	return name
}

// citedBit marks the tokens of what is cited.
const citedBit = markBit | titleBit

func citing(name string) token { return labelled("《"+name)&^wordBit | citedBit }

// authority reads a document's level and names.
func (d *Document) authority() (s authority) {
	title := d.Title
	if strings.Contains(title, "《") {
		if m := printed.FindStringSubmatch(title); m != nil {
			title = m[1]
		}
	}
	name := nameOf(title)
	s.level = levelOf(name, d.Issuer)
	if name != "" {
		s.names = append(s.names, citing(name))
	}
	for _, n := range d.Numbers {
		runes := foldText(n, false).runes
		for i, r := range runes {
			if r != '号' {
				continue
			}
			if n, from := numberBefore(runes, i); from >= 0 {
				all := n.cited()
				s.names = append(s.names, all[:min(1, len(all))]...)
			}
		}
	}
	return s
}

// cited returns the tokens of a number that is cited: with the last three characters of its code,
// of which where it begins is not to be seen in a sentence, and with the last two.
func (n number) cited() (all []token) {
	code := []rune(n.code)
	for _, length := range []int{3, 2} {
		if len(code) >= length {
			n.code = string(code[len(code)-length:])
			all = append(all, citing(n.String()))
		}
	}
	return all
}

// cites calls found with the names and numbers of other documents that a text cites. Titles are
// not asked: excerpts of one document would each count for what its name mentions.
func (s authority) cites(text string, folded []rune, found func(token)) {
	other := func(t token) {
		if !slices.Contains(s.names, t) {
			found(t)
		}
	}
	for _, m := range cited.FindAllStringSubmatch(text, -1) {
		other(citing(nameOf(m[1])))
	}
	for i, r := range folded {
		if r != '号' {
			continue
		}
		if n, from := numberBefore(folded, i); from >= 0 {
			for _, t := range n.cited() {
				other(t)
			}
		}
	}
}

// citedBy returns how many documents cite a document by the name or number that most do.
func (v *volume) citedBy(names []token) (most int) {
	for _, t := range names {
		n := 0
		for _, s := range v.segments {
			n += s.cited.count(t)
		}
		most = max(most, n)
	}
	return most
}

// worth is what a document's authority adds to its score, in parts of it.
func (v *volume) worth(s authority) float32 {
	return min(mostAuthority, levelWeight*float32(s.level)+citedWeight*float32(math.Log1p(float64(v.citedBy(s.names)))))
}

// citations say how many documents of a segment cite what, ascending.
type citations struct {
	tokens []token
	counts []uint32
}

func (c *citations) add(t token, n int) {
	if t&citedBit != citedBit || t >= wordBit {
		return
	}
	if last := len(c.tokens) - 1; last >= 0 && c.tokens[last] == t {
		c.counts[last] += uint32(n)
		return
	}
	c.tokens, c.counts = append(c.tokens, t), append(c.counts, uint32(n))
}

func (c *citations) count(t token) int {
	if i, found := slices.BinarySearch(c.tokens, t); found {
		return int(c.counts[i])
	}
	return 0
}

func packNames(names []token) []byte {
	out := []byte{} // a document without a name has none, which is not unknown
	for _, t := range names {
		out = binary.BigEndian.AppendUint64(out, uint64(t))
	}
	return out
}

func readNames(data []byte) (names []token) {
	for ; len(data) >= 8; data = data[8:] {
		names = append(names, token(binary.BigEndian.Uint64(data)))
	}
	return names
}
