package paper

import (
	"bufio"
	"fmt"
	"math"
	"strings"
)

// Head is what stands above the title of a document that is sent out (版头).
//
// GB/T 9704-2012 7.2.4：“发文机关标志居中排布，上边缘至版心上边缘为35 mm，推荐使用小标宋体字，颜色为红色”；
// 7.2.5：“编排在发文机关标志下空二行位置，居中排布”；7.2.7：“发文字号之下4 mm处居中印一条与版心等宽的
// 红色分隔线”；7.3.1：“编排于红色分隔线下空二行位置”.
type Head struct {
	Mark   string // 发文机关标志
	Number string // 发文字号, if it bears one
}

// The measures of the head.
const (
	markTop   = 35.0 // mm below the upper edge of the text
	ruleBelow = 4.0  // mm below the number
	markMost  = 48.0 // points; a long name is set smaller, so that it stays on one line
	headGap   = 2    // lines left free above the number and above the title
	redRule   = 1.5  // points
	markShare = 1.15 // height of the mark's line as a share of its letters
)

// The rules of the foot: “首条分隔线和末条分隔线用粗线（推荐高度为0.35 mm）” (7.4.1).
const footRule = 0.35 * mmPoint

// ink is a colour of letters and lines.
type ink int

// The inks. Grey marks what is put over it later.
const (
	black ink = iota
	red
	grey
)

// rgb returns the ink's parts.
func (k ink) rgb() (r, g, b uint8) {
	switch k {
	case red:
		return 0xE6, 0, 0
	case grey:
		return 0x9A, 0x9A, 0x9A
	}
	return 0, 0, 0
}

// hex returns the ink as Word names it.
func (k ink) hex() string {
	r, g, b := k.rgb()
	return fmt.Sprintf("%02X%02X%02X", r, g, b)
}

// sealText marks where the seal goes, in grey; the seal covers it.
const sealText = "（印章）"

// size returns the mark's size in points.
func (h *Head) size() float64 {
	return math.Min(markMost, math.Floor(2*width/math.Max(1, ems(h.Mark)))/2)
}

// head sets mark, number and red rule with the space around them.
func (l *layout) head(h *Head) {
	l.space(markTop * mmPoint)
	size := h.size()
	s := setting{faces: titleFaces, size: size, ink: red}
	for _, ln := range s.lines(s.glyphs(h.Mark, l.lacking), 0, width+1) {
		l.slabs = append(l.slabs, slab{height: markShare * size, keep: true, block: -1, draw: func(p *page, y float64) {
			p.write(s, ln, left+(width-ln.width)/2, y+0.9*size, 0)
		}})
	}
	if h.Number == "" {
		l.blank(-1, true)
	} else {
		l.docNumber(h.Number)
	}
	below := ruleBelow * mmPoint
	l.slabs = append(l.slabs, slab{height: below, keep: true, block: -1, draw: func(p *page, y float64) {
		p.rules = append(p.rules, ruleMark{x1: left, y1: y + below, x2: left + width, y2: y + below, weight: redRule, ink: red})
	}})
	for range headGap {
		l.blank(-1, true)
	}
}

// docNumber sets the document's number two lines below the mark.
func (l *layout) docNumber(text string) {
	for range headGap {
		l.blank(-1, true)
	}
	s := bodySetting(bodyFaces)
	for _, ln := range s.lines(s.glyphs(text, l.lacking), 0, width) {
		l.line(s, ln, (width-ln.width)/2, 0, -1, true)
	}
}

// space leaves a strip free.
func (l *layout) space(height float64) {
	l.slabs = append(l.slabs, slab{height: height, keep: true, block: -1})
}

// to sets whom the document goes to, from the left edge. GB/T 9704-2012 7.3.2: “编排于标题下空
// 一行位置，居左顶格”.
func (l *layout) to(text string) {
	s := bodySetting(bodyFaces)
	for _, ln := range s.lines(s.glyphs(text, l.lacking), 0, textRoom) {
		l.line(s, ln, 0, 0, -1, true)
	}
}

// enclosures sets what is sent with the document. GB/T 9704-2012 7.3.4: “在正文下空一行左空二字编排
// ‘附件’二字，后标全角冒号和附件名称。如有多个附件，使用阿拉伯数字标注附件顺序号…；附件名称后不加标点符号。
// 附件名称较长需回行时，应当与上一行附件名称的首字对齐。”
func (l *layout) enclosures() {
	block := len(l.doc.Body)
	s := bodySetting(bodyFaces)
	for i, e := range l.doc.enclosed() {
		if i == 0 {
			l.blank(block, true)
		}
		x := 2 * charPitch
		label := s.glyphs(e.label, l.lacking)
		hang := e.indent * charPitch
		for n, ln := range s.lines(s.glyphs(e.name, l.lacking), 0, textRoom-hang) {
			if n == 0 && e.label != "" {
				at := line{glyphs: label, width: measure(label)}
				l.line(s, at, x+e.before*charPitch, 0, block, false)
				l.slabs[len(l.slabs)-1].height = 0
			}
			l.line(s, ln, hang, 0, block, false)
		}
	}
}

// enclosed is one line of the list of enclosures: its label, where that starts behind the
// indent of two, where the name starts, in squares.
type enclosed struct {
	label, name    string
	before, indent float64
}

// enclosed returns the list of enclosures as it is set.
func (d *Document) enclosed() []enclosed {
	var out []enclosed
	for i, name := range d.Enclosures {
		switch {
		case len(d.Enclosures) == 1:
			out = append(out, enclosed{label: "附件：", name: name, indent: 5})
		case i == 0:
			out = append(out, enclosed{label: "附件：1.", name: name, indent: 6})
		default:
			out = append(out, enclosed{label: fmt.Sprintf("%d.", i+1), name: name, before: 3, indent: 6})
		}
	}
	return out
}

// tab parts a number from the name behind it; 附件： fills its room.
func (e enclosed) tab() string {
	if strings.HasSuffix(e.label, ".") {
		return "\t"
	}
	return ""
}

// seal marks the place of the seal, above the date and the signature it will cover.
func (l *layout) seal(dateIndent float64) {
	s := bodySetting(bodyFaces)
	s.ink = grey
	gs := s.glyphs(sealText, l.lacking)
	ln := line{glyphs: gs, width: measure(gs)}
	l.line(s, ln, width-l.doc.sealIndent(dateIndent)-ln.width, 0, len(l.doc.Body), true)
}

// sealIndent returns what stays free to the right of the seal's mark, which stands in the
// middle of the date.
func (d *Document) sealIndent(date float64) float64 {
	return math.Max(0, date+(ems(d.Date)-ems(sealText))/2*charPitch)
}

// copies sets who else is sent the document, at the foot of the last page. GB/T 9704-2012
// 7.4.2: “一般用4号仿宋体字，在印发机关和印发日期之上一行、左右各空一字编排。‘抄送’二字后加全角冒号和
// 抄送机关名称，…最后一个抄送机关名称后标句号。”
func (l *layout) copies() {
	if l.doc.CopyTo == "" {
		return
	}
	s := setting{faces: bodyFaces, size: footerSize, hang: true}
	room := width - 2*footerSize
	lines := s.lines(s.glyphs(l.doc.copyText(), l.lacking), 0, room)
	tall := float64(len(lines))*pitch + 6
	l.slabs = append(l.slabs, slab{height: tall, block: len(l.doc.Body), draw: func(p *page, _ float64) {
		y := top + height - tall
		for _, at := range []float64{y, y + tall} {
			p.rules = append(p.rules, ruleMark{x1: left, y1: at, x2: left + width, y2: at, weight: footRule})
		}
		for i, ln := range lines {
			p.write(s, ln, left+footerSize, y+3+float64(i)*pitch+0.75*pitch, 0)
		}
	}})
}

// copyText returns the line of the foot.
func (d *Document) copyText() string {
	return "抄送：" + strings.TrimRight(d.CopyTo, "。") + "。"
}

// docx writes the head. The space above the mark is a line of its own, because word processors
// drop what a paragraph wants to keep free at the top of a page.
func (h *Head) docx(b *strings.Builder) {
	blank := func(points float64) {
		docxParagraph(b, "Normal", fmt.Sprintf(`<w:keepNext/><w:spacing w:line="%d" w:lineRule="exact"/>`, twips(points)), nil)
	}
	blank(markTop * mmPoint)
	size := h.size()
	fmt.Fprintf(b, `<w:p><w:pPr><w:pStyle w:val="Mark"/><w:spacing w:line="%d" w:lineRule="exact"/></w:pPr><w:r><w:rPr>%s</w:rPr>`, twips(markShare*size), sizes(size))
	docxText(b, h.Mark)
	b.WriteString(`</w:r></w:p>`)
	if h.Number != "" {
		for range headGap {
			blank(pitch)
		}
	}
	docxParagraph(b, "Number", "", []run{{h.Number, ""}})
	for range headGap {
		blank(pitch)
	}
}

// docxHeadStyles returns the styles only a document with a head needs.
func docxHeadStyles(paragraph func(id, name, based, ppr, rpr string)) {
	paragraph("Mark", "Mark", "Normal", `<w:keepNext/><w:jc w:val="center"/>`,
		faces(faceTitle, faceTitle)+`<w:color w:val="`+red.hex()+`"/><w:spacing w:val="0"/>`)
	paragraph("Number", "Number", "Normal", fmt.Sprintf(`<w:keepNext/><w:pBdr><w:bottom w:val="single" w:sz="%d" w:space="%d" w:color="%s"/></w:pBdr><w:jc w:val="center"/>`,
		int(8*redRule), int(math.Round(ruleBelow*mmPoint)), red.hex()), "")
	paragraph("Addressee", "Addressee", "Normal", `<w:keepNext/>`, "")
	paragraph("Enclosure", "Enclosure", "Normal", "", "")
	paragraph("Seal", "Seal", "Normal", `<w:keepNext/><w:jc w:val="right"/>`, `<w:color w:val="`+grey.hex()+`"/>`)
}

// docxEnclosures writes the list of enclosures.
func (d *Document) docxEnclosures(b *strings.Builder) {
	for i, e := range d.enclosed() {
		if i == 0 {
			docxParagraph(b, "Normal", "", nil)
		}
		indent := twips(e.indent * charPitch)
		first := twips((e.indent - 2 - e.before) * charPitch)
		docxParagraph(b, "Enclosure", fmt.Sprintf(`<w:tabs><w:tab w:val="left" w:pos="%d"/></w:tabs><w:ind w:left="%d" w:hanging="%d"/>`, indent, indent, first),
			[]run{{e.label + e.tab() + e.name, ""}})
	}
}

// docxCopies writes the foot as a frame that hangs at the lower edge of the text.
func (d *Document) docxCopies(b *strings.Builder) {
	if d.CopyTo == "" {
		return
	}
	rule := func(side string) string {
		return fmt.Sprintf(`<w:%s w:val="single" w:sz="8" w:space="1" w:color="000000"/>`, side)
	}
	fmt.Fprintf(b, `<w:p><w:pPr><w:pStyle w:val="Normal"/><w:framePr w:w="%d" w:hSpace="0" w:wrap="around" w:vAnchor="margin" w:hAnchor="margin" w:xAlign="center" w:yAlign="bottom"/>`+
		`<w:pBdr>%s%s</w:pBdr><w:ind w:left="%d" w:right="%d"/></w:pPr><w:r><w:rPr>%s</w:rPr>`,
		twips(width), rule("top"), rule("bottom"), twips(footerSize), twips(footerSize), sizes(footerSize))
	docxText(b, d.copyText())
	b.WriteString(`</w:r></w:p>`)
}

// html writes the head.
func (h *Head) html(b *bufio.Writer) {
	fmt.Fprintf(b, "<header>\n<p class=\"mark\">%s</p>\n<p class=\"number\">%s</p>\n</header>\n", escape(h.Mark), escape(h.Number))
}

// htmlEnclosures writes the list of enclosures.
func (d *Document) htmlEnclosures(b *bufio.Writer) {
	for i, e := range d.enclosed() {
		class := "enclosure"
		if i == 0 {
			class += " first"
		}
		fmt.Fprintf(b, "<p class=\"%s\"><span>%s</span> %s</p>\n", class, escape(e.label), htmlText(e.name))
	}
}

// textEnclosures writes the list of enclosures.
func (d *Document) textEnclosures(b *bufio.Writer) {
	for i, e := range d.enclosed() {
		if i == 0 {
			fmt.Fprintln(b)
		}
		fmt.Fprintln(b, "　　"+strings.Repeat("　", int(e.before))+e.label+flat(e.name))
	}
}
