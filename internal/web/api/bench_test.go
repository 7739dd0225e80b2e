package api

import (
	"net/url"
	"path/filepath"
	"testing"

	"gongkai/internal/db"
	"gongkai/internal/disclosure"
)

// benchTown is a town with so many items, on SQLite.
func benchTown(b *testing.B, n int) *town {
	b.Helper()
	d, err := db.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "bench.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	if err := d.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	x := enter(b, d)
	x.many(n)
	return x
}

// The body's newest hundred records, and a hundred from the middle.
func BenchmarkPageOfAHundred(b *testing.B) {
	x := benchTown(b, 20_000)
	first := "/api/v1/items?limit=100&body=" + x.body
	x.ask("GET", first, nil)
	for b.Loop() {
		if w := x.ask("GET", first, nil); w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
}

// All records by OAI-PMH, a hundred an answer, as a harvester walks through them.
func BenchmarkHarvestOfAll(b *testing.B) {
	const n = 20_000
	x := benchTown(b, n)
	for b.Loop() {
		seen := 0
		for path := "/oai?verb=ListRecords&metadataPrefix=oai_dc"; path != ""; {
			body := x.plain(path)
			seen += len(identifiers.FindAllStringIndex(body, -1))
			path = ""
			if m := tokens.FindStringSubmatch(body); m != nil {
				path = "/oai?verb=ListRecords&resumptionToken=" + url.QueryEscape(m[1])
			}
		}
		if seen != n {
			b.Fatalf("%d records", seen)
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "records/s")
}

// Reading all records once, as the files of everything are written.
func BenchmarkEveryRecord(b *testing.B) {
	const n = 20_000
	x := benchTown(b, n)
	b.ReportAllocs()
	for b.Loop() {
		seen := 0
		if err := x.Reader.Every(b.Context(), "", func(all []*disclosure.Record) error { seen += len(all); return nil }); err != nil || seen != n {
			b.Fatal(seen, err)
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "records/s")
}
