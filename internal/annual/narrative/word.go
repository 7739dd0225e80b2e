package narrative

import "strings"

// has reports whether s contains one of words.
func has(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// ends reports whether s ends with one of words.
func ends(s string, words ...string) bool {
	for _, w := range words {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}

// label returns the words that say what an item counts: those before it, or, where these
// are only 共计, 其中 and the like, those of the clauses before, and those behind it.
func (it *item) label() string {
	own := it.own
	if filler(own) {
		if filler(it.tail) || it.tail == "" {
			own = it.lead
		} else if !has(it.gap, "其中") {
			own = it.lead
		}
	}
	return own + "#" + it.tail
}

// fillers say nothing of what a number counts; longer ones stand before those they begin
// with.
var fillers = []string{
	"截至目前", "全年", "今年", "本年度", "本年", "年度", "累计", "共计", "总计", "合计", "总数", "数量", "其中", "分别", "已经", "各类", "一共", "共有", "总共",
	"共", "计", "有", "为", "的", "了", "达", "仅", "均", "是", "到", "数", "已", "另", "、", "和", "及", "与", "“", "”", "，",
}

// filler reports whether words before a number say nothing of what it counts.
func filler(words string) bool { return madeOf(words, fillers) }

// madeOf reports whether s is a row of parts from the lists.
func madeOf(s string, lists ...[]string) bool {
next:
	for s != "" {
		for _, parts := range lists {
			for _, part := range parts {
				if rest, ok := strings.CutPrefix(s, part); ok {
					s = rest
					continue next
				}
			}
		}
		return false
	}
	return true
}

// listing returns the words before an item together with those before the items it is
// joined to by 、, whose verb it shares: 公开行政许可决定120件、行政处罚决定7件.
func (it *item) listing() string {
	words := it.own
	for i := it.index; i > 0 && it.s.items[i].joint() == '、'; i-- {
		words = it.s.items[i-1].own + words
	}
	return words
}

// rest returns the words behind an item up to the end of its sentence.
func (it *item) rest() string { return it.s.in.words(it.End, it.s.end) }
