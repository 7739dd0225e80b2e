package gate

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gongkai/internal/check"
)

// pageRunes is how many characters a page of an official document holds: 22 lines of 28
// (GB/T 9704 5.2.3).
const pageRunes = 22 * 28

// fiftyPages makes HTML of fifty pages of real prose.
func fiftyPages(b *testing.B) string {
	b.Helper()
	text := []rune(policies(b)[0].Parts[0].Text())
	var html strings.Builder
	for i, line := range strings.Split(string(text[:50*pageRunes]), "\n") {
		fmt.Fprintf(&html, "<p>%s</p>\n", line)
		if i%20 == 0 {
			html.WriteString("<table><tr><td>姓名<td>电话<tr><td>张三<td>13812345678</table><a href='https://www.example.gov.cn/'>见此</a><img src=a.png alt=图>")
		}
	}
	return html.String()
}

// BenchmarkGate50Pages reads a draft of fifty pages from its HTML and applies all rules.
func BenchmarkGate50Pages(b *testing.B) {
	html := fiftyPages(b)
	DefaultWords()
	b.SetBytes(int64(len(html)))
	b.ReportAllocs()
	for b.Loop() {
		Run(Rules(), &Subject{Today: today, Parts: []Part{Body(html)}})
	}
}

// BenchmarkGate50PagesBigLists does the same with 50,000 more words in the lists.
func BenchmarkGate50PagesBigLists(b *testing.B) {
	html := fiftyPages(b)
	words := Compile(append(DefaultLists(), bigList())...)
	b.SetBytes(int64(len(html)))
	b.ReportAllocs()
	for b.Loop() {
		Run(Rules(), &Subject{Today: today, Words: words, Parts: []Part{Body(html)}})
	}
}

// BenchmarkCompile50000 makes a lexicon of 50,000 words.
func BenchmarkCompile50000(b *testing.B) {
	list := bigList()
	b.ReportAllocs()
	for b.Loop() {
		Compile(list)
	}
}

// bigList makes 50,000 words of two to eight common characters, which begin as real words do.
func bigList() List {
	random := rand.New(rand.NewPCG(1, 2))
	common := []rune("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严")
	list := List{Name: "big.txt", Kind: Terms, Severity: check.Warning}
	for i := range 50_000 {
		word := make([]rune, 4+random.IntN(5))
		for j := range word {
			word[j] = common[random.IntN(len(common))]
		}
		list.Entries = append(list.Entries, Entry{Wrong: string(word), Right: fmt.Sprint("甲", i)})
	}
	return list
}
