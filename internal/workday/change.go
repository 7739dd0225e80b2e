package workday

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/internal/date"
	"gongkai/internal/fault"
)

// ReadAny reads a notice in any of its forms: the text of the State Council's office, lines as
// Lines has them, or the JSON that ParseNotice reads. Year is the notice's, 0 where it says so
// itself.
func ReadAny(text []byte, year int, known *Calendar) (Wording, []*fault.Error) {
	if !utf8.Valid(text) { // older editors save Chinese text so
		if plain, err := simplifiedchinese.GB18030.NewDecoder().Bytes(text); err == nil {
			text = plain
		}
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	word := bytes.Fields(text)
	if len(word) > 0 && word[0][0] == '{' {
		n, faults := ParseNotice(text)
		return Wording{Notice: n}, faults
	}
	if len(word) == 0 || !isOffWord(string(word[0])) {
		return ReadWording(string(text), year, known)
	}
	if year == 0 {
		return Wording{}, []*fault.Error{ErrWhichYear}
	}
	set, faults := Lines(year, "", string(text))
	if len(faults) > 0 {
		return Wording{}, faults
	}
	n, faults := ParseNotice(set)
	return Wording{Notice: n}, faults
}

// isOffWord reports whether a line of Lines may begin with the word.
func isOffWord(word string) bool {
	_, known := offWords[word]
	return known
}

// Differs returns the days that would be working days, or days off, in place of what they are
// now if n were loaded.
func (c *Calendar) Differs(n Notice) []date.Date {
	with := c.With(n)
	old, _ := c.Notice(n.Year)
	var all []date.Date
	for _, d := range append(slices.Clone(old.Days), n.Days...) {
		if c.IsWorkday(d.Date) != with.IsWorkday(d.Date) && !slices.Contains(all, d.Date) {
			all = append(all, d.Date)
		}
	}
	slices.SortFunc(all, date.Date.Compare)
	return all
}
