package richtext

import (
	"bytes"
	"context"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gongkai/internal/extract"
)

// Doc is a draft made from a file.
type Doc struct {
	Title     string           // what the file calls itself; "" if it does not say. It is no longer part of HTML
	HTML      string           // canonical
	Images    map[string]Image // pictures by the id HTML calls them by; Replace puts their own ids in once they are kept
	Footnotes int              // how many notes came along
	Notes     []Note           // what to look at
}

// Image is a picture out of a file.
type Image struct {
	Name string // as in the file
	Type string // media type, told from the bytes
	Data []byte
}

// FromDOCX reads a Word file into a draft: headings, alignment, numbered and bulleted lists,
// tables with merged cells, pictures, footnotes; tracked changes as if accepted. The numerals
// of official documents (一、（一）第一条) that Word counts become words of the text, as
// GB/T 9704 has them. Files that are no Word file of today, are damaged or too large are
// refused with a fault of extract.
func FromDOCX(ctx context.Context, name string, data []byte) (Doc, error) {
	var doc Doc
	err := extract.ReadParts(ctx, name, data, func(p *extract.Parts) error {
		r := &docxReader{parts: p, parser: parser{counts: map[string]int{}}, images: map[string]Image{}, ids: map[string]string{}, styles: map[string]*docxStyle{}}
		d, err := r.read()
		if err != nil {
			return err
		}
		doc.Title, d = takeTitle(d)
		raw := d.numberedHeadings().withoutGaps().plainHeadings().html()
		if len(raw) > MaxHTML {
			return ErrTooLarge
		}
		html, _ := Sanitise(raw)
		doc.HTML, doc.Images, doc.Footnotes, doc.Notes = html, r.images, r.footnotes, r.notes()
		return nil
	})
	return doc, err
}

// docxReader reads the parts of a Word file.
type docxReader struct {
	parser
	parts     *extract.Parts
	rels      map[string]string
	base      string // folder of the text
	styles    map[string]*docxStyle
	standard  string
	noteTexts map[string]*extract.Node
	images    map[string]Image
	ids       map[string]string // of images, by part
	footnotes int
}

// docxStyle is what a paragraph or character style says, those it is based on included.
type docxStyle struct {
	base   string
	level  int // of a heading, from 1
	title  bool
	align  string
	indent *bool
	marks  mark
}

func (r *docxReader) read() (document, error) {
	main := r.parts.Main()
	tree, err := r.parts.Tree(main)
	if err != nil {
		return nil, err
	}
	body := tree.Kid("body")
	if body == nil {
		return nil, extract.ErrDamaged
	}
	r.base, r.rels = path.Dir(main), r.parts.Related(main)
	if err := r.readStyles(); err != nil {
		return nil, err
	}
	r.noteTexts = map[string]*extract.Node{}
	for _, kind := range []string{"footnote", "endnote"} {
		tree, err := r.parts.Tree(r.parts.Sibling(kind + "s"))
		if err != nil {
			return nil, err
		}
		if tree != nil {
			for _, n := range tree.Kids {
				r.noteTexts[kind+n.Attr("id")] = n
			}
		}
	}
	return foldItems(r.blocks(body)), nil
}

// item is a block with the list Word puts it in.
type item struct {
	*element
	tag, style string // of the list; "" if in none
	number     int
	depth      int
}

func (r *docxReader) blocks(parent *extract.Node) []item {
	var out []item
	for _, n := range parent.Kids {
		switch n.Name {
		case "p":
			out = append(out, r.paragraph(n)...)
		case "tbl":
			if t := r.table(n); t != nil {
				out = append(out, item{element: t})
			}
		case "sdt":
			if c := n.Kid("sdtContent"); c != nil && !placeholder(n) {
				out = append(out, r.blocks(c)...)
			}
		case "ins", "moveTo", "customXml", "smartTag", "txbxContent":
			out = append(out, r.blocks(n)...)
		case "AlternateContent":
			if c := chosen(n); c != nil {
				out = append(out, r.blocks(c)...)
			}
		case "altChunk":
			r.note(NoteDrawing)
		}
	}
	return out
}

// placeholder reports whether a content control shows only what should be filled in.
func placeholder(n *extract.Node) bool {
	p := n.Kid("sdtPr")
	return p != nil && p.Kid("showingPlcHdr") != nil && on(val(p, "showingPlcHdr"))
}

// chosen returns the first of alternatives.
func chosen(n *extract.Node) *extract.Node {
	if c := n.Kid("Choice"); c != nil {
		return c
	}
	return n.Kid("Fallback")
}

// foldItems gathers the items of lists into lists. A list begins anew where its numbers do not go
// on.
func foldItems(all []item) document {
	type level struct {
		list  *element
		depth int
		style string
	}
	var out document
	var open []level
	for _, it := range all {
		if it.tag == "" {
			open = nil
			out = append(out, it.element)
			continue
		}
		for len(open) > 0 && open[len(open)-1].depth > it.depth {
			open = open[:len(open)-1]
		}
		if n := len(open); n > 0 && open[n-1].depth == it.depth {
			last := open[n-1]
			if string(last.list.kind) != it.tag || last.style != it.style || it.tag == "ol" && it.number != max(1, last.list.start)+len(last.list.kids) {
				open = open[:n-1]
			}
		}
		if n := len(open); n == 0 || open[n-1].depth < it.depth {
			list := &element{kind: kind(it.tag), style: it.style}
			if it.number > 1 {
				list.start = it.number
			}
			if n == 0 {
				out = append(out, list)
			} else {
				above := open[n-1].list
				last := above.kids[len(above.kids)-1]
				last.kids = append(last.kids, list)
			}
			open = append(open, level{list, it.depth, it.style})
		}
		list := open[len(open)-1].list
		it.element.indent = false
		list.kids = append(list.kids, &element{kind: listItem, kids: document{it.element}})
	}
	return out
}

// readStyles reads the styles.
func (r *docxReader) readStyles() error {
	tree, err := r.parts.Tree(r.parts.Sibling("styles"))
	if err != nil || tree == nil {
		return err
	}
	for _, n := range tree.Kids {
		if n.Name != "style" {
			continue
		}
		s := &docxStyle{}
		if b := n.Kid("basedOn"); b != nil {
			s.base = b.Attr("val")
		}
		if name := n.Kid("name"); name != nil {
			s.name(strings.ToLower(name.Attr("val")))
		}
		if p := n.Kid("pPr"); p != nil {
			s.paragraph(p)
		}
		if p := n.Kid("rPr"); p != nil {
			s.marks = runMarks(p, 0)
		}
		id := n.Attr("styleId")
		if n.Attr("type") == "paragraph" && on(n.Attr("default")) && n.Attr("default") != "" {
			r.standard = id
		}
		r.styles[id] = s
	}
	return nil
}

// name tells headings and titles by what every edition of Word calls them in the file.
func (s *docxStyle) name(name string) {
	for _, prefix := range []string{"heading ", "标题 "} {
		if after, ok := strings.CutPrefix(name, prefix); ok {
			s.level = number(after, 9)
		}
	}
	s.title = name == "title" || name == "标题"
}

// paragraph reads the properties of paragraphs that matter.
func (s *docxStyle) paragraph(p *extract.Node) {
	for _, n := range p.Kids {
		switch n.Name {
		case "jc":
			switch n.Attr("val") {
			case "center":
				s.align = "center"
			case "right", "end":
				s.align = "right"
			default:
				s.align = "left"
			}
		case "ind":
			if f, ok := firstLine(n); ok {
				s.indent = &f
			}
		case "outlineLvl":
			if v, err := strconv.Atoi(n.Attr("val")); err == nil && v >= 0 && v < 9 {
				s.level = v + 1
			}
		}
	}
}

// firstLine reports whether the first line is pushed in by about a character or more; in
// hundredths of characters or twentieths of points.
func firstLine(n *extract.Node) (in, said bool) {
	for attr, least := range map[string]int{"firstLineChars": 100, "firstLine": 160} {
		if v, err := strconv.Atoi(n.Attr(attr)); err == nil {
			said = true
			in = in || v >= least
		}
	}
	if n.Attr("hanging") != "" || n.Attr("hangingChars") != "" {
		said = true
	}
	return in, said
}

// style returns what a style says with those it is based on.
func (r *docxReader) style(id string) docxStyle {
	var out docxStyle
	for range 20 { // styles may be based on each other in a circle
		s := r.styles[id]
		if s == nil {
			break
		}
		if out.level == 0 {
			out.level = s.level
		}
		if out.align == "" {
			out.align = s.align
		}
		if out.indent == nil {
			out.indent = s.indent
		}
		out.title = out.title || s.title
		out.marks |= s.marks
		id = s.base
	}
	return out
}

// paragraph reads a paragraph: the block it is, and the text boxes anchored in it.
func (r *docxReader) paragraph(n *extract.Node) []item {
	id, num, level := "", "", ""
	own := docxStyle{}
	if p := n.Kid("pPr"); p != nil {
		own.paragraph(p)
		if s := p.Kid("pStyle"); s != nil {
			id = s.Attr("val")
		}
		if l := p.Kid("numPr"); l != nil {
			num, level = val(l, "numId"), val(l, "ilvl")
		}
		if rp := p.Kid("rPr"); rp != nil && (rp.Kid("del") != nil || rp.Kid("moveFrom") != nil) && !hasWords(n) {
			return nil // the paragraph went with its end mark
		}
	}
	named := id
	if id == "" {
		id = r.standard
	}
	s := r.style(id)
	e := &element{kind: paragraph, align: s.align}
	if own.align != "" {
		e.align = own.align
	}
	if e.align == "left" {
		e.align = ""
	}
	indent := s.indent
	if own.indent != nil {
		indent = own.indent
	}
	e.indent = indent != nil && *indent
	switch deep := max(own.level, s.level); {
	case deep == 1:
		e.kind = heading2
	case deep == 2:
		e.kind = heading3
	case deep > 2:
		e.kind = heading4
	}
	w := &wordRuns{r: r, style: s.marks}
	if e.kind != paragraph {
		w.style &^= strong
	}
	w.kids(n, runSetting{})
	e.runs = tidyRuns(w.runs)
	if len(e.runs) == 1 && e.runs[0].media != nil && e.runs[0].href == "" {
		return append([]item{{element: &element{kind: figure, media: e.runs[0].media}}}, w.boxes...)
	}
	dropTypedIndent(e)
	label, bullet := r.parts.Number(named, num, level)
	out := []item{r.placed(e, strings.TrimSpace(label), bullet, level)}
	if s.title {
		out[0].element.style = titleStyle
	}
	return append(out, w.boxes...)
}

// titleStyle marks, until the title is taken, a paragraph that Word calls the title.
const titleStyle = "title"

// placed says what list a paragraph stands in, or writes its number before its words.
func (r *docxReader) placed(e *element, label string, bullet bool, level string) item {
	if it := (item{element: e, depth: number(level, 8) + 1}); bullet && e.kind == paragraph && len(e.runs) > 0 {
		it.tag = "ul"
		return it
	} else if label != "" && !bullet {
		tag, style, n := numbered(label)
		if tag == "ol" && e.kind == paragraph && len(e.runs) > 0 {
			it.tag, it.style, it.number = tag, style, n
			return it
		}
		if end := []rune(label); end[len(end)-1] < 0x2E80 {
			label += " "
		}
		e.runs = tidyRuns(append([]run{{text: label}}, e.runs...))
	}
	return item{element: e}
}

func val(n *extract.Node, kid string) string {
	if k := n.Kid(kid); k != nil {
		return k.Attr("val")
	}
	return ""
}

// hasWords reports whether any text that was not deleted stands in a paragraph.
func hasWords(n *extract.Node) bool {
	for _, k := range n.Kids {
		if k.Name == "t" || k.Name != "del" && k.Name != "moveFrom" && hasWords(k) {
			return true
		}
	}
	return false
}

// dropTypedIndent makes an indent of the blanks typed for one.
func dropTypedIndent(e *element) {
	if e.kind != paragraph || len(e.runs) == 0 || !e.runs[0].words() {
		return
	}
	rest := strings.TrimLeft(e.runs[0].text, "　\u00a0 ")
	blanks := e.runs[0].text[:len(e.runs[0].text)-len(rest)]
	if strings.Count(blanks, "　") >= 2 || strings.Count(blanks, "\u00a0") >= 4 {
		if e.runs[0].text = rest; rest != "" || len(e.runs) > 1 {
			e.indent = e.align == ""
		}
		e.runs = tidyRuns(e.runs)
	}
}

// takeTitle takes the title off the beginning: what Word calls so, or else the centred lines
// that begin an official document, or else a heading above all others. It returns "" and all
// where none begins it.
func takeTitle(d document) (string, document) {
	for len(d) > 0 && d[0].empty() {
		d = d[1:]
	}
	if d.headed() {
		return strings.Join(strings.Fields(runsText(d[0].runs)), " "), d[1:].raised()
	}
	title, n := "", 0
	for n < len(d) && n < 4 && d[n].kind.textual() && !d[n].empty() && plainWords(d[n].runs) {
		styled := d[n].style == titleStyle
		if !styled && (d[n].align != "center" || d[n].kind != paragraph && n > 0) || n > 0 && styled != (d[0].style == titleStyle) {
			break
		}
		title += strings.ReplaceAll(runsText(d[n].runs), "\n", "")
		n++
	}
	for _, e := range d {
		if e.kind.textual() {
			e.style = ""
		}
	}
	if runes := len([]rune(title)); n == 0 || n == len(d) || runes > 120 || strings.HasSuffix(title, "。") {
		return "", d
	}
	return strings.Join(strings.Fields(title), " "), d[n:]
}

// headed reports whether a text begins with its only heading of the highest level, not
// numbered as the headings of chapters are.
func (d document) headed() bool {
	if len(d) < 2 || d[0].kind != heading2 || d[0].style == titleStyle || !plainWords(d[0].runs) {
		return false
	}
	for _, e := range d[1:] {
		if e.kind == heading2 || e.style == titleStyle {
			return false
		}
	}
	words := strings.TrimSpace(runsText(d[0].runs))
	n := len([]rune(words))
	return n >= shortestTitle && n <= 120 && !strings.HasSuffix(words, "。") && !chapterHead.MatchString(words)
}

// shortestTitle is the fewest characters of a title; a shorter heading is that of a chapter.
const shortestTitle = 6

// chapterHead is how the headings of chapters begin.
var chapterHead = regexp.MustCompile(`^(第[一二三四五六七八九十百]+[章节条部]|[（(]?[一二三四五六七八九十\d]+[)）、.．])`)

// raised lifts the headings of a text by one level, after the one above them became the title.
func (d document) raised() document {
	for _, e := range d {
		e.style = ""
		switch e.kind {
		case heading3:
			e.kind = heading2
		case heading4:
			e.kind = heading3
		}
	}
	return d
}

func plainWords(runs []run) bool {
	for _, r := range runs {
		if r.media != nil || r.note != nil {
			return false
		}
	}
	return true
}

// FromText makes a draft of plain text: a paragraph for each line.
func FromText(text string) Doc {
	d := plain(text)
	for _, e := range d {
		dropTypedIndent(e)
	}
	html, notes := Sanitise(d.numberedHeadings().html())
	return Doc{HTML: html, Notes: notes}
}

// FromExtract makes a draft of what extract read in a file of another kind: its lines, and
// its tables with their merged cells.
func FromExtract(src *extract.Document) Doc {
	var d document
	for _, b := range src.Blocks {
		if b.Table == nil {
			d = append(d, plain(b.Text)...)
			continue
		}
		t := &element{kind: table}
		for _, cells := range b.Table.Rows {
			r := &element{kind: row}
			for _, c := range cells {
				kids := plain(c.Text)
				if len(kids) == 0 {
					kids = document{{kind: paragraph}}
				}
				r.kids = append(r.kids, &element{kind: cell, colspan: c.ColSpan, rowspan: c.RowSpan, kids: kids})
			}
			t.kids = append(t.kids, r)
		}
		d = append(d, t)
	}
	for _, e := range d {
		dropTypedIndent(e)
	}
	title, d := takeTitle(d)
	html, notes := Sanitise(d.numberedHeadings().html())
	return Doc{Title: title, HTML: html, Notes: append(notes, sourceNotes(src)...)}
}

// headingRunes is how long a heading may be. The longest in the corpora has 31 characters.
const headingRunes = 40

var (
	firstLevel  = regexp.MustCompile(`^[一二三四五六七八九十]{1,3}、`)
	secondLevel = regexp.MustCompile(`^（[一二三四五六七八九十]{1,3}）`)
)

// numberedHeadings makes headings of short lines that begin with 一、 or （一） and are no
// sentence, where the file has no headings of its own: few who type an official document
// use Word's. GB/T 9704 7.3.3 has these numerals for the first two levels.
func (d document) numberedHeadings() document {
	for _, e := range d {
		if e.kind == heading2 || e.kind == heading3 || e.kind == heading4 {
			return d
		}
	}
	for _, e := range d {
		text := runsText(e.runs)
		if e.kind != paragraph || utf8.RuneCountInString(text) > headingRunes || strings.ContainsAny(text, "。；：！？\n") {
			continue
		}
		switch {
		case firstLevel.MatchString(text):
			e.kind = heading2
		case secondLevel.MatchString(text):
			e.kind = heading3
		}
	}
	return d
}

// kindOfPicture tells pictures that browsers show by their first bytes.
func kindOfPicture(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return "image/png"
	case bytes.HasPrefix(data, []byte{0xFF, 0xD8, 0xFF}):
		return "image/jpeg"
	case bytes.HasPrefix(data, []byte("GIF8")):
		return "image/gif"
	case len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return "image/webp"
	case bytes.HasPrefix(data, []byte("BM")) && len(data) > 26:
		return "image/bmp"
	}
	return ""
}
