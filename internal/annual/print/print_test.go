package print

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/annual/datafile"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/read"
	"gongkai/internal/i18n"
)

// printed returns r in a format.
func printed(t testing.TB, r *annual.Report, f Format, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, f, o); err != nil {
		t.Fatalf("print %s: %v", f, err)
	}
	return b.Bytes()
}

// again prints r and reads it back.
func again(t testing.TB, r *annual.Report, f Format) *annual.Report {
	t.Helper()
	data := printed(t, r, f, Options{})
	if f == JSON {
		back, err := datafile.Read(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("read json: %v", errors.Unwrap(err))
		}
		return back
	}
	back, err := read.Bytes(context.Background(), "报告."+string(f), data)
	if err != nil {
		t.Fatalf("read %s: %v", f, err)
	}
	return back
}

// differences lists where two reports say different things, at most a dozen.
func differences(f Format, want, got *annual.Report) []string {
	var out []string
	differ := func(what, a, b string) {
		if a != b && len(out) < 12 {
			a, b = parting(a, b)
			out = append(out, what+": want "+a+", got "+b)
		}
	}
	if got.Refused != nil {
		return []string{"refused: " + i18n.To(i18n.Chinese).List(reasons(got))}
	}
	if got.Form == nil || got.Form.ID != want.Form.ID {
		return []string{"another form"}
	}
	differ("title", title(want), got.Title.Text)
	differ("agency", form.Normalize(want.Agency.Text), form.Normalize(got.Agency.Text))
	differ("index number", want.IndexNo.Text, got.IndexNo.Text)
	differ("document number", want.DocNo.Text, got.DocNo.Text)
	if want.Publisher.Text != "" { // a web page states one in any case: the body that signs
		differ("publisher", want.Publisher.Text, got.Publisher.Text)
	}
	differ("signature", want.Signature.Text, got.Signature.Text)
	differ("signed", want.Signed.Date.String(), got.Signed.Date.String())
	differ("published", want.Published.Date.String(), got.Published.Date.String())
	differ("preface", joined(f, want.Preface), joined(f, got.Preface))
	for _, s := range want.Sections {
		own := got.Section(s.Key)
		if own == nil {
			out = append(out, s.Key+" is gone")
			continue
		}
		differ(s.Key+" heading", s.Heading.Text, own.Heading.Text)
		differ(s.Key, joined(f, s.Paragraphs), joined(f, own.Paragraphs))
	}
	unsettled := got.Unsettled()
	for _, c := range want.Form.Cells() {
		differ(string(c.Key), shown(want, c.Key), shown(got, c.Key))
		if _, asked := unsettled[c.Key]; !asked && shown(want, c.Key) == "?" {
			out = append(out, string(c.Key)+" is not asked for")
		}
	}
	return out
}

// parting cuts two long texts down to where they begin to differ.
func parting(a, b string) (string, string) {
	x, y := []rune(a), []rune(b)
	same := 0
	for same < len(x) && same < len(y) && x[same] == y[same] {
		same++
	}
	around := func(rs []rune) string {
		return string(rs[min(len(rs), max(0, same-15)):min(len(rs), same+15)])
	}
	return around(x), around(y)
}

func reasons(r *annual.Report) []string {
	var out []string
	for _, m := range r.Refused.Reasons {
		out = append(out, i18n.To(i18n.Chinese).Text(m))
	}
	return out
}

// joined returns paragraphs as one text. A PDF has lines, not paragraphs: of a print in it
// only the words must come back.
func joined(f Format, ts []annual.Text) string {
	out := ""
	for _, t := range ts {
		if f == PDF {
			out += strings.ReplaceAll(t.Text, " ", "")
			continue
		}
		out += "⏎" + t.Text
	}
	return out
}

// shown returns what a cell says: a number, "" for a blank, "?" for what nobody knows.
func shown(r *annual.Report, k form.Key) string {
	c, ok := r.Cells[k]
	switch {
	case !ok:
		return "?"
	case c.State == annual.Blank:
		return ""
	}
	return c.Value.String()
}

// What is printed reads back as the same report, for the city of spec §2.7 with one figure
// of table two, some of table three and one of table four's narrow columns unsettled.
func TestReadBack(t *testing.T) {
	for _, f := range Formats {
		t.Run(string(f), func(t *testing.T) {
			r := city(t)
			unsettle(r, "T2.license.decisions")
			unsettle(r, "T4.review.upheld")
			unsettle(r, "T3.done.deny.query.other", "T3.done.deny.query.legal", "T3.done.deny.query.total", "T3.done.total.other", "T3.done.total.legal")
			if dir := os.Getenv("GONGKAI_TEST_PRINTS"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, "city."+string(f)), printed(t, r, f, Options{}), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for _, d := range differences(f, r, again(t, r, f)) {
				t.Error(d)
			}
		})
	}
}

// Prints made before a cell was called 待确定 say 待核 of it; they read as what they are.
func TestOldPrintsReadBack(t *testing.T) {
	r := city(t)
	unsettle(r, "T2.license.decisions")
	text := string(printed(t, r, TXT, Options{}))
	old := strings.Replace(text, "（待确定）", "（待核）", 1)
	if old == text {
		t.Fatal("no cell is printed as unsettled")
	}
	back, err := read.Bytes(t.Context(), "报告.txt", []byte(old))
	if err != nil {
		t.Fatal(err)
	}
	if _, asked := back.Unsettled()["T2.license.decisions"]; !asked || shown(back, "T2.license.decisions") != "?" {
		t.Errorf("read as %q", shown(back, "T2.license.decisions"))
	}
}

func TestParseFormat(t *testing.T) {
	for _, f := range Formats {
		for _, s := range []string{string(f), "." + strings.ToUpper(string(f)), " " + string(f) + " "} {
			if got, err := ParseFormat(s); got != f || err != nil {
				t.Errorf("%q: %s, %v", s, got, err)
			}
		}
		if f.MediaType() == "" {
			t.Errorf("%s has no media type", f)
		}
	}
	for _, s := range []string{"", "doc", "odt"} {
		if _, err := ParseFormat(s); !errors.Is(err, ErrFormat) {
			t.Errorf("%q: %v, want a fault", s, err)
		}
	}
}

// A document that is no report prints as JSON only.
func TestRefusedIsNotPrinted(t *testing.T) {
	for _, f := range Formats {
		err := Write(&bytes.Buffer{}, &annual.Report{Refused: &annual.Refusal{}}, f, Options{})
		if f == JSON && err != nil || f != JSON && !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", f, err)
		}
	}
}

// A character no font has is reported, and stands as 〓 in the PDF.
func TestLackingCharactersAreReported(t *testing.T) {
	r := city(t)
	r.Sections[5].Paragraphs = []annual.Text{{Text: "网友“😀”留言12条，均已答复。"}}
	var notices []string
	printed(t, r, PDF, Options{Notice: func(m i18n.Message) { notices = append(notices, i18n.To(i18n.Chinese).Text(m)) }})
	if len(notices) != 1 || !strings.Contains(notices[0], "😀") {
		t.Errorf("notices %q", notices)
	}
	if got := again(t, r, PDF).Section("s6").Paragraphs; len(got) != 1 || !strings.Contains(got[0].Text, "“〓”") {
		t.Errorf("read back: %v", got)
	}
}
