package extract

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// readHTML reads a web page: paragraphs and lines as blocks, tables as tables.
func readHTML(r *reading) error {
	f, err := r.htmlFlow(r.data, "")
	if err != nil {
		return err
	}
	r.unfold(f)
	return nil
}

// htmlFlow parses a page. label is the encoding its container states, if any.
func (r *reading) htmlFlow(data []byte, label string) (flow, error) {
	switch {
	case len(data) > r.limit.Page:
		return nil, tooLarge(int64(len(data)), int64(r.limit.Page))
	case bytes.Count(data, []byte("<")) > r.limit.Tags:
		return nil, ErrTooMuch
	}
	name := pageCharset(data, label)
	text := decode(data, name)
	if garbled(text) {
		r.note(NoteGarbled)
	}
	root, err := parseHTML(r, text)
	if err != nil {
		return nil, err
	}
	if r.doc.Charset == "" {
		r.doc.Charset = name
	}
	h := &htmlReader{r: r}
	h.children(root)
	h.flush()
	return h.out, r.check()
}

// patient hands a page to the parser piece by piece, so that it stops when time is up.
type patient struct {
	r    *reading
	text *strings.Reader
}

func (p patient) Read(b []byte) (int, error) {
	if err := p.r.check(); err != nil {
		return 0, err
	}
	return p.text.Read(b)
}

// parseHTML parses a page. The parser gives up, some ways by panic, on pages that nest
// elements more than 512 deep.
func parseHTML(r *reading, text string) (root *html.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			root, err = nil, ErrTooDeep
		}
	}()
	root, err = html.Parse(patient{r, strings.NewReader(text)})
	if err != nil && r.check() == nil {
		err = ErrTooDeep.Because(err)
	}
	return root, err
}

var metaCharset = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?\s*([a-z0-9_-]+)|^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([a-z0-9_-]+)`)

// pageCharset tells a page's encoding: byte order mark, container, declaration, content. A
// declaration that the bytes contradict is a template's and not believed.
func pageCharset(data []byte, label string) string {
	guessed := guess(data)
	head := data[:min(len(data), 4<<10)]
	if bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")) || strings.HasPrefix(guessed, "UTF-16") {
		return guessed
	}
	if label == "" {
		if m := metaCharset.FindSubmatch(head); m != nil {
			label = string(m[1]) + string(m[2])
		}
	}
	said := declared(label)
	switch {
	case said == "", said == utf8Name && guessed != utf8Name, said == gbName && guessed == utf8Name:
		return guessed
	}
	return said
}

// htmlReader turns a parsed page into a flow.
type htmlReader struct {
	r   *reading
	out flow
	buf strings.Builder // the line in the making
	gap bool            // white space is due before the next word
}

// blocks are the elements that stand on lines of their own.
var blocks = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
	atom.Ul: true, atom.Ol: true, atom.Li: true, atom.Dl: true, atom.Dt: true, atom.Dd: true, atom.Blockquote: true,
	atom.Section: true, atom.Article: true, atom.Main: true, atom.Aside: true, atom.Nav: true, atom.Header: true,
	atom.Footer: true, atom.Form: true, atom.Fieldset: true, atom.Address: true, atom.Center: true, atom.Figure: true,
	atom.Figcaption: true, atom.Hr: true, atom.Pre: true, atom.Body: true, atom.Html: true, atom.Details: true,
	atom.Summary: true, atom.Caption: true, atom.Legend: true, atom.Td: true, atom.Th: true, atom.Tr: true,
}

// silent are the elements whose text no reader sees.
var silent = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Template: true, atom.Noscript: true, atom.Iframe: true, atom.Select: true,
	atom.Object: true, atom.Svg: true, atom.Math: false, atom.Audio: true, atom.Video: true, atom.Canvas: true, atom.Datalist: true,
	atom.Textarea: true, atom.Noframes: true, atom.Noembed: true,
}

func (h *htmlReader) children(n *html.Node) {
	for c := n.FirstChild; c != nil && h.r.err == nil; c = c.NextSibling {
		h.node(c)
	}
}

func (h *htmlReader) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		h.words(n.Data, within(n, atom.Pre))
	case html.ElementNode:
		h.element(n)
	}
}

func (h *htmlReader) element(n *html.Node) {
	if silent[n.DataAtom] {
		return
	}
	if concealed(n) {
		if strings.TrimSpace(textOf(n)) != "" {
			h.r.note(NoteHidden)
		}
		return
	}
	switch n.DataAtom {
	case atom.Head:
		h.head(n)
	case atom.Br:
		h.flush()
	case atom.Input:
		h.input(n)
	case atom.Table:
		h.flush()
		h.table(n)
	default:
		if blocks[n.DataAtom] {
			h.flush()
			defer h.flush()
		}
		h.children(n)
	}
}

// head keeps the title and the named meta tags.
func (h *htmlReader) head(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Title:
			h.r.meta("title", textOf(c))
		case atom.Meta:
			if name := attribute(c, "name"); name != "" {
				h.r.meta(name, attribute(c, "content"))
			}
		}
	}
}

// input shows the value of a field that a page uses to show a figure.
func (h *htmlReader) input(n *html.Node) {
	switch strings.ToLower(attribute(n, "type")) {
	case "", "text", "number":
		h.words(attribute(n, "value"), false)
	}
}

// words adds text to the line in the making, white space drawn together as browsers do.
func (h *htmlReader) words(text string, kept bool) {
	if !h.r.spend(0) {
		return
	}
	text = clean(text)
	if kept {
		lines := strings.Split(newlines.Replace(text), "\n")
		for i, line := range lines {
			if i > 0 {
				h.flush()
			}
			h.buf.WriteString(line)
		}
		return
	}
	for i, word := range strings.FieldsFunc(text, collapsible) {
		if h.buf.Len() > 0 && (h.gap || i > 0 || collapsible(rune(text[0]))) {
			h.buf.WriteByte(' ')
		}
		h.gap = false
		h.buf.WriteString(word)
	}
	if text != "" && collapsible(rune(text[len(text)-1])) {
		h.gap = true
	}
}

// collapsible is the white space of HTML; the ideographic and the no-break space are none.
func collapsible(c rune) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'
}

// flush ends the line in the making. Lines without words are dropped: pages are full of
// empty elements.
func (h *htmlReader) flush() {
	text := strings.TrimRight(h.buf.String(), " \u00A0\u3000")
	h.buf.Reset()
	h.gap = false
	if strings.TrimSpace(text) != "" && h.r.spend(len(text)) {
		h.out = append(h.out, piece{text: text})
	}
}

// table reads a table: its caption as a line before it, its cells where a browser puts them.
func (h *htmlReader) table(n *html.Node) {
	t := &tableReader{h: h, grid: &grid{}}
	var feet []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Caption:
			h.element(c)
		case atom.Thead, atom.Tbody:
			t.group(c)
		case atom.Tfoot:
			feet = append(feet, c)
		}
	}
	for _, f := range feet { // browsers show the foot last wherever it stands
		t.group(f)
	}
	if len(t.grid.rows) > 0 {
		h.out = append(h.out, piece{table: t.grid})
	}
}

// tableReader places cells by the rules of HTML: the next free position in the row, where
// cells that reach down from rows above take theirs.
type tableReader struct {
	h     *htmlReader
	grid  *grid
	below []int // for each column, how many rows below are still covered
}

// group reads a row group. Cells never reach out of their group.
func (t *tableReader) group(n *html.Node) {
	if concealed(n) {
		t.h.r.note(NoteHidden)
		return
	}
	from := len(t.grid.rows)
	t.below = nil
	for c := n.FirstChild; c != nil && t.h.r.check() == nil; c = c.NextSibling {
		switch {
		case c.DataAtom != atom.Tr:
		case concealed(c):
			t.h.r.note(NoteHidden)
		default:
			t.row(c)
		}
	}
	end := len(t.grid.rows)
	for _, row := range t.grid.rows[from:] {
		for _, s := range row {
			if s.rowSpan == 0 || s.row+s.rowSpan > end {
				s.rowSpan = end - s.row
			}
		}
	}
}

// row places the cells of one row.
func (t *tableReader) row(n *html.Node) {
	row, col := []*slot{}, 0
	var reach []*slot
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
			continue
		}
		if concealed(c) { // the cells after it move up, as they do on the screen
			t.h.r.note(NoteHidden)
			continue
		}
		for col < len(t.below) && t.below[col] > 0 {
			col++
		}
		s := &slot{row: len(t.grid.rows), col: col, colSpan: max(1, span(c, "colspan", 1000)), rowSpan: span(c, "rowspan", 65534)}
		col += s.colSpan
		if col > t.h.r.limit.Columns {
			t.h.r.hit(ErrTooMuch)
		}
		if !t.h.r.spendCells(1) {
			return
		}
		s.content = t.h.cell(c)
		row, reach = append(row, s), append(reach, s)
		t.grid.columns = max(t.grid.columns, col)
	}
	t.grid.rows = append(t.grid.rows, row)
	t.cover(reach)
}

// cover goes to the next row: what reached into this one ends or goes on, and the row's own
// cells reach down.
func (t *tableReader) cover(row []*slot) {
	for i := range t.below {
		t.below[i] = max(0, t.below[i]-1)
	}
	for _, s := range row {
		down := s.rowSpan - 1
		if s.rowSpan == 0 {
			down = 1 << 30 // to the end of the group
		}
		for s.col+s.colSpan > len(t.below) {
			t.below = append(t.below, 0)
		}
		for c := s.col; c < s.col+s.colSpan; c++ {
			t.below[c] = max(t.below[c], down)
		}
	}
}

// cell reads what stands in a cell.
func (h *htmlReader) cell(n *html.Node) flow {
	inner := &htmlReader{r: h.r}
	inner.children(n)
	inner.flush()
	return inner.out
}

// span reads colspan or rowspan as HTML does: nonsense is 1, too much is the most allowed.
func span(n *html.Node, name string, most int) int {
	text := strings.TrimSpace(attribute(n, name))
	end := 0
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	if end == 0 {
		return 1
	}
	v, err := strconv.Atoi(text[:end])
	if err != nil || v > most {
		return most
	}
	if v == 0 && name == "colspan" {
		return 1
	}
	return v
}

var hiddenStyle = regexp.MustCompile(`(?i)(^|[;\s])(display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(px|pt|em)?\s*(;|$|!))`)

// concealed reports whether the page's own markup hides an element.
func concealed(n *html.Node) bool {
	for _, a := range n.Attr {
		if a.Key == "hidden" && a.Val != "until-found" || a.Key == "style" && hiddenStyle.MatchString(a.Val) {
			return true
		}
	}
	return false
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func within(n *html.Node, tag atom.Atom) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.DataAtom == tag {
			return true
		}
	}
	return false
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// readMHT reads a web page saved as one file, as browsers and Word write it.
func readMHT(r *reading) error {
	if len(r.data) > r.limit.Markup {
		return tooLarge(int64(len(r.data)), int64(r.limit.Markup))
	}
	f, err := r.mhtFlow(r.data)
	if err != nil {
		return err
	}
	r.unfold(f)
	return nil
}

// mhtFlow reads the first HTML part of a saved page.
func (r *reading) mhtFlow(data []byte) (flow, error) {
	m, err := mail.ReadMessage(bytes.NewReader(bytes.TrimLeft(data, " \t\r\n\xEF\xBB\xBF")))
	if err != nil {
		return nil, ErrDamaged.Because(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return nil, ErrDamaged.Because(err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		switch {
		case errors.Is(err, io.EOF):
			return nil, ErrUnsupported
		case err != nil:
			return nil, ErrTruncated.Because(err)
		}
		kind, params, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil || kind != "text/html" && kind != "application/xhtml+xml" {
			continue
		}
		return r.partFlow(part, part.Header.Get("Content-Transfer-Encoding"), params["charset"])
	}
}

// partFlow reads the HTML part of a saved page as it is encoded for mail.
func (r *reading) partFlow(body io.Reader, encoding, label string) (flow, error) {
	switch strings.ToLower(encoding) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	data, err := io.ReadAll(io.LimitReader(body, int64(r.limit.Page)+1))
	if err != nil && len(data) == 0 {
		return nil, ErrTruncated.Because(err)
	}
	return r.htmlFlow(data, label)
}
