package office

import (
	"net/http"
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
		{Name: "lines", Label: p.T("holidays.lines"), Kind: LongField, Rows: 10, Hint: p.T("holidays.hint"), Placeholder: p.T("holidays.sample"), Lang: "zh-CN"},
		{Name: "file", Label: p.T("holidays.file"), Kind: FileField, Accept: ".json"},
	}})
	f.Buttons = []Button{{Text: p.T("holidays.load"), Tone: "primary"}}
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

// loadHolidays loads a year's notice from lines or a file, or tells everything wrong with it.
func (o *Office) loadHolidays(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	year, lines, source := f.Int("year"), f.Raw("lines"), f.Text("source")
	text, err := uploaded(r, "file")
	var faults []*fault.Error
	if err != nil || len(text) == 0 {
		text, faults = workday.Lines(year, source, lines)
	}
	err = f.Err()
	var n workday.Notice
	if err == nil && len(faults) == 0 {
		n, faults, err = o.Holidays.Load(r.Context(), o.Actor(r), text)
	}
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
