package redact

import (
	"fmt"
	"image"
	"image/draw"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/extract"
)

// properties lists the elements that say how text looks or stands and hold no text themselves.
// What is not in the list stays behind.
var properties = set(`
	pStyle rStyle tblStyle keepNext keepLines pageBreakBefore widowControl numPr ilvl numId outlineLvl
	pBdr top left bottom right start end between insideH insideV tl2br tr2bl shd tabs tab jc ind spacing
	contextualSpacing snapToGrid textAlignment wordWrap kinsoku autoSpaceDE autoSpaceDN adjustRightInd
	rPr pPr rFonts b bCs i iCs u strike dstrike color sz szCs highlight vertAlign kern position w caps smallCaps em
	outline shadow emboss imprint lang
	tblW tblBorders tblLayout tblLook tblInd tblCellMar tblCellSpacing tblOverlap tblpPr tblStyleRowBandSize tblStyleColBandSize
	trHeight tblHeader cantSplit gridBefore gridAfter wBefore wAfter
	tcW gridSpan vMerge vAlign tcBorders textDirection noWrap tcMar hideMark
	pgSz pgMar cols col docGrid type titlePg pgNumType pgBorders textDirection
	rPrDefault pPrDefault tblPr trPr tcPr tblStylePr
	basedOn next link uiPriority qFormat semiHidden unhideWhenUsed
	multiLevelType lvl start numFmt suff lvlJc isLgl num abstractNumId lvlOverride startOverride`)

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

var (
	plainValue = regexp.MustCompile(`^[A-Za-z0-9.,%#+\-]{0,40}$`)
	fontName   = regexp.MustCompile(`^[\p{L}\p{N} ._\-]{1,40}$`)
	fontSlots  = set("ascii hAnsi eastAsia cs")
	styleRefs  = set("pStyle rStyle tblStyle basedOn next link")
	counters   = set("PAGE NUMPAGES SECTIONPAGES") // fields that count anew
)

// deepest bounds how deep tables and boxes stand in each other.
const deepest = 40

// attributes keeps those that are measures, names of values or of fonts.
func (w *word) attributes(n *extract.Node) (out [][2]string) {
	for _, a := range n.Attrs {
		name, value := a.Name.Local, a.Value
		if a.Name.Space != n.Space && a.Name.Space != "" || strings.HasPrefix(name, "rsid") || strings.Contains(name, "heme") {
			continue
		}
		switch {
		case n.Name == "rFonts":
			if !fontSlots[name] || !fontName.MatchString(value) {
				continue
			}
		case styleRefs[n.Name]:
			if value = w.styles[value]; value == "" {
				continue
			}
		case !plainValue.MatchString(value):
			continue
		}
		out = append(out, [2]string{"w:" + name, value})
	}
	return out
}

// look keeps the properties of an element.
func (w *word) look(n *extract.Node) *element {
	e := &element{name: "w:" + n.Name, attrs: w.attributes(n)}
	for _, k := range n.Kids {
		if !k.Word() || !properties[k.Name] {
			continue
		}
		kid := w.look(k)
		if styleRefs[k.Name] && len(kid.attrs) == 0 {
			continue
		}
		e.kids = append(e.kids, kid)
	}
	return e
}

// chosen returns what is read of contents given in several ways: the first that is understood.
func chosen(n *extract.Node) []*extract.Node {
	for _, name := range []string{"Choice", "Fallback"} {
		if k := n.Kid(name); k != nil {
			return k.Kids
		}
	}
	return nil
}

// wrappers are elements that only group others. What was inserted under track changes is taken
// as it shows; what was deleted is in no list.
var wrappers = set("ins moveTo customXml smartTag hyperlink dir bdo sdtContent")

// inner returns what stands in a wrapper; false if n is none.
func inner(n *extract.Node) ([]*extract.Node, bool) {
	switch {
	case n.Name == "AlternateContent":
		return chosen(n), true
	case n.Name == "sdt":
		if k := n.Kid("sdtContent"); k != nil {
			return k.Kids, true
		}
		return nil, true
	}
	return n.Kids, n.Word() && wrappers[n.Name]
}

// blocks reads paragraphs, tables and what holds them.
func (w *word) blocks(nodes []*extract.Node) (out []*element) {
	if w.depth++; w.depth > deepest {
		w.lose("redact.lost.drawings")
		return nil
	}
	defer func() { w.depth-- }()
	for _, n := range nodes {
		if kids, ok := inner(n); ok {
			out = append(out, w.blocks(kids)...)
			continue
		}
		if !n.Word() {
			continue
		}
		switch n.Name {
		case "body":
			out = append(out, el("w:body", nil, w.blocks(n.Kids)...))
		case "p":
			out = append(out, w.paragraph(n))
			later := w.later
			w.later = nil
			out = append(out, later...)
		case "tbl":
			out = append(out, w.table(n))
		case "footnote", "endnote":
			e := el("w:"+n.Name, nil, w.blocks(n.Kids)...)
			e.attrs = w.attributes(n)
			out = append(out, e)
		case "sectPr":
			out = append(out, w.section(n))
		case "altChunk":
			w.lose("redact.lost.drawings")
		}
	}
	return out
}

// table reads a table; rows deleted under track changes are gone.
func (w *word) table(n *extract.Node) *element {
	e := el("w:tbl", nil)
	if k := n.Kid("tblPr"); k != nil {
		e.kids = append(e.kids, w.look(k))
	}
	grid := el("w:tblGrid", nil)
	if k := n.Kid("tblGrid"); k != nil {
		for _, col := range k.Kids {
			if col.Name == "gridCol" {
				grid.kids = append(grid.kids, &element{name: "w:gridCol", attrs: w.attributes(col)})
			}
		}
	}
	e.kids = append(e.kids, grid)
	w.rows(e, n.Kids)
	return e
}

func (w *word) rows(table *element, nodes []*extract.Node) {
	for _, n := range nodes {
		if kids, ok := inner(n); ok {
			w.rows(table, kids)
			continue
		}
		if n.Name != "tr" {
			continue
		}
		row := el("w:tr", nil)
		if k := n.Kid("trPr"); k != nil {
			if k.Kid("del") != nil {
				continue
			}
			row.kids = append(row.kids, w.look(k))
		}
		w.cells(row, n.Kids)
		table.kids = append(table.kids, row)
	}
}

func (w *word) cells(row *element, nodes []*extract.Node) {
	for _, n := range nodes {
		if kids, ok := inner(n); ok {
			w.cells(row, kids)
			continue
		}
		if n.Name != "tc" {
			continue
		}
		cell := el("w:tc", nil)
		if k := n.Kid("tcPr"); k != nil {
			cell.kids = append(cell.kids, w.look(k))
		}
		cell.kids = append(cell.kids, w.blocks(n.Kids)...)
		if last := len(cell.kids); last == 0 || cell.kids[last-1].name != "w:p" {
			cell.kids = append(cell.kids, el("w:p", nil)) // every cell ends with a paragraph
		}
		row.kids = append(row.kids, cell)
	}
}

// section reads how pages look and their headers and footers.
func (w *word) section(n *extract.Node) *element {
	e := el("w:sectPr", nil)
	for _, k := range n.Kids {
		kind := strings.TrimSuffix(k.Name, "Reference")
		if kind == "header" || kind == "footer" {
			if id, err := w.header(k.Attr("id"), kind); err == nil && id != "" {
				e.kids = append(e.kids, el("w:"+k.Name, []string{"w:type", orDefault(k.Attr("type")), "r:id", id}))
			}
		}
	}
	e.kids = append(e.kids, w.look(n).kids...)
	return e
}

func orDefault(kind string) string {
	if kind == "first" || kind == "even" {
		return kind
	}
	return "default"
}

// paragraph reads a paragraph as a passage.
func (w *word) paragraph(n *extract.Node) *element {
	e := el("w:p", nil)
	p := &passageText{part: w.part}
	if k := n.Kid("pPr"); k != nil {
		look := w.look(k)
		if s := k.Kid("sectPr"); s != nil {
			look.kids = append(look.kids, w.section(s))
		}
		e.kids = append(e.kids, look)
		if style := k.Kid("pStyle"); style != nil && w.hidden[style.Attr("val")] {
			w.lose("redact.lost.hidden")
			return e
		}
	}
	e.kids = append(e.kids, w.inline(n.Kids, p)...)
	if len(p.pieces) > 0 {
		w.passages = append(w.passages, p)
	}
	return e
}

// inline reads the runs of a paragraph.
func (w *word) inline(nodes []*extract.Node, p *passageText) (out []*element) {
	if w.depth++; w.depth > deepest {
		return nil
	}
	defer func() { w.depth-- }()
	for _, n := range nodes {
		if kids, ok := inner(n); ok {
			out = append(out, w.inline(kids, p)...)
			continue
		}
		switch n.Name {
		case "r":
			if n.Word() {
				out = append(out, w.run(n, p))
			}
		case "fldSimple":
			if code := counter(n.Attr("instr")); code != "" {
				out = append(out, el("w:r", nil, count(code)...))
			} else {
				out = append(out, w.inline(n.Kids, p)...)
			}
		case "oMath", "oMathPara":
			if text := formula(n, 0); text != "" {
				out = append(out, el("w:r", nil, p.add(textElement(text), text)))
			}
		}
	}
	return out
}

// formula returns the signs of a formula in a row: its build is not kept.
func formula(n *extract.Node, depth int) string {
	if depth > deepest {
		return ""
	}
	text := n.Text
	for _, k := range n.Kids {
		if k.Name != "del" && k.Name != "moveFrom" {
			text += formula(k, depth+1)
		}
	}
	return text
}

// add notes a piece of the passage.
func (p *passageText) add(e *element, text string) *element {
	p.pieces = append(p.pieces, piece{e, []rune(text)})
	return e
}

// counter returns the field that counts pages, "" for any other.
func counter(instruction string) string {
	words := strings.Fields(strings.ToUpper(instruction))
	if len(words) > 0 && counters[words[0]] {
		return words[0]
	}
	return ""
}

// count writes a field that counts pages.
func count(code string) []*element {
	sign := func(kind string) *element { return el("w:fldChar", []string{"w:fldCharType", kind}) }
	return []*element{sign("begin"), el("w:instrText", []string{"xml:space", "preserve"}, &element{text: " " + code + " "}),
		sign("separate"), textElement("1"), sign("end")}
}

// run reads text of one look. Hidden text is left out.
func (w *word) run(n *extract.Node, p *passageText) *element {
	e := el("w:r", nil)
	hidden := false
	if k := n.Kid("rPr"); k != nil {
		look := w.look(k)
		if len(look.kids) > 0 {
			e.kids = append(e.kids, look)
		}
		hidden = w.vanishes(k)
	}
	w.runKids(n.Kids, e, p, hidden)
	return e
}

// vanishes reports whether properties hide the text.
func (w *word) vanishes(look *extract.Node) bool {
	if v := look.Kid("vanish"); v != nil {
		return !slices.Contains([]string{"0", "false", "off"}, v.Attr("val"))
	}
	style := look.Kid("rStyle")
	return style != nil && w.hidden[style.Attr("val")]
}

// signs are elements that stand for a character.
var signs = map[string]string{"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "", "ptab": "\t"}

// marks are elements that stand in a run and say nothing by themselves.
var noteMarks = set("footnoteReference endnoteReference footnoteRef endnoteRef separator continuationSeparator")

func (w *word) runKids(nodes []*extract.Node, run *element, p *passageText, hidden bool) {
	for _, n := range nodes {
		if n.Name == "AlternateContent" {
			w.runKids(chosen(n), run, p, hidden)
			continue
		}
		if !n.Word() {
			continue
		}
		if n.Name == "fldChar" || n.Name == "instrText" {
			w.fieldPart(n, run)
			continue
		}
		sign, isSign := signs[n.Name]
		text := ""
		switch {
		case n.Name == "t":
			text = formula(n, 0)
		case n.Name == "sym":
			text = extract.Symbol(n.Attr("font"), n.Attr("char"))
		case isSign:
			text = sign
		}
		switch {
		case hidden:
			if text != "" {
				w.lose("redact.lost.hidden")
			}
		case w.skip > 0:
		case isSign && n.Name != "ptab":
			run.kids = append(run.kids, p.add(&element{name: "w:" + n.Name, attrs: w.attributes(n)}, sign))
		case text != "":
			run.kids = append(run.kids, p.add(textElement(text), text))
		case noteMarks[n.Name]:
			run.kids = append(run.kids, &element{name: "w:" + n.Name, attrs: w.attributes(n)})
		case n.Name == "drawing", n.Name == "pict", n.Name == "object":
			w.graphic(n, run)
		case n.Name == "ruby":
			w.lose("redact.lost.drawings")
		}
	}
}

// fieldPart follows fields: the codes of most are left out and their results kept as text; those
// that count pages are written anew.
func (w *word) fieldPart(n *extract.Node, run *element) {
	switch {
	case n.Name == "instrText":
		if code := counter(formula(n, 0)); code != "" && w.field > 0 && w.skip == 0 {
			run.kids = append(run.kids, count(code)...)
			w.skip = w.field
		}
	case n.Attr("fldCharType") == "begin":
		w.field++
	case n.Attr("fldCharType") == "end":
		if w.skip == w.field {
			w.skip = 0
		}
		w.field = max(0, w.field-1)
	}
}

// graphic reads the pictures and the text boxes of a drawing. The rest stays behind.
func (w *word) graphic(n *extract.Node, run *element) {
	g := &graphic{w: w, run: run}
	g.walk(n, 0)
	if !g.found {
		w.lose("redact.lost.drawings")
	}
}

// graphic is a drawing being read.
type graphic struct {
	w             *word
	run           *element
	width, height int64
	found         bool
}

func (g *graphic) walk(n *extract.Node, depth int) {
	if depth > deepest {
		return
	}
	switch n.Name {
	case "AlternateContent":
		for _, k := range chosen(n) {
			g.walk(k, depth+1)
		}
		return
	case "inline", "anchor":
		if d := n.Kid("docPr"); d != nil && (d.Attr("hidden") == "1" || d.Attr("hidden") == "true") {
			g.w.lose("redact.lost.hidden")
			g.found = true
			return
		}
	case "extent":
		g.width, _ = strconv.ParseInt(n.Attr("cx"), 10, 64)
		g.height, _ = strconv.ParseInt(n.Attr("cy"), 10, 64)
	case "txbxContent":
		g.found = true
		g.w.later = append(g.w.later, g.w.boxed(n)...)
		return
	case "blipFill", "imagedata":
		g.found = true
		g.picture(n)
		return
	}
	for _, k := range n.Kids {
		g.walk(k, depth+1)
	}
}

// boxed reads the paragraphs of a text box, which do not mix with those it hangs on.
func (w *word) boxed(n *extract.Node) []*element {
	later := w.later
	w.later = nil
	out := w.blocks(n.Kids)
	w.later = later
	return out
}

// picture reads a picture as far as it shows: what was cropped off stays behind.
func (g *graphic) picture(n *extract.Node) {
	id, crop := n.Attr("id"), n
	if blip := n.Kid("blip"); blip != nil {
		id, crop = blip.Attr("embed"), n.Kid("srcRect")
	}
	e, ok := g.w.readPicture(id, g.width, g.height)
	if ok && crop != nil {
		ok = g.w.pictures[len(g.w.pictures)-1].crop(crop)
		if !ok {
			g.w.pictures = g.w.pictures[:len(g.w.pictures)-1]
		}
	}
	if !ok {
		g.w.lose("redact.lost.pictures")
		return
	}
	g.run.kids = append(g.run.kids, e)
}

// crop cuts a picture as the file shows it. It reports false where how much is cut cannot be
// told.
func (p *wordPicture) crop(n *extract.Node) bool {
	for _, name := range []string{"cropleft", "croptop", "cropright", "cropbottom"} {
		if n.Attr(name) != "" {
			return false
		}
	}
	part := func(name string) float64 {
		v, err := strconv.ParseFloat(n.Attr(name), 64)
		if err != nil || v < 0 {
			return 0
		}
		return v / 100_000
	}
	b := p.pixels.Bounds()
	w, h := float64(b.Dx()), float64(b.Dy())
	r := image.Rect(int(w*part("l")), int(h*part("t")), int(w*(1-part("r"))), int(h*(1-part("b")))).Intersect(b)
	if r.Empty() {
		return false
	}
	cut := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	draw.Draw(cut, cut.Bounds(), p.pixels, r.Min, draw.Src)
	p.pixels = cut
	return true
}

// builtIn are the names of styles that every Word knows; any other may say something.
var builtIn = regexp.MustCompile(`(?i)^(normal|heading [1-9]|toc [1-9]|title|subtitle|header|footer|list paragraph|table grid|normal table|default paragraph font|no list|no spacing|body text|footnote text|footnote reference|plain text|strong|emphasis|hyperlink)$`)

// readStyles reads how styles look, under new names.
func (w *word) readStyles() error {
	tree, err := w.parts.Tree(w.parts.Sibling("styles"))
	if err != nil || tree == nil {
		return err
	}
	root := el("w:styles", []string{"xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"})
	for i, n := range tree.Kids {
		if n.Name == "style" {
			w.styles[n.Attr("styleId")] = fmt.Sprintf("s%d", i)
		}
	}
	w.hiddenStyles(tree)
	for i, n := range tree.Kids {
		switch n.Name {
		case "docDefaults":
			root.kids = append(root.kids, w.look(n))
		case "style":
			root.kids = append(root.kids, w.style(n, i))
		}
	}
	w.out = append(w.out, written{"styles.xml", "styles", fmt.Sprintf("rId%d", len(w.out)+1), root})
	return nil
}

func (w *word) style(n *extract.Node, i int) *element {
	e := el("w:style", nil)
	for _, a := range []string{"type", "default"} {
		if v := n.Attr(a); v != "" && plainValue.MatchString(v) {
			e.attrs = append(e.attrs, [2]string{"w:" + a, v})
		}
	}
	e.attrs = append(e.attrs, [2]string{"w:styleId", fmt.Sprintf("s%d", i)})
	name := fmt.Sprintf("style %d", i)
	if k := n.Kid("name"); k != nil && builtIn.MatchString(k.Attr("val")) {
		name = k.Attr("val")
	}
	e.kids = append([]*element{el("w:name", []string{"w:val", name})}, w.look(n).kids...)
	return e
}

// hiddenStyles finds the styles whose text does not show, those based on them too.
func (w *word) hiddenStyles(tree *extract.Node) {
	for again := true; again; {
		again = false
		for _, n := range tree.Kids {
			id := n.Attr("styleId")
			if n.Name != "style" || w.hidden[id] {
				continue
			}
			base := n.Kid("basedOn")
			if look := n.Kid("rPr"); look != nil && w.vanishes(look) || base != nil && w.hidden[base.Attr("val")] {
				w.hidden[id], again = true, true
			}
		}
	}
}

// longestLabel is how many signs besides the numbers the label of a list may have: “第%1条”.
const longestLabel = 6

// readNumbering reads how lists are numbered.
func (w *word) readNumbering() error {
	tree, err := w.parts.Tree(w.parts.Sibling("numbering"))
	if err != nil || tree == nil {
		return err
	}
	root := el("w:numbering", []string{"xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"})
	for _, n := range tree.Kids {
		switch n.Name {
		case "abstractNum":
			root.kids = append(root.kids, w.list(n))
		case "num":
			root.kids = append(root.kids, w.look(n))
		}
	}
	w.out = append(w.out, written{"numbering.xml", "numbering", fmt.Sprintf("rId%d", len(w.out)+1), root})
	return nil
}

var levelNumber = regexp.MustCompile(`%[1-9]`)

func (w *word) list(n *extract.Node) *element {
	e := &element{name: "w:abstractNum", attrs: w.attributes(n)}
	for _, k := range n.Kids {
		switch k.Name {
		case "multiLevelType":
			e.kids = append(e.kids, w.look(k))
		case "lvl":
			level := &element{name: "w:lvl", attrs: w.attributes(k)}
			for _, part := range k.Kids {
				switch {
				case part.Name == "lvlText":
					label := part.Attr("val")
					if len([]rune(levelNumber.ReplaceAllString(label, ""))) > longestLabel {
						label = levelNumber.FindString(label)
					}
					level.kids = append(level.kids, el("w:lvlText", []string{"w:val", label}))
				case properties[part.Name]:
					level.kids = append(level.kids, w.look(part))
				}
			}
			e.kids = append(e.kids, level)
		}
	}
	return e
}
