package office

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"iter"
	"net/http/httptest"
	"strings"
	"testing"

	"gongkai/internal/fault"
)

var columns = []Column{{Key: "title", Text: "标题", Sort: true}, {Key: "state", Text: "状态"}, {Key: "due", Text: "到期", Sort: true}}

// An address says which rows a list shows; what it may not say is passed over.
func TestReadList(t *testing.T) {
	tests := []struct {
		name, query string
		order       string
		size        int
		format      string
		after       string
		filter      string
	}{
		{"nothing", "", "-due", 30, "", "", ""},
		{"sorted", "?sort=title", "title", 30, "", "", ""},
		{"downwards", "?sort=-title&size=100", "-title", 100, "", "", ""},
		{"by what cannot be sorted", "?sort=state", "-due", 30, "", "", ""},
		{"by what is no column", "?sort=id;drop", "-due", 30, "", "", ""},
		{"a size that is none", "?size=100000", "-due", 30, "", "", ""},
		{"filtered, next page", "?state=draft&after=k1", "-due", 30, "", "k1", "draft"},
		{"an export begins at the beginning", "?state=draft&after=k1&format=xlsx", "-due", 30, "xlsx", "", "draft"},
		{"a format that is none", "?format=exe", "-due", 30, "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := ReadList(httptest.NewRequest("GET", "/office/items"+tt.query, nil), columns, "-due")
			if q.Order() != tt.order || q.Size != tt.size || q.Format != tt.format || q.After != tt.after || q.Filter.Get("state") != tt.filter {
				t.Errorf("%+v", q)
			}
		})
	}
}

// The links of a list keep what is filtered; sorting begins at the first page again.
func TestListLinks(t *testing.T) {
	q := ReadList(httptest.NewRequest("GET", "/?state=draft&q=&sort=due&after=k1&size=100", nil), columns, "-due")
	l := &List{Columns: columns, Query: q, Next: "k2", Prev: "k1"}
	heads := l.Headings()
	for got, want := range map[string]string{
		l.NextHref():           "?after=k2&size=100&sort=due&state=draft",
		l.PrevHref():           "?before=k1&size=100&sort=due&state=draft",
		l.FirstHref():          "?size=100&sort=due&state=draft",
		l.ExportHref("csv"):    "?format=csv&size=100&sort=due&state=draft",
		l.All():                "?size=100&sort=due",
		heads[0].Href:          "?size=100&sort=title&state=draft",
		heads[2].Href:          "?size=100&sort=-due&state=draft",
		heads[1].Href:          "",
		heads[2].Dir:           "ascending",
		l.Sizes()[0].Href:      "?sort=due&state=draft",
		l.Sizes()[1].Text + "": "100",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if !l.Filtered() || !l.Sizes()[1].On {
		t.Error("the list does not know its filter or size")
	}
}

func rows(all ...[]string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// A CSV opens in Excel and WPS as UTF-8 and runs no formula.
func TestExportCSV(t *testing.T) {
	w := httptest.NewRecorder()
	if err := export(w, ListQuery{Format: "csv"}, "信息 列表", columns, rows([]string{"=cmd|' /C calc'!A0", `引"号`, "2026-11-23"}, []string{"@x", "-1", "正常"})); err != nil {
		t.Fatal(err)
	}
	want := "\ufeff标题,状态,到期\r\n'=cmd|' /C calc'!A0,\"引\"\"号\",2026-11-23\r\n'@x,'-1,正常\r\n"
	if got := w.Body.String(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := w.Header().Get("Content-Disposition"); got != "attachment; filename*=UTF-8''%E4%BF%A1%E6%81%AF%20%E5%88%97%E8%A1%A8.csv" {
		t.Error(got)
	}
}

// A workbook holds its values as texts, never as formulas.
func TestExportXLSX(t *testing.T) {
	w := httptest.NewRecorder()
	if err := export(w, ListQuery{Format: "xlsx"}, "list", columns, rows([]string{"=1+1", "草稿", "2026-11-23"})); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	if s := string(sheet); !strings.Contains(s, "=1+1") || !strings.Contains(s, "草稿") || strings.Contains(s, "<f>") {
		t.Error(s)
	}
}

// A list that fails before its first byte shows an error page, not a broken file.
func TestExportFails(t *testing.T) {
	bad := errors.New("no")
	err := export(httptest.NewRecorder(), ListQuery{Format: "xlsx"}, "list", columns, func(yield func([]string, error) bool) { yield(nil, bad) })
	if !errors.Is(err, bad) || fault.KindOf(err) != fault.Internal {
		t.Error(err)
	}
}

// A page of a list that is held whole, or was read with one row more than it shows, knows
// whether others stand before and after.
func TestPaging(t *testing.T) {
	all := strings.Split("abcdefg", "")
	same := func(s string) string { return s }
	tests := []struct {
		name, after, before string
		rows, next, prev    string
	}{
		{"first", "", "", "abc", "c", ""}, {"second", "c", "", "def", "f", "d"}, {"last", "f", "", "g", "", "g"},
		{"back", "", "d", "abc", "c", ""}, {"back to the middle", "", "g", "def", "f", "d"},
	}
	for _, tt := range tests {
		l := &List{Query: ListQuery{Size: 3, After: tt.after, Before: tt.before}}
		if got := strings.Join(window(l, all, same), ""); got != tt.rows || l.Next != tt.next || l.Prev != tt.prev {
			t.Errorf("held, %s: %s, next %q, prev %q", tt.name, got, l.Next, l.Prev)
		}
	}
	read := []struct {
		name, after, before, read string
		rows, next, prev          string
	}{
		{"first of several", "", "", "abcd", "abc", "c", ""}, {"the only one", "", "", "abc", "abc", "", ""}, {"last", "c", "", "de", "de", "", "d"},
		{"back, more before", "", "g", "cdef", "def", "f", "d"}, {"back to the first", "", "d", "abc", "abc", "c", ""}, {"nothing", "g", "", "", "", "", ""},
	}
	for _, tt := range read {
		l := &List{Query: ListQuery{Size: 3, After: tt.after, Before: tt.before}}
		rows := strings.Split(tt.read, "")
		if tt.read == "" {
			rows = nil
		}
		if got := strings.Join(page(l, rows, same), ""); got != tt.rows || l.Next != tt.next || l.Prev != tt.prev {
			t.Errorf("read, %s: %s, next %q, prev %q", tt.name, got, l.Next, l.Prev)
		}
	}
}
