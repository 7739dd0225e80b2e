package workday

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/date"
	"gongkai/internal/i18n"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// text returns a notice as the State Council's office published it (testdata holds those of
// 2019 to 2026; such documents are no copyright works, 著作权法第五条).
func text(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Every notice of 2019 to 2026, and the two that changed one, read as the calendar that comes
// with the program has them, day by day and name by name.
func TestTheNoticesReadAsTheEmbeddedCalendar(t *testing.T) {
	for year, files := range map[int][]string{
		2019: {"2019.txt", "2019-change.txt"}, 2020: {"2020.txt", "2020-change.txt"}, 2021: {"2021.txt"}, 2022: {"2022.txt"},
		2023: {"2023.txt"}, 2024: {"2024.txt"}, 2025: {"2025.txt"}, 2026: {"2026.txt"},
	} {
		known := New()
		for _, file := range files {
			w, faults := ReadWording(text(t, file), 0, known)
			if len(faults) > 0 {
				t.Errorf("%s: %v", file, faults)
			}
			if len(w.Skipped) > 0 {
				t.Errorf("%s: not understood: %v", file, w.Skipped)
			}
			if w.Change != strings.Contains(file, "change") {
				t.Errorf("%s: change %v", file, w.Change)
			}
			known = known.With(w.Notice)
		}
		have, _ := known.Notice(year)
		want, _ := Embedded().Notice(year)
		if !slices.Equal(have.Days, want.Days) {
			t.Errorf("%d: read\n%v\nembedded\n%v", year, have.Days, want.Days)
		}
	}
}

// A notice copied from a page comes with other marks, in one piece, or without its title.
func TestANoticeInOtherShapes(t *testing.T) {
	whole := text(t, "2026.txt")
	ascii := strings.NewReplacer("，", ",", "：", ":", "（", "(", "）", ")").Replace(whole)
	wide := strings.NewReplacer("2", "２", "月", " 月 ", "至", "—").Replace(ascii)
	items := whole[strings.Index(whole, "一、"):]
	for name, tt := range map[string]struct {
		text string
		year int
	}{
		"half-width marks": {ascii, 0}, "full-width figures, spaces, a dash": {wide, 0}, "one line": {strings.ReplaceAll(whole, "\n", ""), 0},
		"Windows line ends": {"\ufeff" + strings.ReplaceAll(whole, "\n", "\r\n"), 0}, "without title, the year given": {items, 2026},
		"星期 for 周": {strings.ReplaceAll(whole, "周", "星期"), 0},
	} {
		w, faults := ReadWording(tt.text, tt.year, New())
		want, _ := Embedded().Notice(2026)
		if len(faults) > 0 || !slices.Equal(w.Notice.Days, want.Days) {
			t.Errorf("%s: %v", name, faults)
		}
	}
}

// A notice is read in any of its forms, by the same calendar.
func TestAnyForm(t *testing.T) {
	whole := text(t, "2026.txt")
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(whole)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := Embedded().Notice(2026)
	set, err := want.JSON()
	if err != nil {
		t.Fatal(err)
	}
	lines := ""
	for _, s := range append(want.Off(), want.Work()...) {
		lines += map[Kind]string{Holiday: "休", MakeUp: "班"}[s.Kind] + " " + s.Name + " " + s.From.String() + " 至 " + s.To.String() + "\n"
	}
	for name, tt := range map[string]struct {
		text string
		year int
	}{"text": {whole, 0}, "GB 18030": {gbk, 0}, "JSON": {"\ufeff" + string(set), 0}, "lines": {lines, 2026}} {
		w, faults := ReadAny([]byte(tt.text), tt.year, New())
		if len(faults) > 0 || !slices.Equal(w.Notice.Days, want.Days) {
			t.Errorf("%s: %v", name, faults)
		}
	}
	if _, faults := ReadAny([]byte(lines), 0, New()); len(faults) != 1 || !faults[0].Is(ErrWhichYear) {
		t.Errorf("lines without a year: %v", faults)
	}
}

// What a notice would change: the make-up Saturday that moves, both days.
func TestDiffers(t *testing.T) {
	w, faults := ReadWording(strings.Replace(text(t, "2026.txt"), "2月28日（周六）", "3月7日（周六）", 1), 0, New())
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if got := Embedded().Differs(w.Notice); !slices.Equal(got, []date.Date{date.Must(2026, 2, 28), date.Must(2026, 3, 7)}) {
		t.Errorf("got %v", got)
	}
	same, _ := Embedded().Notice(2026)
	if got := Embedded().Differs(same); len(got) != 0 {
		t.Errorf("the same notice: %v", got)
	}
}

// What is wrong or not understood is told with its line, and never passed over.
func TestANoticeWithFaults(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"a weekday", "10月1日（周四）", "10月1日（周五）", "第20行：2026年10月1日是周四，文中写的是周五"},
		{"a number of days", "共9天", "共8天", "第10行：写的是8天，起止日期之间是9天：二、春节:2月15日(农历腊月二十八、周日)至23日(农历正月初七、周一)放假调休,共8天"},
		{"a make-up day on a working day", "5月9日（周六）上班", "5月8日（周五）上班", "第14行：2026年5月8日本来就是工作日，不能是调休上班日"},
		{"a day that is none", "4月4日（周六）至6日（周一）放假，共3天", "4月31日放假", "第12行的“4月31日”不是日历上有的日子：三、清明节:4月31日放假"},
		{"a run backwards", "19日（周五）至21日（周日）放假，共3天", "21日至19日放假", "第16行的起止日期2026年6月21日、2026年6月19日不相称：五、端午节:6月21日至19日放假"},
		{"other words", "放假，共3天。\n\n六、", "休息三日。\n\n六、", "第16行读不懂，请核对：五、端午节:6月19日(周五)至21日(周日)休息三日"},
		{"a day twice", "5月9日（周六）上班", "5月3日（周日）上班", "第14行：2026年5月3日前面已经安排过：5月3日(周日)上班"},
		{"a holiday that lacks", "五、端午节：6月19日（周五）至21日（周日）放假，共3天。", "", "没有端午节的安排，通知可能不完整"},
		{"not the statutory day", "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天", "一、元旦：1月2日（周五）至3日（周六）放假调休，共2天", "元旦的安排里没有法定假日2026年1月1日"},
		{"another year's day", "1月4日（周日）上班", "2025年1月4日（周六）上班", "第8行：2025年1月4日不属于2026年的安排"},
		{"two years", "现将2026年", "现将2027年", "文中提到了不止一个年份的安排，请只留一份通知"},
		{"a sentence more that says days", "鼓励单位", "7月1日放假半天。鼓励单位", "第22行读不懂，请核对：7月1日放假半天"},
		{"no weekend beside", "4月4日（周六）至6日（周一）放假，共3天", "4月8日（周三）放假，与周末连休", "第12行：2026年4月8日不与周末相连：三、清明节:4月8日(周三)放假,与周末连休"},
		{"not listed, but announced", "清明节、劳动节", "清明节、植树节、劳动节", "没有植树节的安排，通知可能不完整"},
	}
	for _, tt := range tests {
		whole := text(t, "2026.txt")
		if !strings.Contains(whole, tt.old) {
			t.Fatalf("%s: the notice does not say %q", tt.name, tt.old)
		}
		_, faults := ReadWording(strings.Replace(whole, tt.old, tt.new, 1), 0, New())
		var all []string
		for _, f := range faults {
			all = append(all, i18n.To(i18n.Chinese).Text(f.Message()))
		}
		if !slices.Contains(all, tt.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, strings.Join(all, "\n"), tt.want)
		}
	}
}

// What stands around a notice on a page is handed back with its line.
func TestWhatBelongsToNoNotice(t *testing.T) {
	w, faults := ReadWording("首页 > 政策\n\n"+text(t, "2026.txt")+"\n扫一扫打开当前页\n", 0, New())
	want := []Quoted{{1, "首页>政策"}, {30, "扫一扫打开当前页"}}
	if len(faults) > 0 || !slices.Equal(w.Skipped, want) {
		t.Errorf("got %v, %v, want %v", w.Skipped, faults, want)
	}
}

func TestATextThatIsNoNotice(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want error
	}{
		"nothing": {"", ErrNoNotice}, "something else": {"关于召开会议的通知", ErrNoNotice}, "no year": {"一、元旦：1月1日放假，与周末连休。", ErrWhichYear},
		"a change of a year that is not known": {text(t, "2019-change.txt"), ErrNothingYet},
		"a title alone":                        {"国务院办公厅关于2027年部分节假日安排的通知", ErrNoNotice},
	} {
		_, faults := ReadWording(tt.text, 0, New())
		if len(faults) == 0 || !faults[0].Is(tt.want) {
			t.Errorf("%s: %v, want %v", name, faults, tt.want)
		}
	}
}

// The wordings of earlier years: days off given instead (补休), one holiday that takes in another.
func TestEarlierWordings(t *testing.T) {
	for year, items := range map[int]string{
		2017: `一、元旦：1月1日放假，1月2日（星期一）补休。
二、春节：1月27日至2月2日放假调休，共7天。1月22日（星期日）、2月4日（星期六）上班。
三、清明节：4月2日至4日放假调休，共3天。4月1日（星期六）上班。
四、劳动节：5月1日放假，与周末连休。
五、端午节：5月28日至30日放假调休，共3天。5月27日（星期六）上班。
六、中秋节、国庆节：10月1日至8日放假调休，共8天。9月30日（星期六）上班。`,
		2018: `一、元旦：1月1日放假，与周末连休。
二、春节：2月15日至21日放假调休，共7天。2月11日（星期日）、2月24日（星期六）上班。
三、清明节：4月5日至7日放假调休，共3天。4月8日（星期日）上班。
四、劳动节：4月29日至5月1日放假调休，共3天。4月28日（星期六）上班。
五、端午节：6月18日放假，与周末连休。
六、中秋节：9月24日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期六）、9月30日（星期日）上班。`,
	} {
		w, faults := ReadWording(items, year, New())
		if differs := Embedded().Differs(w.Notice); len(faults) > 0 || len(differs) > 0 {
			t.Errorf("%d: %v, differs on %v", year, faults, differs)
		}
	}
}
