package extract

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	xunicode "golang.org/x/text/encoding/unicode"
)

// The encodings of Chinese text sources.
const (
	utf8Name    = "UTF-8"
	gbName      = "GB18030"
	utf16LEName = "UTF-16LE"
	utf16BEName = "UTF-16BE"
)

// guess tells the encoding of a text that does not state it: a byte order mark, then valid
// UTF-8, then what can only be UTF-16, and else GB18030, of which GB2312 and GBK are parts.
// Statistical guessers were tried and call short Chinese texts windows-1252.
func guess(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		return utf8Name
	case bytes.HasPrefix(data, []byte("\xFF\xFE")):
		return utf16LEName
	case bytes.HasPrefix(data, []byte("\xFE\xFF")):
		return utf16BEName
	}
	sample := data[:min(len(data), 64<<10)]
	if bytes.IndexByte(sample, 0) < 0 && nearlyUTF8(data) {
		return utf8Name
	}
	le, be := plausible(sample, false), plausible(sample, true)
	switch {
	case le >= 0.9 && le > be:
		return utf16LEName
	case be >= 0.9 && be > le:
		return utf16BEName
	case nearlyUTF8(data):
		return utf8Name
	}
	return gbName
}

// nearlyUTF8 reports whether data is UTF-8 but for what truncation or a few bad bytes broke:
// at most one bad byte to fifty good characters beyond ASCII.
func nearlyUTF8(data []byte) bool {
	if utf8.Valid(data) {
		return true
	}
	good, bad := 0, 0
	for len(data) > 0 {
		c, n := utf8.DecodeRune(data)
		switch {
		case c == utf8.RuneError && n == 1:
			bad++
		case c >= utf8.RuneSelf:
			good++
		}
		data = data[n:]
	}
	return good >= 50*bad
}

// plausible returns the share of 16-bit units that Chinese texts are made of.
func plausible(data []byte, bigEndian bool) float64 {
	units, good := len(data)/2, 0
	if units < 2 {
		return 0
	}
	for i := range units {
		u := uint16(data[2*i]) | uint16(data[2*i+1])<<8
		if bigEndian {
			u = u<<8 | u>>8
		}
		if common(rune(u)) {
			good++
		}
	}
	return float64(good) / float64(units)
}

// common reports whether c is usual in Chinese texts.
func common(c rune) bool {
	switch {
	case c == '\t', c == '\n', c == '\r', c == '\f', c >= ' ' && c < 0x7F:
		return true
	case c >= 0x2010 && c <= 0x2027, c >= 0x2460 && c <= 0x2473, c >= 0x3000 && c <= 0x3020:
		return true
	case c >= 0x4E00 && c <= 0x9FA5, c >= 0xFF01 && c <= 0xFF5E, c == 0xA0, c == 0xFEFF:
		return true
	}
	return false
}

// decode turns data into text by the encoding called name; what it cannot decode becomes
// U+FFFD.
func decode(data []byte, name string) string {
	var e encoding.Encoding
	switch name {
	case utf8Name:
		data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
		return strings.ToValidUTF8(string(data), "\uFFFD")
	case utf16LEName:
		e = xunicode.UTF16(xunicode.LittleEndian, xunicode.UseBOM)
	case utf16BEName:
		e = xunicode.UTF16(xunicode.BigEndian, xunicode.UseBOM)
	case gbName:
		e = simplifiedchinese.GB18030
	default:
		e, _ = htmlindex.Get(name)
	}
	if e == nil {
		e = simplifiedchinese.GB18030
	}
	text, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	return string(text)
}

// declared returns the encoding a source names itself by, in our spelling. Everything of
// the GB family is read as GB18030, which holds it all; a UTF-16 claim is left to guess,
// because a claim readable as ASCII cannot be true.
func declared(label string) string {
	e, err := htmlindex.Get(strings.TrimSpace(label))
	if err != nil {
		return ""
	}
	name, err := htmlindex.Name(e)
	switch {
	case err != nil, strings.HasPrefix(name, "utf-16"):
		return ""
	case name == "utf-8":
		return utf8Name
	case name == "gbk", name == "gb18030":
		return gbName
	}
	return name
}

// garbled reports whether text lost characters in decoding.
func garbled(text string) bool { return strings.ContainsRune(text, utf8.RuneError) }

// binary reports whether text holds control characters no text has: one in a hundred.
func binary(text string) bool {
	sample := text[:min(len(text), 64<<10)]
	n, odd := 0, 0
	for _, c := range sample {
		n++
		if c == utf8.RuneError || c < ' ' && !unicode.IsSpace(c) {
			odd++
		}
	}
	return odd*20 > n
}

// clean drops what no reader sees: marks of byte order, zero-width characters, soft hyphens,
// NULs.
func clean(text string) string {
	return strings.Map(func(c rune) rune {
		switch c {
		case 0, '\uFEFF', '\u200B', '\u200C', '\u200D', '\u2060', '\u00AD', '\u200E', '\u200F':
			return -1
		}
		return c
	}, text)
}

// utf16LE encodes an ASCII name as directories of old Office files do.
func utf16LE(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}
