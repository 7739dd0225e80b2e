package gate

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// silent elements hold no words of the page.
var silent = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Template: true, atom.Noscript: true, atom.Iframe: true,
	atom.Noembed: true, atom.Noframes: true, atom.Xmp: true, atom.Plaintext: true, atom.Textarea: true, atom.Title: true,
}

// blocks begin and end a line.
var blocks = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
	atom.Ul: true, atom.Ol: true, atom.Li: true, atom.Dl: true, atom.Dt: true, atom.Dd: true, atom.Blockquote: true,
	atom.Pre: true, atom.Table: true, atom.Tr: true, atom.Caption: true, atom.Figure: true, atom.Figcaption: true,
	atom.Section: true, atom.Article: true, atom.Header: true, atom.Footer: true, atom.Main: true, atom.Aside: true,
	atom.Nav: true, atom.Hr: true, atom.Form: true, atom.Address: true, atom.Body: true, atom.Option: true,
}

// Bounds of a page. What lies beyond is read as text only.
const (
	maxLinks   = 20_000
	maxImages  = 20_000
	maxSpan    = 50 // columns a cell may claim
	maxNesting = 256
)

// pageReader turns HTML into text and keeps where each rune came from.
type pageReader struct {
	p      *Part
	at     int32     // byte of the source the reader is at
	mute   atom.Atom // the silent element it is in, 0 for none
	cells  []int     // of each open table, the cells its row began so far
	spans  int       // further columns the cell at hand covers
	links  []int     // open links, as indices of Part.Links
	spaced bool      // white space stands before the next word
	space  span      // where it stands
}

// readHTML reads the part's source in one pass over its tags. No tree is built, so that
// tags nested without end do no harm.
func (p *Part) readHTML() {
	r := &pageReader{p: p}
	z := html.NewTokenizer(strings.NewReader(p.HTML))
	for {
		kind := z.Next()
		from := r.at
		r.at += int32(len(z.Raw()))
		switch kind {
		case html.ErrorToken:
			return
		case html.TextToken:
			if r.mute == 0 {
				r.words(p.HTML[from:r.at], from)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			r.open(z, span{from, r.at}, kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := z.TagName()
			r.close(atom.Lookup(name))
		}
	}
}

// open takes a start tag.
func (r *pageReader) open(z *html.Tokenizer, tag span, closed bool) {
	name, more := z.TagName()
	a := atom.Lookup(name)
	if r.mute != 0 || silent[a] {
		if r.mute == 0 && !closed {
			r.mute = a
		}
		return
	}
	switch a {
	case atom.Table:
		r.part()
		if len(r.cells) < maxNesting {
			r.cells = append(r.cells, 0)
		}
	case atom.Tr:
		if n := len(r.cells); n > 0 {
			r.cells[n-1] = 0
		}
		r.row()
	case atom.Td, atom.Th:
		n, _ := strconv.Atoi(attributes(z, more)["colspan"])
		r.cell(min(max(n, 1), maxSpan))
	case atom.Br:
		r.made(r.lineEnd())
	case atom.A:
		r.link(attributes(z, more))
	case atom.Img:
		r.image(attributes(z, more), tag)
	}
	if blocks[a] {
		r.part()
	}
}

// attributes reads a tag's attributes; of two alike the first counts.
func attributes(z *html.Tokenizer, more bool) map[string]string {
	attrs := map[string]string{}
	for more && len(attrs) < 64 {
		var key, value []byte
		key, value, more = z.TagAttr()
		if _, twice := attrs[string(key)]; !twice {
			attrs[string(key)] = string(value)
		}
	}
	return attrs
}

// close takes an end tag.
func (r *pageReader) close(a atom.Atom) {
	if r.mute != 0 {
		if a == r.mute {
			r.mute = 0
		}
		return
	}
	switch n := len(r.cells); {
	case a == atom.Table && n > 0:
		r.cells = r.cells[:n-1]
	case a == atom.A && len(r.links) > 0:
		l := r.links[len(r.links)-1]
		r.links = r.links[:len(r.links)-1]
		r.p.Links[l].End = len(r.p.text)
	}
	if blocks[a] {
		r.part()
	}
}

// lineEnd is what ends a line here: within a cell the row goes on.
func (r *pageReader) lineEnd() rune {
	if n := len(r.cells); n > 1 || n == 1 && r.cells[0] > 0 {
		return inCell
	}
	return '\n'
}

// made adds a rune that does not stand in the source.
func (r *pageReader) made(c rune) {
	r.spaced = false
	r.p.text = append(r.p.text, c)
	r.p.source = append(r.p.source, span{r.at, r.at})
}

// part begins a new line unless one just began.
func (r *pageReader) part() {
	r.spaced = false
	if n := len(r.p.text); n > 0 && (!ends(r.p.text[n-1]) || r.p.text[n-1] != '\n' && r.lineEnd() == '\n') {
		r.made(r.lineEnd())
	}
}

// row begins a row; one of the outermost table always begins a line.
func (r *pageReader) row() {
	if n := len(r.p.text); len(r.cells) == 1 && n > 0 && r.p.text[n-1] != '\n' {
		r.made('\n')
		r.spans = 0
	}
}

// ends reports whether what follows c begins a line or a cell.
func ends(c rune) bool { return c == '\n' || c == inCell || c == '\t' }

// cell begins a cell; only the cells of the outermost table are columns of the text.
func (r *pageReader) cell(columns int) {
	n := len(r.cells)
	switch {
	case n == 0:
		r.part()
	case n > 1:
		r.part()
	default:
		if r.cells[0] > 0 {
			r.made('\t')
		}
		for ; r.spans > 0; r.spans-- {
			r.made('\t')
		}
		r.cells[0], r.spans = r.cells[0]+1, columns-1
	}
}

func (r *pageReader) link(attrs map[string]string) {
	href, ok := attrs["href"]
	if !ok || len(r.p.Links) >= maxLinks {
		return
	}
	r.links = append(r.links, len(r.p.Links))
	r.p.Links = append(r.p.Links, Link{URL: href, Start: len(r.p.text), End: len(r.p.text)})
}

func (r *pageReader) image(attrs map[string]string, tag span) {
	if len(r.p.Images) >= maxImages {
		return
	}
	role := strings.ToLower(strings.TrimSpace(attrs["role"]))
	r.p.Images = append(r.p.Images, Image{
		Source: attrs["src"], Alt: strings.TrimSpace(attrs["alt"]), At: len(r.p.text), tag: tag,
		Decorative: role == "presentation" || role == "none" || attrs["aria-hidden"] == "true",
	})
}

// words adds a piece of text that begins at byte from of the source. White space counts as
// one space, and as nothing where a line begins.
func (r *pageReader) words(raw string, from int32) {
	for i := 0; i < len(raw); {
		c, size := utf8.DecodeRuneInString(raw[i:])
		at := span{from + int32(i), from + int32(i+size)}
		switch {
		case c == '&':
			i += r.entity(raw[i:], at.from)
			continue
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f':
			r.blank(at)
		default:
			r.add(c, at)
		}
		i += size
	}
}

// longestEntity is the length from which & begins no entity.
const longestEntity = 34

// entity adds the runes of the entity that raw begins with and returns its length.
func (r *pageReader) entity(raw string, at int32) int {
	end := 1
	for end < len(raw) && end < longestEntity && (raw[end] == '#' && end == 1 || alphanumeric(raw[end])) {
		end++
	}
	if end < len(raw) && raw[end] == ';' {
		end++
	}
	said := html.UnescapeString(raw[:end])
	if said == raw[:end] {
		end, said = 1, "&"
	}
	for _, c := range said {
		if c == ' ' || unicode.IsControl(c) {
			r.blank(span{at, at + int32(end)})
			continue
		}
		r.add(c, span{at, at + int32(end)})
	}
	return end
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// blank notes white space, to be added before the next word of the line.
func (r *pageReader) blank(at span) {
	if !r.spaced {
		r.spaced, r.space = true, at
	}
}

func (r *pageReader) add(c rune, at span) {
	if n := len(r.p.text); r.spaced && n > 0 && !ends(r.p.text[n-1]) {
		r.p.text = append(r.p.text, ' ')
		r.p.source = append(r.p.source, r.space)
	}
	r.spaced = false
	r.p.text = append(r.p.text, c)
	r.p.source = append(r.p.source, at)
}
