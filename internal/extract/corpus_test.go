package extract

import (
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
