package extract

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// bordered is the corpus's web page with ruled tables.
func bordered(t *testing.T) []byte {
	page := corpusFile(t, "reports", "full", "R09_杭州式_2025.html")
	style := `<head><style>table{border-collapse:collapse}td,th{border:1px solid #000;padding:4px;text-align:center}</style>`
	return bytes.ReplaceAll(bytes.Replace(page, []byte("<head>"), []byte(style), 1), []byte("<table"), []byte(`<table border="1" cellspacing="0"`))
}

// program runs a program that make test installs.
func program(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Fatalf("%s is not installed; run make test, which installs what the tests need", name)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// printed reads the PDF a program made and compares its tables with the page's.
func printed(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sameTables(t, mustRead(t, "R09.pdf", data), mustRead(t, "R09.html", bordered(t)))
}

// Chromium writes every font as drawings of its letters, breaks pages within merged cells
// and lets their text run over the last line.
func TestPDFPrintedByChromium(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.html"), bordered(t), 0o600); err != nil {
		t.Fatal(err)
	}
	program(t, dir, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+filepath.Join(dir, "profile"), "--print-to-pdf="+filepath.Join(dir, "a.pdf"), filepath.Join(dir, "a.html"))
	printed(t, filepath.Join(dir, "a.pdf"))
}

// LibreOffice breaks pages within rows and draws an empty strip of the row on the next.
func TestPDFPrintedByLibreOffice(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.html"), bordered(t), 0o600); err != nil {
		t.Fatal(err)
	}
	profile := "-env:UserInstallation=file://" + filepath.Join(dir, "profile")
	program(t, dir, "soffice", profile, "--headless", "--convert-to", "odt", "a.html")
	program(t, dir, "soffice", profile, "--headless", "--convert-to", "pdf", "a.odt")
	printed(t, filepath.Join(dir, "a.pdf"))
}
