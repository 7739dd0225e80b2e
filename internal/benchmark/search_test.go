package benchmark

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/internal/disclosure"
	"gongkai/internal/search"
)

// clients is how many people search at once, and asked how often each asks.
const (
	clients = 8
	asked   = 50
)

// kind is one kind of search; next makes another of it each time, so that no answer is the
// same as the one before.
type kind struct {
	name string
	next func(r *rand.Rand) search.Query
}

// kinds are what people type into the search of the portal, by how much it finds.
func (t *town) kinds() []kind {
	w := newWriter()
	word := func(r *rand.Rand, from, to int) string { return w.words[from+r.IntN(to-from)] }
	facets := []search.Facet{search.ByTheme, search.ByGenre, search.ByYear, search.ByIssuer, search.ByValidity, search.ByAgency}
	text := func(make func(r *rand.Rand) string) func(r *rand.Rand) search.Query {
		return func(r *rand.Rand) search.Query {
			return search.Query{Text: make(r), Order: search.Relevance, States: []string{disclosure.TextPublic}}
		}
	}
	faceted := func(make func(r *rand.Rand) search.Query) func(r *rand.Rand) search.Query {
		return func(r *rand.Rand) search.Query { q := make(r); q.Facets = facets; return q }
	}
	common := text(func(r *rand.Rand) string { return word(r, 0, 20) })
	return []kind{
		{"in every title", text(func(*rand.Rand) string { return "通知" })},
		{"common", common},
		{"common, facets", faceted(common)},
		{"rare", text(func(r *rand.Rand) string { return word(r, 9000, 20000) })},
		{"two words", text(func(r *rand.Rand) string { return word(r, 0, 60) + " " + word(r, 20, 2000) })},
		{"phrase", text(func(r *rand.Rand) string { return "“" + word(r, 0, 10) + word(r, 0, 10) + "”" })},
		{"question", text(func(r *rand.Rand) string {
			return word(r, 0, 500) + word(r, 0, 20) + word(r, 20, 2000) + word(r, 0, 2000) + word(r, 2000, 9000) + "怎么办？"
		})},
		{"newest first", func(r *rand.Rand) search.Query { q := common(r); q.Order = search.Newest; return q }},
		{"one body", func(r *rand.Rand) search.Query { q := common(r); q.Agencies = []string{t.bodies[0].id}; return q }},
		{"list with facets", faceted(func(r *rand.Rand) search.Query {
			one := t.bodies[0]
			return search.Query{Sections: []string{one.sections[r.IntN(len(one.sections))]}, States: []string{disclosure.TextPublic}}
		})},
		{"document number", text(func(r *rand.Rand) string { return fmt.Sprintf("示例发[%d]%d号", 2011+r.IntN(15), 1+4*r.IntN(500)) })},
	}
}

// rush lets several people search at once and tells how long they waited.
func (t *town) rush(b *testing.B) {
	var table strings.Builder
	worst := time.Duration(0)
	for _, k := range t.kinds() {
		took, each := t.together(b, func(r *rand.Rand) error { _, err := t.Search.Search(b.Context(), k.next(r)); return err })
		worst = max(worst, took[len(took)*99/100])
		row(&table, k.name, took, each)
	}
	b.ReportMetric(ms(worst), "ms-p99-search")
	w := newWriter()
	took, each := t.together(b, func(r *rand.Rand) error {
		typed := []rune(w.words[r.IntN(2000)])
		_, err := t.Search.Suggest(b.Context(), string(typed[:1+r.IntN(2)]), search.Query{States: []string{disclosure.TextPublic}}, 8)
		return err
	})
	row(&table, "suggestions", took, each)
	b.ReportMetric(ms(took[len(took)*99/100]), "ms-p99-suggest")
	fmt.Printf("%d people searching at once:%s\n", clients, table.String())
}

func row(table *strings.Builder, name string, took []time.Duration, each float64) {
	n := len(took)
	fmt.Fprintf(table, "\n%-20s p50 %8.2f  p99 %8.2f  slowest %8.2f ms, %6.2f ms of a processor", name, ms(took[n/2]), ms(took[n*99/100]),
		ms(took[n-1]), each)
}

// together lets all clients ask and returns how long each answer took, the shortest first, and
// the milliseconds of a processor one cost.
func (t *town) together(b *testing.B, ask func(r *rand.Rand) error) (took []time.Duration, each float64) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	used := processor()
	for c := range clients {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(c), 3))
			for range asked {
				begin := time.Now()
				err := ask(r)
				mu.Lock()
				took = append(took, time.Since(begin))
				mu.Unlock()
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	slices.Sort(took)
	return took, 1000 * (processor() - used) / float64(len(took))
}
