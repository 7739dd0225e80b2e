package register

import (
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/i18n"
)

// Options are what a person says about a file.
type Options struct {
	// Map says which field a heading names; "" leaves its column out. What it does not name is told
	// by the headings themselves.
	Map map[string]Field
	// Outcomes says what a text in the column of results means.
	Outcomes map[string]outcome.Code
	// Same gives a field one value in all rows that have none: one channel, one kind.
	Same map[Field]string
	// Year fills in where a day names none.
	Year int
}

// Column is a heading with the field it was taken for, "" for none, and what stands in it first.
type Column struct {
	Heading string
	Field   Field
	Sample  string
}

// Fault is what is wrong with a row, and where.
type Fault struct {
	Heading string // "" where the row lacks a column
	Value   string // as it stands there; personal fields are left out
	Err     *fault.Error
}

// Row is a request of the file.
type Row struct {
	Sheet  string
	N      int // as the spreadsheet counts
	Entry  foi.Entry
	Faults []Fault
}

// Asked is a text in the column of results that a person must say the meaning of.
type Asked struct {
	Text       string
	Rows       int
	Candidates []outcome.Code // none: any
	Chosen     outcome.Code
}

// Plan is what would become of a file.
type Plan struct {
	Columns []Column
	Missing []Field // required, and neither a column nor one value for all
	Rows    []Row
	Asked   []Asked
	Notes   []i18n.Message
	Skipped int // lines of totals and remarks
}

// Good returns the rows without a fault.
func (p *Plan) Good() (all []Row) {
	for _, r := range p.Rows {
		if len(r.Faults) == 0 {
			all = append(all, r)
		}
	}
	return all
}

// Entries returns the entries of the rows without a fault.
func (p *Plan) Entries() (all []foi.Entry) {
	for _, r := range p.Good() {
		all = append(all, r.Entry)
	}
	return all
}

// planner makes a plan.
type planner struct {
	*Plan
	o     Options
	today date.Date
	seen  map[string]Row
	asked map[string]int // by text, index of Asked
}

// Plan says of every row what it would become. A file whose headings name no field is refused; one
// that lacks columns has a plan without rows that says which.
func (b *Book) Plan(o Options, today date.Date) (*Plan, error) {
	p := &planner{Plan: &Plan{Notes: slices.Clone(b.Notes)}, o: o, today: today, seen: map[string]Row{}, asked: map[string]int{}}
	have := map[Field]bool{}
	for f, v := range o.Same {
		have[f] = strings.TrimSpace(v) != ""
	}
	for _, s := range b.Sheets {
		if s.head == 0 {
			p.Notes = append(p.Notes, i18n.M("register.note.no_head", "name", s.Name))
			continue
		}
		for _, c := range p.columns(s) {
			have[c.Field] = true
			if !slices.ContainsFunc(p.Columns, func(o Column) bool { return o.Heading == c.Heading }) {
				p.Columns = append(p.Columns, c)
			}
		}
	}
	for heading := range o.Map {
		if !slices.ContainsFunc(p.Columns, func(c Column) bool { return c.Heading == heading }) {
			return nil, ErrColumn.With("column", heading)
		}
	}
	for _, f := range Required {
		if !have[f] {
			p.Missing = append(p.Missing, f)
		}
	}
	if len(p.Missing) > 0 {
		return p.Plan, nil
	}
	for _, s := range b.Sheets {
		if s.head > 0 {
			p.sheet(s)
		}
	}
	if len(p.Rows) == 0 {
		return nil, ErrNone
	}
	return p.Plan, nil
}

// columns says what each column of a sheet holds. A field is taken from the first column that
// names it; a person's word goes first.
func (p *planner) columns(s *Sheet) (all []Column) {
	taken := map[Field]bool{}
	for _, heading := range s.columns {
		if f := p.o.Map[heading]; f != "" {
			taken[f] = true
		}
	}
	for i, heading := range s.columns {
		c := Column{Heading: heading}
		if f, told := p.o.Map[heading]; told {
			c.Field = f
		} else if f, known := fieldOf(heading); known && !taken[f] {
			c.Field, taken[f] = f, true
		}
		for _, row := range s.rows[s.head:min(len(s.rows), s.head+20)] {
			if i < len(row) && row[i] != "" && c.Sample == "" {
				c.Sample = row[i]
			}
		}
		if heading != "" {
			all = append(all, c)
		}
	}
	return all
}

// values are the cells of one row by field, with their headings.
type values struct {
	text    map[Field]string
	heading map[Field]string
}

func (p *planner) sheet(s *Sheet) {
	columns := p.columns(s)
	for n := s.head; n < len(s.rows); n++ {
		row := s.rows[n]
		if blank(row) {
			continue
		}
		v := values{map[Field]string{}, map[Field]string{}}
		for i, heading := range s.columns {
			at := slices.IndexFunc(columns, func(c Column) bool { return c.Heading == heading && heading != "" })
			if at < 0 || columns[at].Field == "" {
				continue
			}
			f := columns[at].Field
			v.heading[f] = heading
			if i < len(row) && v.text[f] == "" {
				v.text[f] = row[i]
			}
		}
		if remark(row, v) {
			p.Skipped++
			continue
		}
		p.row(s, n+1, v)
	}
}

// remark reports whether a line is no request: totals, headings once more, who filled it in.
func remark(row []string, v values) bool {
	filled := 0
	for i, text := range row {
		if text != "" && (i == 0 || text != row[i-1]) {
			filled++
		}
		switch squeeze(text) {
		case "合计", "总计", "小计", "共计", "总数", "本页小计", "本年合计":
			return true
		}
	}
	for _, f := range []Field{No, Received, Name, Sought, Outcome, ClosedOn} {
		if v.text[f] != "" && v.text[f] == lastHeading(v.heading[f]) {
			return true
		}
	}
	return filled <= 2 && v.text[Received] == "" && v.text[Outcome] == "" && v.text[Sought] == "" || v.text[No] == "" && v.text[Received] == "" && v.text[Name] == "" && v.text[Outcome] == ""
}

func lastHeading(h string) string {
	if _, own, ok := strings.Cut(h, "·"); ok {
		return own
	}
	return h
}

// private are fields whose content no message repeats.
var private = []Field{Name, IDNumber, Credit, Contact, Phone, Address, Email}

// reader turns the cells of a row into an entry.
type reader struct {
	*planner
	s   *Sheet
	v   values
	row *Row
}

func (p *planner) row(s *Sheet, n int, v values) {
	for f, same := range p.o.Same {
		if strings.TrimSpace(v.text[f]) == "" {
			v.text[f] = same
		}
	}
	row := Row{Sheet: s.Name, N: n}
	r := reader{p, s, v, &row}
	for f, text := range v.text {
		if strings.HasPrefix(text, "=") {
			r.wrong(f, ErrFormula)
			v.text[f] = ""
		}
	}
	r.read()
	told := map[Field]bool{}
	for _, f := range row.Faults {
		told[r.fieldAt(f.Heading)] = true
	}
	for _, f := range row.Entry.Check(p.today) {
		if at := fieldOfFault(f); !told[at] {
			told[at] = true
			r.wrong(at, f)
		}
	}
	if first, twice := p.seen[row.Entry.No]; twice && row.Entry.No != "" {
		r.wrong(No, ErrTwice.With("sheet", first.Sheet).With("row", first.N))
	} else {
		p.seen[row.Entry.No] = row
	}
	p.Rows = append(p.Rows, row)
}

func (r reader) fieldAt(heading string) Field {
	for f, h := range r.v.heading {
		if h == heading {
			return f
		}
	}
	return ""
}

// fieldOfFault says in which column a fault of an entry is to be looked for.
func fieldOfFault(f *fault.Error) Field {
	switch f.Field {
	case "features":
		return Sought
	case "days":
		return ExtendedBy
	}
	return Field(f.Field)
}

func (r reader) wrong(f Field, err *fault.Error) {
	one := Fault{Heading: r.v.heading[f], Err: err}
	if one.Heading == "" {
		one.Heading = i18n.To(i18n.Chinese).Text(f.Message())
	}
	if !slices.Contains(private, f) {
		one.Value = r.v.text[f]
	}
	r.row.Faults = append(r.row.Faults, one)
}

func (r reader) read() {
	e, t := &r.row.Entry, r.v.text
	e.No, e.Department, e.LetterNo, e.Note = t[No], t[Department], t[LetterNo], t[Note]
	e.Nature = foi.Information
	e.Received, e.ClosedOn = r.day(Received), r.day(ClosedOn)
	e.Notified, e.Corrected, e.ExtendedOn = r.day(Notified), r.day(Corrected), r.day(ExtendedOn)
	r.applicant(&e.Application)
	if c, ok := oneOf(words().Channels, t[Channel]); ok {
		e.Channel = c
	} else if t[Channel] != "" {
		r.wrong(Channel, ErrChannel)
	}
	e.Application.Form, _ = oneOf(words().Forms, t[Form])
	e.Application.Way, _ = oneOf(words().Ways, t[Way])
	e.Way = e.Application.Way
	if n := strings.TrimSuffix(strings.TrimSuffix(width(t[ExtendedBy]), "个工作日"), "工作日"); n != "" && n != "无" && n != "/" && n != "否" {
		days, err := strconv.Atoi(strings.TrimSpace(n))
		if e.ExtendedBy = days; err != nil {
			r.wrong(ExtendedBy, ErrNumber)
		}
	}
	r.third(e)
	r.outcome(e)
}

func (r reader) applicant(a *foi.Application) {
	t := r.v.text
	a.Applicant = foi.Applicant{Name: t[Name], Credit: t[Credit], Contact: t[Contact], Phone: t[Phone], Address: t[Address], Email: t[Email]}
	if a.Applicant.IDNumber = t[IDNumber]; t[IDNumber] != "" {
		a.Applicant.IDType = foi.ChineseCard
	}
	a.Sought = foi.Sought{Name: t[Sought], Features: t[Sought]}
	if k, ok := kindOf(t[Kind]); ok {
		a.Applicant.Kind = k
	} else if t[Kind] != "" {
		r.wrong(Kind, ErrKind)
	}
}

func (r reader) third(e *foi.Entry) {
	sent, replied := r.day(ThirdSent), r.day(ThirdReplied)
	name := r.v.text[Third]
	if sent.IsZero() || empty(name) && r.v.heading[Third] != "" && name != "" {
		return
	}
	if empty(name) {
		name = i18n.To(i18n.Chinese).T("register.third")
	}
	e.Consulted = []foi.Consultation{{Party: foi.ThirdParty, Name: name, Content: e.Application.Sought.Name, Sent: sent, Received: sent, Replied: replied}}
}

// empty reports whether a cell says that there is nothing to say.
func empty(s string) bool {
	switch squeeze(s) {
	case "", "无", "否", "没有", "未", "不涉及", "na", "n/a", "空":
		return true
	}
	return false
}

func (r reader) day(f Field) date.Date {
	text := r.v.text[f]
	if empty(text) {
		return date.Date{}
	}
	d, ok := dayOf(text, r.o.Year, r.s.epoch)
	if !ok {
		r.wrong(f, ErrDate)
	}
	return d
}

// outcome reads the result, or asks for its meaning.
func (r reader) outcome(e *foi.Entry) {
	text := r.v.text[Outcome]
	if strings.TrimSpace(text) == "" {
		return
	}
	if code := r.o.Outcomes[text]; code != "" {
		r.ask(text, nil, code)
		e.Outcome = code
		return
	}
	a, candidates, ok := OutcomeOf(text)
	switch {
	case ok:
		e.Outcome, e.Variant = a.Code, a.Variant
	case len(candidates) > 0:
		r.ask(text, candidates, "")
		r.wrong(Outcome, ErrAsk.With("text", text))
	default:
		r.ask(text, nil, "")
		r.wrong(Outcome, ErrOutcome.With("text", text))
	}
}

func (r reader) ask(text string, candidates []outcome.Code, chosen outcome.Code) {
	i, known := r.asked[text]
	if !known {
		i = len(r.Asked)
		r.asked[text] = i
		r.Asked = append(r.Asked, Asked{Text: text, Candidates: candidates, Chosen: chosen})
	}
	r.Asked[i].Rows++
}
