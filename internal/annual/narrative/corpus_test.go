package narrative

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/annual/read"
	"gongkai/internal/extract"
)

// corpus returns the folder of real reports.
func corpus(t testing.TB) string {
	dir := os.Getenv("GONGKAI_CORPUS")
	if dir == "" {
		dir = "../../../../shared/corpus"
	}
	dir = filepath.Join(dir, "reports")
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("the corpus of real reports is missing; set GONGKAI_CORPUS: %v", err)
	}
	return dir
}

// realReports reads every report of the corpus that needs no other program, by its short
// name: S0, R06, E04.
func realReports(t testing.TB) map[string]*annual.Report {
	dir := corpus(t)
	all := map[string]*annual.Report{}
	for _, folder := range []string{"seed", "full"} {
		files, err := filepath.Glob(filepath.Join(dir, folder, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			r, err := read.File(context.Background(), file)
			if err != nil {
				t.Fatal(err)
			}
			name, _, _ := strings.Cut(filepath.Base(file), "_")
			all[name] = r
		}
	}
	openings(t, filepath.Join(dir, "openings.jsonl"), all)
	return all
}

// openings adds the beginnings of further reports.
func openings(t testing.TB, file string, all map[string]*annual.Report) {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var o struct{ ID, Text string }
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			t.Fatal(err)
		}
		all[o.ID] = read.Document(extract.Paste(o.Text))
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}
