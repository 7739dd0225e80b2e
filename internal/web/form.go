package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// The faults of single fields.
var (
	// ErrRequired says that a field was left empty.
	ErrRequired = &fault.Error{Kind: fault.Invalid, Code: "web.form.required"}
	// ErrNumber says that a field wants a whole number.
	ErrNumber = &fault.Error{Kind: fault.Invalid, Code: "web.form.number"}
	// ErrDate says that a field wants a day of the calendar.
	ErrDate = &fault.Error{Kind: fault.Invalid, Code: "web.form.date"}
	// ErrChoice says that a value is none of those offered.
	ErrChoice = &fault.Error{Kind: fault.Invalid, Code: "web.form.choice"}
	// ErrTooLong says that a text has more characters than its field takes.
	ErrTooLong = &fault.Error{Kind: fault.Invalid, Code: "web.form.too_long"}
	// ErrUnreadable says that what the browser sent is no form.
	ErrUnreadable = &fault.Error{Kind: fault.Invalid, Code: "web.form.unreadable"}
	// ErrFormSize says that a form or upload was larger than its page takes.
	ErrFormSize = &fault.Error{Kind: fault.TooLarge, Code: "web.form.size"}
)

// Faults are all the things wrong with one form, each at its field.
type Faults []*fault.Error

// Error joins the messages.
func (f Faults) Error() string {
	texts := make([]string, len(f))
	for i, one := range f {
		texts[i] = one.Error()
	}
	return strings.Join(texts, " ")
}

// Unwrap lets errors.Is and fault.KindOf see each of them.
func (f Faults) Unwrap() []error {
	errs := make([]error, len(f))
	for i, one := range f {
		errs[i] = one
	}
	return errs
}

// At returns what is wrong with a field, nil if nothing is. Field "" has what belongs to
// the form as a whole.
func (f Faults) At(field string) *fault.Error {
	for _, one := range f {
		if one.Field == field {
			return one
		}
	}
	return nil
}

// FaultsOf gathers every fault err holds, however wrapped or joined.
func FaultsOf(err error) Faults {
	switch e := err.(type) {
	case nil:
		return nil
	case *fault.Error:
		return Faults{e}
	case interface{ Unwrap() []error }:
		var all Faults
		for _, one := range e.Unwrap() {
			all = append(all, FaultsOf(one)...)
		}
		return all
	}
	return FaultsOf(errors.Unwrap(err))
}

// Form reads fields of a submitted form and gathers what is wrong with them, so that a
// person sees all of it at once.
type Form struct {
	values url.Values
	faults Faults
}

// formMemory is how much of an upload is held in memory; the rest waits on disk.
const formMemory = 8 << 20

// ReadForm reads what was posted. Values in the address are not looked at.
func ReadForm(r *http.Request) *Form {
	err := r.ParseForm()
	if err == nil {
		err = r.ParseMultipartForm(formMemory)
	}
	if errors.Is(err, http.ErrNotMultipart) {
		err = nil
	}
	mend(r.PostForm)
	f := &Form{values: r.PostForm}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		f.Fail(ErrFormSize)
	case err != nil:
		f.Fail(unreadable(err))
	}
	return f
}

// unreadable tells a form that is none from one that the machine had no room for: large uploads
// wait on its disk.
func unreadable(err error) *fault.Error {
	var known *fault.Error
	if errors.As(db.Explain(err), &known) {
		return known
	}
	return ErrUnreadable.Because(err)
}

// ReadQuery reads the fields of an address, as a list's filter sends them.
func ReadQuery(r *http.Request) *Form { return &Form{values: r.URL.Query()} }

// Fail notes a fault; nil is none.
func (f *Form) Fail(err *fault.Error) {
	if err != nil {
		f.faults = append(f.faults, err)
	}
}

// Err returns what was wrong so far, nil if nothing was.
func (f *Form) Err() error {
	if len(f.faults) == 0 {
		return nil
	}
	return f.faults
}

// Has reports whether the field was sent at all.
func (f *Form) Has(name string) bool { return f.values.Has(name) }

// Raw returns a value as it was sent, for passwords.
func (f *Form) Raw(name string) string { return f.values.Get(name) }

// Text returns a value without surrounding space, its lines ended by \n and without
// characters that cannot be seen.
func (f *Form) Text(name string) string { return clean(f.values.Get(name)) }

func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// Need returns the text of a field that must not be empty.
func (f *Form) Need(name string) string {
	s := f.Text(name)
	if s == "" {
		f.Fail(ErrRequired.At(name))
	}
	return s
}

// AtMost returns a text of no more than limit characters.
func (f *Form) AtMost(name string, limit int) string {
	s := f.Text(name)
	if n := utf8.RuneCountInString(s); n > limit {
		f.Fail(ErrTooLong.At(name).With("limit", limit).With("n", n))
	}
	return s
}

// Int returns a whole number, 0 for an empty field.
func (f *Form) Int(name string) int { return int(f.Int64(name)) }

// Int64 returns a whole number, 0 for an empty field.
func (f *Form) Int64(name string) int64 {
	s := halfWidth(f.Text(name))
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		f.Fail(ErrNumber.At(name))
	}
	return n
}

// Bool reports whether a box was ticked.
func (f *Form) Bool(name string) bool {
	s := f.values.Get(name)
	return s != "" && s != "0" && s != "false"
}

// List returns every value of a field, cleaned, without the empty ones.
func (f *Form) List(name string) []string {
	var all []string
	for _, s := range f.values[name] {
		if s = clean(s); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// Choice returns a value that must be one of those allowed; an empty one is let pass.
func (f *Form) Choice(name string, allowed ...string) string {
	s := f.Text(name)
	if s != "" && !slices.Contains(allowed, s) {
		f.Fail(ErrChoice.At(name))
		return ""
	}
	return s
}

// Date returns a civil day, the zero one for an empty field. A browser's date field sends
// 2026-11-23; people also write 2026年11月23日, 2026/11/23, 2026.11.23 and 20261123.
func (f *Form) Date(name string) date.Date {
	s := halfWidth(f.Text(name))
	if s == "" {
		return date.Date{}
	}
	d, ok := parseDay(s)
	if !ok {
		f.Fail(ErrDate.At(name))
	}
	return d
}

var dayMarks = strings.NewReplacer("年", "-", "月", "-", "日", "", "/", "-", ".", "-", " ", "")

func parseDay(s string) (date.Date, bool) {
	if len(s) == 8 && strings.Trim(s, "0123456789") == "" {
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	parts := strings.Split(dayMarks.Replace(s), "-")
	if len(parts) != 3 || len(parts[0]) != 4 {
		return date.Date{}, false
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil {
			return date.Date{}, false
		}
		n[i] = v
	}
	return date.New(n[0], n[1], n[2])
}

// halfWidth turns the wide figures and signs of a Chinese input method into plain ones.
func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, s)
}
