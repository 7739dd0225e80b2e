package redact

import (
	"os"
	"path/filepath"
	"testing"
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
	os.WriteFile("/tmp/b/rx/out.pdf", data, 0o600)
	text, objects := readPDF(t, data)
	lacks(t, "poppler", text, "规范性文件", "依申请公开")
	lacks(t, "qpdf", objects, "规范性文件", "依申请公开")
	holds(t, "poppler", text, "政府信息公开", "第十五条")
	t.Log(len(data), len(f.Pages), len(marks))
}
