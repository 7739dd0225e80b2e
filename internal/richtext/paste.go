package richtext

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// FromPaste reads HTML as Word, WPS and web pages put it on the clipboard or into a file:
// what they say by styles becomes marks and classes, their lists become lists, their
// footnotes footnotes, and pictures leave a place (Pending) to upload them to. The editor
// does the same in the browser; web/office/editor holds the two against each other.
func FromPaste(source string) (clean string, notes []Note) {
	d, notes := parse(source, func(body *html.Node, p *parser) {
		c := &cleaner{p: p, notes: map[string]*html.Node{}}
		c.collectNotes(body)
		c.clean(body)
		c.lists(body)
	})
	return policy.Sanitize(d.withoutGaps().plainHeadings().html()), notes
}

// withoutGaps leaves out empty paragraphs at the ends and all but one between others: Word
// makes room with them.
func (d document) withoutGaps() document {
	var out document
	for _, e := range d {
		if e.empty() && (len(out) == 0 || out[len(out)-1].empty()) {
			continue
		}
		if e.empty() {
			e.runs, e.indent, e.align = nil, false, ""
		}
		out = append(out, e)
	}
	for len(out) > 0 && out[len(out)-1].empty() {
		out = out[:len(out)-1]
	}
	return out
}

// plainHeadings takes the bold off headings that are bold throughout: a heading is.
func (d document) plainHeadings() document {
	for _, e := range d {
		bold := e.kind.textual() && e.kind != paragraph
		for _, r := range e.runs {
			bold = bold && (r.marks&strong != 0 || !r.words())
		}
		for i := range e.runs {
			if bold {
				e.runs[i].marks &^= strong
			}
		}
	}
	return d
}

// empty reports whether a paragraph has nothing but blanks.
func (e *element) empty() bool {
	if !e.kind.textual() {
		return false
	}
	for _, r := range e.runs {
		if !r.words() || strings.TrimSpace(r.text) != "" {
			return false
		}
	}
	return true
}

// cleaner reworks the tree of a paste.
type cleaner struct {
	p     *parser
	notes map[string]*html.Node // footnotes and endnotes by id
}

// styles reads a style attribute.
func styles(n *html.Node) map[string]string {
	all := map[string]string{}
	for _, d := range strings.Split(attr(n, "style"), ";") {
		name, value, ok := strings.Cut(d, ":")
		if ok {
			all[strings.ToLower(strings.TrimSpace(name))] = strings.ToLower(strings.Join(strings.Fields(value), " "))
		}
	}
	return all
}

// collectNotes takes the footnotes that Word lists at the end out of the tree.
func (c *cleaner) collectNotes(n *html.Node) {
	for k := n.FirstChild; k != nil; {
		next := k.NextSibling
		switch s := styles(k)["mso-element"]; {
		case s == "footnote" || s == "endnote":
			c.notes[attr(k, "id")] = k
			n.RemoveChild(k)
		case s == "footnote-list" || s == "endnote-list":
			c.collectNotes(k)
			n.RemoveChild(k)
		default:
			c.collectNotes(k)
		}
		k = next
	}
}

// clean reworks the nodes below n.
func (c *cleaner) clean(n *html.Node) {
	for k := n.FirstChild; k != nil; {
		next := k.NextSibling
		if k.Type == html.ElementNode && !active[k.Data] {
			c.element(k)
		}
		k = next
	}
}

func (c *cleaner) element(n *html.Node) {
	s := styles(n)
	switch {
	case s["display"] == "none" || s["mso-hide"] == "all" || s["visibility"] == "hidden":
		if strings.TrimSpace(textOf(n)) != "" {
			c.p.note(NoteHidden)
		}
		n.Parent.RemoveChild(n)
		return
	case n.Data == "del" || hasClass(n, "msoDel"):
		c.p.note(NoteDeleted)
		n.Parent.RemoveChild(n)
		return
	case n.Data == "ins":
		n.Data, n.DataAtom = "span", atom.Span
	case n.Data == "a" && c.footnote(n, s):
		return
	case n.Data == "img":
		c.picture(n)
		return
	}
	c.clean(n)
	c.listMark(n, s)
	switch n.Data {
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "div", "td", "th":
		c.paragraph(n, s)
	}
	c.marks(n, s)
}

// footnote puts the note a reference calls into its place.
func (c *cleaner) footnote(n *html.Node, s map[string]string) bool {
	id := s["mso-footnote-id"]
	if id == "" {
		id = s["mso-endnote-id"]
	}
	if id == "" {
		if m := noteLink.FindStringSubmatch(attr(n, "href")); m != nil {
			id = m[1]
		}
	}
	note := c.notes[id]
	if note == nil {
		return false
	}
	delete(c.notes, id)
	c.clean(note)
	span := element0("span", "footnote")
	for k := note.FirstChild; k != nil; k = note.FirstChild {
		note.RemoveChild(k)
		span.AppendChild(k)
	}
	dropBackLink(span)
	n.Parent.InsertBefore(span, n)
	n.Parent.RemoveChild(n)
	return true
}

var (
	noteLink = regexp.MustCompile(`^#_?((?:ftn|edn|footnote|endnote)[0-9]+)$`)
	backLink = regexp.MustCompile(`^#_?(?:ftnref|ednref|footnoteref)[0-9]+$`)
)

// dropBackLink takes the number that leads back to the text out of a note.
func dropBackLink(n *html.Node) {
	for k := n.FirstChild; k != nil; {
		next := k.NextSibling
		if k.Type == html.ElementNode && k.Data == "a" && backLink.MatchString(attr(k, "href")) {
			n.RemoveChild(k)
		} else {
			dropBackLink(k)
		}
		k = next
	}
}

func element0(tag, class string) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: tag, DataAtom: atom.Lookup([]byte(tag))}
	if class != "" {
		n.Attr = []html.Attribute{{Key: "class", Val: class}}
	}
	return n
}

// picture keeps a picture that is an attachment and leaves a place for any other, but for
// the dots and rulings that pages lay themselves out with.
func (c *cleaner) picture(n *html.Node) {
	if reference.MatchString(attr(n, "src")) {
		return
	}
	w, h := number(attr(n, "width"), 4000), number(attr(n, "height"), 4000)
	if w > 0 && w <= 3 || h > 0 && h <= 3 {
		n.Parent.RemoveChild(n)
		return
	}
	c.p.note(NotePending)
	n.Attr = []html.Attribute{{Key: "src", Val: Pending}, {Key: "alt", Val: attr(n, "alt")}}
	if w > 0 {
		n.Attr = append(n.Attr, html.Attribute{Key: "width", Val: strconv.Itoa(w)})
	}
}

// paragraph turns alignment and indent into classes, and the blanks typed for an indent too.
func (c *cleaner) paragraph(n *html.Node, s map[string]string) {
	var class []string
	switch to := s["text-align"]; to {
	case "center", "right", "left":
		class = append(class, "align-"+to)
	case "":
		if to := alignment(n); to != "" {
			class = append(class, "align-"+to)
		}
	}
	if n.Data == "td" || n.Data == "th" || n.Data == "div" {
		if w := s["width"]; strings.HasSuffix(w, "%") && n.Data != "div" {
			n.Attr = append(n.Attr, html.Attribute{Key: "width", Val: w})
		}
	} else if indents(s["text-indent"]) || indents(s["mso-char-indent-count"]) || hasClass(n, "indent") || dropLeading(n) {
		class = append(class, "indent")
	}
	set(n, "class", strings.Join(class, " "))
	if len(class) > 0 && class[0] == "align-left" {
		set(n, "align", "left")
	}
}

func set(n *html.Node, name, value string) {
	for i := range n.Attr {
		if n.Attr[i].Key == name {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: name, Val: value})
}

// indents reports whether a length pushes the first line in by a character or more: eight
// points are half of one in the body size of an official document.
func indents(length string) bool {
	m := lengthOf.FindStringSubmatch(length)
	if m == nil {
		return false
	}
	n, err := strconv.ParseFloat(m[1], 64)
	switch m[2] {
	case "em", "":
		return err == nil && n >= 1
	case "cm":
		n *= 28
	case "mm":
		n *= 2.8
	case "in":
		n *= 72
	}
	return err == nil && n >= 8
}

var lengthOf = regexp.MustCompile(`^(-?[0-9.]+)(pt|px|em|cm|mm|in)?$`)

// dropLeading takes two or more ideographic spaces off the beginning of a paragraph: they
// were typed for the indent.
func dropLeading(n *html.Node) bool {
	for k := n.FirstChild; k != nil; k = k.FirstChild {
		for k != nil && k.Type != html.ElementNode && strings.Trim(k.Data, " \t\r\n") == "" {
			k = k.NextSibling
		}
		if k == nil {
			return false
		}
		if k.Type == html.TextNode {
			text := strings.TrimLeft(k.Data, " \t\r\n")
			rest := strings.TrimLeft(text, "　\u00a0 ")
			if blanks := text[:len(text)-len(rest)]; strings.Count(blanks, "　") >= 2 || strings.Count(blanks, "\u00a0") >= 4 {
				k.Data = rest
				return rest != "" || k.NextSibling != nil
			}
			return false
		}
	}
	return false
}

// marks wraps what an element holds in the tags that its style stands for.
func (c *cleaner) marks(n *html.Node, s map[string]string) {
	if n.Data == "td" || n.Data == "th" || n.Data == "table" || n.Data == "tr" || n.Data == "body" {
		return
	}
	var tags []string
	heading := n.Data[0] == 'h' && len(n.Data) == 2
	if w := s["font-weight"]; !heading && (w == "bold" || w == "bolder" || len(w) == 3 && w >= "600" && w <= "999") {
		tags = append(tags, "strong")
	}
	if strings.HasPrefix(s["font-style"], "italic") {
		tags = append(tags, "em")
	}
	line := s["text-decoration"] + " " + s["text-decoration-line"]
	if strings.Contains(line, "underline") && n.Data != "a" {
		tags = append(tags, "u")
	}
	if strings.Contains(line, "line-through") {
		tags = append(tags, "s")
	}
	if v := s["vertical-align"]; (v == "sub" || v == "super") && n.Data == "span" {
		tags = append(tags, map[string]string{"sub": "sub", "super": "sup"}[v])
	}
	if w := s["font-weight"]; n.Data == "b" && (w == "normal" || w == "400") {
		n.Data, n.DataAtom = "span", atom.Span
	}
	for _, tag := range tags {
		inner := element0(tag, "")
		for k := n.FirstChild; k != nil; k = n.FirstChild {
			n.RemoveChild(k)
			inner.AppendChild(k)
		}
		n.AppendChild(inner)
	}
}
