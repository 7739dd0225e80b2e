package extract

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"runtime/debug"
	"strings"
)

// Parts is a Word file taken apart within this package's bounds, for those who read more
// than its words.
type Parts struct {
	r    *reading
	a    *archiveFile
	d    *docxReader
	main string
}

// partLimits bounds a file whose parts are held as trees: a node takes some two hundred
// bytes, and a draft is no archive.
func partLimits() Limits {
	l := limits
	l.Input, l.Unpacked, l.Tokens, l.Markup = 64<<20, 128<<20, 1_500_000, 32<<20
	return l
}

// ReadParts opens a Word file and hands it to read, which must be done with it when it
// returns. It stops after the time a file may take; a file that makes read panic is
// damaged.
func ReadParts(ctx context.Context, name string, data []byte, read func(*Parts) error) error {
	l := partLimits()
	if int64(len(data)) > l.Input {
		return named(tooLarge(int64(len(data)), l.Input), name)
	}
	r := newReading(ctx, name, data, l)
	err := r.timed(ctx, func() (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = ErrDamaged.Because(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		p, err := openParts(r)
		if err != nil {
			return err
		}
		return read(p)
	})
	return named(err, name)
}

func openParts(r *reading) (*Parts, error) {
	if bytes.HasPrefix(r.data, []byte{0xD0, 0xCF, 0x11, 0xE0}) { // Word 97, or a file under a password
		return nil, ErrUnsupported
	}
	a, err := openArchive(r)
	if err != nil {
		return nil, err
	}
	main := a.officePart()
	if main == "" || !a.has(main) {
		main = "word/document.xml"
	}
	if !a.has(main) {
		return nil, ErrUnsupported
	}
	d := &docxReader{r: r, a: a, part: main}
	if err := d.loadNumbering(); err != nil {
		return nil, err
	}
	return &Parts{r, a, d, main}, nil
}

// Main is the name of the part with the text.
func (p *Parts) Main() string { return p.main }

// Sibling is the name of the part beside the text that holds its styles, footnotes …
func (p *Parts) Sibling(kind string) string { return p.d.sibling(kind) }

// Has reports whether the file has a part.
func (p *Parts) Has(part string) bool { return p.a.has(part) }

// Bytes returns a part; nil if there is none.
func (p *Parts) Bytes(part string) ([]byte, error) { return p.a.read(part) }

// Related returns, by id, where a part of that file refers to: a part, or an address
// outside the file as it stands there.
func (p *Parts) Related(part string) map[string]string {
	out := map[string]string{}
	for _, rel := range p.a.relations(relationsOf(part)) {
		out[rel.id] = rel.target
	}
	if tree, err := p.Tree(relationsOf(part)); err == nil && tree != nil {
		for _, n := range tree.Kids {
			if n.Attr("TargetMode") == "External" {
				out[n.Attr("Id")] = n.Attr("Target")
			}
		}
	}
	return out
}

// Number counts a paragraph and returns what Word writes before it: a number, or that it is
// a bullet; neither if it stands in no list.
func (p *Parts) Number(style, num, level string) (label string, bullet bool) {
	list, i := p.d.numbering.at(style, num, level)
	if list == nil {
		return "", false
	}
	label = list.count(i)
	return label, list.levels[i].format == "bullet"
}

// Symbol reads a character given by font and code.
func Symbol(font, code string) string { return symbol(font, code) }

// Node is an element of a part.
type Node struct {
	Space, Name string // "w", "a" … are not kept: Space is the name space's address
	Attrs       []xml.Attr
	Kids        []*Node
	Text        string // of a node without a name: text
}

// Attr returns an attribute by its local name.
func (n *Node) Attr(local string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// Kid returns the first child of that name, nil if there is none.
func (n *Node) Kid(name string) *Node {
	for _, k := range n.Kids {
		if k.Name == name {
			return k
		}
	}
	return nil
}

// Word reports whether the element belongs to WordprocessingML, of either edition.
func (n *Node) Word() bool { return strings.Contains(n.Space, "wordprocessingml") }

// Tree reads a part into a tree; nil if there is none.
func (p *Parts) Tree(part string) (*Node, error) {
	data, err := p.a.read(part)
	if err != nil || data == nil {
		return nil, err
	}
	x := newXML(p.r, data)
	root := &Node{}
	open := []*Node{root}
	for x.next() {
		top := open[len(open)-1]
		switch t := x.token.(type) {
		case xml.StartElement:
			n := &Node{Space: t.Name.Space, Name: t.Name.Local, Attrs: t.Attr}
			top.Kids = append(top.Kids, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if p.r.spend(len(t)); top.Name == "t" || len(bytes.TrimSpace(t)) > 0 {
				top.Kids = append(top.Kids, &Node{Text: string(t)})
			}
		}
	}
	if x.err != nil || len(root.Kids) == 0 {
		return nil, x.err
	}
	for _, k := range root.Kids {
		if k.Name != "" {
			return k, nil
		}
	}
	return nil, ErrDamaged
}
