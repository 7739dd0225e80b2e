package gate

import (
	"strings"
	"testing"
	"unicode/utf8"

	"gongkai/internal/extract"
)

// Texts made to be slow, a few megabytes each: a rule that takes time by the square of the
// length takes hours over them, and the test's own time limit ends it.
func TestHostileTexts(t *testing.T) {
	const size = 256 << 10
	for name, text := range map[string]string{
		"one line of Chinese":      strings.Repeat("某", size/3),
		"figures apart":            strings.Repeat("1 ", size/2),
		"figures in one run":       strings.Repeat("1", size),
		"identity numbers":         strings.Repeat("110101199003077002,", size/19),
		"identity numbers, no end": strings.Repeat("110101199003077002", size/18),
		"cards in groups":          strings.Repeat("6222 0210 0000 0000 009 ", size/24),
		"grades":                   strings.Repeat("秘密", size/6),
		"grades apart":             strings.Repeat("秘 密★\n", size/12),
		"brackets open":            strings.Repeat("（", size/3),
		"brackets in turn":         strings.Repeat("(某）", size/7),
		"quotation open":           strings.Repeat("《布署", size/9),
		"misspellings":             strings.Repeat("布署", size/6),
		"stops":                    strings.Repeat("甲，，", size/9),
		"the same word":            strings.Repeat("进行", size/6),
		"rows":                     "低保\n姓名\t年龄\n" + strings.Repeat("张三\t3\n", size/9),
		"one wide row":             "姓名" + strings.Repeat("\t张三", size/7),
		"a wide row of telephones": strings.Repeat("电话\t13812345678\t", size/19),
		"a wide row of numbers":    "姓名\t" + strings.Repeat("110101199003077002\t07171234567\t", size/31),
		"names and telephones":     strings.Repeat("张三 13812345678，", size/21),
		"addresses":                strings.Repeat("家庭住址", size/12),
		"deadlines":                strings.Repeat("政府信息公开申请15个工作日答复", size/45),
		"lines":                    strings.Repeat("\n", size),
		"invisible":                "110101" + strings.Repeat("\u200b", size/3) + "199003077002",
		"ages":                     strings.Repeat("张三（男，3岁）", size/22),
		"invalid bytes":            strings.Repeat("\xff\xfe1", size/3),
	} {
		t.Run(name, func(t *testing.T) {
			for _, p := range []Part{Plain(BodyID, text), Body("<p>" + text + "</p>")} {
				for _, f := range Run(Rules(), &Subject{Today: today, Parts: []Part{p}}) {
					if len(f.Spots) > mostSpots {
						t.Errorf("%s names %d places", f.Code, len(f.Spots))
					}
				}
			}
		})
	}
}

// Markup made to be slow or deep.
func TestHostileMarkup(t *testing.T) {
	const size = 256 << 10
	for name, html := range map[string]string{
		"deep":           strings.Repeat("<div>", size/5),
		"deep tables":    strings.Repeat("<table><tr><td>", size/15),
		"links":          strings.Repeat("<a href='javascript:x'>甲", size/28),
		"pictures":       strings.Repeat("<img>", size/5),
		"wide cells":     strings.Repeat("<table><tr><td colspan=2000000000>甲</table>", 10_000),
		"entities":       strings.Repeat("&amp", size/4),
		"ampersands":     strings.Repeat("&", size),
		"attributes":     "<p " + strings.Repeat("a=b ", size/4) + ">甲",
		"comment open":   "<!--" + strings.Repeat("-", size),
		"script open":    "<script>" + strings.Repeat("<", size),
		"textarea bombs": strings.Repeat("<textarea>", size/10),
	} {
		t.Run(name, func(t *testing.T) {
			p := Body(html)
			if len(p.Links) > maxLinks || len(p.Images) > maxImages {
				t.Errorf("%d links, %d pictures", len(p.Links), len(p.Images))
			}
			for _, f := range Run(Rules(), &Subject{Today: today, Parts: []Part{p}}) {
				if f.Fix != nil {
					if _, err := p.Apply(f.Fix.Edits); err != nil {
						t.Errorf("%s: %v", f.Code, err)
					}
				}
			}
		})
	}
}

// Whatever the source, offsets lead back into it, fixes apply, and nothing panics.
func FuzzGate(f *testing.F) {
	f.Add("<p>张三，110101<b>19900307</b>7002，138 1234 5678</p><table><tr><td>姓名<td>年龄<tr><td>李四<td>3</table>")
	f.Add("<p>机 密★10年</p>布署，，(试行）&amp;&nbsp;&#x110000;<a href='http://10.0.0.1/'>x</a><img alt>")
	f.Add("\xff\xfe<td colspan=9>1\u200b1010119900307723X\t家庭住址：某村3组12号 护照E12345678")
	f.Fuzz(func(t *testing.T, html string) {
		p := Body(html)
		if len(p.source) != len(p.text) || !utf8.ValidString(p.Text()) {
			t.Fatal("the text and its source differ")
		}
		s := &Subject{Today: today, Metadata: Metadata{Title: html, DocNo: html, IndexNo: html}, Parts: []Part{p, Attachment("a", "a", &extract.Document{
			Blocks: []extract.Block{{Text: html}}, Hidden: []extract.Hidden{{Kind: extract.HiddenText, Blocks: []extract.Block{{Text: html}}}},
		}, nil)}}
		ids := map[string]bool{}
		for _, found := range Run(Rules(), s) {
			if ids[found.ID] {
				t.Fatalf("%s: two findings of one ID", found.Code)
			}
			ids[found.ID] = true
			for _, spot := range found.Spots {
				if spot.Start < 0 || spot.End < spot.Start {
					t.Fatalf("%s stands at %+v", found.Code, spot)
				}
			}
			if found.Fix == nil || found.Fix.Field != "" {
				continue
			}
			part := p
			if found.Part == TitleID {
				part = Plain(TitleID, html)
			}
			if _, err := part.Apply(found.Fix.Edits); err != nil {
				t.Fatalf("%s: %v", found.Code, err)
			}
		}
	})
}
