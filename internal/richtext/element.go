package richtext

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// kind is what an element is; the names are those of its tags.
type kind string

const (
	paragraph kind = "p"
	heading2  kind = "h2"
	heading3  kind = "h3"
	heading4  kind = "h4"
	bullets   kind = "ul"
	numbers   kind = "ol"
	listItem  kind = "li"
	quote     kind = "blockquote"
	rule      kind = "hr"
	table     kind = "table"
	row       kind = "tr"
	cell      kind = "td"
	headCell  kind = "th"
	figure    kind = "figure"
)

// textual reports whether the kind holds words itself and not blocks.
func (k kind) textual() bool {
	return k == paragraph || k == heading2 || k == heading3 || k == heading4
}

// element is one block of a text. Which fields mean something depends on its kind.
type element struct {
	kind   kind
	runs   []run      // words of a textual kind; the caption of a table or figure
	kids   []*element // items, rows, cells, blocks
	align  string     // "", center, right, justify
	indent bool       // first line indented by two characters (首行缩进)
	style  string     // of numbers: 1 a A i I; "" is 1
	start  int        // of numbers: the first; 0 is 1

	colspan, rowspan int    // of a cell; 0 is 1
	scope            string // of a head cell
	width            int    // of a cell: per cent of the table; 0 unsaid
	media            *media // of a figure
}

// document is a whole text.
type document []*element

// media is a picture, film or sound kept as an attachment.
type media struct {
	tag   string // img, video, audio
	ref   string // attachment:ID
	alt   string
	width int // pixels of a picture; 0 unsaid
}

// mark is a set of ways to set words.
type mark uint8

const (
	strong mark = 1 << iota
	emphasis
	underline
	strike
	subscript
	superscript
)

// markTags lists the marks in the order in which they are nested, the outermost first.
var markTags = []struct {
	mark mark
	tag  string
}{{strong, "strong"}, {emphasis, "em"}, {underline, "u"}, {strike, "s"}, {subscript, "sub"}, {superscript, "sup"}}

// run is a stretch of words set alike, a line break ("\n"), a picture or a footnote.
type run struct {
	text  string
	marks mark
	href  string
	media *media
	note  []run
}

// words reports whether the run is text and no break, picture or footnote.
func (r run) words() bool { return r.media == nil && r.note == nil && r.text != "\n" }

// alike reports whether two runs of words can be one.
func (r run) alike(o run) bool {
	return r.words() && o.words() && r.marks == o.marks && r.href == o.href
}

// writer writes canonical HTML, or, with show set, HTML for readers.
type writer struct {
	strings.Builder
	show *showing
}

// open writes a start tag; attributes come in pairs, empty values are left out.
func (w *writer) open(tag string, attrs ...string) {
	w.WriteByte('<')
	w.WriteString(tag)
	for i := 0; i < len(attrs); i += 2 {
		if attrs[i+1] != "" {
			w.attr(attrs[i], attrs[i+1])
		}
	}
	w.WriteByte('>')
}

func (w *writer) attr(name, value string) {
	w.WriteString(" " + name + `="` + html.EscapeString(value) + `"`)
}

func (w *writer) close(tag string) { w.WriteString("</" + tag + ">") }

// html writes the document in its canonical form.
func (d document) html() string {
	var w writer
	for _, e := range d {
		w.element(e)
	}
	return w.String()
}

func (w *writer) element(e *element) {
	tag := string(e.kind)
	switch e.kind {
	case rule:
		w.open(tag)
		return
	case figure:
		w.figure(e)
		return
	case paragraph, heading2, heading3, heading4:
		w.open(tag, "class", e.class())
		w.inline(e.runs)
	case table:
		w.open(tag)
		if len(e.runs) > 0 {
			w.open("caption")
			w.inline(e.runs)
			w.close("caption")
		}
		w.open("tbody")
		w.elements(e.kids)
		w.close("tbody")
	case cell, headCell:
		w.open(tag, "class", e.class(), "colspan", above(e.colspan, 1), "rowspan", above(e.rowspan, 1), "scope", e.scope)
		w.elements(e.kids)
	case numbers:
		w.open(tag, "type", e.style, "start", above(e.start, 1))
		w.elements(e.kids)
	default:
		w.open(tag)
		w.elements(e.kids)
	}
	w.close(tag)
}

func (w *writer) elements(all []*element) {
	for _, e := range all {
		w.element(e)
	}
}

// above writes n if it is more than least.
func above(n, least int) string {
	if n <= least {
		return ""
	}
	return strconv.Itoa(n)
}

// class returns the classes of a paragraph, heading or cell.
func (e *element) class() string {
	var all []string
	if e.align != "" {
		all = append(all, "align-"+e.align)
	}
	if e.indent {
		all = append(all, "indent")
	}
	if e.width > 0 {
		all = append(all, "w-"+strconv.Itoa(e.width))
	}
	return strings.Join(all, " ")
}

func (w *writer) figure(e *element) {
	w.open("figure")
	w.media(e.media)
	w.open("figcaption")
	w.inline(e.runs)
	w.close("figcaption")
	w.close("figure")
}

func (w *writer) media(m *media) {
	src := w.source(m)
	if src == "" {
		w.WriteString(html.EscapeString(m.alt))
		return
	}
	w.WriteString("<" + m.tag)
	w.attr("src", src)
	if m.tag == "img" {
		w.attr("alt", m.alt)
		if m.width > 0 {
			w.attr("width", strconv.Itoa(m.width))
		}
		w.WriteByte('>')
		return
	}
	if m.alt != "" {
		w.attr("title", m.alt)
	}
	w.WriteString(` controls="">`)
	w.close(m.tag)
}

// inline writes runs with as few tags as their marks allow.
func (w *writer) inline(runs []run) {
	var open []string // start tags, href included
	for _, r := range runs {
		want := r.tags()
		keep := 0
		for keep < len(open) && keep < len(want) && open[keep] == want[keep] {
			keep++
		}
		w.closeTo(open, keep)
		for _, tag := range want[keep:] {
			w.WriteString(w.shown(tag))
		}
		open = want
		w.run(r)
	}
	w.closeTo(open, 0)
}

func (w *writer) closeTo(open []string, keep int) {
	for i := len(open) - 1; i >= keep; i-- {
		tag, _, _ := strings.Cut(strings.Trim(open[i], "<>"), " ")
		w.close(tag)
	}
}

// tags returns the start tags around a run, the outermost first.
func (r run) tags() []string {
	var all []string
	if r.href != "" {
		all = append(all, `<a href="`+html.EscapeString(r.href)+`">`)
	}
	for _, m := range markTags {
		if r.marks&m.mark != 0 {
			all = append(all, "<"+m.tag+">")
		}
	}
	return all
}

func (w *writer) run(r run) {
	switch {
	case r.media != nil:
		w.media(r.media)
	case r.note != nil && w.show != nil:
		w.call(r.note)
	case r.note != nil:
		w.open("span", "class", "footnote")
		w.inline(r.note)
		w.close("span")
	case r.text == "\n":
		w.WriteString("<br>")
	default:
		w.WriteString(html.EscapeString(r.text))
	}
}
