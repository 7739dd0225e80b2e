package search

import (
	"path/filepath"
	"slices"
	"testing"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// 《立法法》 第九十八条 ff.: the level is read off the name and who made it. Levels by hand; the
// names are real where they are national.
func TestLevels(t *testing.T) {
	for _, tt := range []struct {
		title, issuer string
		want          int
	}{
		{"中华人民共和国立法法", "", levelLaw},
		{"公司法", "", levelLaw},
		{"预算法（2018年修正）", "", levelLaw},
		{"民法典第一千条", "", levelLaw},
		{"政府信息公开条例", "国务院", levelRegulation},
		{"城市供水条例", "国务院", levelRegulation},
		{"国务院关于职工工作时间的规定", "国务院", levelRegulation},
		{"最高人民法院关于适用《民法典》总则编若干问题的解释", "", levelRegulation},
		{"示例市养老服务条例", "示例市人民代表大会常务委员会", levelRule},
		{"白鹭省档案条例", "", levelRule},
		{"示例县养犬条例", "", levelRule},
		{"示例市高龄津贴发放办法", "示例市人民政府", levelRule},
		{"关于印发《示例市高龄津贴发放办法》的通知", "示例市民政局", levelRule},
		{"示例市公布《示例市公园管理规定》（第3号）", "", levelRule},
		{"关于做好高龄津贴年审工作的通知", "", levelOther},
		{"关于宣传档案法", "", levelOther},
		{"我市开展综合执法", "", levelOther},
		{"示例市公正司法", "", levelOther},
		{"", "", levelOther},
	} {
		if got := (&Document{Title: tt.title, Issuer: tt.issuer}).authority().level; got != tt.want {
			t.Errorf("%s: level %d, want %d", tt.title, got, tt.want)
		}
	}
}

// What cites a document, under which of its names: counted by hand.
func TestCitations(t *testing.T) {
	rule := Document{Title: "关于印发《示例市高龄津贴发放办法（试行）》的通知", Numbers: []string{"示民发〔2023〕4号"}}
	law := Document{Title: "中华人民共和国档案法"}
	for _, tt := range []struct {
		name, text string
		of         *Document
		want       bool
	}{
		{"by its name", "根据《示例市高龄津贴发放办法》发放。", &rule, true},
		{"with the remark", "根据《示例市高龄津贴发放办法（试行）》发放。", &rule, true},
		{"by its number", "依据示民发[2023]4号文件发放。", &rule, true},
		{"another number", "依据示民发[2023]14号文件发放。", &rule, false},
		{"another body's number", "依据示政发[2023]4号文件发放。", &rule, false},
		{"without the signs of a name", "示例市高龄津贴发放办法受到欢迎。", &rule, false},
		{"a law without the country", "《档案法》施行以来", &law, true},
		{"an article of a law", "《中华人民共和国档案法》第五条", &law, true},
		{"a longer name", "《档案法实施条例》", &law, false},
	} {
		var found []token
		(&Document{Title: "简报"}).authority().cites(tt.text, foldText(tt.text, false).runes, func(c token) { found = append(found, c) })
		cited := slices.ContainsFunc(tt.of.authority().names, func(n token) bool { return slices.Contains(found, n) })
		if cited != tt.want {
			t.Errorf("%s: cited %v", tt.name, cited)
		}
		tt.of.authority().cites(tt.text, foldText(tt.text, false).runes, func(c token) {
			if slices.Contains(tt.of.authority().names, c) {
				t.Errorf("%s: a document cites itself", tt.name)
			}
		})
	}
}

// Numbers and names that are hardly any make no name and break nothing.
func TestShortNames(t *testing.T) {
	for _, tt := range []struct {
		d    Document
		want int
	}{
		{Document{}, 0},
		{Document{Title: "第五条"}, 0},
		{Document{Title: "（试行）"}, 0},
		{Document{Title: "中华人民共和国", Numbers: []string{"示〔2023〕4号", "〔2023〕4号", "号", "11370322-2023-00012"}}, 1},
		{Document{Title: "公告", Numbers: []string{"国发〔2023〕4号"}}, 2},
	} {
		s := tt.d.authority()
		if len(s.names) != tt.want {
			t.Errorf("%+v: %d names", tt.d, len(s.names))
		}
		s.cites("《》《第五条》《（试行）》示〔2023〕4号、〔2023〕4号、国发〔2023〕4号", []rune("号 2023 4号示 2023 4号国发 2023 4号"), func(token) {})
	}
}

// twins are two documents alike of which the older is cited three times.
func twins() shelf {
	s := shelf{}
	for _, d := range []Document{
		{ID: "cited", At: day(1), Title: "甲区高龄津贴发放标准", Body: "年满八十周岁的老年人可以申请高龄津贴。", Numbers: []string{"甲民发〔2023〕4号"}},
		{ID: "alone", At: day(2), Title: "乙区高龄津贴发放标准", Body: "年满八十周岁的老年人可以申请高龄津贴。", Numbers: []string{"乙民发〔2023〕9号"}},
		{ID: "n1", At: day(3), Title: "简报一", Body: "依照《甲区高龄津贴发放标准》执行。又见《甲区高龄津贴发放标准》。"},
		{ID: "n2", At: day(3), Title: "简报二", Body: "依照《甲区高龄津贴发放标准》（甲民发〔2023〕4号）执行。"},
		{ID: "n3", At: day(3), Title: "简报三", Parts: []Part{{"附件", "见《甲区高龄津贴发放标准》"}}},
	} {
		d.State = "public"
		s[d.ID] = d
	}
	return s
}

// Of two documents alike that one comes first which others cite, as long as they do; who types
// the other's title or number gets that one.
func TestCitedDocumentsComeFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := twins()
		x := open(t, d, s)
		catchUp(t, x)
		first := func(text string) string {
			return ask(t, x, Query{Text: text, Order: Relevance}).Hits[0].ID
		}
		for text, want := range map[string]string{
			"八十岁的老人怎么申请高龄津贴？": "cited", "高龄津贴": "cited", "乙区高龄津贴发放标准": "alone", "乙民发〔2023〕9号": "alone",
		} {
			if got := first(text); got != want {
				t.Errorf("%s: %s first", text, got)
			}
		}
		for _, id := range []string{"n1", "n2", "n3"} {
			delete(s, id)
			change(t, d, id)
		}
		if _, err := x.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := first("高龄津贴"); got != "alone" {
			t.Errorf("cited no longer: %s first", got)
		}
	})
}

// Each citing document counts once, and as much after segments were put together and the file
// was opened anew; one that was taken away is forgotten when they are.
func TestCitationsAreCounted(t *testing.T) {
	d := dbtest.SQLite(t)
	s := twins()
	path := filepath.Join(t.TempDir(), "text.db")
	x, err := Open(t.Context(), path, d, s)
	if err != nil {
		t.Fatal(err)
	}
	catchUp(t, x)
	count := func(when string, want int) {
		t.Helper()
		one := s["cited"]
		if got := x.vol.citedBy(one.authority().names); got != want {
			t.Errorf("%s: cited by %d, want %d", when, got, want)
		}
	}
	count("at first", 3)
	s["n4"] = Document{ID: "n4", State: "public", At: day(4), Title: "简报四", Body: "《甲区高龄津贴发放标准》"}
	delete(s, "n1")
	change(t, d, "n4", "n1")
	catchUp(t, x)
	if err := x.vol.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	count("put together", 3)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if x, err = Open(t.Context(), path, d, s); err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	count("opened anew", 3)
}
