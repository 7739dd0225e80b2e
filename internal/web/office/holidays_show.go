package office

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
	"gongkai/internal/workday"
)

// shownNotices is how many years of notices the page shows.
const shownNotices = 2

// holidaysPage shows the notices of the latest years and asks for the next one.
func (o *Office) holidaysPage(r *http.Request) (*RecordPage, error) {
	if err := o.Actor(r).May(actor.CalendarLoad, actor.Scope{}); err != nil {
		return nil, err
	}
	p := &RecordPage{Page: o.page(r, printer(r).T("holidays.title")), Lead: printer(r).T("holidays.lead")}
	c := o.Holidays.Calendar()
	years := c.Years()
	slices.Reverse(years)
	next := o.today().Year() + 1
	if !slices.Contains(years, next) {
		p.State = &Badge{p.T("holidays.lacking", "year", next), Warn}
	}
	for _, y := range years[:min(len(years), shownNotices)] {
		n, _ := c.Notice(y)
		card := Card{ID: "y" + strconv.Itoa(y), Title: p.T("holidays.year", "year", y)}
		for _, s := range append(n.Off(), n.Work()...) {
			card.Facts = append(card.Facts, Fact{Label: s.Name, Value: spanText(p.Printer, s), Lang: "zh-CN"})
		}
		p.Cards = append(p.Cards, card)
	}
	f := NewForm(p.Page, "", Group{Fields: []Field{
		{Name: "year", Label: p.T("holidays.of"), Kind: NumberField, Value: strconv.Itoa(next), Required: true, Half: true},
		{Name: "source", Label: p.T("holidays.source"), Half: true, Most: 300, Hint: p.T("holidays.source_hint")},
		{Name: "lines", Label: p.T("holidays.lines"), Kind: LongField, Rows: 14, Hint: p.T("holidays.hint"), Placeholder: p.T("holidays.sample"), Lang: "zh-CN"},
		{Name: "file", Label: p.T("holidays.file"), Kind: FileField, Accept: ".txt,.json"},
	}})
	f.Buttons = []Button{{Text: p.T("holidays.read"), Tone: "primary"}}
	p.Forms = []Section{{ID: "load", Title: p.T("holidays.load"), Note: p.T("holidays.note"), Form: f}}
	return p, nil
}

// spanText is a run of days off or at work.
func spanText(p i18n.Printer, s workday.Span) string {
	key := "holidays.off"
	if s.Kind == workday.MakeUp {
		key = "holidays.work"
	}
	days := s.From.String()
	if s.To != s.From {
		days = p.T("holidays.span", "from", s.From.String(), "to", s.To.String())
	}
	return p.T(key, "days", days)
}

func (o *Office) showHolidays(w http.ResponseWriter, r *http.Request) error {
	p, err := o.holidaysPage(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "record", p)
}

// loadHolidays reads a year's notice and shows what it was read as, or tells everything wrong
// with it; once the person has seen it, the notice is loaded.
func (o *Office) loadHolidays(w http.ResponseWriter, r *http.Request) error {
	if err := o.Actor(r).May(actor.CalendarLoad, actor.Scope{}); err != nil {
		return err
	}
	f := web.ReadForm(r)
	if f.Bool("sure") {
		return o.keepHolidays(w, r, []byte(f.Raw("read")))
	}
	text, err := uploaded(r, "file")
	if err != nil || len(text) == 0 {
		text = []byte(f.Raw("lines"))
	}
	year, source := f.Int("year"), f.Text("source")
	if err := f.Err(); err != nil {
		return o.holidaysAgain(w, r, nil, err)
	}
	read, faults := o.readHolidays(text, year)
	if len(faults) > 0 {
		return o.holidaysAgain(w, r, faults, nil)
	}
	if source != "" {
		read.Notice.Sources = append(read.Notice.Sources, source)
	}
	return o.previewHolidays(w, r, read)
}

// readHolidays reads a notice; the year of the form counts where the text names none.
func (o *Office) readHolidays(text []byte, year int) (workday.Wording, []*fault.Error) {
	read, faults := workday.ReadAny(text, 0, o.Holidays.Calendar())
	if len(faults) > 0 && faults[0].Is(workday.ErrWhichYear) {
		return workday.ReadAny(text, year, o.Holidays.Calendar())
	}
	return read, faults
}

// previewHolidays shows what would change and what was not read, then all that was.
func (o *Office) previewHolidays(w http.ResponseWriter, r *http.Request, read workday.Wording) error {
	text, err := read.Notice.JSON()
	if err != nil {
		return err
	}
	p, cal := printer(r), o.Holidays.Calendar()
	ask := Confirm{
		Title: p.T("holidays.preview", "year", read.Notice.Year), Text: p.T("holidays.preview_text"), Yes: p.T("holidays.load"),
		Back: web.Link{Href: o.path(r, "/office/holidays"), Text: p.T("office.form.back")},
	}
	if _, known := cal.Notice(read.Notice.Year); known {
		for _, d := range cal.Differs(read.Notice) {
			ask.Items = append(ask.Items, p.T("holidays.differs", "day", d, "weekday", workday.Weekday(d)))
		}
	}
	for _, q := range read.Skipped {
		ask.Items = append(ask.Items, p.T("holidays.skipped", "line", q.Line, "text", q.Text))
	}
	for _, s := range append(read.Notice.Off(), read.Notice.Work()...) {
		ask.Items = append(ask.Items, p.T("holidays.preview_item", "name", s.Name, "days", spanText(p, s)))
	}
	r.PostForm = url.Values{"read": {string(text)}}
	_, err = o.sure(w, r, ask)
	return err
}

// keepHolidays loads what the person has seen.
func (o *Office) keepHolidays(w http.ResponseWriter, r *http.Request, text []byte) error {
	n, faults, err := o.Holidays.Load(r.Context(), o.Actor(r), text)
	if err != nil || len(faults) > 0 {
		return o.holidaysAgain(w, r, faults, err)
	}
	return o.done(w, r, i18n.M("holidays.loaded", "year", n.Year, "n", len(n.Days)), "/office/holidays")
}

// holidaysAgain shows the form with everything that was wrong.
func (o *Office) holidaysAgain(w http.ResponseWriter, r *http.Request, faults []*fault.Error, err error) error {
	if kind := fault.KindOf(err); err != nil && kind != fault.Invalid && kind != fault.Conflict {
		return err
	}
	p, broken := o.holidaysPage(r)
	if broken != nil {
		return broken
	}
	if len(faults) > 0 {
		c := Card{ID: "wrong", Title: p.T("holidays.wrong")}
		for _, one := range faults[:min(len(faults), shownFaults)] {
			c.Facts = append(c.Facts, Fact{Value: p.Text(one.Message())})
		}
		p.Side, err = []Card{c}, faults[0]
	}
	return o.answerRecord(w, r, p, "load", err)
}
