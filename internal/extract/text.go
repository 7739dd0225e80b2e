package extract

import "strings"

// readText reads a plain text: each line is a block, kept as it is.
func readText(r *reading) error {
	if len(r.data) > r.limit.Markup {
		return tooLarge(int64(len(r.data)), int64(r.limit.Markup))
	}
	r.doc.Charset = guess(r.data)
	text := decode(r.data, r.doc.Charset)
	if garbled(text) {
		r.note(NoteGarbled)
	}
	r.lines(text)
	return nil
}

// newlines are the line ends of all systems, and the separators Word leaves when pasted.
var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\v", "\n", "\u0085", "\n")

// lines adds a text line by line. A form feed turns the page; the line numbers are those an
// editor shows, so a form feed within a line parts it into two blocks of one number.
func (r *reading) lines(text string) {
	text = strings.TrimRight(clean(newlines.Replace(text)), "\n\f")
	if strings.Contains(text, "\f") {
		r.turn(1)
	}
	for line := range strings.SplitSeq(text, "\n") {
		r.lineNo++
		for i, part := range strings.Split(line, "\f") {
			if i > 0 {
				r.turn(r.page + 1)
			}
			if i == 0 || part != "" {
				r.pageLine(part, i == 0 && strings.HasPrefix(line, "\f"))
			}
		}
		if r.check() != nil {
			return
		}
	}
}

// pageLine adds a line unless it is only what stood before a form feed.
func (r *reading) pageLine(text string, beforeBreak bool) {
	if text == "" && beforeBreak {
		return
	}
	r.lineAt(text, r.lineNo)
}
