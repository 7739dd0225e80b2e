package print

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"gongkai/internal/i18n"
)

// metas returns the page's tags by name.
func metas(page string) map[string]string {
	out := map[string]string{}
	for _, m := range regexp.MustCompile(`<meta name="([A-Z]\w+)" content="([^"]*)">`).FindAllStringSubmatch(page, -1) {
		out[m[1]] = m[2]
	}
	return out
}

// R-WEB-01: an article's page has ten tags, none empty. 19:05 in Greenwich is 03:05 of the
// next day in China.
func TestPageTags(t *testing.T) {
	o := Options{
		Site: Site{
			Name: "青禾市人民政府", Domain: "www.qinghe.example", IDCode: "3417020001",
			Column: Column{Name: "年度报告", Description: "政府信息公开工作年度报告", Keywords: "年报,信息公开", Type: "信息公开"},
		},
		PublishedAt: time.Date(2026, 3, 19, 19, 5, 0, 0, time.UTC),
		Notice:      func(m i18n.Message) { t.Errorf("notice: %v", m) },
	}
	want := map[string]string{
		"SiteName": "青禾市人民政府", "SiteDomain": "www.qinghe.example", "SiteIDCode": "3417020001",
		"ColumnName": "年度报告", "ColumnDescription": "政府信息公开工作年度报告", "ColumnKeywords": "年报,信息公开", "ColumnType": "信息公开",
		"ArticleTitle": "青禾市人民政府2025年政府信息公开工作年度报告", "PubDate": "2026-03-20 03:05", "ContentSource": "青禾市人民政府办公室",
	}
	got := metas(string(printed(t, city(t), HTML, o)))
	for name, content := range want {
		if got[name] != content {
			t.Errorf("%s: %q, want %q", name, got[name], content)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d tags, want %d", len(got), len(want))
	}
}

// A tag whose value is not known is left out, and the caller is told which; nothing stands
// for it (R-WEB-01: never "null", R-WEB-03: no made-up time).
func TestPageTagsWithoutFacts(t *testing.T) {
	var notices []string
	o := Options{Notice: func(m i18n.Message) { notices = append(notices, i18n.To(i18n.Chinese).Text(m)) }}
	r := blank("2021")
	r.Agency.Text, r.Year = "", 0
	page := string(printed(t, r, HTML, o))
	if got := metas(page); len(got) != 0 {
		t.Errorf("tags %v, want none", got)
	}
	if strings.Contains(page, "null") || strings.Contains(page, `content=""`) {
		t.Error("something stands for what is not known")
	}
	if len(notices) != 1 || !strings.Contains(notices[0], "SiteIDCode、ColumnName") || !strings.Contains(notices[0], "PubDate") {
		t.Errorf("notices %q", notices)
	}
}

// R-WEB-02: ten digits, or bm and eight digits.
func TestSiteCode(t *testing.T) {
	for code, valid := range map[string]bool{
		"1304000009": true, "bm64130001": true, "N000000672": false, "130400000": false, "13040000091": false, "bm6413001": false, "BM64130001": false,
	} {
		err := Write(&strings.Builder{}, city(t), HTML, Options{Site: Site{IDCode: code}})
		if valid != (err == nil) || !valid && !errors.Is(err, ErrSiteCode) {
			t.Errorf("%s: %v", code, err)
		}
	}
}
