package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/date"
	"gongkai/internal/fault"
)

func posted(t *testing.T, values url.Values) *Form {
	t.Helper()
	r := httptest.NewRequest("POST", "/?title=address", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return ReadForm(r)
}

// Fields are read as people write them, and everything wrong is told at once, at its field.
func TestReadForm(t *testing.T) {
	f := posted(t, url.Values{
		"title": {"  标题\r\n第二行\x00\u007f "}, "n": {"４２"}, "day": {"２０２６年11月3日"}, "tick": {"1"}, "off": {"0"},
		"many": {"a", " ", "b"}, "pick": {"x"}, "pw": {" 原样 "}, "bad": {"abc"}, "no-day": {"2026-02-29"}, "long": {"一二三四"},
	})
	if got := f.Text("title"); got != "标题\n第二行" {
		t.Errorf("text %q", got)
	}
	if got := f.Raw("pw"); got != " 原样 " {
		t.Errorf("raw %q", got)
	}
	if got := f.Int("n"); got != 42 {
		t.Errorf("number %d", got)
	}
	if got := f.Date("day"); got != date.Must(2026, 11, 3) {
		t.Errorf("day %v", got)
	}
	if !f.Bool("tick") || f.Bool("off") || f.Bool("none") || !f.Has("off") || f.Has("none") {
		t.Error("boxes are read wrongly")
	}
	if got := f.List("many"); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("list %q", got)
	}
	if f.Err() != nil {
		t.Fatalf("faults so far: %v", f.Err())
	}
	f.Choice("pick", "y", "z")
	f.Int("bad")
	f.Date("no-day")
	f.Need("none")
	f.AtMost("long", 3)
	var at []string
	for _, e := range FaultsOf(f.Err()) {
		at = append(at, e.Field+" "+e.Code)
	}
	want := []string{"pick web.form.choice", "bad web.form.number", "no-day web.form.date", "none web.form.required", "long web.form.too_long"}
	if !slices.Equal(at, want) {
		t.Errorf("faults %q, want %q", at, want)
	}
	if fault.KindOf(f.Err()) != fault.Invalid || !errors.Is(f.Err(), ErrDate) {
		t.Error("the faults of a form are no faults")
	}
}

func TestParseDay(t *testing.T) {
	tests := []struct {
		text string
		want date.Date
	}{
		{"2026-11-23", date.Must(2026, 11, 23)}, {"2026/1/5", date.Must(2026, 1, 5)}, {"2026.01.05", date.Must(2026, 1, 5)},
		{"20260105", date.Must(2026, 1, 5)}, {"2026年1月5日", date.Must(2026, 1, 5)}, {"26-1-5", date.Date{}},
		{"2026-13-01", date.Date{}}, {"2026-11", date.Date{}}, {"二〇二六年", date.Date{}}, {"2026-11-23-1", date.Date{}},
	}
	for _, tt := range tests {
		got, ok := parseDay(tt.text)
		if got != tt.want || ok == tt.want.IsZero() {
			t.Errorf("%s: %v %v, want %v", tt.text, got, ok, tt.want)
		}
	}
}

// What is no form, or too large a one, says so.
func TestUnreadableForm(t *testing.T) {
	r := httptest.NewRequest("POST", "/", strings.NewReader("%zz=1"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if err := ReadForm(r).Err(); !errors.Is(err, ErrUnreadable) {
		t.Errorf("broken: %v", err)
	}
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	w, err := m.CreateFormFile("file", "a.txt")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(w, strings.Repeat("x", 4096))
	m.Close()
	r = httptest.NewRequest("POST", "/", nil)
	r.Header.Set("Content-Type", m.FormDataContentType())
	rec := httptest.NewRecorder()
	r.Body = http.MaxBytesReader(rec, io.NopCloser(&b), 1024)
	if err := ReadForm(r).Err(); !errors.Is(err, ErrFormSize) {
		t.Errorf("too large: %v", err)
	}
}

// Faults are found however they are wrapped.
func TestFaultsOf(t *testing.T) {
	a, b := ErrRequired.At("a"), ErrNumber.At("b")
	tests := []struct {
		name string
		err  error
		want int
	}{
		{"none", nil, 0}, {"one", a, 1}, {"wrapped", fmt.Errorf("act: %w", a), 1}, {"joined", errors.Join(a, b), 2},
		{"faults in a wrap", fmt.Errorf("act: %w", Faults{a, b}), 2}, {"another error", errors.New("no"), 0},
	}
	for _, tt := range tests {
		if got := FaultsOf(tt.err); len(got) != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	if got := (Faults{a, b}).At("b"); got != b {
		t.Errorf("at b: %v", got)
	}
}
