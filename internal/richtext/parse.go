package richtext

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"gongkai/internal/i18n"
)

// active are elements that are left out with all they hold.
var active = map[string]bool{
	"script": true, "style": true, "template": true, "noscript": true, "iframe": true, "frame": true, "frameset": true, "noframes": true,
	"object": true, "embed": true, "applet": true, "svg": true, "math": true, "canvas": true, "portal": true,
	"form": false, "input": true, "button": true, "select": true, "textarea": true, "option": true, "datalist": true,
	"title": true, "base": true, "link": true, "meta": true, "xmp": true, "plaintext": true, "noembed": true, "dialog": true, "marquee": true,
}

// parser builds a document of an HTML tree. It keeps what the shape knows and looks through
// the rest to the words.
type parser struct {
	counts map[string]int // notes
	order  []string
}

// parse reads HTML; before, if any, may rework the tree first.
func parse(source string, before func(*html.Node, *parser)) (document, []Note) {
	p := &parser{counts: map[string]int{}}
	if len(source) > MaxHTML {
		p.note(NoteSize)
		return nil, p.notes()
	}
	roots, err := html.ParseFragment(strings.NewReader(source), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil { // nested past what any program writes
		p.note(NoteMarkup)
		return plain(wordsOnly(source)), p.notes()
	}
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	for _, n := range roots {
		body.AppendChild(n)
	}
	if before != nil {
		before(body, p)
	}
	f := &flowing{p: p}
	f.children(body, setting{})
	return f.done(), p.notes()
}

// wordsOnly takes the words out of HTML that cannot be read as a tree.
func wordsOnly(source string) string {
	var b strings.Builder
	skip := ""
	for z := html.NewTokenizer(strings.NewReader(source)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.StartTagToken:
			if name, _ := z.TagName(); skip == "" && active[string(name)] {
				skip = string(name)
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == skip {
				skip = ""
			}
		case html.TextToken:
			if skip == "" {
				b.WriteString(z.Token().Data)
				b.WriteByte('\n')
			}
		}
	}
}

// plain makes a paragraph of each line.
func plain(text string) document {
	var d document
	for line := range strings.Lines(text) {
		if runs := tidyRuns([]run{{text: strings.Map(dropUnseen, line)}}); len(runs) > 0 {
			d = append(d, &element{kind: paragraph, runs: runs})
		}
	}
	return d
}

func dropUnseen(c rune) rune {
	if unseen(c) {
		return -1
	}
	return c
}

func (p *parser) note(key string) {
	if p.counts[key] == 0 {
		p.order = append(p.order, key)
	}
	p.counts[key]++
}

// notes returns what was noted, in the order in which it was met.
func (p *parser) notes() []Note {
	var all []Note
	for _, key := range p.order {
		all = append(all, i18n.M(key, "n", p.counts[key]))
	}
	return all
}

// setting is how the words at hand are set.
type setting struct {
	marks  mark
	href   string
	align  string // handed down by a wrapping element
	inCell bool
	inNote bool
}

// flowing collects blocks; words that stand in none get a paragraph of their own.
type flowing struct {
	p    *parser
	out  document
	open *element // paragraph that words go to; nil if none is open
}

func (f *flowing) end() { f.open = nil }

func (f *flowing) add(e *element) {
	f.end()
	f.out = append(f.out, e)
}

// push adds a run to the open paragraph, opening one where needed. Blank text opens none.
func (f *flowing) push(r run, s setting) {
	if f.open == nil {
		if r.words() && blank(r.text) {
			return
		}
		f.open = &element{kind: paragraph, align: s.align}
		f.out = append(f.out, f.open)
	}
	f.open.runs = append(f.open.runs, r)
}

// done returns the blocks with their words tidied. A paragraph that only white space made
// is none.
func (f *flowing) done() document {
	f.end()
	for _, e := range f.out {
		if e.kind.textual() {
			e.runs = tidyRuns(e.runs)
		}
	}
	return f.out
}

func (f *flowing) children(n *html.Node, s setting) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		f.node(c, s)
	}
}

func (f *flowing) node(n *html.Node, s setting) {
	switch n.Type {
	case html.TextNode:
		f.push(run{text: spaces.ReplaceAllString(f.p.clean(n.Data), " "), marks: s.marks, href: s.href}, s)
	case html.ElementNode:
		switch {
		case n.Namespace != "" || active[n.Data]:
			f.p.note(NoteActive)
		case inlineMarks[n.Data] != 0 || n.Data == "a" || n.Data == "span" || n.Data == "br" || n.Data == "img":
			f.inline(n, s)
		default:
			f.block(n, s)
		}
	}
}

// clean takes invisible characters out of text.
func (p *parser) clean(text string) string {
	if !strings.ContainsFunc(text, unseen) {
		return text
	}
	p.note(NoteControl)
	return strings.Map(dropUnseen, text)
}

// inlineMarks are the tags that set words, each by the mark it stands for.
var inlineMarks = map[string]mark{
	"b": strong, "strong": strong, "i": emphasis, "em": emphasis, "u": underline, "ins": underline,
	"s": strike, "strike": strike, "del": strike, "sub": subscript, "sup": superscript,
}

func (f *flowing) inline(n *html.Node, s setting) {
	switch n.Data {
	case "br":
		f.push(run{text: "\n"}, s)
		return
	case "img":
		if m := f.p.media(n); m != nil && !s.inNote {
			f.push(run{media: m, href: s.href}, s)
		}
		return
	case "a":
		s.href = f.p.href(n, s.href)
	case "span":
		if attr(n, "class") == "footnote" && !s.inNote {
			f.footnote(n, s)
			return
		}
	default:
		m := inlineMarks[n.Data]
		if m == subscript || m == superscript {
			s.marks &^= subscript | superscript
		}
		s.marks |= m
	}
	f.children(n, s)
}

// href returns where a link leads, or what was there before if it leads nowhere allowed.
func (p *parser) href(n *html.Node, before string) string {
	raw, ok := find(n, "href")
	if !ok {
		return before
	}
	href, ok := link(raw)
	if !ok {
		p.note(NoteLinks)
		return before
	}
	return href
}

// footnote reads a note where it is called. It holds words only.
func (f *flowing) footnote(n *html.Node, s setting) {
	inner := &flowing{p: f.p}
	inner.children(n, setting{inNote: true, inCell: true})
	if runs := wordsOf(inner.done()); len(runs) > 0 {
		f.push(run{note: runs}, s)
	}
}

// wordsOf returns the words of blocks in one line, without their setting.
func wordsOf(d document) []run {
	var b strings.Builder
	for _, e := range d {
		for _, r := range words(e) {
			b.WriteString(strings.ReplaceAll(r.text, "\n", " "))
		}
		b.WriteByte(' ')
	}
	return tidyRuns([]run{{text: b.String()}})
}

// words returns all runs in an element, in order.
func words(e *element) []run {
	runs := slices.Clone(e.runs)
	for _, k := range e.kids {
		if len(runs) > 0 {
			runs = append(runs, run{text: " "})
		}
		runs = append(runs, words(k)...)
	}
	return runs
}

func (f *flowing) block(n *html.Node, s setting) {
	if to := alignment(n); to != "" {
		s.align = to
		if to == "left" {
			s.align = ""
		}
	}
	switch n.Data {
	case "p", "h1", "h2", "h3", "h4", "h5", "h6":
		f.textual(n, s)
	case "ul", "ol", "menu", "dir":
		f.list(n, s)
	case "blockquote":
		f.quote(n, s)
	case "hr":
		f.add(&element{kind: rule})
	case "table":
		f.table(n, s)
	case "figure":
		f.figure(n, s)
	case "video", "audio":
		if m := f.p.media(n); m != nil && !s.inNote {
			f.add(&element{kind: figure, media: m})
		}
	case "pre", "listing":
		f.pre(n, s)
	case "font", "code", "kbd", "samp", "tt", "var", "mark", "small", "big", "abbr", "acronym", "cite", "dfn", "q", "time", "label", "bdi", "bdo", "data", "ruby", "rb", "nobr", "wbr":
		f.children(n, s)
	case "rt", "rp":
	default:
		if strings.Contains(n.Data, ":") || strings.Contains(n.Data, "-") { // o:p and the like, custom elements
			f.children(n, s)
			return
		}
		if n.Data == "center" {
			s.align = "center"
		}
		f.end()
		f.children(n, s)
		f.end()
	}
}

// textual reads a paragraph or heading. Blocks in it, which only broken HTML has, end it.
func (f *flowing) textual(n *html.Node, s setting) {
	e := &element{kind: level(n.Data), align: s.align, indent: hasClass(n, "indent")}
	f.add(e)
	f.open = e
	f.children(n, s)
	f.end()
}

// level maps headings: the title of an item is no part of its text, so what others call h1
// is the first level here.
func level(tag string) kind {
	switch tag {
	case "p":
		return paragraph
	case "h1", "h2":
		return heading2
	case "h3":
		return heading3
	}
	return heading4
}

func alignment(n *html.Node) string {
	for _, to := range []string{"center", "right", "justify"} {
		if hasClass(n, "align-"+to) {
			return to
		}
	}
	switch to := strings.ToLower(attr(n, "align")); to {
	case "center", "right", "justify", "left":
		return to
	}
	return ""
}

// list reads a list. What stands between items is an item of its own.
func (f *flowing) list(n *html.Node, s setting) {
	e := &element{kind: bullets}
	if n.Data == "ol" {
		e.kind = numbers
		if t := attr(n, "type"); len(t) == 1 && strings.Contains("aAiI", t) {
			e.style = t
		}
		if start := number(attr(n, "start"), 99999); start > 1 {
			e.start = start
		}
	}
	var loose *html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.ElementNode && c.Data == "li":
			loose = nil
			e.kids = append(e.kids, f.item(c, s))
		case c.Type == html.ElementNode && (c.Data == "ul" || c.Data == "ol") && len(e.kids) > 0:
			last := e.kids[len(e.kids)-1]
			last.kids = append(last.kids, f.p.within(&html.Node{FirstChild: c, LastChild: c}, s, true)...)
		case c.Type == html.TextNode && blank(c.Data), c.Type == html.CommentNode:
		default:
			if kids := f.p.one(c, s); loose == nil && len(kids) > 0 {
				loose = c
				e.kids = append(e.kids, &element{kind: listItem, kids: startWithText(kids)})
			} else if len(kids) > 0 {
				last := e.kids[len(e.kids)-1]
				last.kids = append(last.kids, kids...)
			}
		}
	}
	if len(e.kids) > 0 {
		f.add(e)
	}
}

func (f *flowing) item(n *html.Node, s setting) *element {
	return &element{kind: listItem, kids: startWithText(f.p.within(n, s, false))}
}

// startWithText puts an empty paragraph before a list that begins an item, as the editor's
// model has it.
func startWithText(kids document) document {
	if len(kids) == 0 || kids[0].kind != paragraph {
		return slices.Insert(kids, 0, &element{kind: paragraph})
	}
	return kids
}

// one reads a single node as a flow of its own.
func (p *parser) one(n *html.Node, s setting) document {
	f := &flowing{p: p}
	f.node(n, s)
	return f.done()
}

// within reads what an element holds as a flow of its own. only takes the first child alone.
func (p *parser) within(n *html.Node, s setting, only bool) document {
	if only {
		return p.one(n.FirstChild, s)
	}
	f := &flowing{p: p}
	f.children(n, s)
	return f.done()
}

func (f *flowing) quote(n *html.Node, s setting) {
	if kids := f.p.within(n, s, false); len(kids) > 0 {
		f.add(&element{kind: quote, kids: kids})
	}
}

// pre keeps the lines of text that was set as it stands.
func (f *flowing) pre(n *html.Node, s setting) {
	f.end()
	for _, e := range plain(f.p.clean(textOf(n))) {
		e.align = s.align
		f.add(e)
	}
}

func (f *flowing) figure(n *html.Node, s setting) {
	var m *media
	var caption []run
	var rest []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.ElementNode && (c.Data == "img" || c.Data == "video" || c.Data == "audio") && m == nil:
			m = f.p.media(c)
		case c.Type == html.ElementNode && c.Data == "figcaption":
			for _, e := range f.p.within(c, s, false) {
				caption = append(caption, words(e)...)
			}
		default:
			rest = append(rest, c)
		}
	}
	caption = slices.DeleteFunc(caption, func(r run) bool { return r.media != nil })
	f.end()
	switch caption = tidyRuns(caption); {
	case m != nil:
		f.add(&element{kind: figure, media: m, runs: caption})
	case len(caption) > 0:
		f.add(&element{kind: paragraph, runs: caption})
	}
	for _, c := range rest {
		f.node(c, s)
		f.end()
	}
}

// media reads a picture, film or sound that is an attachment; nil if it is none.
func (p *parser) media(n *html.Node) *media {
	src := strings.TrimSpace(attr(n, "src"))
	if !reference.MatchString(src) {
		p.note(NoteMedia)
		return nil
	}
	m := &media{tag: n.Data, ref: src}
	if n.Data == "img" {
		m.alt = strings.Join(strings.Fields(p.clean(attr(n, "alt"))), " ")
		m.width = number(attr(n, "width"), 4000)
		return m
	}
	m.alt = strings.Join(strings.Fields(p.clean(attr(n, "title"))), " ")
	return m
}

// number reads a positive whole number up to most; what is none is 0.
func number(s string, most int) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 1 || n > most {
		return 0
	}
	return n
}

func find(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

func attr(n *html.Node, name string) string {
	v, _ := find(n, name)
	return v
}

func hasClass(n *html.Node, name string) bool {
	return slices.Contains(strings.Fields(attr(n, "class")), name)
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == "br" {
			b.WriteByte('\n')
		}
		if !active[c.Data] || c.Type == html.TextNode {
			b.WriteString(textOf(c))
		}
	}
	return b.String()
}

// oneSpace makes one space of several. Most texts have none to change, and regular expressions
// are slow for texts that are read at every search.
func oneSpace(s string) string {
	if !strings.ContainsAny(s, "\t\r\n\f") && !strings.Contains(s, "  ") {
		return s
	}
	return spaces.ReplaceAllString(s, " ")
}

var spaces = regexp.MustCompile(`[ \t\r\n\f]+`)

func blank(text string) bool { return strings.Trim(text, " \t\r\n\f") == "" }

// tidyRuns brings runs to their one form: white space as a browser shows it, none at the
// ends of lines, runs set alike joined.
func tidyRuns(runs []run) []run {
	var out []run
	space := true // the line so far is empty or ends in a space
	for _, r := range runs {
		switch {
		case r.text == "\n":
			out, space = append(trimEnd(out), r), true
			continue
		case !r.words():
			out, space = append(out, r), false
			continue
		}
		r.text = oneSpace(r.text)
		if space {
			r.text = strings.TrimPrefix(r.text, " ")
		}
		if r.text == "" {
			continue
		}
		space = strings.HasSuffix(r.text, " ")
		if n := len(out); n > 0 && out[n-1].alike(r) {
			out[n-1].text += r.text
		} else {
			out = append(out, r)
		}
	}
	out = trimEnd(out)
	for len(out) > 0 && out[len(out)-1].text == "\n" {
		out = trimEnd(out[:len(out)-1])
	}
	return out
}

// trimEnd takes the space off the end of a line.
func trimEnd(runs []run) []run {
	if n := len(runs); n > 0 && runs[n-1].words() {
		if runs[n-1].text = strings.TrimSuffix(runs[n-1].text, " "); runs[n-1].text == "" {
			return runs[:n-1]
		}
	}
	return runs
}
