// Package register takes in the register of a year that a body kept elsewhere (台账): from a
// workbook or CSV, as people keep them, with headings of every wording, merged cells, months on
// sheets of their own and a line of totals. A file is read into a plan, which says of every row
// what it would become or what is wrong with it; only then rows are taken in, each as one act.
// A register is full of personal data: it is held in memory alone and never logged.
package register

import (
	_ "embed"
	"encoding/json"
	"strings"
	"sync"

	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/i18n"
)

// Bounds of a file. A busy city answers some thousand requests a year.
const (
	MostBytes = 20 << 20
	MostRows  = 20_000
	mostUnzip = 256 << 20
	mostCols  = 200
	mostSheet = 60
	mostCell  = 4_000
	headRows  = 12 // how far down headings may stand
)

// Faults of files and rows.
var (
	ErrFile    = &fault.Error{Kind: fault.Invalid, Code: "register.file", Field: "file"}
	ErrLarge   = &fault.Error{Kind: fault.TooLarge, Code: "register.large", Field: "file"}
	ErrRows    = &fault.Error{Kind: fault.TooLarge, Code: "register.rows", Field: "file"}
	ErrHead    = &fault.Error{Kind: fault.Invalid, Code: "register.head", Field: "file"}
	ErrColumn  = &fault.Error{Kind: fault.Invalid, Code: "register.column"}
	ErrField   = &fault.Error{Kind: fault.Invalid, Code: "register.field"}
	ErrDate    = &fault.Error{Kind: fault.Invalid, Code: "register.date"}
	ErrNumber  = &fault.Error{Kind: fault.Invalid, Code: "register.number"}
	ErrKind    = &fault.Error{Kind: fault.Invalid, Code: "register.kind"}
	ErrChannel = &fault.Error{Kind: fault.Invalid, Code: "register.channel"}
	ErrOutcome = &fault.Error{Kind: fault.Invalid, Code: "register.outcome"}
	ErrAsk     = &fault.Error{Kind: fault.Invalid, Code: "register.ask"}
	ErrFormula = &fault.Error{Kind: fault.Invalid, Code: "register.formula"}
	ErrTwice   = &fault.Error{Kind: fault.Invalid, Code: "register.twice"}
	ErrNone    = &fault.Error{Kind: fault.Invalid, Code: "register.none"}
	ErrFaulty  = &fault.Error{Kind: fault.Invalid, Code: "register.faulty"}
	ErrGone    = &fault.Error{Kind: fault.NotFound, Code: "register.gone"}
	ErrShelf   = &fault.Error{Kind: fault.TooLarge, Code: "register.shelf"}
	ErrBusy    = &fault.Error{Kind: fault.Conflict, Code: "register.busy"}
)

// Field is something a column may hold.
type Field string

// The fields, in the order forms show them.
const (
	No           Field = "no"
	Channel      Field = "channel"
	Received     Field = "received"
	Kind         Field = "kind"
	Name         Field = "name"
	IDNumber     Field = "id_number"
	Credit       Field = "credit"
	Contact      Field = "contact"
	Phone        Field = "phone"
	Address      Field = "address"
	Email        Field = "email"
	Sought       Field = "sought"
	Form         Field = "form"
	Way          Field = "way"
	Department   Field = "department"
	Notified     Field = "notified"
	Corrected    Field = "corrected"
	ExtendedBy   Field = "extended_by"
	ExtendedOn   Field = "extended_on"
	Third        Field = "third"
	ThirdSent    Field = "third_sent"
	ThirdReplied Field = "third_replied"
	Outcome      Field = "outcome"
	ClosedOn     Field = "closed_on"
	LetterNo     Field = "letter_no"
	Note         Field = "note"
)

// Fields lists the fields.
var Fields = []Field{No, Channel, Received, Kind, Name, IDNumber, Credit, Contact, Phone, Address, Email, Sought, Form, Way, Department,
	Notified, Corrected, ExtendedBy, ExtendedOn, Third, ThirdSent, ThirdReplied, Outcome, ClosedOn, LetterNo, Note}

// Required are those without which no row can be taken in. Those that Same may give for all rows
// need no column.
var Required = []Field{No, Channel, Received, Kind, Name, Sought, Outcome, ClosedOn}

var labels = map[Field]string{
	No: "register.field.no", Channel: "register.field.channel", Received: "register.field.received", Kind: "register.field.kind", Name: "register.field.name",
	IDNumber: "register.field.id_number", Credit: "register.field.credit", Contact: "register.field.contact", Phone: "register.field.phone",
	Address: "register.field.address", Email: "register.field.email", Sought: "register.field.sought", Form: "register.field.form", Way: "register.field.way",
	Department: "register.field.department", Notified: "register.field.notified", Corrected: "register.field.corrected",
	ExtendedBy: "register.field.extended_by", ExtendedOn: "register.field.extended_on", Third: "register.field.third", ThirdSent: "register.field.third_sent",
	ThirdReplied: "register.field.third_replied", Outcome: "register.field.outcome", ClosedOn: "register.field.closed_on",
	LetterNo: "register.field.letter_no", Note: "register.field.note",
}

// Message returns what people call the field.
func (f Field) Message() i18n.Message { return i18n.M(labels[f]) }

// ParseField finds the field that a person names, by its key or by what it is called.
func ParseField(s string) (Field, bool) {
	s = strings.TrimSpace(s)
	for _, f := range Fields {
		if s == string(f) || s == i18n.To(i18n.Chinese).Text(f.Message()) || s == i18n.To(i18n.English).Text(f.Message()) {
			return f, true
		}
	}
	return "", false
}

//go:embed heading.json
var headingFile []byte

//go:embed word.json
var wordFile []byte

// headings says which field a heading names, squeezed.
var headings = sync.OnceValue(func() map[string]Field {
	var all []struct {
		Field Field
		Names []string
	}
	if err := json.Unmarshal(headingFile, &all); err != nil {
		panic(err)
	}
	by := map[string]Field{}
	for _, one := range all {
		for _, name := range one.Names {
			by[squeeze(name)] = one.Field
		}
	}
	return by
})

// words are how registers word kinds, channels, ways and results.
var words = sync.OnceValue(func() (w struct {
	Kinds    map[foi.Kind][]string
	Groups   []string
	Channels map[foi.Channel][]string
	Forms    map[foi.Form][]string
	Ways     map[foi.Way][]string
	Open     []string
	Outcomes []struct {
		Code    outcome.Code
		Variant string
		Has     []string
	}
	Exact    map[string]outcome.Code
	GroupsOf map[string][]outcome.Code
}) {
	if err := json.Unmarshal(wordFile, &w); err != nil {
		panic(err)
	}
	squeezeAll(w.Groups)
	squeezeAll(w.Open)
	for i := range w.Outcomes {
		squeezeAll(w.Outcomes[i].Has)
	}
	for _, names := range w.Kinds {
		squeezeAll(names)
	}
	for _, names := range w.Channels {
		squeezeAll(names)
	}
	for _, names := range w.Forms {
		squeezeAll(names)
	}
	for _, names := range w.Ways {
		squeezeAll(names)
	}
	w.Exact, w.GroupsOf = squeezeKeys(w.Exact), squeezeKeys(w.GroupsOf)
	return w
})

func squeezeAll(all []string) {
	for i, s := range all {
		all[i] = squeeze(s)
	}
}

func squeezeKeys[T any](all map[string]T) map[string]T {
	out := make(map[string]T, len(all))
	for k, v := range all {
		out[squeeze(k)] = v
	}
	return out
}

// squeeze makes texts comparable: no spaces, no punctuation, letters and figures of usual width.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		case r == '　':
			return -1
		}
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		if strings.ContainsRune(" \t\r\n\u00a0*:()[]【】“”\"'、，,。./·-—_—;；\ufeff", r) {
			return -1
		}
		return r
	}, s)
}

// Answer is what a text in the column of results means.
type Answer struct {
	Code    outcome.Code // "" with Open
	Variant string
	Open    bool // not answered yet
}

// OutcomeOf tells which result a text of a register means. A text that may mean several, or says
// only the group, comes back with the candidates; one that nobody knows with none.
func OutcomeOf(text string) (a Answer, candidates []outcome.Code, ok bool) {
	w, s := words(), squeeze(text)
	for _, open := range w.Open {
		if s == open {
			return Answer{Open: true}, nil, true
		}
	}
	if code, ok := w.Exact[s]; ok {
		return Answer{Code: code}, nil, true
	}
	if _, known := outcome.Of(outcome.Code(strings.TrimSpace(text))); known {
		return Answer{Code: outcome.Code(strings.TrimSpace(text))}, nil, true
	}
	var found []Answer
	for _, o := range w.Outcomes {
		if says(s, o.Has) && !has(found, o.Code) {
			found = append(found, Answer{Code: o.Code, Variant: o.Variant})
		}
	}
	switch found = settle(found, s); {
	case len(found) == 1:
		return found[0], nil, true
	case len(found) > 1:
		for _, f := range found {
			candidates = append(candidates, f.Code)
		}
		return a, candidates, false
	}
	for group, codes := range w.GroupsOf {
		if strings.Contains(s, group) && len(codes) > len(candidates) {
			candidates = codes
		}
	}
	return a, candidates, false
}

func has(all []Answer, c outcome.Code) bool {
	for _, a := range all {
		if a.Code == c {
			return true
		}
	}
	return false
}

// says reports whether a text holds one of some phrases, not denied: 不予以公开 is no 予以公开.
func says(s string, phrases []string) bool {
	for _, p := range phrases {
		for from := 0; ; {
			i := strings.Index(s[from:], p)
			if i < 0 {
				break
			}
			if before := s[:from+i]; !strings.HasSuffix(before, "不") && !strings.HasSuffix(before, "未") && !strings.HasSuffix(before, "非") {
				return true
			}
			from += i + len(p)
		}
	}
	return false
}

// settle leaves the result that decides where a text names several: who discloses in part says in
// the same breath what is withheld and why; who says that something is refused gives the ground.
func settle(found []Answer, s string) []Answer {
	only := func(keep func(outcome.Code) bool) []Answer {
		var kept []Answer
		for _, a := range found {
			if keep(a.Code) {
				kept = append(kept, a)
			}
		}
		return kept
	}
	if has(found, outcome.Partial) {
		return only(func(c outcome.Code) bool { return c == outcome.Partial })
	}
	if len(found) > 1 {
		if leaves := only(func(c outcome.Code) bool { return c != outcome.Open && c != outcome.Public }); len(leaves) > 0 && !strings.Contains(s, "予以公开") {
			found = leaves
		} else if has(found, outcome.Public) && has(found, outcome.Open) && len(found) == 2 {
			found = only(func(c outcome.Code) bool { return c == outcome.Public })
		}
	}
	return found
}

// oneOf finds the word of a list that a text is.
func oneOf[T ~string](all map[T][]string, text string) (T, bool) {
	s := squeeze(text)
	for code, names := range all {
		if s == string(code) {
			return code, true
		}
		for _, n := range names {
			if s == n {
				return code, true
			}
		}
	}
	return "", false
}

// kindOf tells what an applicant is. 法人或者其他组织 says too little.
func kindOf(text string) (foi.Kind, bool) { return oneOf(words().Kinds, lastPart(text)) }

// lastPart is what stands behind the group in 法人或者其他组织-商业企业.
func lastPart(text string) string {
	s := squeeze(text)
	for _, g := range words().Groups {
		if rest, ok := strings.CutPrefix(s, g); ok && rest != "" {
			return rest
		}
	}
	return s
}

// Count is a file's requests as table three has them, in one year: by row and by column of the
// table, the last column the total.
type Count struct {
	Year           int
	New, Carried   [7]int // received in the year; received before and not closed by then
	Done           map[string][7]int
	Sum, Remaining [7]int // answered in the year; not answered by its end
}

// CountOf counts the entries of a plan for a year.
func CountOf(entries []foi.Entry, year int) Count {
	c := Count{Year: year, Done: map[string][7]int{}}
	first, last := date.Must(year, 1, 1), date.Must(year, 12, 31)
	for _, e := range entries {
		add := func(row *[7]int) {
			for i, k := range foi.Kinds {
				if k == e.Application.Applicant.Kind {
					row[i]++
					row[6]++
				}
			}
		}
		closed := !e.ClosedOn.IsZero()
		switch {
		case e.Received.After(last) || closed && e.ClosedOn.Before(first):
			continue
		case e.Received.Before(first):
			add(&c.Carried)
		default:
			add(&c.New)
		}
		if o, ok := outcome.Of(e.Outcome); ok && closed && !e.ClosedOn.After(last) {
			row := c.Done[o.Key]
			add(&row)
			c.Done[o.Key] = row
			add(&c.Sum)
			continue
		}
		add(&c.Remaining)
	}
	return c
}
