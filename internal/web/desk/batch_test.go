package desk_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gongkai/internal/annual/sample"
	"gongkai/internal/web/desk"
)

// numberOf returns the number of the file called name in the batch at list.
func (v *visitor) numberOf(list, name string) string {
	v.t.Helper()
	m := regexp.MustCompile(`name="f" value="(\d+)" id="pick-\d+" aria-label="选择 ` + regexp.QuoteMeta(name)).FindStringSubmatch(v.get(list).body)
	if m == nil {
		v.t.Fatalf("%s is not listed", name)
	}
	return m[1]
}

// What is no report is no body: it is not ticked for merging and stands apart from them. A
// report that the list does not know is counted once a person says whose it is.
func TestMergeAssign(t *testing.T) {
	v := start(t, desk.Options{Samples: samples()}).visitor(t)
	list := v.upload("/desk", url.Values{"sample": {"1"}}).is(t, 200).url.Path
	v.upload(list+"files", nil, file{"S3.txt", corpus(t, "seed/S3_文档站转载_非统一格式.txt")},
		file{"水务.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")}).is(t, 200)
	s3, s4 := v.numberOf(list, "S3.txt"), v.numberOf(list, "水务.txt")

	p := v.get(list+"merge").is(t, 200)
	p.lacks(t, `value="`+s3+`" checked`)
	p.has(t, "2023 年度，不是汇总的年度", "（水务.txt）")

	form := url.Values{"agency": {"示范市人民政府"}, "year": {"2023"}, "f": {s3, s4}}
	p = v.uploadUnits(list+"merge", form, sample.Of(sample.Units)[0]).is(t, 200)
	p.has(t, "没有计入的文件", "不在名单里", "汇总只加数字", "只报了其他年度", "本批有它")
	p.lacks(t, "原文这一部分没有文字")
	if strings.Index(p.body, "S3.txt") < strings.Index(p.body, "没有计入的文件") {
		t.Error("a file that is no report stands among the bodies")
	}
	p = v.post(list+"assign", url.Values{"no": {s4}, "unit": {"示范市水务局"}}).is(t, 200)
	p.lacks(t, "不在名单里")
	p.has(t, "计入 1 个单位", "<option selected>示范市水务局")
	if got := v.get(p.url.Path+"workbook").is(t, 200); !strings.HasPrefix(got.body, "PK") {
		t.Error("no workbook")
	}
	v.post(list+"assign", url.Values{"no": {s4}, "unit": {""}}).is(t, 200).has(t, "不在名单里")
}

// Where several years are ticked, one is chosen; what is not listed is named with its
// reason, and a body's report in two formats is listed once.
func TestCompareYears(t *testing.T) {
	v := start(t, desk.Options{Samples: samples()}).visitor(t)
	list := v.upload("/desk", url.Values{"sample": {"1"}}).is(t, 200).url.Path
	s4 := corpus(t, "seed/S4_焦作市民政局_2023.txt")
	v.upload(list+"files", nil, file{"甲.txt", s4}, file{"乙.txt", s4}, file{"S3.txt", corpus(t, "seed/S3_文档站转载_非统一格式.txt")}).is(t, 200)
	p := v.get(list+"compare").is(t, 200)
	p.has(t, "2024 年度 ", "没有列出的文件", "S3.txt", "不是统一格式年报", "与“甲.txt”是同一单位同一年度的报告，数字完全相同")
	year := regexp.MustCompile(`href="\?(year=2023)"`).FindStringSubmatch(p.body)
	if year == nil {
		t.Fatal("2023 cannot be chosen")
	}
	p = v.get(list+"compare?"+year[1]).is(t, 200)
	p.has(t, "2023 年度 ")
	if n := strings.Count(p.body, `<th scope="row"><a`); n == 0 || strings.Count(p.body, `>焦作市民政局</a></th>`) != 1 {
		t.Errorf("%d bodies listed, 焦作市民政局 not once", n)
	}
}

// What the batch does not hold is not counted in words, a report without a title is called
// by its body and year, and clearing asks first.
func TestListWords(t *testing.T) {
	v := start(t, desk.Options{}).visitor(t)
	s4 := string(corpus(t, "seed/S4_焦作市民政局_2023.txt"))
	_, untitled, _ := strings.Cut(s4, "年度报告\n")
	p := v.upload("/desk", nil, file{"甲.txt", []byte(s4)}, file{"乙.txt", []byte(untitled)}).is(t, 200)
	p.has(t, "共 2 个文件：2 份年报", "确定清除", `<details class="sure">`)
	p.lacks(t, "0 个", `name="format" id=`)
	if n := strings.Count(p.body, ">乙.txt<"); n != 1 {
		t.Errorf("the file's name is given %d times", n)
	}
}

// R-AR-06: the report on the year before is found under a name with the city in front
// (洪泽区人民政府 2023, 淮安市洪泽区人民政府 2024), and the page says which file it was.
func TestPreviousYearByLongerName(t *testing.T) {
	v := start(t, desk.Options{}).visitor(t)
	list := v.upload("/desk", nil,
		file{"R01.txt", corpus(t, "full/R01_洪泽区_2023.txt")}, file{"R02.txt", corpus(t, "full/R02_洪泽区_2024.txt")})
	v.get(list.url.Path+"2/").has(t, "已与“R01.txt”对照")
	v.get(list.url.Path+"1/").lacks(t, "对照</p>")
}
