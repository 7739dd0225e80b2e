package legacy

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// paragraphs makes paragraphs of what old editors wrote in their stead: lines that end in a
// break and begin with blanks. The blanks before a paragraph go, as the page indents it
// itself, and so do paragraphs without anything in them.
func paragraphs(main *html.Node) {
	unframe(main)
	each(main, func(n *html.Node) bool {
		if to := sides.FindStringSubmatch(attr(n, "style")); to != nil && n.Data != "span" {
			n.Attr = append(slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "align" }),
				html.Attribute{Key: "align", Val: strings.ToLower(to[1])})
		}
		return true
	})
	split(main, true)
	var blocks []*html.Node
	each(main, func(n *html.Node) bool {
		if n != main && (n.Data == "p" || n.Data == "div" || n.Data == "td" || n.Data == "li") {
			blocks = append(blocks, n)
		}
		return true
	})
	for _, n := range blocks {
		if n.Data == "p" {
			split(n, false)
		}
	}
	blocks = blocks[:0]
	each(main, func(n *html.Node) bool {
		if n.Data == "p" || n.Data == "div" && paragraph(n) {
			blocks = append(blocks, n)
		}
		return true
	})
	for _, n := range blocks {
		if n != main && n.Parent != nil && empty(n) {
			n.Parent.RemoveChild(n)
			continue
		}
		trimStart(n)
	}
}

// sides is where a style sets a line; the text keeps no styles, but the side.
var sides = regexp.MustCompile(`(?i)text-align:\s*(center|right|justify|left)`)

// unframe takes away tables of one cell that only hold another table in its place.
func unframe(main *html.Node) {
	var frames, cells []*html.Node
	each(main, func(n *html.Node) bool {
		if n.Data != "table" || n == main {
			return true
		}
		var own []*html.Node
		each(n, func(c *html.Node) bool {
			if c.Data == "td" || c.Data == "th" {
				own = append(own, c)
				return false
			}
			return true
		})
		if len(own) == 1 && first(own[0], "table") != nil {
			frames, cells = append(frames, n), append(cells, own[0])
		}
		return true
	})
	for i, frame := range frames {
		for c := cells[i].FirstChild; c != nil; c = cells[i].FirstChild {
			cells[i].RemoveChild(c)
			frame.Parent.InsertBefore(c, frame)
		}
		frame.Parent.RemoveChild(frame)
	}
}

// blanks are what paragraphs were indented with.
const blanks = " \t\r\n\u00a0\u3000\u2002\u2003"

// split makes paragraphs of the lines of a block: of each when every says so, as in a text
// without any paragraph, else of those that are set apart by an empty line or blanks.
func split(n *html.Node, every bool) {
	var lines [][]*html.Node
	var open []*html.Node
	breaks := 0
	cut := func() {
		lines, open = append(lines, open), nil
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.ElementNode && c.Data == "br":
			breaks++
			continue
		case c.Type == html.TextNode && strings.Trim(c.Data, blanks) == "":
			if breaks > 0 {
				continue
			}
		case block(c):
			return
		case breaks > 1, breaks == 1 && (every || indented(c)):
			cut()
		case breaks == 1:
			open = append(open, &html.Node{Type: html.ElementNode, Data: "br", DataAtom: atom.Br})
		}
		breaks = 0
		open = append(open, c)
	}
	if cut(); len(lines) < 2 {
		return
	}
	for n.FirstChild != nil {
		n.RemoveChild(n.FirstChild)
	}
	for i, line := range lines {
		p := &html.Node{Type: html.ElementNode, Data: "p", DataAtom: atom.P}
		to := p
		switch {
		case every:
			n.AppendChild(p)
		case i == len(lines)-1:
			to = n
		default:
			p.Attr = n.Attr
			n.Parent.InsertBefore(p, n)
		}
		for _, c := range line {
			to.AppendChild(c)
		}
	}
}

// block reports whether an element is a paragraph of its own or more.
func block(n *html.Node) bool {
	switch n.Data {
	case "p", "div", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr", "section", "article", "center", "dl", "form":
		return n.Type == html.ElementNode
	}
	return n.Type == html.ElementNode && !paragraph(n)
}

// indented reports whether a line begins with the blanks of a paragraph.
func indented(n *html.Node) bool {
	for n.Type == html.ElementNode && n.FirstChild != nil {
		n = n.FirstChild
	}
	lead := len(n.Data) - len(strings.TrimLeft(n.Data, "\u00a0\u3000\u2002\u2003 "))
	return n.Type == html.TextNode && lead > 0 && strings.ContainsAny(n.Data[:lead], "\u00a0\u3000\u2003")
}

// empty reports whether a block holds neither words nor anything else to see.
func empty(n *html.Node) bool {
	seen := false
	each(n, func(c *html.Node) bool {
		switch c.Data {
		case "img", "video", "audio", "table", "hr", "object", "embed", "iframe", "input":
			seen = true
		}
		return !seen
	})
	words, _ := line(n, 1)
	return !seen && strings.Trim(words, blanks) == ""
}

// trimStart takes the blanks off the first words of a block.
func trimStart(n *html.Node) {
	var walk func(*html.Node) bool
	walk = func(n *html.Node) bool {
		if n.Type == html.TextNode {
			n.Data = strings.TrimLeft(n.Data, blanks)
			return n.Data != ""
		}
		if n.Type == html.ElementNode && (n.Data == "img" || n.Data == "br" || n.Data == "table") {
			return true
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if walk(c) {
				return true
			}
		}
		return false
	}
	walk(n)
}
