package redact

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"gongkai/internal/extract"
)

// What poppler and qpdf read of a copy.
func readPDF(t testing.TB, data []byte) (text, objects []byte) {
	t.Helper()
	path := save(t, "copy.pdf", data)
	program(t, "qpdf", "--check", path)
	text = program(t, "pdftotext", "-layout", path, "-")
	text = append(text, program(t, "pdftotext", "-raw", path, "-")...)
	text = append(text, program(t, "pdfinfo", path)...)
	plain := filepath.Join(t.TempDir(), "plain.pdf")
	program(t, "qpdf", "--qdf", "--object-streams=disable", path, plain)
	objects, err := os.ReadFile(plain)
	if err != nil {
		t.Fatal(err)
	}
	return text, objects
}

// Art. 37: what may be public stays readable, what is withheld is gone.
func TestReportAsPDF(t *testing.T) {
	f := opened(t, "年报.pdf", corpus(t, "reports", "derived", "R09_杭州式_2025.pdf"))
	marks := every(t, f, "规范性文件", "依申请公开")
	data := applied(t, f, marks)
	text, objects := readPDF(t, data)
	lacks(t, "poppler", text, "规范性文件", "依申请公开")
	lacks(t, "qpdf", objects, "规范性文件", "依申请公开")
	holds(t, "poppler", text, "政府信息公开", "第十五条")
}

// made is a PDF that a test makes of objects, from 1, with earlier states of itself before it.
func made(versions ...map[int]string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	before := 0
	size := 0
	for _, objects := range versions {
		at := map[int]int{}
		for n, body := range objects {
			at[n] = b.Len()
			size = max(size, n+1)
			fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, body)
		}
		table := b.Len()
		b.WriteString("xref\n0 1\n0000000000 65535 f \n")
		for n, offset := range at {
			fmt.Fprintf(&b, "%d 1\n%010d 00000 n \n", n, offset)
		}
		prev := ""
		if before > 0 {
			prev = fmt.Sprintf("/Prev %d", before)
		}
		fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R/Info 9 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", size, prev, table)
		before = table
	}
	return b.Bytes()
}

func stream(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

// nastyPDF holds words that must go in every corner the format has. They are Latin so that no
// font need be embedded.
func nastyPDF() []byte {
	page := func(content int, more string) string {
		return fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents %d 0 R/Resources<</Font<</F 4 0 R>>/Properties<</L 12 0 R>>>>%s>>", content, more)
	}
	first := `BT /F 14 Tf 1 0 0 1 30 260 Tm (Applicant: Q) Tj (IAN XIAO) Tj (YANG, of River Street) Tj ET
BT /F 14 Tf 1 0 0 1 30 230 Tm (UNDERBAR) Tj ET 0 g 28 226 100 16 re f
1 g BT /F 14 Tf 1 0 0 1 30 200 Tm (WHITEONWHITE) Tj ET 0 g
BT 3 Tr /F 14 Tf 1 0 0 1 30 180 Tm (NOINKATALL) Tj 0 Tr ET
/OC /L BDC BT /F 14 Tf 1 0 0 1 30 160 Tm (OFFLAYER) Tj ET EMC
/Span <</ActualText (ACTUALTEXT) /Alt (ALTTEXT)>> BDC BT /F 14 Tf 1 0 0 1 30 140 Tm (plain public words) Tj ET EMC
BT /F 14 Tf 1 0 0 1 500 100 Tm (OFFPAGE) Tj ET
BT /F 14 Tf 1 0 0 1 30 100 Tm (OVERWRITTEN) Tj ET BT /F 14 Tf 1 0 0 1 30 100 Tm (XXXXXXXXXXX) Tj ET`
	second := `BT /F 14 Tf 0 1 -1 0 200 30 Tm (Turned page of Qian Xiaoyang here) Tj ET`
	old := map[int]string{
		1:  "<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[12 0 R]/D<</OFF[12 0 R]>>>>/Metadata 13 0 R/Names<</JavaScript<</Names[(j) 14 0 R]>>>>/Outlines 15 0 R>>",
		2:  "<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>",
		3:  page(5, "/Annots[10 0 R]"),
		4:  "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		5:  stream("", "BT /F 14 Tf 1 0 0 1 30 260 Tm (EARLIERVERSION of Qian Xiaoyang) Tj ET"),
		6:  page(7, "/Rotate 90"),
		7:  stream("", second),
		9:  "<</Author(QIANXIAOYANG)/Title(INFOTITLE)>>",
		10: "<</Type/Annot/Subtype/Text/Rect[300 200 320 220]/Contents(REMARK)/T(QIANXIAOYANG)>>",
		12: "<</Type/OCG/Name(LAYERNAME)>>",
		13: stream("/Type/Metadata/Subtype/XML", "<x:xmpmeta xmlns:x='adobe:ns:meta/'>XMPCREATOR</x:xmpmeta>"),
		14: "<</S/JavaScript/JS(app.alert\\('SCRIPTED'\\))>>",
		15: "<</Type/Outlines/First 16 0 R/Last 16 0 R/Count 1>>",
		16: "<</Title(BOOKMARK)/Parent 15 0 R>>",
	}
	return made(old, map[int]string{5: stream("", first)})
}

// hiddenWords are what nastyPDF holds and does not show.
var hiddenWords = []string{"QIANXIAOYANG", "UNDERBAR", "WHITEONWHITE", "NOINKATALL", "OFFLAYER", "ACTUALTEXT", "ALTTEXT", "OFFPAGE",
	"OVERWRITTEN", "EARLIERVERSION", "INFOTITLE", "REMARK", "LAYERNAME", "XMPCREATOR", "SCRIPTED", "BOOKMARK", "attachedwords"}

// Art. 37: what a PDF holds besides what shows has no way into the copy: earlier versions, words
// under bars, white or without ink, layers, descriptions, properties, notes, programs, bookmarks,
// attached files; however its objects are packed.
func TestNastyPDF(t *testing.T) {
	plain := save(t, "plain.pdf", nastyPDF())
	attached := save(t, "attached.txt", []byte("attachedwords"))
	for name, options := range map[string][]string{
		"as made":        nil,
		"object streams": {"--object-streams=generate", "--compress-streams=y"},
		"linearized":     {"--linearize"},
		"attachment":     {"--add-attachment", attached, "--"},
		"owner password": {"--encrypt", "", "owner", "256", "--"},
	} {
		t.Run(name, func(t *testing.T) {
			data := nastyPDF()
			if options != nil {
				path := filepath.Join(t.TempDir(), "in.pdf")
				program(t, "qpdf", append(append([]string{"--warning-exit-0"}, options...), plain, path)...)
				var err error
				if data, err = os.ReadFile(path); err != nil {
					t.Fatal(err)
				}
			}
			f := opened(t, "旧卷.pdf", data)
			copied := applied(t, f, every(t, f, "Qian Xiaoyang"))
			text, objects := readPDF(t, copied)
			lacks(t, "poppler", text, hiddenWords...)
			lacks(t, "qpdf", objects, hiddenWords...)
			lacks(t, "qpdf", objects, "/JavaScript", "/Metadata", "/Annots", "/Outlines", "/OCProperties", "/EmbeddedFiles", "/Info", "/StructTreeRoot", "/AcroForm")
			holds(t, "poppler", text, "Applicant:", "of River Street", "plain public words", "Turned page of", "here")
		})
	}
}

// A file under a password is refused with what to do.
func TestPDFUnderPassword(t *testing.T) {
	path := filepath.Join(t.TempDir(), "in.pdf")
	program(t, "qpdf", "--warning-exit-0", "--encrypt", "user", "owner", "256", "--", save(t, "plain.pdf", nastyPDF()), path)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), "a.pdf", data); !errors.Is(err, extract.ErrEncrypted) {
		t.Errorf("got %v, want %v", err, extract.ErrEncrypted)
	}
}

// An area drawn by hand takes away the words it touches, on the page and behind it.
func TestAreaOfPDF(t *testing.T) {
	f := opened(t, "旧卷.pdf", nastyPDF())
	marks := []Mark{{Place: Place{Page: 1, Box: Box{20, 145, 300, 165}}, Ground: privacy}}
	text, _ := readPDF(t, applied(t, f, marks))
	lacks(t, "poppler", text, "plain public")
	holds(t, "poppler", text, "of River Street")
}

// A name that also stands elsewhere is not withheld by half without a word from the person who
// marks it.
func TestSameWordsElsewhere(t *testing.T) {
	f := opened(t, "旧卷.pdf", nastyPDF())
	marks := every(t, f, "Qian Xiaoyang")
	if len(marks) < 2 {
		t.Fatalf("%d marks, want the name on both pages", len(marks))
	}
	one := marks[:1]
	if _, err := f.Apply(t.Context(), one); !errors.Is(err, ErrElsewhere) {
		t.Errorf("got %v, want %v", err, ErrElsewhere)
	}
	if places := f.Elsewhere(one); len(places) != 1 || places[0].Page != 2 {
		t.Errorf("elsewhere %v, want page 2", places)
	}
	one[0].Here = true
	text, _ := readPDF(t, applied(t, f, one))
	holds(t, "poppler", text, "Turned page of Qian Xiaoyang")
}

// Chromium draws every font as shapes of its own (Type 3); lines stand upright, pages and texts
// are turned. The name goes from all of them, and what stands beside stays.
func TestPrintedPage(t *testing.T) {
	page := save(t, "a.html", []byte(`<meta charset="utf-8"><style>@page{size:A4 landscape} p{font:20px "Noto Sans CJK SC"}</style>
<p>申请人钱小样的材料</p><p style="writing-mode:vertical-rl;height:12em">竖排的钱小样和别人</p>
<p style="transform:rotate(180deg);width:20em">倒着的钱小样也在</p><p><b>粗体钱<i>小</i>样</b>，末尾的话</p>`))
	dir := filepath.Dir(page)
	out := filepath.Join(dir, "a.pdf")
	program(t, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+filepath.Join(dir, "profile"), "--print-to-pdf="+out, page)
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	f := opened(t, "打印.pdf", data)
	marks := every(t, f, secret)
	text, objects := readPDF(t, applied(t, f, marks))
	lacks(t, "poppler", text, secret)
	lacks(t, "qpdf", objects, secret)
	lacks(t, "poppler", text, "样小钱") // that on its head, as its line reads
	holds(t, "poppler", text, "申请人", "的材料", "末尾的话", "也", "着倒")
}
