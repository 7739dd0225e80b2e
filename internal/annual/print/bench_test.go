package print

import (
	"io"
	"testing"
)

func benchmark(b *testing.B, f Format) {
	r := city(b)
	if err := Write(io.Discard, r, f, Options{}); err != nil { // fonts are read once
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, r, f, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPrintDOCX(b *testing.B) { benchmark(b, DOCX) }
func BenchmarkPrintPDF(b *testing.B)  { benchmark(b, PDF) }
func BenchmarkPrintXLSX(b *testing.B) { benchmark(b, XLSX) }
func BenchmarkPrintHTML(b *testing.B) { benchmark(b, HTML) }
func BenchmarkPrintTXT(b *testing.B)  { benchmark(b, TXT) }
func BenchmarkPrintJSON(b *testing.B) { benchmark(b, JSON) }
