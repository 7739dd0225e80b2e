// Package index makes index numbers (索引号): by a template of each body's own, in one unbroken
// series a prefix and year, never given twice and never changed.
package index

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/fault"
)

// Token is a part of a template that is filled in.
type Token string

// The tokens. There is no national rule; these make all published layouts. R-IDX-02.
const (
	Org      Token = "org9"    // 组织机构代码, nine characters
	Credit   Token = "uscc"    // 统一社会信用代码, eighteen
	Region   Token = "region6" // 行政区划代码, six digits
	Dept     Token = "dept"    // the office within the body; {dept:3} fixes its length
	Category Token = "cat"     // the category; {cat:2} fixes its length
	Year     Token = "yyyy"
	Month    Token = "yyyymm"
	Serial   Token = "seq" // {seq:5} is padded to five digits
)

// part is a token or a literal between tokens.
type part struct {
	token   Token // "" for a literal
	literal string
	width   int // 0: as long as the value
}

// Template is how a body numbers. The zero Template is none.
type Template struct {
	text  string
	parts []part
}

// String returns the template as it was written.
func (t Template) String() string { return t.text }

// IsZero reports whether t is no template.
func (t Template) IsZero() bool { return t.text == "" }

// Faults of templates.
var (
	ErrBrace   = &fault.Error{Kind: fault.Invalid, Code: "index.template.brace", Field: "template"}
	ErrToken   = &fault.Error{Kind: fault.Invalid, Code: "index.template.token", Field: "template"}
	ErrWidth   = &fault.Error{Kind: fault.Invalid, Code: "index.template.width", Field: "template"}
	ErrLiteral = &fault.Error{Kind: fault.Invalid, Code: "index.template.literal", Field: "template"}
	ErrSerial  = &fault.Error{Kind: fault.Invalid, Code: "index.template.serial", Field: "template"}
	ErrTwice   = &fault.Error{Kind: fault.Invalid, Code: "index.template.twice", Field: "template"}
	ErrYear    = &fault.Error{Kind: fault.Invalid, Code: "index.template.year", Field: "template"}
	ErrOwner   = &fault.Error{Kind: fault.Invalid, Code: "index.template.owner", Field: "template"}
	ErrBorder  = &fault.Error{Kind: fault.Invalid, Code: "index.template.border", Field: "template"}
	ErrLong    = &fault.Error{Kind: fault.Invalid, Code: "index.template.long", Field: "template"}
)

// The bounds of templates. The longest layout in the specification has 29 characters.
const (
	longest   = 80
	maxSerial = 9
	maxWidth  = 10
)

// widths are the tokens' own lengths.
var widths = map[Token]int{Org: 9, Credit: 18, Region: 6, Dept: 0, Category: 0, Year: 4, Month: 6, Serial: 0}

var literalShape = regexp.MustCompile(`^[0-9A-Za-z/._〔〕()（）-]+$`)

// ParseTemplate reads a template such as {org9}/{yyyy}-{seq:5} and says what is wrong with it.
func ParseTemplate(text string) (Template, error) {
	text = strings.TrimSpace(text)
	if len(text) > longest {
		return Template{}, ErrLong.With("most", longest)
	}
	t := Template{text: text}
	for rest := text; rest != ""; {
		p, tail, err := cutPart(rest)
		if err != nil {
			return Template{}, err
		}
		t.parts, rest = append(t.parts, p), tail
	}
	if err := t.check(); err != nil {
		return Template{}, err
	}
	return t, nil
}

// MustTemplate is ParseTemplate for constants; it panics on a fault.
func MustTemplate(text string) Template {
	t, err := ParseTemplate(text)
	if err != nil {
		panic(err)
	}
	return t
}

// cutPart takes the first literal or token off text.
func cutPart(text string) (part, string, error) {
	if text[0] != '{' {
		end := strings.IndexAny(text, "{}")
		if end < 0 {
			end = len(text)
		}
		if lit := text[:end]; literalShape.MatchString(lit) {
			return part{literal: lit}, text[end:], nil
		}
		if text[0] == '}' {
			return part{}, "", ErrBrace.With("text", text)
		}
		return part{}, "", ErrLiteral.With("text", text[:end])
	}
	inside, rest, closed := strings.Cut(text[1:], "}")
	if !closed || strings.Contains(inside, "{") {
		return part{}, "", ErrBrace.With("text", text)
	}
	p, err := parseToken(inside)
	return p, rest, err
}

// parseToken reads what stands in braces.
func parseToken(inside string) (part, error) {
	name, size, sized := strings.Cut(inside, ":")
	token := Token(name)
	own, known := widths[token]
	if !known {
		return part{}, ErrToken.With("token", "{"+inside+"}")
	}
	if !sized {
		if token == Serial {
			return part{}, ErrWidth.With("token", "{"+inside+"}")
		}
		return part{token: token, width: own}, nil
	}
	n, err := strconv.Atoi(size)
	limit := maxWidth
	if token == Serial {
		limit = maxSerial
	}
	if err != nil || own > 0 || n < 1 || n > limit {
		return part{}, ErrWidth.With("token", "{"+inside+"}")
	}
	return part{token: token, width: n}, nil
}

// check holds the template against what every number must have: one serial, a year, a mark of
// the body, and borders that let the number be taken apart again.
func (t Template) check() error {
	seen := map[Token]int{}
	for i, p := range t.parts {
		if p.token == "" {
			continue
		}
		if seen[p.token]++; seen[p.token] > 1 {
			return ErrTwice.With("token", "{"+string(p.token)+"}")
		}
		if open(p) && i+1 < len(t.parts) && !bordered(t.parts[i+1]) {
			return ErrBorder.With("token", "{"+string(p.token)+"}")
		}
	}
	switch {
	case seen[Serial] == 0:
		return ErrSerial
	case seen[Year]+seen[Month] != 1:
		return ErrYear
	case seen[Org]+seen[Credit]+seen[Region]+seen[Dept] == 0:
		return ErrOwner
	}
	return nil
}

// open reports whether a part is as long as its value.
func open(p part) bool { return p.token != "" && p.width == 0 }

// bordered reports whether p begins with a character that no value holds.
func bordered(p part) bool {
	return p.token == "" && strings.ContainsAny(p.literal[:1], "/._-(〔（")
}

// Fields are the values of a number's tokens but for the serial.
type Fields struct {
	Org      string // from Credit where empty
	Credit   string
	Region   string
	Dept     string
	Category string
	Date     date.Date // its year and month: of the document or of publication, as the body has it
}

// Faults of a number's values.
var (
	ErrMissing = &fault.Error{Kind: fault.Invalid, Code: "index.missing", Field: "index"}
	ErrValue   = &fault.Error{Kind: fault.Invalid, Code: "index.value", Field: "index"}
	ErrFull    = &fault.Error{Kind: fault.Conflict, Code: "index.full", Field: "index"}
)

// Format writes the number of a serial.
func (t Template) Format(f Fields, serial int64) (string, error) {
	var b strings.Builder
	for _, p := range t.parts {
		text := p.literal
		var err error
		if p.token == Serial {
			text, err = padded(serial, p.width)
		} else if p.token != "" {
			text, err = f.value(p)
		}
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

func padded(serial int64, width int) (string, error) {
	text := fmt.Sprintf("%0*d", width, serial)
	if len(text) > width || serial < 1 {
		return "", ErrFull.With("width", width)
	}
	return text, nil
}

var valueShape = regexp.MustCompile(`^[0-9A-Za-z]+$`)

// value returns a token's value, checked.
func (f Fields) value(p part) (string, error) {
	org := f.Org
	if org == "" {
		org = agency.OrgOf(f.Credit)
	}
	month := ""
	if !f.Date.IsZero() {
		month = fmt.Sprintf("%04d%02d", f.Date.Year(), f.Date.Month())
	}
	text := map[Token]string{
		Org: strings.ReplaceAll(org, "-", ""), Credit: f.Credit, Region: f.Region, Dept: f.Dept, Category: f.Category,
		Month: month, Year: month[:min(4, len(month))],
	}[p.token]
	token := "{" + string(p.token) + "}"
	switch {
	case text == "":
		return "", ErrMissing.With("token", token)
	case !valueShape.MatchString(text), p.width > 0 && len(text) != p.width,
		p.token == Org && !agency.ValidOrg(text) && !agency.Regional(text), p.token == Credit && !agency.ValidCredit(text):
		return "", ErrValue.With("token", token).With("value", text)
	}
	return text, nil
}

// series is what a serial counts within: the number without its serial and its date.
func (t Template) series(f Fields) (string, error) {
	var b strings.Builder
	for _, p := range t.parts {
		switch p.token {
		case "":
			b.WriteString(p.literal)
		case Serial, Year, Month:
			b.WriteString("*")
		default:
			text, err := f.value(p)
			if err != nil {
				return "", err
			}
			b.WriteString(text)
		}
	}
	return b.String(), nil
}

// Parts is a number taken apart.
type Parts struct {
	Fields Fields // Date is the first day of the year or month
	Serial int64
}

// Parse takes a number of this template apart, and reports false for another's.
func (t Template) Parse(number string) (Parts, bool) {
	m := t.shape().FindStringSubmatch(number)
	if m == nil {
		return Parts{}, false
	}
	var out Parts
	n := 0
	for _, p := range t.parts {
		if p.token == "" {
			continue
		}
		n++
		if !out.set(p.token, m[n]) {
			return Parts{}, false
		}
	}
	return out, true
}

// shape is the template as a pattern with a group for each token.
func (t Template) shape() *regexp.Regexp {
	var b strings.Builder
	b.WriteString("^")
	for _, p := range t.parts {
		class := "[0-9A-Za-z]"
		if slices.Contains([]Token{Year, Month, Serial, Region}, p.token) {
			class = "[0-9]"
		}
		switch {
		case p.token == "":
			b.WriteString(regexp.QuoteMeta(p.literal))
		case p.width == 0:
			b.WriteString("(" + class + "+)")
		default:
			fmt.Fprintf(&b, "(%s{%d})", class, p.width)
		}
	}
	return regexp.MustCompile(b.String() + "$")
}

// set keeps one token's text, and reports whether it can be that token's.
func (o *Parts) set(token Token, text string) bool {
	switch token {
	case Org:
		o.Fields.Org = text
	case Credit:
		o.Fields.Credit = text
	case Region:
		o.Fields.Region = text
	case Dept:
		o.Fields.Dept = text
	case Category:
		o.Fields.Category = text
	case Serial:
		n, err := strconv.ParseInt(text, 10, 64)
		o.Serial = n
		return err == nil && n > 0
	case Year, Month:
		month := 1
		if token == Month {
			month, _ = strconv.Atoi(text[4:])
		}
		year, _ := strconv.Atoi(text[:4])
		var ok bool
		o.Fields.Date, ok = date.New(year, month, 1)
		return ok
	}
	return true
}

// Presets are layouts in use, for choosing one: the State Council's and Jiangsu's, Guangdong's
// and Gansu's, Anhui's, Shaanxi's, 云南省民政厅's.
var Presets = []Template{
	MustTemplate("{org9}/{yyyy}-{seq:5}"),
	MustTemplate("{uscc}/{yyyy}-{seq:5}"),
	MustTemplate("{uscc}/{yyyymm}-{seq:5}"),
	MustTemplate("{region6}0000/{yyyy}-{seq:6}"),
	MustTemplate("{region6}{dept:3}{cat:2}{yyyy}{seq:6}"),
}
