package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// town is what a small town has published.
func town() shelf {
	s := shelf{}
	add := func(id string, d Document) {
		d.ID = id
		if d.State == "" {
			d.State = "public"
		}
		s[id] = d
	}
	add("rule", Document{Agency: "mz", At: day(1), Title: "示例市高龄津贴发放办法", Body: "年满八十周岁的老年人可以申请高龄津贴。",
		Numbers: []string{"示政发〔2023〕4号", "11370322-2023-00012"}, Themes: []string{"02", "0201"}, Genre: "rule", Year: 2023, Issuer: "示例市人民政府", Validity: "valid"})
	add("notice", Document{Agency: "mz", At: day(2), Title: "关于做好高龄津贴年审工作的通知", Body: "依据示政发[2023]4号文件，各镇于三月底前完成年审。",
		Numbers: []string{"示民发〔2023〕4号"}, Themes: []string{"02", "0202"}, Genre: "notice", Year: 2023, Issuer: "示例市民政局", Validity: "valid"})
	add("news", Document{Agency: "mz", At: day(3), Title: "民政局走访老人", Body: "工作人员介绍了高龄津贴的发放情况。", Themes: []string{"02"}, Genre: "news", Year: 2026})
	add("plan", Document{Agency: "sl", At: day(4), Title: "水库除险加固规划", Body: "规划期内完成三座水库除险加固。", Themes: []string{"03"}, Genre: "plan", Year: 2026,
		Numbers: []string{"示水〔2026〕15号"}, Parts: []Part{{"任务表.xlsx", "白鹭水库　加固大坝　投资八百万元"}, {"说明.docx", "本表由水利局编制"}}})
	add("budget", Document{Agency: "sl", At: day(5), Title: "2026年部门预算", Body: "水利支出与水库维护支出。", Themes: []string{"04"}, Genre: "report", Year: 2026})
	add("secret", Document{Agency: "sl", At: day(6), Title: "高龄津贴草稿", Body: "不公开", State: "draft"})
	return s
}

func ask(t testing.TB, x *Index, q Query) *Result {
	t.Helper()
	if q.States == nil {
		q.States = []string{"public"}
	}
	r, err := x.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return r
}

func ids(r *Result) string {
	var all []string
	for _, h := range r.Hits {
		all = append(all, h.ID)
	}
	return strings.Join(all, " ")
}

// What people type finds what they mean, the most fitting first. The order was made by hand.
func TestWhatPeopleTypeIsUnderstood(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d, town())
		catchUp(t, x)
		for _, tt := range []struct{ name, text, want string }{
			{"a title before a text, the newer of two titles alike", "高龄津贴", "rule notice news"},
			{"a number", "示政发〔2023〕4号", "rule notice"},
			{"a number in square brackets", "示政发[2023]4号", "rule notice"},
			{"a number in round brackets", "示政发（2023）4号", "rule notice"},
			{"a number without brackets", "示政发2023年4号", "rule notice"},
			{"a number in wide figures", "示政发〔２０２３〕４号", "rule notice"},
			{"a number without its code", "〔2023〕4号", "notice rule"},
			{"year and serial", "2023 4", "notice rule"},
			{"an index number", "11370322-2023-00012", "rule"},
			{"a question", "八十岁的老人怎么申请高龄津贴？", "rule news notice"},
			{"an attachment", "白鹭水库", "plan"},
			{"an attachment's name", "任务表", "plan"},
			{"traditional characters", "水庫維護", "budget"},
			{"a year and a word", "2026年水库", "plan budget"},
			{"a month", "2026年11月", "budget plan news notice rule"},
			{"a day", "2026年11月4日水库", "plan"},
			{"a year in a name", "2026年部门预算", "budget"},
		} {
			if got := ids(ask(t, x, Query{Text: tt.text, Order: Relevance})); got != tt.want {
				t.Errorf("%s: %s: got %q, want %q", tt.name, tt.text, got, tt.want)
			}
		}
	})
}

func TestWhatWasUnderstoodIsTold(t *testing.T) {
	x := open(t, dbtest.SQLite(t), town())
	x.Synonyms = func() []Group { return []Group{{"高龄津贴", "老龄补贴"}, {"大坝", "堤坝"}} }
	catchUp(t, x)
	r := ask(t, x, Query{Text: "示政发[2023]4号", Order: Relevance})
	if r.Understood.Number != "示政发〔2023〕4号" {
		t.Errorf("number %q", r.Understood.Number)
	}
	r = ask(t, x, Query{Text: "2026年2月"})
	if r.Understood.From != date.Must(2026, 2, 1) || r.Understood.To != date.Must(2026, 2, 28) {
		t.Errorf("month %+v", r.Understood)
	}
	r = ask(t, x, Query{Text: "老龄补贴", Order: Relevance})
	if ids(r) != "rule notice news" || len(r.Synonyms) != 1 || len(r.Loosened) > 0 {
		t.Errorf("synonym: %s, %v, %v", ids(r), r.Synonyms, r.Loosened)
	}
	if got := show(r.Hits[0].TitleIn); got != "示例市[高龄津贴]发放办法" {
		t.Errorf("marked %s", got)
	}
	if r = ask(t, x, Query{Text: "老龄补贴", Plain: true}); len(r.Synonyms) > 0 || slices.Contains(strings.Fields(ids(r)), "rule") {
		t.Errorf("synonyms nobody wanted: %s, %v", ids(r), r.Synonyms)
	}
	if r = ask(t, x, Query{Text: "“老龄补贴”"}); len(r.Synonyms) > 0 {
		t.Errorf("synonyms of a phrase in quotes: %v", r.Synonyms)
	}
	if r = ask(t, x, Query{Text: "白鹭水库"}); len(r.Hits) != 1 || r.Hits[0].Part != "任务表.xlsx" || show(r.Hits[0].Excerpt) != "[白鹭水库]　加固大坝　投资八百万元" {
		t.Errorf("attachment: %+v", r.Hits)
	}
}

// Where nothing has all words, what has some is shown, and it is said which are missing; a
// slip of the pen is corrected by what titles have.
func TestNothingFound(t *testing.T) {
	x := open(t, dbtest.SQLite(t), town())
	catchUp(t, x)
	r := ask(t, x, Query{Text: "水库 火星登陆", Order: Relevance})
	if ids(r) != "plan budget" || !slices.Equal(r.Loosened, []string{"火星登陆"}) {
		t.Errorf("%s without %v", ids(r), r.Loosened)
	}
	if r = ask(t, x, Query{Text: "高令津贴", Order: Relevance}); r.DidYouMean != "高龄津贴" {
		t.Errorf("did you mean %q", r.DidYouMean)
	}
	if r = ask(t, x, Query{Text: "毫无踪影"}); len(r.Hits) != 0 || r.Total != 0 || r.DidYouMean != "" {
		t.Errorf("%+v", r)
	}
}

func TestFiltersAndFacets(t *testing.T) {
	x := open(t, dbtest.SQLite(t), town())
	catchUp(t, x)
	for _, tt := range []struct {
		name string
		q    Query
		want string
	}{
		{"all that is public", Query{}, "budget plan news notice rule"},
		{"the oldest first", Query{Order: Oldest}, "rule notice news plan budget"},
		{"a subject of the first level", Query{Themes: []string{"02"}}, "news notice rule"},
		{"one of the second", Query{Themes: []string{"0201"}}, "rule"},
		{"two", Query{Themes: []string{"0201", "03"}}, "plan rule"},
		{"a genre", Query{Genres: []string{"news"}}, "news"},
		{"a year", Query{Years: []int{2026}}, "budget plan news"},
		{"an issuer", Query{Issuers: []string{"示例市民政局"}}, "notice"},
		{"a validity and a word", Query{Text: "年审", Validities: []string{"valid"}}, "notice"},
		{"days", Query{From: date.Must(2026, 11, 2), To: date.Must(2026, 11, 4)}, "plan news notice"},
		{"a year of no document", Query{Years: []int{1990}}, ""},
	} {
		if got := ids(ask(t, x, tt.q)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
	r := ask(t, x, Query{Years: []int{2026}, Facets: []Facet{ByYear, ByTheme, ByAgency}})
	want := map[Facet][]Value{
		ByYear:   {{"2026", 3}, {"2023", 2}}, // as if no year were chosen
		ByTheme:  {{"02", 1}, {"03", 1}, {"04", 1}},
		ByAgency: {{"sl", 2}, {"mz", 1}},
	}
	for f, values := range want {
		if !slices.Equal(r.Facets[f], values) {
			t.Errorf("%s: got %v, want %v", f, r.Facets[f], values)
		}
	}
}

// What was taken down is shown no more from this moment, though the index does not know yet;
// what changed is found by what it is now.
func TestTheIndexIsNotBelieved(t *testing.T) {
	s := town()
	x := open(t, dbtest.SQLite(t), s)
	catchUp(t, x)
	delete(s, "rule")
	d := s["notice"]
	d.State = "draft"
	s["notice"] = d
	d = s["news"]
	d.Title, d.Body = "改过的标题", "改过的正文，不再提起"
	s["news"] = d
	r := ask(t, x, Query{Text: "高龄津贴", Order: Relevance})
	if len(r.Hits) > 0 {
		t.Errorf("found %s", ids(r))
	}
	if all, err := x.Suggest(t.Context(), "高龄", Query{States: []string{"public"}}, 8); err != nil || len(all) > 0 {
		t.Errorf("suggested %v, %v", all, err)
	}
	if got := ids(ask(t, x, Query{})); got != "budget plan news" {
		t.Errorf("listed %s", got)
	}
}

func TestSuggestions(t *testing.T) {
	x := open(t, dbtest.SQLite(t), town())
	catchUp(t, x)
	for _, tt := range []struct{ typed, want string }{
		{"高龄", "高龄津贴年审工作 高龄津贴发放办法 关于做好高龄津贴年审工作的通知 示例市高龄津贴发放办法"},
		{"水", "水库除险加固规划"},
		{"示政发〔20", "示政发〔2023〕4号"},
		{"草稿", ""},
		{"", ""},
		{"\x00", ""},
	} {
		all, err := x.Suggest(t.Context(), tt.typed, Query{States: []string{"public"}}, 8)
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, s := range all {
			texts = append(texts, s.Text)
		}
		if got := strings.Join(texts, " "); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.typed, got, tt.want)
		}
	}
}

// Every page of every order has what reading all texts finds, each once.
func TestPagesOfEveryOrder(t *testing.T) {
	s := shelf{}
	for i := range 530 {
		id := fmt.Sprintf("%03d", i)
		s[id] = Document{ID: id, State: "public", At: day(1 + i%25), Title: "第" + id + "号公告", Body: strings.Repeat("水库", 1+i%7) + "蓄水"}
	}
	x := open(t, dbtest.SQLite(t), s)
	catchUp(t, x)
	for _, order := range []Order{Newest, Oldest, Relevance} {
		var byKey, byNumber []string
		q := Query{Text: "水库", Order: order, Limit: 50}
		for {
			r := ask(t, x, q)
			for _, h := range r.Hits {
				byKey = append(byKey, h.ID)
			}
			if q.After = r.Next; q.After == "" {
				break
			}
		}
		for page := range 11 {
			for _, h := range ask(t, x, Query{Text: "水库", Order: order, Limit: 50, Page: page + 1}).Hits {
				byNumber = append(byNumber, h.ID)
			}
		}
		if !slices.Equal(byKey, byNumber) {
			t.Errorf("%s: pages by number have others than pages one after the other", order)
		}
		slices.Sort(byKey)
		if byKey = slices.Compact(byKey); len(byKey) != len(s) {
			t.Errorf("%s: %d of %d", order, len(byKey), len(s))
		}
	}
}

// Searches go on while documents change and segments are put together.
func TestSearchesWhileTheIndexGrows(t *testing.T) {
	d := dbtest.SQLite(t)
	s := examples() // not changed: the same documents are taken in over and over
	x := open(t, d, s)
	catchUp(t, x)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	for range 3 {
		go func() {
			defer func() { done <- struct{}{} }()
			for ctx.Err() == nil {
				r, err := x.Search(context.WithoutCancel(ctx), Query{Text: "养老服务"})
				if err != nil || len(r.Hits) > 2 {
					t.Errorf("%v, %v", r, err)
					return
				}
				if _, err := x.Suggest(context.WithoutCancel(ctx), "养老", Query{}, 5); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	for range 40 {
		change(t, d, "a", "b", "c", "d")
		catchUp(t, x)
	}
	stop()
	for range 3 {
		<-done
	}
	if got := find(t, x, Query{Text: "养老服务"}); got != "b a" {
		t.Errorf("got %q", got)
	}
	if st, err := x.Status(t.Context()); err != nil || st.Documents != 4 || st.Behind != 0 || st.Since.IsZero() {
		t.Errorf("%+v, %v", st, err)
	}
}

// An answer is the same however the documents came in: in one batch or one by one.
func TestBatchesDoNotMatter(t *testing.T) {
	d := dbtest.SQLite(t)
	one := open(t, d, town())
	catchUp(t, one)
	two := open(t, d, town())
	s := shelf{}
	two.source = s
	catchUp(t, two)
	for id, doc := range town() {
		s[id] = doc
		change(t, d, id)
		catchUp(t, two)
	}
	for _, text := range []string{"高龄津贴", "老年人怎么申请津贴", "水库 规划"} {
		q := Query{Text: text, Order: Relevance}
		if a, b := ids(ask(t, one, q)), ids(ask(t, two, q)); a != b {
			t.Errorf("%s: %s, and %s", text, a, b)
		}
	}
}
