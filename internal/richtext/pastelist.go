package richtext

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

var listLevel = regexp.MustCompile(`\bl([0-9]+) level([0-9]+)`)

// The attributes by which a paragraph remembers, while a paste is read, that Word numbered
// it.
const (
	listOf    = "data-list-of"
	listDepth = "data-list-depth"
	listLabel = "data-list-label"
)

// listMark takes the number or bullet that Word printed before a paragraph out of it and
// remembers it.
func (c *cleaner) listMark(n *html.Node, s map[string]string) {
	m := listLevel.FindStringSubmatch(s["mso-list"])
	if m == nil {
		return
	}
	label := takeLabel(n)
	n.Attr = append(n.Attr, html.Attribute{Key: listOf, Val: m[1]}, html.Attribute{Key: listDepth, Val: m[2]}, html.Attribute{Key: listLabel, Val: label})
}

// takeLabel removes the spans Word marks as mso-list:Ignore and returns their text.
func takeLabel(n *html.Node) string {
	label := ""
	for k := n.FirstChild; k != nil; {
		next := k.NextSibling
		if k.Type == html.ElementNode {
			if styles(k)["mso-list"] == "ignore" {
				label += textOf(k)
				n.RemoveChild(k)
			} else {
				label += takeLabel(k)
			}
		}
		k = next
	}
	return strings.TrimSpace(strings.ReplaceAll(label, "\u00a0", " "))
}

// numbered tells what list a label belongs to: the tag and type of the list and the number.
// The numerals of official documents (一、（一）第一条) are no list of HTML: there such numbers
// are words, which is what GB/T 9704 has them for, so tag is "".
func numbered(label string) (tag, style string, n int) {
	m := arabic.FindStringSubmatch(label)
	switch {
	case m != nil:
		n, _ = strconv.Atoi(m[1])
		return "ol", "", n
	case letter.MatchString(label):
		c := strings.Trim(label, "().）（、")[0]
		if c >= 'a' {
			return "ol", "a", int(c-'a') + 1
		}
		return "ol", "A", int(c-'A') + 1
	case strings.ContainsFunc(label, func(c rune) bool {
		return c >= '0' && c <= '9' || c >= 0x2460 && c <= 0x24FF || c >= 0x3000 && !unicode.Is(unicode.Co, c)
	}):
		return "", "", 0
	}
	return "ul", "", 0
}

var (
	arabic = regexp.MustCompile(`^[(（]?([0-9]{1,4})[.．、)）]?$`)
	letter = regexp.MustCompile(`^[(（]?[A-Za-z][.．、)）]$`)
)

// lists makes lists of the paragraphs that Word numbered.
func (c *cleaner) lists(n *html.Node) {
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		if k.Type != html.ElementNode {
			continue
		}
		if _, ok := find(k, listOf); !ok {
			c.lists(k)
			continue
		}
		k = c.list(k)
	}
}

// list makes a list of the numbered paragraphs from first on and returns the last node it
// made. A paragraph whose number is words gets them back.
func (c *cleaner) list(first *html.Node) *html.Node {
	parent := first.Parent
	type level struct {
		list        *html.Node
		depth, next int // next: the number the list goes on with
	}
	var open []level
	last := first
	for k := first; k != nil; {
		next := following(k)
		tag, style, n := numbered(attr(k, listLabel))
		if _, ok := find(k, listOf); !ok {
			break
		}
		if tag == "" || k.Data != "p" {
			if k == first {
				giveBack(k)
				return k
			}
			break
		}
		depth := number(attr(k, listDepth), 9)
		for len(open) > 0 && open[len(open)-1].depth > depth {
			open = open[:len(open)-1]
		}
		if i := len(open) - 1; i >= 0 && open[i].depth == depth && (open[i].list.Data != tag || open[i].next != n) {
			open = open[:i]
		}
		if len(open) == 0 || open[len(open)-1].depth < depth {
			list := element0(tag, "")
			if style != "" {
				set(list, "type", style)
			}
			if n > 1 {
				set(list, "start", strconv.Itoa(n))
			}
			if len(open) == 0 {
				parent.InsertBefore(list, k)
				last = list
			} else {
				open[len(open)-1].list.LastChild.AppendChild(list)
			}
			open = append(open, level{list, depth, n})
		}
		item := element0("li", "")
		parent.RemoveChild(k)
		set(k, "class", "")
		item.AppendChild(k)
		top := &open[len(open)-1]
		top.list.AppendChild(item)
		if tag == "ol" {
			top.next = n + 1
		}
		k = next
	}
	return last
}

// following returns the next sibling that is no white space.
func following(n *html.Node) *html.Node {
	for n = n.NextSibling; n != nil; n = n.NextSibling {
		if n.Type == html.ElementNode || n.Type == html.TextNode && !blank(n.Data) {
			return n
		}
	}
	return nil
}

// giveBack writes the number before the words again.
func giveBack(n *html.Node) {
	label := attr(n, listLabel)
	if label == "" {
		return
	}
	if end := []rune(label); end[len(end)-1] < 0x2E80 {
		label += " "
	}
	n.InsertBefore(&html.Node{Type: html.TextNode, Data: label}, n.FirstChild)
}
