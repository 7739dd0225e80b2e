package extract

import (
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// read reads data and fails the test if it cannot be read.
func mustRead(t testing.TB, name string, data []byte) *Document {
	t.Helper()
	d, err := Bytes(t.Context(), name, data)
	if err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	return d
}

const sampleText = "某市某局2024年政府信息公开工作年度报告\n\n一、总体情况\n规章 | 0 | ||\n\t9\t 9 \n"

func TestTextEncodings(t *testing.T) {
	encode := func(e interface {
		String(string) (string, error)
	}) []byte {
		s, err := e.String(sampleText)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(s)
	}
	le := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder()
	be := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder()
	for _, c := range []struct {
		name    string
		data    []byte
		charset string
	}{
		{"UTF-8", []byte(sampleText), "UTF-8"},
		{"UTF-8 with mark", []byte("\xEF\xBB\xBF" + sampleText), "UTF-8"},
		{"GB18030", encode(simplifiedchinese.GB18030.NewEncoder()), "GB18030"},
		{"UTF-16LE", encode(le), "UTF-16LE"},
		{"UTF-16BE", encode(be), "UTF-16BE"},
		{"UTF-16LE with mark", append([]byte("\xFF\xFE"), encode(le)...), "UTF-16LE"},
		{"UTF-16BE with mark", append([]byte("\xFE\xFF"), encode(be)...), "UTF-16BE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := mustRead(t, "报告.txt", c.data)
			if d.Charset != c.charset {
				t.Errorf("charset %s, want %s", d.Charset, c.charset)
			}
			want := []string{"某市某局2024年政府信息公开工作年度报告", "", "一、总体情况", "规章 | 0 | ||", "\t9\t 9 "}
			if len(d.Blocks) != len(want) {
				t.Fatalf("%d lines, want %d:\n%s", len(d.Blocks), len(want), sketch(d))
			}
			for i, b := range d.Blocks {
				if b.Text != want[i] || b.At.Line != i+1 || b.At.Block != i+1 {
					t.Errorf("line %d reads %q at %+v, want %q", i+1, b.Text, b.At, want[i])
				}
			}
		})
	}
}

func TestFormFeedTurnsThePage(t *testing.T) {
	d := mustRead(t, "报告.txt", []byte("一\r\n二\r\n\f三\r\n四\f五\r\n\f"))
	want := []struct {
		text       string
		page, line int
	}{{"一", 1, 1}, {"二", 1, 2}, {"三", 2, 3}, {"四", 2, 4}, {"五", 3, 4}}
	if len(d.Blocks) != len(want) || d.Pages != 3 {
		t.Fatalf("got %s", sketch(d))
	}
	for i, w := range want {
		if b := d.Blocks[i]; b.Text != w.text || b.At.Page != w.page || b.At.Line != w.line {
			t.Errorf("block %d: %q page %d line %d, want %+v", i, b.Text, b.At.Page, b.At.Line, w)
		}
	}
}
