package gate

import "sync"

// sign is a kind of words that rules look for besides the word lists.
type sign int

const (
	addressLabel sign = iota // before a private address
	secretWord               // 绝密, 机密, 秘密
	closedWord               // 内部资料, 不予公开
)

// signWords are the words by kind.
var signWords = map[sign][]string{
	addressLabel: {"家庭住址", "家庭地址", "现住址", "现住", "户籍地址", "户籍所在地", "居住地址", "身份证地址", "住址", "住所地", "户籍地"},
	secretWord:   {"绝密", "机密", "秘密"},
	closedWord:   {"内部资料", "内部文件", "内部刊物", "内部使用", "内部发行", "工作秘密", "不予公开", "不公开", "不得外传", "严禁外传", "注意保存", "妥善保管", "仅供内部", "删减后公开", "依申请公开", "不宜公开"},
}

// signMachine finds all of them in one pass.
var signMachine = sync.OnceValue(func() struct {
	machine
	kinds []sign
} {
	var words []string
	var kinds []sign
	for kind := addressLabel; kind <= closedWord; kind++ {
		for _, w := range signWords[kind] {
			words, kinds = append(words, w), append(kinds, kind)
		}
	}
	return struct {
		machine
		kinds []sign
	}{newMachine(words), kinds}
})

// findSigns looks for the words of all kinds; of two that begin alike the longer counts.
func (p *Part) findSigns() {
	m := signMachine()
	p.marks = map[sign][]match{}
	for _, f := range m.find(p.text) {
		all := p.marks[m.kinds[f.word]]
		if n := len(all); n > 0 && all[n-1].end > f.start {
			if all[n-1].start <= f.start && all[n-1].end >= f.end {
				continue
			}
			all = all[:n-1]
		}
		p.marks[m.kinds[f.word]] = append(all, f)
	}
}

// signs returns where words of a kind stand.
func (p *Part) signs(kind sign) []match { return p.marks[kind] }
