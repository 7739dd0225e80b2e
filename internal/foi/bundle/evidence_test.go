package bundle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/dbtest"
	"gongkai/internal/foi"
	"gongkai/internal/paper"
)

// program runs a program that make test installs, and returns what it printed.
func program(t testing.TB, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Fatalf("%s is not installed; run make test, which installs what the tests need", name)
	}
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func save(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	must(t, 0, os.WriteFile(path, data, 0o600))
	return path
}

// through hands a PDF to qpdf and returns what it made of it.
func through(t testing.TB, data []byte, args ...string) []byte {
	t.Helper()
	in, out := save(t, "in.pdf", data), filepath.Join(t.TempDir(), "out.pdf")
	program(t, "qpdf", append(append([]string{in}, args...), out)...)
	made, err := os.ReadFile(out)
	return must(t, made, err)
}

// flat leaves out blanks: readers of PDF set them as they like.
func flat(s string) string { return strings.Join(strings.Fields(s), "") }

// Evidence is pure over a dossier: one engine is enough.
func TestEvidence(t *testing.T) {
	b := newBureau(t, dbtest.SQLite(t))
	lying := through(t, report(t, 1), "--rotate=+90")
	locked := through(t, report(t, 1), "--encrypt", "open", "owner", "256", "--")
	r := b.closed(
		foi.Upload{Kind: foi.Scanned, Name: "申请书.jpg", Data: photo()},
		foi.Upload{Kind: foi.Receipt, Name: "回执.pdf", Data: report(t, 25)},
		foi.Upload{Kind: foi.Receipt, Name: "横放.pdf", Data: lying},
		foi.Upload{Kind: foi.Receipt, Name: "加密.pdf", Data: locked},
		foi.Upload{Kind: foi.IdentityFile, Name: "身份证.jpg", Data: photo()},
	)
	o := b.dossier(r.ID)
	choices := Usual(o)
	choices[0].Proves = "证明甲某某当面提出了申请"
	var file bytes.Buffer
	v, err := Evidence(t.Context(), &file, o, choices)
	must(t, v, err)
	path := save(t, "evidence.pdf", file.Bytes())
	program(t, "qpdf", "--check", path)
	// Cover, index, application 1, scan 1, letter 2, correction 1, search 1, reply 2, deliveries 1,
	// receipts 3, 1 and 1 for the one that cannot be opened.
	if v.Pages != 16 || !strings.Contains(program(t, "pdfinfo", path), "Pages:           16") {
		t.Errorf("%d pages: %+v", v.Pages, v.Exhibits)
	}
	text := program(t, "pdftotext", path, "-")
	for i, page := range strings.Split(text, "\f")[:v.Pages] {
		n := i + 1
		if !strings.Contains(flat(page), fmt.Sprintf("第%d页共16页", n)) {
			t.Errorf("page %d is not numbered: %s", n, page)
		}
		for _, e := range v.Exhibits {
			if within := n >= e.First && n <= e.Last; within != strings.Contains(page, fmt.Sprintf("证据 %d\n", e.Number)) {
				t.Errorf("page %d, exhibit %d: %v", n, e.Number, within)
			}
		}
	}
	all := flat(text)
	for _, words := range []string{"证明甲某某当面提出了申请", "政府信息不存在告知书", "XA00000000044", "没有找到", "加密.pdf", "邮件的投递经过"} {
		if !strings.Contains(all, words) {
			t.Errorf("%q is not in the bundle", words)
		}
	}
	if strings.Contains(all, "身份证.jpg") {
		t.Error("the identity paper is shown though nobody chose it")
	}
	// Every page is A4, upright or lying, none turned by its own entry.
	sizes := program(t, "pdfinfo", "-f", "1", "-l", "16", path)
	if strings.Count(sizes, "595.28 x 841.89") != 14 || strings.Count(sizes, "841.89 x 595.28") != 2 || strings.Contains(sizes, "rot:  90") {
		t.Errorf("sizes: %s", sizes)
	}
	var marks struct {
		Outlines []struct {
			Title string
			Page  int `json:"destpageposfrom1"`
		}
	}
	must(t, 0, json.Unmarshal([]byte(program(t, "qpdf", "--json", "--json-key=outlines", path)), &marks))
	if len(marks.Outlines) != 2+len(v.Exhibits) || marks.Outlines[0].Title != "证据册" {
		t.Fatalf("bookmarks: %+v", marks)
	}
	for i, e := range v.Exhibits {
		if got := marks.Outlines[i+2]; got.Page != e.First || !strings.Contains(got.Title, e.Name) {
			t.Errorf("bookmark %+v of %+v", got, e)
		}
	}
	var again bytes.Buffer
	_, err = Evidence(t.Context(), &again, o, choices)
	must(t, 0, err)
	if !bytes.Equal(file.Bytes(), again.Bytes()) {
		t.Error("equal dossiers make two bundles")
	}
	for _, wrong := range [][]Choice{nil, {{ID: "form-application"}, {ID: "letter-none"}}} {
		if _, err := Evidence(t.Context(), &again, o, wrong); !errors.Is(err, ErrChoice) {
			t.Errorf("%v: %v", wrong, err)
		}
	}
}

// A text that is brought is printed, whether LibreOffice is there or not.
func TestEvidenceOfTexts(t *testing.T) {
	words, err := docx(&paper.Document{Title: "函", Body: []paper.Block{paper.Paragraph("第三方不同意公开其经营数据。")}})
	must(t, words, err)
	b := newBureau(t, dbtest.SQLite(t))
	r := b.closed(foi.Upload{Kind: foi.Opinion, Name: "意见.docx", Data: words}, foi.Upload{Kind: foi.Opinion, Name: "说明.txt", Data: []byte("电话记录一份。\n")},
		foi.Upload{Kind: foi.Opinion, Name: "坏.docx", Data: []byte("PK\x03\x04 cut off")})
	t.Setenv("PATH", "/nowhere")
	o := b.dossier(r.ID)
	var file bytes.Buffer
	v, err := Evidence(t.Context(), &file, o, Usual(o))
	must(t, v, err)
	t.Setenv("PATH", os.Getenv("PATH")+":/usr/bin:/bin:/usr/local/bin")
	all := flat(program(t, "pdftotext", save(t, "e.pdf", file.Bytes()), "-"))
	for _, w := range []string{"第三方不同意公开其经营数据", "电话记录一份", "坏.docx", "SHA-256"} {
		if !strings.Contains(all, w) {
			t.Errorf("%q is not in the bundle", w)
		}
	}
}
