package cli

import (
	"bufio"
	"io"
	"os"
	"strings"
	"unicode"

	"golang.org/x/term"
	xwidth "golang.org/x/text/width"
)

// painter writes lines, in colour where a person watches a terminal.
type painter struct {
	w        *bufio.Writer
	terminal bool
	colour   bool
	columns  int   // of the terminal, 0 if there is none
	lines    int   // written so far
	failed   error // the first failed write
}

// newPainter asks whether w is a terminal. NO_COLOR (no-color.org) and TERM=dumb turn
// colour off.
func newPainter(w io.Writer, environ []string) *painter {
	p := &painter{w: bufio.NewWriter(w), terminal: isTerminal(w)}
	p.columns = columnsOf(w)
	p.colour = p.terminal && lookup(environ, "NO_COLOR") == "" && lookup(environ, "TERM") != "dumb"
	return p
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// columnsOf returns how wide the terminal behind w is, 0 if there is none.
func columnsOf(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return columns
}

// narrowest is the fewest columns worth wrapping text into.
const narrowest = 20

// hang prints text behind a prefix of by columns, and on a terminal its further lines under
// its first. What goes to a file or another program stays one line.
func (p *painter) hang(prefix string, by int, text string) {
	lines := []string{text}
	if p.columns >= by+narrowest {
		lines = wrap(text, p.columns-by)
	}
	p.line(prefix + lines[0])
	for _, l := range lines[1:] {
		p.line(strings.Repeat(" ", by) + l)
	}
}

func (p *painter) line(text string) {
	p.lines++
	if _, err := p.w.WriteString(text + "\n"); err != nil && p.failed == nil {
		p.failed = err
	}
}

// flush writes out what was buffered and returns the first error of all writes.
func (p *painter) flush() error {
	if err := p.w.Flush(); p.failed == nil {
		p.failed = err
	}
	return p.failed
}

func (p *painter) paint(code, text string) string {
	if !p.colour || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p *painter) bold(text string) string   { return p.paint("1", text) }
func (p *painter) dim(text string) string    { return p.paint("2", text) }
func (p *painter) red(text string) string    { return p.paint("31", text) }
func (p *painter) green(text string) string  { return p.paint("32", text) }
func (p *painter) yellow(text string) string { return p.paint("33", text) }
func (p *painter) blue(text string) string   { return p.paint("36", text) }

// width returns the columns text takes on a terminal: two for each wide or full-width
// character (East Asian Width, Unicode annex 11), none for combining marks.
func width(text string) int {
	n := 0
	for _, r := range text {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf), unicode.IsControl(r):
		return 0
	}
	switch xwidth.LookupRune(r).Kind() {
	case xwidth.EastAsianWide, xwidth.EastAsianFullwidth:
		return 2
	}
	return 1
}

// pad fills text with spaces on the right up to n columns.
func pad(text string, n int) string { return text + strings.Repeat(" ", max(0, n-width(text))) }

// padLeft fills text with spaces on the left up to n columns.
func padLeft(text string, n int) string { return strings.Repeat(" ", max(0, n-width(text))) + text }

// wrap breaks text into lines of at most n columns: between any two wide characters, but
// not inside a word or number, and never before closing punctuation.
func wrap(text string, n int) []string {
	var lines []string
	var line, word strings.Builder
	lineWidth, wordWidth := 0, 0
	push := func() {
		if lineWidth > 0 && lineWidth+wordWidth > n {
			lines = append(lines, strings.TrimRight(line.String(), " "))
			line.Reset()
			lineWidth = 0
		}
		line.WriteString(word.String())
		lineWidth += wordWidth
		word.Reset()
		wordWidth = 0
	}
	after := ' '
	for _, r := range text {
		if breaksBefore(r) && !strings.ContainsRune("（《「『“‘【〔", after) {
			push()
		}
		after = r
		word.WriteRune(r)
		wordWidth += runeWidth(r)
		if r == ' ' {
			push()
		}
	}
	push()
	if lineWidth > 0 || len(lines) == 0 {
		lines = append(lines, strings.TrimRight(line.String(), " "))
	}
	return lines
}

// breaksBefore reports whether a line may begin with r.
func breaksBefore(r rune) bool {
	return runeWidth(r) == 2 && !strings.ContainsRune("，。、；：？！）》」』”’％】〕", r)
}

// clean replaces control characters in words from a file, which could otherwise move the
// cursor or recolour the terminal of whoever reads them.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		if unicode.IsControl(r) {
			return '\ufffd'
		}
		return r
	}, text)
}
