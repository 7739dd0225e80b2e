package credit

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
	"gongkai/internal/disclosure/docno"
	"gongkai/internal/fault"
)

// RowFault is what is wrong with one row of a file.
type RowFault struct {
	Row   int    // counted from 1 as spreadsheets do
	Label string // the column, "" for the row as a whole
	Fault *fault.Error
}

// read makes a decision of a row. Personal fields are left out and never kept.
func (t *table) read(kind Kind, n int, today date.Date) (*Decision, []RowFault) {
	d := &Decision{Kind: kind, State: Recorded, Fields: map[string]string{}}
	var faults []RowFault
	row, at := t.rows[n], t.first+n
	add := func(label string, f *fault.Error) {
		faults = append(faults, RowFault{at, label, f.With("row", at).With("column", label)})
	}
	certificate := false
	for i, c := range t.columns {
		text := ""
		if i < len(row) {
			text = strings.TrimSpace(row[i])
		}
		switch {
		case c.Personal:
			certificate = certificate || text != ""
			continue
		case text == "" && c.Required:
			add(c.Label, ErrLacks)
		case utf8.RuneCountInString(text) > maxLetter:
			add(c.Label, ErrRowLong.With("most", maxLetter))
		case text != "":
			if value, f := c.value(text); f != nil {
				add(c.Label, f.With("text", text))
			} else {
				d.Fields[c.Code] = value
			}
		}
	}
	if len(faults) == 0 {
		faults = d.settle(meanings[kind], certificate, today, add, &faults)
	}
	return d, faults
}

// value reads a field's text by its type and writes it in one form.
func (c Column) value(text string) (string, *fault.Error) {
	switch c.Type {
	case Day:
		d, ok := readDay(text)
		if !ok {
			return "", ErrRowDay
		}
		return d.String(), nil
	case Amount:
		v, err := decimal.Parse(strings.TrimSuffix(strings.TrimSuffix(text, "万元"), "万"))
		if err != nil || v < 0 {
			return "", ErrRowAmount
		}
		return v.String(), nil
	}
	return text, nil
}

var dayShape = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?( 0{1,2}:00(:00)?)?$`)

// readDay reads a day as people and spreadsheets write it: 2026-09-28, 2026/9/28, 2026年9月28日,
// 20260928, or the number of days since 1899-12-30 that a workbook holds.
func readDay(text string) (date.Date, bool) {
	if m := dayShape.FindStringSubmatch(text); m != nil {
		y, _ := strconv.Atoi(m[1])
		mo, _ := strconv.Atoi(m[2])
		d, _ := strconv.Atoi(m[3])
		return date.New(y, mo, d)
	}
	n, err := strconv.Atoi(strings.TrimSuffix(text, ".0"))
	switch {
	case err != nil:
		return date.Date{}, false
	case len(text) == 8:
		return date.New(n/10000, n/100%100, n%100)
	case n > 20000 && n < 80000: // 1954 to 2119
		return date.Must(1899, 12, 30).Plus(n), true
	}
	return date.Date{}, false
}

// settle moves what the product itself reads out of the fields, and checks it.
func (d *Decision) settle(m meaning, certificate bool, today date.Date, add func(string, *fault.Error), faults *[]RowFault) []RowFault {
	take := func(code string) string {
		text := d.Fields[code]
		delete(d.Fields, code)
		return text
	}
	label := func(code string) string {
		c, _ := columnOf(d.Kind, code)
		return c.Label
	}
	d.Name, d.No, d.Reason = take(m.name), tidyNo(take(m.no)), take(m.reason)
	d.DecidedOn, _ = date.Parse(take(m.day))
	if d.DecidedOn.After(today) {
		add(label(m.day), ErrRowFuture)
	}
	if d.Reason != "" {
		d.State = Withheld
	}
	if fine := d.Fields[m.fine]; fine != "" {
		d.Fine, _ = decimal.Parse(fine)
	}
	d.who(m, certificate, add, label)
	if from, to := d.Fields[m.from], d.Fields[m.to]; from != "" && to != "" && to < from {
		add(label(m.to), ErrRowOrder)
	}
	return *faults
}

// who tells natural persons from organisations: by the stated category, else by the codes.
func (d *Decision) who(m meaning, certificate bool, add func(string, *fault.Error), label func(string) string) {
	category, code := d.Fields[m.category], strings.ToUpper(d.Fields[m.code])
	others := ""
	for _, suffix := range []string{"_XDR_GSZC", "_XDR_ZZJG", "_XDR_SWDJ", "_XDR_SYDW", "_XDR_SHZZ"} {
		others += d.Fields[m.name[:2]+suffix]
	}
	switch {
	case strings.Contains(category, "自然人"):
		d.Natural = true
	case category == "" && code == "" && others == "" && certificate:
		d.Natural = true
	case code != "" && !agency.ValidCredit(code):
		add(label(m.code), ErrRowCode.With("text", code))
	case code == "" && others == "":
		add(label(m.code), ErrRowNoCode)
	}
	if code != "" {
		d.Fields[m.code] = code
	}
	if d.Natural { // a natural person's fields hold nothing that identifies but the name
		for code, text := range d.Fields {
			d.Fields[code] = strings.ReplaceAll(hide(text), d.Name, Mask(d.Name))
		}
	}
}

// identity finds identity card and mobile numbers inside a text.
var identity = regexp.MustCompile(`\d{17}[\dXx]|\b1[3-9]\d{9}\b`)

func hide(text string) string {
	return identity.ReplaceAllStringFunc(text, func(s string) string { return strings.Repeat("*", len(s)) })
}

// tidyNo writes a number as GB/T 9704 has it where it can be read, so that the same decision is
// known again whatever brackets it was typed with.
func tidyNo(text string) string {
	if r := docno.Parse(text); r.OK {
		return r.Number.String()
	}
	return strings.Join(strings.Fields(text), "")
}
