package redact

import "testing"

// BenchmarkRedact withholds a word on every page of a printed report of five pages: reading,
// drawing, writing and reading again.
func BenchmarkRedact(b *testing.B) {
	data := corpus(b, "reports", "derived", "R09_杭州式_2025.pdf")
	f := opened(b, "年报.pdf", data)
	marks := every(b, f, "规范性文件", "依申请公开")
	b.ReportAllocs()
	for b.Loop() {
		applied(b, opened(b, "年报.pdf", data), marks)
	}
	b.ReportMetric(float64(b.N*len(f.Pages))/b.Elapsed().Seconds(), "pages/s")
}

// BenchmarkRedactWord does the same with a Word file.
func BenchmarkRedactWord(b *testing.B) {
	data := corpus(b, "reports", "derived", "R09_杭州式_2025.docx")
	marks := every(b, opened(b, "年报.docx", data), "依申请公开")
	b.ReportAllocs()
	for b.Loop() {
		applied(b, opened(b, "年报.docx", data), marks)
	}
}
