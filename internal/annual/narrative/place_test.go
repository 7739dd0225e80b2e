package narrative

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/annual/read"
	"gongkai/internal/extract"
)

// Every statement is quoted from where it stands: the runes its place names in the source
// begin the number that was read, over wrapped lines, blanks and full-width figures.
func TestPlacesPointAtTheSource(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(corpus(t), "*", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	quoted := 0
	for _, file := range files {
		doc, err := extract.File(context.Background(), file)
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range Check(read.Document(doc)) {
			for _, q := range j.Places {
				if q.Key != "" || q.At.Block == 0 {
					continue
				}
				line := []rune(doc.Blocks[q.At.Block-1].Text)
				if q.At.Start < 0 || q.At.End > len(line) || q.At.Start >= q.At.End {
					t.Errorf("%s: %q: runes %d to %d of a line of %d", filepath.Base(file), q.Text, q.At.Start, q.At.End, len(line))
					continue
				}
				quoted++
				there := strings.Join(strings.Fields(string(line[q.At.Start:q.At.End])), "")
				if first := []rune(there)[0]; !strings.ContainsRune(q.Text, foldRune(first, []rune{first}, 0)) {
					t.Errorf("%s: %q is quoted from %q", filepath.Base(file), q.Text, there)
				}
			}
		}
	}
	if quoted < 40 {
		t.Errorf("only %d quotations have a place", quoted)
	}
}
