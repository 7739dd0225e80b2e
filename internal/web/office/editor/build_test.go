package editor_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The committed build is what the sources give. Without the packages of npm, which "make
// test" installs, there is nothing to build with.
func TestBuildIsOfTheSources(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed: make setup installs it")
	}
	if _, err := os.Stat("node_modules/esbuild"); err != nil {
		t.Skip("the editor's packages are not installed: make setup installs them")
	}
	dir := t.TempDir()
	if out, err := exec.Command("node", "build.mjs", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"editor.js", "editor.css"} {
		built, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		kept, err := os.ReadFile(filepath.Join("../static/editor", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(built, kept) {
			t.Errorf("%s is not what the sources give: run make assets", name)
		}
	}
}
