package docno

import (
	"slices"
	"strings"

	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/i18n"
)

// Context is what is known about the document a number stands on.
type Context struct {
	Codes  []string  // the codes (代字) the body uses; none are not checked
	Issued date.Date // 成文日期
	Today  date.Date // a number of a later year cannot be
}

// Check reads a number and holds it against its document.
func Check(text string, c Context) Reading {
	r := Parse(text)
	if !r.OK {
		return r
	}
	n := r.Number
	if n.Year > 0 && !c.Today.IsZero() && n.Year > c.Today.Year() {
		r.add(check.Error, i18n.M("docno.future", "year", n.Year))
	} else if n.Year > 0 && !c.Issued.IsZero() && n.Year != c.Issued.Year() {
		r.add(check.Warning, i18n.M("docno.other_year", "year", n.Year, "issued", c.Issued))
	}
	if len(c.Codes) > 0 && !slices.ContainsFunc(c.Codes, func(code string) bool { return strings.HasPrefix(n.Code, code) }) {
		r.add(check.Warning, i18n.M("docno.other_code", "code", n.Code, "codes", c.Codes))
	}
	return r
}

func (r *Reading) add(s check.Severity, m i18n.Message) {
	r.Faults = append(r.Faults, Fault{Severity: s, Cite: layout, Message: m})
}
