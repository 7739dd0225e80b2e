package extract

import (
	"testing"

	"github.com/xuri/excelize/v2"
)

// benchmark reads one report over and over.
func benchmark(b *testing.B, name string, data []byte) {
	b.Helper()
	if _, err := Bytes(b.Context(), name, data); err != nil { // also starts what starts once
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Bytes(b.Context(), name, data); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reports/s")
}

func BenchmarkReadText(b *testing.B) {
	benchmark(b, "S0.txt", corpusFile(b, "reports", "seed", "S0_黄石市民政局_2023.txt"))
}

func BenchmarkReadHTML(b *testing.B) {
	benchmark(b, "R09.html", corpusFile(b, "reports", "full", "R09_杭州式_2025.html"))
}

func BenchmarkReadDOCX(b *testing.B) {
	benchmark(b, "R09.docx", corpusFile(b, "reports", "derived", "R09_杭州式_2025.docx"))
}

func BenchmarkReadPDF(b *testing.B) {
	benchmark(b, "R09.pdf", corpusFile(b, "reports", "derived", "R09_杭州式_2025.pdf"))
}

// BenchmarkReadOFD reads a page with a ruled table of 28 rows and 10 columns.
func BenchmarkReadOFD(b *testing.B) {
	var xs, ys []float64
	for i := range 11 {
		xs = append(xs, 10+float64(i)*19)
	}
	for i := range 29 {
		ys = append(ys, 20+float64(i)*9)
	}
	page := ofdRules(xs, ys)
	for _, y := range ys[1:] {
		for _, x := range xs[:10] {
			page += ofdText(x+2, y-2, 3.5, "7730")
		}
	}
	benchmark(b, "a.ofd", makeOFD(b, page))
}

// BenchmarkReadXLSX reads a sheet of 28 rows and 10 columns.
func BenchmarkReadXLSX(b *testing.B) {
	benchmark(b, "a.xlsx", makeXLSX(b, func(f *excelize.File) {
		for row := 1; row <= 28; row++ {
			for col := 1; col <= 10; col++ {
				at, err := excelize.CoordinatesToCellName(col, row)
				must(err)
				must(f.SetCellValue("Sheet1", at, float64(row*col)+0.28))
			}
		}
	}))
}
