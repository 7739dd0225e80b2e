package paper

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

// sent is a document with all that one sent out bears.
func sent() *Document {
	return &Document{
		Head: &Head{Mark: "青禾市水利局", Number: "青水公开复〔2026〕7号"}, Title: "政府信息公开申请答复书", To: "张三先生：",
		Body:       []Block{{Text: "特此答复。"}},
		Enclosures: []string{"供水价格表", "听证会纪要"},
		Signature:  "青禾市水利局", Date: "2026年1月9日", Seal: true, CopyTo: "青禾市人民政府办公室。",
		Meta: Meta{Title: "政府信息公开申请答复书"},
	}
}

func TestSentDocumentAsText(t *testing.T) {
	var b bytes.Buffer
	if err := WriteText(&b, sent()); err != nil {
		t.Fatal(err)
	}
	want := `青禾市水利局
青水公开复〔2026〕7号

政府信息公开申请答复书

张三先生：
　　特此答复。

　　附件：1.供水价格表
　　　　　2.听证会纪要

青禾市水利局
2026年1月9日

抄送：青禾市人民政府办公室。
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

// GB/T 9704-2012 7.2.4 to 7.3.1: the mark's upper edge 35 mm below that of the text, two lines free
// above the number, the red rule 4 mm below it, two lines free above the title.
func TestHeadStandsAsTheStandardSays(t *testing.T) {
	p := set(sent()).pages[0]
	at := func(text string) textMark {
		for _, m := range p.texts {
			if strings.HasPrefix(m.text, text) {
				return m
			}
		}
		t.Fatalf("no %s", text)
		return textMark{}
	}
	mark, number, title := at("青禾市水利局"), at("青水公开复"), at("政府信息公开申请答复书")
	if mark.ink != red || mark.size != 48 {
		t.Errorf("the mark is of ink %d, %.0f pt; want red, 48 pt", mark.ink, mark.size)
	}
	if upper := mark.y - 0.9*48; math.Abs(upper-top-35*mmPoint) > 1 {
		t.Errorf("the mark's upper edge is %.1f mm below that of the text, want 35", (upper-top)/mmPoint)
	}
	if n := math.Round((number.y - mark.y) / pitch); n != 3 {
		t.Errorf("the number stands on line %.0f below the mark, want 3", n)
	}
	var rule ruleMark
	for _, r := range p.rules {
		if r.ink == red {
			rule = r
		}
	}
	lower := number.y + 0.2*pitch // of the number's line
	if math.Abs(rule.y1-lower-4*mmPoint) > 0.5 || rule.x1 != left || rule.x2 != left+width {
		t.Errorf("the red rule runs from %.1f to %.1f, %.1f mm below the number", rule.x1, rule.x2, (rule.y1-lower)/mmPoint)
	}
	if n := (title.y - rule.y1 - 0.8*pitch) / pitch; math.Abs(n-2) > 0.1 {
		t.Errorf("%.1f lines free above the title, want 2", n)
	}
}

// A name of 30 characters stays on one line.
func TestLongMarkStaysOnOneLine(t *testing.T) {
	h := &Head{Mark: strings.Repeat("某", 30), Number: "某〔2026〕1号"}
	l := set(&Document{Head: h, Title: "答复书", Body: []Block{{Text: "特此答复。"}}})
	n := 0
	for _, m := range l.pages[0].texts {
		if strings.HasPrefix(m.text, "某某") {
			n++
		}
	}
	if n != 1 || h.size() > 15 {
		t.Errorf("%d lines of %.1f pt, want one of at most 15 pt", n, h.size())
	}
}

func TestSentDocumentAsDOCXAndHTML(t *testing.T) {
	body := part(t, sent(), "word/document.xml")
	for _, want := range []string{
		`<w:pStyle w:val="Mark"/>`, `<w:sz w:val="96"/>`, `<w:pStyle w:val="Number"/>`, `<w:pStyle w:val="Addressee"/>`, `<w:pStyle w:val="Seal"/>`,
		`<w:spacing w:line="1984" w:lineRule="exact"/>`, // 35 mm
		`w:yAlign="bottom"`, `>抄送：青禾市人民政府办公室。<`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in the DOCX", want)
		}
	}
	if !strings.Contains(part(t, sent(), "word/styles.xml"), `<w:bottom w:val="single" w:sz="12" w:space="11" w:color="E60000"/>`) {
		t.Error("no red rule in the DOCX")
	}
	var b bytes.Buffer
	if err := WriteHTML(&b, sent(), nil); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<p class="mark">青禾市水利局</p>`, `<p class="to">张三先生：</p>`, `<p class="seal">（印章）</p>`, `<span>2.</span> 听证会纪要`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in the HTML", want)
		}
	}
}
