package letter

import (
	"io"
	"testing"

	"gongkai/internal/paper"
)

func BenchmarkDraft(b *testing.B) {
	s := samples()[indexOf("L12")]
	for b.Loop() {
		if _, err := Draft(s.code, s.facts, s.on); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMissing(b *testing.B) {
	s := samples()[indexOf("L12")]
	l, err := Draft(s.code, s.facts, s.on)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if gaps := l.Missing(); len(gaps) > 0 {
			b.Fatal(gaps)
		}
	}
}

func BenchmarkPDF(b *testing.B) {
	s := samples()[indexOf("L12")]
	l, err := Draft(s.code, s.facts, s.on)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := paper.WritePDF(io.Discard, l.Document()); err != nil {
			b.Fatal(err)
		}
	}
}
