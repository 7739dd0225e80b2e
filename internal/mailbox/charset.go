package mailbox

import (
	"encoding/base64"
	"io"
	"mime"
	"net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// encodingOf returns the encoding a name means, nil for one nobody knows. GB2312 and GBK are parts
// of GB18030, and what is sent under their names often holds more than they do.
func encodingOf(name string) encoding.Encoding {
	name = strings.ToLower(strings.Trim(name, ` "'`))
	switch {
	case name == "", name == "us-ascii", name == "ascii": // mostly said by programs that do not know
		return nil
	case strings.HasPrefix(name, "gb"), name == "cp936", name == "x-gbk":
		return simplifiedchinese.GB18030
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return nil
	}
	return e
}

// decode reads text in the encoding it says it is in; else, as experience with Chinese mail goes,
// in UTF-8 if it is that, in GB18030 otherwise.
func decode(m *Message, name string, b []byte) string {
	e := encodingOf(name)
	if e == nil && !utf8.Valid(b) {
		e = simplifiedchinese.GB18030
		m.remark(Charset)
	}
	if e != nil {
		if out, err := e.NewDecoder().Bytes(b); err == nil {
			b = out
		}
	}
	text := string(b)
	if strings.ContainsRune(text, utf8.RuneError) || !utf8.ValidString(text) {
		m.remark(Charset)
	}
	return plain(text)
}

// plain leaves out what no text needs and what may hide something: control characters, and those
// that turn the direction of writing.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\r':
			return r
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\ufeff':
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
}

// encodedWord is a piece of a head as RFC 2047 writes it.
var encodedWord = regexp.MustCompile(`=\?([^?\s]+)\?([bBqQ])\?([^?\s]*)\?=`)

// line reads a field of a head: words as RFC 2047 writes them, or bytes as old programs send them.
// Some programs cut a character in two between two words, so neighbours of one encoding are joined
// before they are read.
func line(m *Message, field string) string {
	field = strings.Join(strings.Fields(field), " ")
	found := encodedWord.FindAllStringSubmatchIndex(field, -1)
	if len(found) == 0 {
		return decode(m, "", []byte(field))
	}
	var out strings.Builder
	end := 0
	for i := 0; i < len(found); {
		at := found[i]
		if between := field[end:at[0]]; i == 0 || strings.TrimSpace(between) != "" {
			out.WriteString(decode(m, "", []byte(between)))
		}
		name := field[at[2]:at[3]]
		var b []byte
		for ; i < len(found); i++ {
			next := found[i]
			if len(b) > 0 && (!strings.EqualFold(field[next[2]:next[3]], name) || strings.TrimSpace(field[end:next[0]]) != "") {
				break
			}
			b = append(b, word(field[next[4]:next[5]], field[next[6]:next[7]])...)
			end = next[1]
		}
		name, _, _ = strings.Cut(name, "*") // RFC 2231 puts a language behind it
		out.WriteString(decode(m, name, b))
	}
	out.WriteString(decode(m, "", []byte(field[end:])))
	return strings.Join(strings.Fields(out.String()), " ")
}

// word returns the bytes of an encoded word.
func word(how, text string) []byte {
	if strings.EqualFold(how, "b") {
		b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
		if err != nil && len(b) == 0 {
			return []byte(text)
		}
		return b
	}
	d := mime.WordDecoder{CharsetReader: func(_ string, in io.Reader) (io.Reader, error) { return in, nil }}
	s, err := d.Decode("=?x?q?" + text + "?=")
	if err != nil {
		return []byte(text)
	}
	return []byte(s)
}

// inAngles finds the address in what is no well-formed list of addresses.
var inAngles = regexp.MustCompile(`[^\s<>,;:"@]{1,64}@[A-Za-z0-9.\-]{1,190}`)

// mostAddresses is how many receivers of a mail are noted.
const mostAddresses = 20

// addresses reads a list of addresses, well-formed or not.
func addresses(m *Message, field string) (all []Address) {
	if strings.TrimSpace(field) == "" {
		return nil
	}
	p := mail.AddressParser{WordDecoder: &mime.WordDecoder{CharsetReader: func(_ string, in io.Reader) (io.Reader, error) { return in, nil }}}
	if list, err := p.ParseList(field); err == nil && utf8.ValidString(field) && !encodedWord.MatchString(field) {
		for _, a := range list {
			all = append(all, Address{clip(m, plain(a.Name), mostLine), a.Address})
		}
	} else {
		for _, one := range splitList(field) {
			text := line(m, one)
			found := inAngles.FindString(text)
			if found == "" {
				continue
			}
			name := strings.Trim(strings.SplitN(text, "<", 2)[0], ` "'`)
			if name == found {
				name = ""
			}
			all = append(all, Address{clip(m, name, mostLine), found})
		}
	}
	if len(all) > mostAddresses {
		all = all[:mostAddresses]
	}
	return all
}

// splitList parts a list at the commas outside of quotation marks.
func splitList(field string) []string {
	quoted := false
	return strings.FieldsFunc(field, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ',' && !quoted
	})
}

// breaks are the elements of a page that begin a line.
var breaks = map[string]bool{"p": true, "div": true, "br": true, "tr": true, "li": true, "h1": true, "h2": true, "h3": true, "table": true, "blockquote": true, "pre": true}

// hidden are the elements of a page whose content nobody reads.
var hidden = map[string]bool{"script": true, "style": true, "head": true, "title": true, "template": true, "noscript": true}

// textOf returns what a person reads of a page. It goes through it once, whatever stands in what.
func textOf(page string) string {
	var out strings.Builder
	skip := ""
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		tag, _ := z.TagName()
		name := string(tag)
		switch {
		case skip != "":
			if kind == html.EndTagToken && name == skip {
				skip = ""
			}
		case kind == html.TextToken:
			out.WriteString(strings.ReplaceAll(string(z.Text()), "\n", " "))
		case kind == html.StartTagToken && hidden[name]:
			skip = name
		case breaks[name]:
			out.WriteString("\n")
		case name == "td" || name == "th":
			out.WriteString(" ")
		}
	}
	var lines []string
	for _, one := range strings.Split(out.String(), "\n") {
		if one = strings.Join(strings.Fields(one), " "); one != "" {
			lines = append(lines, one)
		}
	}
	return plain(strings.Join(lines, "\n"))
}
