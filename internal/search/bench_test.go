package search

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/internal/dbtest"
)

// prose makes texts whose pairs of characters are about as many and as unequally frequent as
// those of official documents: words of two to four characters, few of them very common.
func prose(seed uint64) func(runes int) string {
	r := rand.New(rand.NewPCG(seed, 7))
	words := make([]string, 20000)
	for i := range words {
		w := make([]rune, 2+r.IntN(3))
		for j := range w {
			w[j] = rune(0x4e00 + int(4000*r.Float64()*r.Float64()))
		}
		words[i] = string(w)
	}
	return func(runes int) string {
		var b strings.Builder
		for n := 0; n < runes; {
			w := words[int(float64(len(words))*r.Float64()*r.Float64()*r.Float64())]
			b.WriteString(w)
			n += len(w) / 3
			if r.IntN(10) == 0 {
				b.WriteString("，")
				n++
			}
		}
		return b.String()
	}
}

// articles are documents of about 3 KB, a thousand characters.
func articles(n int) []Document {
	write := prose(1)
	all := make([]Document, n)
	first := time.Date(2016, 1, 4, 2, 0, 0, 0, time.UTC)
	for i := range all {
		all[i] = Document{
			ID: fmt.Sprintf("%08d", i), Agency: fmt.Sprint(i % 50), Sections: []string{fmt.Sprint(i % 3000)}, State: "public",
			At: first.Add(time.Duration(i) * time.Hour), Title: write(20), Body: write(1000),
		}
	}
	return all
}

// BenchmarkIndex3KB is feeding the index alone, with the putting together of segments: an op is
// a document.
func BenchmarkIndex3KB(b *testing.B) {
	docs := articles(4000)
	d := dbtest.SQLite(b)
	x, err := Open(b.Context(), filepath.Join(b.TempDir(), "text.db"), d, shelf{})
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	b.ResetTimer()
	for at := 0; at < b.N; {
		some := docs[at%len(docs) : min(len(docs), at%len(docs)+batch, at%len(docs)+b.N-at)]
		for i := range some { // a document indexed again is a new one
			some[i].ID = fmt.Sprintf("%d-%d", at, i)
		}
		if err := x.vol.put(b.Context(), nil, some, int64(at)); err != nil {
			b.Fatal(err)
		}
		if err := x.vol.tend(b.Context(), mostMerged); err != nil {
			b.Fatal(err)
		}
		at += len(some)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "docs/s")
}

// BenchmarkSearch is one page of twenty with its count, over 20,000 documents.
func BenchmarkSearch(b *testing.B) {
	docs := articles(20000)
	s := shelf{}
	ids := make([]string, len(docs))
	for i, d := range docs {
		s[d.ID], ids[i] = d, d.ID
	}
	d := dbtest.SQLite(b)
	x := open(b, d, s)
	for i := 0; i < len(docs); i += batch {
		if err := x.vol.put(b.Context(), ids[i:i+batch], docs[i:i+batch], 0); err != nil {
			b.Fatal(err)
		}
	}
	common, rare := docs[0].Body[:6], docs[0].Body[:24]
	for name, q := range map[string]Query{
		"pair": {Text: common}, "phrase": {Text: rare}, "scope": {Text: common, Agencies: []string{"7"}},
		"relevance": {Text: common, Order: Relevance}, "character": {Text: common[:3]},
	} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				if _, err := x.Search(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
