package extract

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// corpus returns the path of a file of the corpus; a missing corpus fails the test.
func corpus(t testing.TB, parts ...string) string {
	t.Helper()
	root := os.Getenv("GONGKAI_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	path := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("corpus file missing (set GONGKAI_CORPUS to the corpus folder): %v", err)
	}
	return path
}

// sketch writes a document so that a test failure shows it.
func sketch(d *Document) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s pages=%d notes=%v meta=%v\n", d.Format, d.Charset, d.Pages, d.Notes, d.Meta)
	for _, block := range d.Blocks {
		if block.Table == nil {
			fmt.Fprintf(&b, "[p%d l%d] %s\n", block.At.Page, block.At.Line, block.Text)
			continue
		}
		fmt.Fprintf(&b, "table %d (p%d), %d columns\n", block.At.Table, block.At.Page, block.Table.Columns)
		for _, row := range block.Table.Rows {
			for _, c := range row {
				fmt.Fprintf(&b, " |%d,%d", c.Row, c.Col)
				if c.RowSpan > 1 || c.ColSpan > 1 {
					fmt.Fprintf(&b, "(%dx%d)", c.RowSpan, c.ColSpan)
				}
				fmt.Fprintf(&b, " %s", strings.ReplaceAll(c.Text, "\n", "⏎"))
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// Every file of the corpus is read, without a note that would be wrong.
func TestCorpusIsRead(t *testing.T) {
	needLibreOffice(t)
	var files []string
	for _, folder := range []string{"seed", "full", "derived"} {
		found, err := filepath.Glob(filepath.Join(corpus(t, "reports", folder), "*"))
		if err != nil || len(found) == 0 {
			t.Fatalf("no files in %s: %v", folder, err)
		}
		files = append(files, found...)
	}
	for _, path := range append(files, corpus(t, "reports", "blank-form-2021.docx")) {
		d, err := File(t.Context(), path)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(path), err)
			continue
		}
		want := ""
		switch filepath.Ext(path) {
		case ".doc":
			want = NoteConverted
		case ".pdf":
			want = NoteAligned
		}
		if got := strings.Join(d.Notes, " "); got != want {
			t.Errorf("%s: notes %q, want %q", filepath.Base(path), got, want)
		}
		if d.Name != filepath.Base(path) || len(d.Blocks) < 15 {
			t.Errorf("%s: %d blocks of %q", filepath.Base(path), len(d.Blocks), d.Name)
		}
	}
}

// Openings of more reports, pasted: every line is there as it was.
func TestCorpusOpeningsArePasted(t *testing.T) {
	lines := bufio.NewScanner(bytes.NewReader(corpusFile(t, "reports", "openings.jsonl")))
	lines.Buffer(nil, 1<<20)
	n := 0
	for lines.Scan() {
		var opening struct{ Text string }
		if err := json.Unmarshal(lines.Bytes(), &opening); err != nil {
			t.Fatal(err)
		}
		if opening.Text == "" {
			continue
		}
		n++
		var got []string
		for _, b := range Paste(opening.Text).Blocks {
			got = append(got, b.Text)
		}
		want := strings.TrimRight(newlines.Replace(opening.Text), "\n")
		if strings.Join(got, "\n") != clean(want) {
			t.Errorf("opening %d differs: %.200q", n, got)
		}
	}
	if n == 0 {
		t.Error("no openings with text")
	}
}
