package extract

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/net/html/charset"
)

// xmlReader walks XML within bounds. It refuses document type definitions, and with them
// entities that unfold into each other, and external ones.
type xmlReader struct {
	r      *reading
	dec    *xml.Decoder
	token  xml.Token
	open   []xml.Name
	tokens int
	err    error // ErrDamaged, ErrTruncated, ErrDoctype, ErrTooDeep or a bound of the reading
}

func newXML(r *reading, data []byte) *xmlReader {
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.CharsetReader = charset.NewReaderLabel
	return &xmlReader{r: r, dec: dec}
}

// next goes to the next token and reports whether there is one.
func (x *xmlReader) next() bool {
	if x.err != nil {
		return false
	}
	token, err := x.dec.Token()
	if err != nil {
		x.stop(err)
		return false
	}
	x.token = token
	x.tokens++
	switch t := token.(type) {
	case xml.StartElement:
		x.open = append(x.open, t.Name)
	case xml.EndElement:
		x.open = x.open[:len(x.open)-1]
	case xml.Directive:
		x.err = ErrDoctype
	}
	switch {
	case len(x.open) > x.r.limit.Depth:
		x.err = ErrTooDeep
	case x.tokens > x.r.limit.Tokens:
		x.err = ErrTooMuch
	case x.tokens%512 == 0 && x.err == nil:
		x.err = x.r.check()
	}
	return x.err == nil
}

// stop records why there are no more tokens.
func (x *xmlReader) stop(err error) {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF) && len(x.open) == 0:
		return
	case errors.As(err, &syntax) && strings.Contains(syntax.Msg, "unexpected EOF"), errors.Is(err, io.ErrUnexpectedEOF):
		x.err = ErrTruncated.Because(err)
	default:
		x.err = ErrDamaged.Because(err)
	}
}

// depth returns how many elements are open. At a start tag that counts its element.
func (x *xmlReader) depth() int { return len(x.open) }

// opens reports whether the token is a start tag of that local name.
func (x *xmlReader) opens(local string) bool {
	s, ok := x.token.(xml.StartElement)
	return ok && s.Name.Local == local
}

// start returns the start tag at hand and whether it is one.
func (x *xmlReader) start() (xml.StartElement, bool) {
	s, ok := x.token.(xml.StartElement)
	return s, ok
}

// chars returns the text at hand, "" if the token is none.
func (x *xmlReader) chars() string {
	c, ok := x.token.(xml.CharData)
	if !ok {
		return ""
	}
	return string(c)
}

// attr returns an attribute of the start tag at hand by its local name.
func (x *xmlReader) attr(local string) string {
	s, _ := x.token.(xml.StartElement)
	return attr(s, local)
}

// inside goes to the next token within the element that was open at depth, and reports
// false at its end tag.
func (x *xmlReader) inside(depth int) bool { return x.next() && len(x.open) >= depth }

// skip passes over the element whose start tag is at hand.
func (x *xmlReader) skip() {
	for depth := x.depth(); x.inside(depth); {
	}
}

// content returns the text within the element whose start tag is at hand.
func (x *xmlReader) content() string {
	var b strings.Builder
	for depth := x.depth(); x.inside(depth); {
		b.WriteString(x.chars())
	}
	return b.String()
}

func attr(s xml.StartElement, local string) string {
	for _, a := range s.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}
