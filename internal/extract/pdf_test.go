package extract

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"
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

// A file that takes too long ends its sandbox; the next file gets a new one.
func TestPDFThatTakesTooLongDoesNoHarmToTheNext(t *testing.T) {
	data := corpusFile(t, "reports", "derived", "R09_杭州式_2025.pdf")
	mustRead(t, "R09.pdf", data) // PDFium is ready from here on
	short := limits
	short.Time = 8 * time.Millisecond
	if _, err := extract(t.Context(), "R09.pdf", data, short); !errors.Is(err, ErrTime) {
		t.Errorf("got %v", err)
	}
	mustRead(t, "R09.pdf", data)
}

func TestPDFPagesAreReadAsTheyAreTurned(t *testing.T) {
	rules := "50 100 m 50 180 l 100 100 m 100 180 l 150 100 m 150 180 l 50 100 m 150 100 l 50 140 m 150 140 l 50 180 m 150 180 l S "
	text := "BT /F1 10 Tf 60 155 Td (A) Tj 50 0 Td (B) Tj -50 -40 Td (1) Tj 50 0 Td (2) Tj ET"
	want := "table 1 (p1), 2 columns\n |0,0 A |0,1 B\n |1,0 1 |1,1 2\n"
	for turn, content := range map[string]string{
		"/Rotate 0":   rules + text,
		"/Rotate 90":  "0 1 -1 0 400 0 cm " + rules + text,
		"/Rotate 180": "-1 0 0 -1 400 600 cm " + rules + text,
		"/Rotate 270": "0 -1 1 0 0 600 cm " + rules + text,
	} {
		data := strings.Replace(string(makePDF(content)), "/MediaBox[0 0 595 842]", "/MediaBox[0 0 400 600]"+turn, 1)
		_, got, _ := strings.Cut(sketch(mustRead(t, "a.pdf", []byte(data))), "\n")
		if got != want {
			t.Errorf("%s: got\n%s", turn, got)
		}
	}
}

func TestPDFLinesWithoutTables(t *testing.T) {
	d := mustRead(t, "a.pdf", makePDF("BT /F1 10 Tf 60 700 Td (Report 2024) Tj 0 -40 Td (Left) Tj 200 0 Td (Right) Tj ET"))
	want := "[p1 l1] Report 2024\n[p1 l2] Left\tRight\n"
	if _, got, _ := strings.Cut(sketch(d), "\n"); got != want {
		t.Errorf("got\n%s", got)
	}
}

// White lines and areas of colour are no borders.
func TestPDFInvisibleRules(t *testing.T) {
	rules := "50 100 m 50 180 l 100 100 m 100 180 l 150 100 m 150 180 l 50 100 m 150 100 l 50 140 m 150 140 l 50 180 m 150 180 l S "
	text := "0 g BT /F1 10 Tf 60 155 Td (A) Tj ET"
	for what, content := range map[string]string{"white": "1 G " + rules + text, "shade": "0.9 g 50 100 50 80 re 100 100 50 80 re f " + text} {
		if d := mustRead(t, "a.pdf", makePDF(content)); len(d.Blocks) != 1 || d.Blocks[0].Text != "A" {
			t.Errorf("%s: %s", what, sketch(d))
		}
	}
}

func TestRadicalsBecomeTheCharactersTheyLookLike(t *testing.T) {
	for radical, want := range map[rune]rune{'⼀': '一', '⼈': '人', '⾏': '行', '⺠': '民', '政': '政'} {
		if got := unified(radical); got != want {
			t.Errorf("%c becomes %c, want %c", radical, got, want)
		}
	}
}

// Programs wrap whole pages in forms that are scaled and moved.
func TestPDFRulesWithinForms(t *testing.T) {
	form := "25 50 m 25 90 l 50 50 m 50 90 l 75 50 m 75 90 l 25 50 m 75 50 l 25 70 m 75 70 l 25 90 m 75 90 l S"
	content := "q 1 0 0 1 100 300 cm /X Do Q BT /F1 10 Tf 160 455 Td (A) Tj 50 0 Td (B) Tj -50 -40 Td (1) Tj 50 0 Td (2) Tj ET"
	want := "table 1 (p1), 2 columns\n |0,0 A |0,1 B\n |1,0 1 |1,1 2\n"
	if got := body(mustRead(t, "a.pdf", makePDF(content, form))); got != want {
		t.Errorf("got\n%s", got)
	}
}
