package workday

import (
	"bytes"
	"slices"

	"gongkai/internal/date"
	"gongkai/internal/fault"
)

// ReadAny reads a notice in any of its forms: the text of the State Council's office, or the
// JSON that ParseNotice reads.
func ReadAny(text []byte, year int, known *Calendar) (Wording, []*fault.Error) {
	if bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))), []byte("{")) {
		n, faults := ParseNotice(text)
		return Wording{Notice: n}, faults
	}
	return ReadWording(string(text), year, known)
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
