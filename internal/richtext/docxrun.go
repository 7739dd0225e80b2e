package richtext

import (
	"path"
	"strconv"
	"strings"

	"gongkai/internal/extract"
)

// wordRuns collects the words of a Word paragraph.
type wordRuns struct {
	r     *docxReader
	style mark // of the paragraph's style
	runs  []run
	boxes []item // text boxes anchored in it
}

// runSetting is how the words at hand are set.
type runSetting struct {
	marks mark
	href  string
}

func (w *wordRuns) kids(n *extract.Node, s runSetting) {
	for _, k := range n.Kids {
		w.node(k, s)
	}
}

func (w *wordRuns) node(n *extract.Node, s runSetting) {
	switch n.Name {
	case "pPr", "rPr", "instrText", "delText", "delInstrText", "sdtPr", "fldChar":
	case "del", "moveFrom":
		w.r.note(NoteDeleted)
	case "r":
		w.run(n, s)
	case "sdt":
		if !placeholder(n) {
			w.kids(n, s)
		}
	case "hyperlink":
		if href, ok := link(w.r.rels[n.Attr("id")]); ok {
			s.href = href
		}
		w.kids(n, s)
	case "AlternateContent":
		if c := chosen(n); c != nil {
			w.kids(c, s)
		}
	case "oMath", "oMathPara":
		w.r.note(NoteDrawing)
		w.push(run{text: formula(n), marks: s.marks, href: s.href})
	default:
		w.kids(n, s)
	}
}

// formula returns the signs of a formula without its shape.
func formula(n *extract.Node) string {
	var b strings.Builder
	for _, k := range n.Kids {
		b.WriteString(k.Text)
		b.WriteString(formula(k))
	}
	return b.String()
}

func (w *wordRuns) push(r run) {
	if r.text = w.r.clean(r.text); r.text != "" {
		w.runs = append(w.runs, r)
	}
}

// run reads a run and what it holds.
func (w *wordRuns) run(n *extract.Node, s runSetting) {
	s.marks = w.style
	if p := n.Kid("rPr"); p != nil {
		if id := val(p, "rStyle"); id != "" {
			s.marks |= w.r.style(id).marks
		}
		if v := p.Kid("vanish"); v != nil && on(v.Attr("val")) {
			w.r.note(NoteHidden)
			return
		}
		s.marks = runMarks(p, s.marks)
	}
	if s.href != "" {
		s.marks &^= underline // every link is underlined
	}
	for _, k := range n.Kids {
		w.part(k, s)
	}
}

func (w *wordRuns) part(k *extract.Node, s runSetting) {
	switch k.Name {
	case "t":
		for _, t := range k.Kids {
			w.push(run{text: strings.ReplaceAll(t.Text, "\n", " "), marks: s.marks, href: s.href})
		}
	case "tab", "ptab":
		w.push(run{text: " ", marks: s.marks, href: s.href})
	case "noBreakHyphen":
		w.push(run{text: "-", marks: s.marks, href: s.href})
	case "sym":
		w.push(run{text: extract.Symbol(k.Attr("font"), k.Attr("char")), marks: s.marks, href: s.href})
	case "br", "cr":
		if k.Attr("type") != "page" && k.Attr("type") != "column" {
			w.runs = append(w.runs, run{text: "\n"})
		}
	case "footnoteReference", "endnoteReference":
		w.note(strings.TrimSuffix(k.Name, "Reference") + k.Attr("id"))
	case "drawing", "pict", "object":
		w.drawing(k, s)
	case "AlternateContent":
		if c := chosen(k); c != nil {
			for _, x := range c.Kids {
				w.part(x, s)
			}
		}
	}
}

// note puts a footnote where it is called.
func (w *wordRuns) note(id string) {
	n := w.r.noteTexts[id]
	if n == nil {
		return
	}
	delete(w.r.noteTexts, id) // a note that calls itself must not call forever
	var d document
	for _, it := range w.r.blocks(n) {
		d = append(d, it.element)
	}
	if runs := wordsOf(d); len(runs) > 0 {
		w.r.footnotes++
		w.runs = append(w.runs, run{note: runs})
	}
}

// drawing reads a picture, or the text boxes of a drawing.
func (w *wordRuns) drawing(n *extract.Node, s runSetting) {
	var alt string
	var width int
	found := false
	var walk func(*extract.Node)
	walk = func(k *extract.Node) {
		switch k.Name {
		case "docPr":
			alt = k.Attr("descr")
		case "shape":
			if alt == "" {
				alt = k.Attr("alt")
			}
		case "extent":
			if cx, err := strconv.ParseInt(k.Attr("cx"), 10, 64); err == nil && cx > 0 {
				width = int(min(cx/9525, 4000)) // pixels of 1/96 inch, 914400 units to the inch
			}
		case "blip":
			found = true
			w.picture(k.Attr("embed"), alt, width, s)
			return
		case "imagedata":
			found = true
			w.picture(k.Attr("id"), alt, width, s)
			return
		case "txbxContent":
			found = true
			w.boxes = append(w.boxes, w.r.blocks(k)...)
			return
		case "AlternateContent":
			if c := chosen(k); c != nil {
				walk(c)
			}
			return
		}
		for _, x := range k.Kids {
			walk(x)
		}
	}
	walk(n)
	if !found {
		w.r.parser.note(NoteDrawing)
	}
}

// picture keeps a picture of the file, or leaves a place for one that browsers cannot show.
func (w *wordRuns) picture(rel, alt string, width int, s runSetting) {
	m := &media{tag: "img", ref: Pending, alt: strings.Join(strings.Fields(w.r.clean(alt)), " "), width: width}
	if id := w.r.image(w.r.rels[rel]); id != "" {
		m.ref = Attachment + id
	} else {
		w.r.parser.note(NotePending)
	}
	w.runs = append(w.runs, run{media: m, href: s.href})
}

// image keeps a part as a picture and returns its id; "" if it is none.
func (r *docxReader) image(part string) string {
	if part == "" || strings.Contains(part, ":") { // lies elsewhere: it is not fetched
		return ""
	}
	if id, ok := r.ids[part]; ok {
		return id
	}
	r.ids[part] = ""
	data, err := r.parts.Bytes(part)
	if err != nil {
		return ""
	}
	kind := kindOfPicture(data)
	if kind == "" {
		return ""
	}
	id := "docx-" + strconv.Itoa(len(r.images)+1)
	r.images[id] = Image{Name: path.Base(part), Type: kind, Data: data}
	r.ids[part] = id
	return id
}

// on reads a switch: present means on unless it says otherwise.
func on(v string) bool { return v != "0" && v != "false" && v != "off" && v != "none" }

// runMarks reads how a run is set, over what it inherits.
func runMarks(p *extract.Node, marks mark) mark {
	set := func(m mark, yes bool) {
		if marks &^= m; yes {
			marks |= m
		}
	}
	for _, n := range p.Kids {
		switch v := n.Attr("val"); n.Name {
		case "b":
			set(strong, on(v))
		case "i":
			set(emphasis, on(v))
		case "u":
			set(underline, v != "" && on(v))
		case "strike", "dstrike":
			set(strike, on(v))
		case "vertAlign":
			set(subscript, v == "subscript")
			set(superscript, v == "superscript")
		case "position": // LibreOffice writes small characters raised or lowered
			if up, err := strconv.Atoi(v); err == nil && up != 0 && number(val(p, "sz"), smallest) > 0 {
				set(subscript, up < 0)
				set(superscript, up > 0)
			}
		}
	}
	return marks
}

// smallest is the largest size, in half points, in which a raised character is taken for a
// superscript: 五号, less than any text of an official document is set in.
const smallest = 21
