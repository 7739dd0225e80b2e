package extract

import (
	"os"
	"strings"
	"testing"
)

// flat writes a document's tables without the line ends that a page's width forces into
// cells.
func flat(d *Document) string {
	tables := &Document{}
	for _, b := range d.Blocks {
		if b.Table == nil {
			continue
		}
		b.At.Page = 0
		t := *b.Table
		t.Rows = nil
		for _, row := range b.Table.Rows {
			var cells []Cell
			for _, c := range row {
				c.Text = strings.ReplaceAll(c.Text, "\n", "")
				cells = append(cells, c)
			}
			t.Rows = append(t.Rows, cells)
		}
		b.Table = &t
		tables.Blocks = append(tables.Blocks, b)
	}
	return sketch(tables)
}

// corpusFile reads a file of the corpus.
func corpusFile(t testing.TB, parts ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(corpus(t, parts...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// sameTables fails the test where the tables of got are not those of want.
func sameTables(t *testing.T, got, want *Document) {
	t.Helper()
	g, w := strings.Split(flat(got), "\n"), strings.Split(flat(want), "\n")
	for i := range max(len(g), len(w)) {
		var a, b string
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			t.Errorf("line %d\n got %s\nwant %s", i, a, b)
		}
	}
}

// The corpus holds one report as web page and, printed without borders, as PDF. Its tables
// go over page breaks within a row and within merged cells.
func TestPDFTablesWithoutRulesAreThoseOfThePage(t *testing.T) {
	pdf := mustRead(t, "R09.pdf", corpusFile(t, "reports", "derived", "R09_杭州式_2025.pdf"))
	page := mustRead(t, "R09.html", corpusFile(t, "reports", "full", "R09_杭州式_2025.html"))
	sameTables(t, pdf, page)
	if pdf.Pages != 5 {
		t.Errorf("%d pages, want 5", pdf.Pages)
	}
}
