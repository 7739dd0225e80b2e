package workday

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/fault"
)

// The faults of a notice's text. Line counts from 1.
var (
	ErrNoNotice    = &fault.Error{Kind: fault.Invalid, Code: "workday.text.none", Field: "text"}
	ErrWhichYear   = &fault.Error{Kind: fault.Invalid, Code: "workday.text.year", Field: "text"}
	ErrYears       = &fault.Error{Kind: fault.Invalid, Code: "workday.text.years", Field: "text"}
	ErrSentence    = &fault.Error{Kind: fault.Invalid, Code: "workday.text.sentence", Field: "text"}
	ErrHoliday     = &fault.Error{Kind: fault.Invalid, Code: "workday.text.holiday", Field: "text"}
	ErrNoDay       = &fault.Error{Kind: fault.Invalid, Code: "workday.text.day", Field: "text"}
	ErrRun         = &fault.Error{Kind: fault.Invalid, Code: "workday.text.run", Field: "text"}
	ErrWeekday     = &fault.Error{Kind: fault.Invalid, Code: "workday.text.weekday", Field: "text"}
	ErrTotal       = &fault.Error{Kind: fault.Invalid, Code: "workday.text.total", Field: "text"}
	ErrMakeUp      = &fault.Error{Kind: fault.Invalid, Code: "workday.text.makeup", Field: "text"}
	ErrAdjoins     = &fault.Error{Kind: fault.Invalid, Code: "workday.text.adjoins", Field: "text"}
	ErrDayTwice    = &fault.Error{Kind: fault.Invalid, Code: "workday.text.twice", Field: "text"}
	ErrFarYear     = &fault.Error{Kind: fault.Invalid, Code: "workday.text.far", Field: "text"}
	ErrLacks       = &fault.Error{Kind: fault.Invalid, Code: "workday.text.lacks", Field: "text"}
	ErrStatutory   = &fault.Error{Kind: fault.Invalid, Code: "workday.text.statutory", Field: "text"}
	ErrNothingYet  = &fault.Error{Kind: fault.Invalid, Code: "workday.text.nothing_yet", Field: "text"}
	ErrNotExtended = &fault.Error{Kind: fault.Invalid, Code: "workday.text.not_extended", Field: "text"}
)

// Wording is what a notice's text was read as.
type Wording struct {
	Notice  Notice
	Change  bool     // it changes an earlier notice of the year (调整, 延长)
	Skipped []Quoted // what belongs to no notice and names no days, for a person to look at
}

// Quoted is a piece of the text and its line.
type Quoted struct {
	Line int
	Text string
}

// statutory are the holidays of every year's notice since 2008 and, where the date is the same
// each year, the days they must hold. 《全国年节及纪念日放假办法》第二条.
var statutory = map[string][]int{
	"元旦": {101}, "春节": nil, "清明节": nil, "劳动节": {501}, "端午节": nil, "中秋节": nil, "国庆节": {1001, 1002, 1003},
}

// ReadWording reads the text of the State Council's notice, as it is copied from a page. What
// it says is checked against the calendar: the weekdays, the numbers of days, that make-up days
// are Saturdays and Sundays. A sentence that names days and is not understood is a fault; one
// that names none, and is none of a notice's usual ones, is handed back in Skipped. Year is the notice's, 0 where the text says it.
func ReadWording(text string, year int, known *Calendar) (Wording, []*fault.Error) {
	r := &wording{known: known, days: map[date.Date]Day{}}
	lines := r.lines(text)
	r.whichYear(lines, year)
	if len(r.faults) > 0 {
		return Wording{}, r.faults
	}
	for _, l := range lines {
		r.line(l)
	}
	r.whole()
	for _, d := range r.days {
		r.Notice.Days = append(r.Notice.Days, d)
	}
	sortDays(r.Notice.Days)
	if f := r.Notice.plausible(); f != nil && len(r.faults) == 0 {
		r.faults = append(r.faults, f)
	}
	return r.Wording, r.faults
}

// wording is a text being read.
type wording struct {
	Wording
	known  *Calendar
	faults []*fault.Error
	at     Quoted    // the sentence being read
	name   string    // the holiday it is about
	last   date.Date // the day named before, whose year and month hold on
	listed []string  // the holidays the notice announces
	given  []string  // those it arranges
	days   map[date.Date]Day
	frozen bool // the base of a change was taken over
}

var (
	// plain turns full-width marks into those the patterns use.
	plain = strings.NewReplacer("\r", "", "\ufeff", "", "\u3000", " ", "\u00a0", " ", "，", ",", "：", ":", "（", "(", "）", ")", "；", "。",
		"０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9",
		"－", "至", "—", "至", "～", "至", "~", "至", "到", "至")
	spaces    = regexp.MustCompile(`\s+`)
	title     = regexp.MustCompile(`关于(?:(\d{4})年部分节假日安排|(调整|延长)(\d{4})年([^,。]*?)(?:放假|假期)(?:安排)?)的?通知`)
	announced = regexp.MustCompile(`现将(\d{4})年([^,。]+?)放假调休日期`)
	head      = regexp.MustCompile(`^(?:[一二三四五六七八九十]+、|\d+[.、])?((?:元旦|[^\s,。:()、\d]{1,8}节|[^\s,。:()、\d]{2,12}纪念日)(?:[、和](?:元旦|[^\s,。:()、\d]{1,8}节|[^\s,。:()、\d]{2,12}纪念日))*)(?:\([^)]*\))?:`)
	number    = regexp.MustCompile(`^(?:[一二三四五六七八九十]+、|\d+[.、])`)
	dayText   = `(?:(?:(\d{4})年)?(\d{1,2})月)?(\d{1,2})日(?:\(([^)]*)\))?`
	onDay     = regexp.MustCompile(`^` + dayText)
	offTail   = regexp.MustCompile(`^放假(?:调休)?(?:(\d+)天)?((?:,(?:不调休|与周[末六日]连休|共\d+天))*)(?:,(.+?)补休)?$`)
	totalText = regexp.MustCompile(`共(\d+)天`)
	workTail  = regexp.MustCompile(`^(?:正常)?上班$`)
	prolonged = regexp.MustCompile(`^延长(?:(\d{4})年)?(.+?)假期至(.+)$`)
	resumed   = regexp.MustCompile(`^(.+?)起(?:恢复)?正常上班$`)
	weekdays  = regexp.MustCompile(`(?:周|星期)([一二三四五六日天])`)
	saysDays  = regexp.MustCompile(`放假|上班|补休|调休|连休|\d日`)
	// harmless are the sentences around the arrangement, as the notices of all years have them.
	harmless = regexp.MustCompile(`^(?:各省、自治区、直辖市|国办发明电|部分节假日安排的通知$|\d{4}年[^,]*假期安排的通知$|各地区、各部门要|各地大专院校|经(?:党中央、)?国务院(?:批准|同意)|按照上述原则|鼓励|据此对放假调休原则|(?:节假日|放假|劳动节|春节)期间|因疫情防控|国务院办公厅|新华社|\d{4}年\d{1,2}月\d{1,2}日$|(?:发布|发布时间|更新时间|来源)|\d{4}-)`)
)

// lines splits a text into its sentences, each with its line.
func (r *wording) lines(text string) []Quoted {
	var all []Quoted
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = spaces.ReplaceAllString(plain.Replace(line), "")
		for _, sentence := range strings.Split(line, "。") {
			if sentence != "" {
				all = append(all, Quoted{number, sentence})
			}
		}
	}
	return all
}

// whichYear finds which year the notice is about, and whether it changes an earlier one.
func (r *wording) whichYear(lines []Quoted, year int) {
	found := map[int]bool{}
	if year != 0 {
		found[year] = true
	}
	whole := ""
	for _, l := range lines {
		whole += l.Text
	}
	for _, m := range title.FindAllStringSubmatch(whole, -1) {
		y, _ := strconv.Atoi(m[1] + m[3])
		found[y] = true
		if m[2] != "" {
			r.Change, r.name = true, m[4]
		}
	}
	for _, m := range announced.FindAllStringSubmatch(whole, -1) {
		y, _ := strconv.Atoi(m[1])
		found[y] = true
		r.listed = strings.FieldsFunc(m[2], func(c rune) bool { return c == '、' || c == '和' })
	}
	switch {
	case len(found) == 0 && !saysDays.MatchString(whole):
		r.add(ErrNoNotice)
	case len(found) == 0:
		r.add(ErrWhichYear)
	case len(found) > 1:
		r.add(ErrYears)
	}
	for y := range found {
		r.Notice.Year = y
	}
	if len(found) == 1 && (r.Notice.Year < firstYear || r.Notice.Year > lastYear) {
		r.faults = append(r.faults, ErrYear.With("year", r.Notice.Year))
	}
}

// add records a fault at the sentence being read.
func (r *wording) add(f *fault.Error) {
	r.faults = append(r.faults, f.With("line", r.at.Line).With("text", r.at.Text))
}

// line reads one sentence.
func (r *wording) line(l Quoted) {
	r.at = l
	text := l.Text
	if m := head.FindStringSubmatch(text); m != nil {
		r.name, r.last = strings.ReplaceAll(m[1], "和", "、"), date.Date{}
		r.given = append(r.given, strings.Split(r.name, "、")...)
		r.arrange(text[len(m[0]):])
		return
	}
	body := number.ReplaceAllString(text, "")
	switch {
	case harmless.MatchString(body) || title.MatchString(body):
	case !saysDays.MatchString(body):
		r.Skipped = append(r.Skipped, l)
	case r.name == "":
		r.add(ErrHoliday)
	default:
		r.arrange(body)
	}
}

// arrange reads what a sentence says of days: that they are off, or worked.
func (r *wording) arrange(text string) {
	if m := prolonged.FindStringSubmatch(text); m != nil && r.Change {
		r.prolong(m[2], m[3])
		return
	}
	off, rest, ok := r.run(text)
	switch {
	case !ok:
		r.add(ErrSentence)
	case offTail.MatchString(rest):
		r.off(off, offTail.FindStringSubmatch(rest))
	default:
		r.work(text)
	}
}

// run reads 2月15日(周日)至23日(周一), or one day, and returns what follows it.
func (r *wording) run(text string) (days []date.Date, rest string, ok bool) {
	from, rest, ok := r.day(text)
	if !ok {
		return nil, "", false
	}
	if !strings.HasPrefix(rest, "至") {
		return []date.Date{from}, rest, true
	}
	to, rest, ok := r.day(strings.TrimPrefix(rest, "至"))
	if n := to.Days(from); !ok || from.IsZero() || to.IsZero() || n < 1 || n >= longestRun {
		if ok && !from.IsZero() && !to.IsZero() {
			r.add(ErrRun.With("from", from).With("to", to))
		}
		return nil, rest, ok
	}
	for d := from; !d.After(to); d = d.Plus(1) {
		days = append(days, d)
	}
	return days, rest, true
}

// day reads one day at the beginning of text. A month or year left out is that of the day
// before it in the sentence, else the notice's.
func (r *wording) day(text string) (d date.Date, rest string, ok bool) {
	m := onDay.FindStringSubmatch(text)
	if m == nil {
		return d, text, false
	}
	rest = text[len(m[0]):]
	year, month := r.Notice.Year, r.last.Month()
	if m[2] != "" {
		month, _ = strconv.Atoi(m[2])
	}
	if m[1] != "" {
		year, _ = strconv.Atoi(m[1])
	} else if m[2] == "" && !r.last.IsZero() {
		year = r.last.Year()
	}
	number, _ := strconv.Atoi(m[3])
	d, real := date.New(year, month, number)
	switch {
	case !real:
		r.add(ErrNoDay.With("day", strings.TrimSuffix(text, rest)))
		return date.Date{}, rest, true
	case d.Year() != r.Notice.Year && (d.Year() != r.Notice.Year-1 || d.Month() != 12):
		r.add(ErrFarYear.With("day", d).With("year", r.Notice.Year))
	}
	r.last = d
	r.weekday(d, m[4])
	return d, rest, true
}

// weekday compares the weekday the notice states.
func (r *wording) weekday(d date.Date, said string) {
	m := weekdays.FindStringSubmatch(said)
	if m == nil {
		return
	}
	day := time.Weekday(strings.Index("日一二三四五六", m[1]) / len("日"))
	if m[1] == "天" {
		day = time.Sunday
	}
	if day != d.Weekday() {
		r.add(ErrWeekday.With("day", d).With("said", m[0]).With("is", Weekday(d)))
	}
}

// off records days off and checks what is said of their number and of the weekend beside them.
func (r *wording) off(days []date.Date, m []string) {
	stated := totalText.FindStringSubmatch(m[2])
	for _, said := range []string{m[1], strings.Join(stated[min(len(stated), 1):], "")} {
		if n, _ := strconv.Atoi(said); said != "" && n != len(days) {
			r.add(ErrTotal.With("said", n).With("n", len(days)))
		}
	}
	if strings.Contains(m[2], "连休") && len(days) > 0 && !adjoins(days[0], days[len(days)-1]) {
		r.add(ErrAdjoins.With("day", days[0]))
	}
	for _, d := range days {
		r.set(d, true)
	}
	if m[3] == "" {
		return
	}
	instead, rest, ok := r.run(m[3])
	if !ok || rest != "" {
		r.add(ErrSentence)
		return
	}
	for _, d := range instead {
		r.set(d, true)
	}
}

// adjoins reports whether a run of days touches a Saturday or Sunday.
func adjoins(from, to date.Date) bool {
	return weekend(from.Plus(-1)) || weekend(from) || weekend(to) || weekend(to.Plus(1))
}

// work records make-up working days: 2月14日(周六)、2月28日(周六)上班.
func (r *wording) work(text string) {
	var days []date.Date
	for {
		d, rest, ok := r.day(text)
		if !ok {
			r.add(ErrSentence)
			return
		}
		days = append(days, d)
		if text = strings.TrimLeft(rest, "、和,"); text == rest {
			break
		}
	}
	if !workTail.MatchString(text) {
		r.add(ErrSentence)
		return
	}
	for _, d := range days {
		if !d.IsZero() && !weekend(d) {
			r.add(ErrMakeUp.With("day", d))
			continue
		}
		r.set(d, false)
	}
}

// set records a day; one that was recorded otherwise is a contradiction.
func (r *wording) set(d date.Date, off bool) {
	if d.IsZero() {
		return
	}
	r.base()
	if _, twice := r.days[d]; twice {
		r.add(ErrDayTwice.With("day", d))
		return
	}
	r.days[d] = Day{d, r.name, off}
}

// base takes the earlier notice's days over when a change begins, less those of the holiday
// that is arranged anew.
//
// 国办发明电〔2019〕3号: “现将调整2019年劳动节放假安排通知如下。”
func (r *wording) base() {
	if !r.Change || r.frozen {
		return
	}
	r.frozen = true
	old, ok := r.known.Notice(r.Notice.Year)
	if !ok {
		r.add(ErrNothingYet.With("year", r.Notice.Year))
		return
	}
	r.Notice.Sources = slices.Clone(old.Sources)
	for _, d := range old.Days {
		if d.Name != r.name {
			r.days[d.Date] = d
		}
	}
}

// prolong reads 延长2020年春节假期至2月2日(农历正月初九、星期日),2月3日(星期一)起正常上班. Days of the
// holiday from its present end on are off, and make-up days among them fall away.
//
// 国办发明电〔2020〕1号.
func (r *wording) prolong(name, text string) {
	old, _ := r.known.Notice(r.Notice.Year)
	var end date.Date
	for _, d := range old.Days {
		if d.Name == name && d.Off {
			end = d.Date
		}
	}
	to, rest, ok := r.day(text)
	switch back := resumed.FindStringSubmatch(strings.TrimPrefix(rest, ",")); {
	case !ok || to.IsZero() || rest != "" && back == nil:
		r.add(ErrSentence)
	case end.IsZero():
		r.add(ErrNothingYet.With("year", r.Notice.Year))
	case to.Days(end) < 0 || to.Days(end) >= longestRun:
		r.add(ErrNotExtended.With("day", to).With("end", end))
	default:
		r.prolongTo(name, old, end, to, back)
	}
}

func (r *wording) prolongTo(name string, old Notice, end, to date.Date, back []string) {
	r.frozen, r.Notice.Sources = true, slices.Clone(old.Sources)
	for _, d := range old.Days {
		r.days[d.Date] = d
	}
	for d := end.Plus(1); !d.After(to); d = d.Plus(1) {
		r.days[d] = Day{d, name, true}
	}
	if back == nil {
		return
	}
	first, rest, ok := r.day(back[1])
	switch {
	case !ok || rest != "":
		r.add(ErrSentence)
	case first != to.Plus(1):
		r.add(ErrRun.With("from", to).With("to", first))
	default:
		r.days[first] = Day{first, name, false}
	}
}

// whole checks that a year's notice arranges each holiday, and those of a fixed date on it.
func (r *wording) whole() {
	r.at = Quoted{}
	if len(r.days) == 0 && len(r.faults) == 0 {
		r.faults = append(r.faults, ErrNoNotice)
	}
	if r.Change || len(r.days) == 0 {
		return
	}
	for _, name := range r.listed {
		if !slices.Contains(r.given, name) {
			r.faults = append(r.faults, ErrLacks.With("name", name))
		}
	}
	for _, name := range []string{"元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"} {
		if !slices.Contains(r.given, name) && !slices.Contains(r.listed, name) {
			r.faults = append(r.faults, ErrLacks.With("name", name))
		}
		for _, md := range statutory[name] {
			d := date.Must(r.Notice.Year, md/100, md%100)
			if on, ok := r.days[d]; slices.Contains(r.given, name) && (!ok || !on.Off) {
				r.faults = append(r.faults, ErrStatutory.With("name", name).With("day", d))
			}
		}
	}
}

// String is a piece of text with its line.
func (q Quoted) String() string { return fmt.Sprintf("%d: %s", q.Line, q.Text) }
