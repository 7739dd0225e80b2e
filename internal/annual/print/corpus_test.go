package print

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"gongkai/internal/annual/read"
)

// corpus returns a file of the real reports beside the project.
func corpus(t *testing.T, path string) string {
	t.Helper()
	root := os.Getenv("GONGKAI_CORPUS")
	if root == "" {
		root = "../../../../shared/corpus"
	}
	whole := filepath.Join(root, path)
	if _, err := os.Stat(whole); err != nil {
		t.Fatalf("%v; the tests read real reports there, or where GONGKAI_CORPUS says", err)
	}
	return whole
}

// Real reports, with what they lost and what they added, print in each format and read back
// with the same figures, blanks and open questions.
func TestRealReportsReadBack(t *testing.T) {
	data, err := os.ReadFile(corpus(t, "reports/truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth map[string]struct{ File string }
	if err := json.Unmarshal(data, &truth); err != nil {
		t.Fatal(err)
	}
	for name, entry := range truth {
		if entry.File == "" {
			continue
		}
		r, err := read.File(context.Background(), corpus(t, entry.File))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r.Refused != nil {
			continue
		}
		for _, f := range Formats {
			t.Run(name+" "+string(f), func(t *testing.T) {
				back := again(t, r, f)
				if back.Refused != nil {
					t.Fatal("refused")
				}
				unsettled := back.Unsettled()
				for _, c := range r.Form.Cells() {
					if a, b := shown(r, c.Key), shown(back, c.Key); a != b {
						t.Errorf("%s: printed %q, read %q", c.Key, a, b)
					}
					if _, asked := unsettled[c.Key]; f != JSON && !asked && shown(r, c.Key) == "?" {
						t.Errorf("%s is not asked for", c.Key)
					}
				}
				for _, s := range r.Sections {
					own := back.Section(s.Key)
					if own == nil || len(joined(PDF, own.Paragraphs)) < len(joined(PDF, s.Paragraphs))*9/10 {
						t.Errorf("%s lost text", s.Key)
					}
				}
			})
		}
	}
}
