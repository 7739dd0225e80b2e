package web

import (
	"bytes"
	"unicode"

	"golang.org/x/net/html"
)

// chineseMark is put into the tag of an element whose text is Chinese on a page in another language.
const chineseMark = ` lang="zh-CN"`

// open is an element whose end was not yet seen.
type open struct {
	name string
	said bool // a language is said, here or above
}

// Foreign marks what is Chinese on a page in another language: names, titles and texts of documents,
// which are not translated. Programs that read pages aloud choose the voice by it (WCAG 2.2,
// 3.1.2 Language of Parts).
func Foreign(page []byte) []byte {
	m := marker{z: html.NewTokenizer(bytes.NewReader(page))}
	m.out.Grow(len(page) + len(page)/8)
	for {
		kind := m.z.Next()
		if kind == html.ErrorToken { // the end; templates write nothing a tokenizer stumbles over
			m.flush(false)
			return m.out.Bytes()
		}
		m.take(kind, bytes.Clone(m.z.Raw()))
	}
}

// marker copies a page and holds back the last tag until the text behind it is seen.
type marker struct {
	z    *html.Tokenizer
	out  bytes.Buffer
	held []byte // a start tag that may take a mark
	path []open
}

// silent are elements whose text nobody reads aloud.
var silent = map[string]bool{"script": true, "style": true, "textarea": true, "svg": true}

// void are elements that have no end.
var void = map[string]bool{"meta": true, "link": true, "input": true, "img": true, "br": true, "hr": true, "col": true, "source": true, "wbr": true}

func (m *marker) take(kind html.TokenType, raw []byte) {
	switch kind {
	case html.StartTagToken:
		m.flush(false)
		name, has := m.z.TagName()
		m.start(string(name), has, raw)
	case html.EndTagToken:
		m.flush(false)
		name, _ := m.z.TagName()
		m.end(string(name))
		m.out.Write(raw)
	case html.TextToken:
		m.flush(m.isChinese(raw))
		m.out.Write(raw)
	default:
		m.flush(false)
		m.out.Write(raw)
	}
}

// start goes into an element. Its tag waits for its text, unless a language is said already.
func (m *marker) start(name string, has bool, raw []byte) {
	if void[name] {
		m.out.Write(raw)
		return
	}
	o := open{name: name}
	if n := len(m.path); n > 0 {
		o.said = m.path[n-1].said
	}
	for has {
		var key []byte
		if key, _, has = m.z.TagAttr(); string(key) == "lang" {
			o.said = len(m.path) > 0 // the page's own language is what others differ from
		}
	}
	o.said = o.said || silent[name]
	m.path = append(m.path, o)
	if o.said {
		m.out.Write(raw)
		return
	}
	m.held = raw
}

// end leaves an element, and those in it that have no end of their own.
func (m *marker) end(name string) {
	for n := len(m.path) - 1; n >= 0; n-- {
		if m.path[n].name == name {
			m.path = m.path[:n]
			return
		}
	}
}

// flush writes the tag that was held back, with the mark or without.
func (m *marker) flush(mark bool) {
	if m.held == nil {
		return
	}
	if mark {
		end := len(m.held) - 1
		m.out.Write(m.held[:end])
		m.out.WriteString(chineseMark)
		m.out.Write(m.held[end:])
		m.path[len(m.path)-1].said = true
	} else {
		m.out.Write(m.held)
	}
	m.held = nil
}

// isChinese reports whether a text is rather Chinese than anything else.
func (m *marker) isChinese(text []byte) bool {
	han, latin := 0, 0
	for _, c := range string(text) {
		switch {
		case unicode.Is(unicode.Han, c):
			han++
		case unicode.IsLetter(c):
			latin++
		}
	}
	return han > 0 && han >= latin
}
