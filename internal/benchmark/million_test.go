package benchmark

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/search"
)

// docsVar names the environment variable with the number of documents.
const docsVar = "GONGKAI_BENCH_DOCS"

// BenchmarkMillion brings documents of 3 KB in while the text index follows, as in a server,
// and then asks for every list, board, search and page: 2,000 documents, or as many as
// GONGKAI_BENCH_DOCS says.
func BenchmarkMillion(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv(docsVar))
	if err != nil {
		n = 2000
	}
	b.Run("sqlite", func(b *testing.B) { run(b, "", n) })
	b.Run("postgres", func(b *testing.B) { run(b, dbtest.EmptyPostgres(b), n) })
}

func run(b *testing.B, database string, n int) {
	if b.N > 1 {
		return // one filling is the measurement
	}
	t := open(b, database, n)
	b.ResetTimer()
	begin, used := time.Now(), processor()
	documents := t.load(b)
	took := time.Since(begin)
	used = processor() - used
	b.StopTimer()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(documents)/took.Seconds(), "docs/s")
	b.ReportMetric(float64(documents)/used, "docs/cpu-s")
	b.ReportMetric(peak(), "MB-peak")
	b.Logf("%d documents in %d bodies, %.0f s, text index included", documents, len(t.bodies), took.Seconds())
	t.draft(b, t.bodies[0], 200)
	t.ask(b)
	t.rush(b)
	if f, err := t.Search.Status(b.Context()); err == nil {
		b.ReportMetric(float64(f.Bytes)/float64(f.Documents), "B-index/doc")
	}
	b.ReportMetric(peak(), "MB-peak-searching")
}

// load fills the bodies while the index is fed, and returns when it has everything.
func (t *town) load(b *testing.B) int64 {
	ctx, stop := context.WithCancel(b.Context())
	fed := make(chan struct{})
	go func() {
		defer close(fed)
		t.Search.Run(ctx, func(err error) { b.Error(err) })
	}()
	begin := time.Now()
	documents := t.fill(b)
	b.Logf("brought in after %.0f s", time.Since(begin).Seconds())
	stop()
	<-fed
	if _, err := t.Search.CatchUp(b.Context()); err != nil {
		b.Fatal(err)
	}
	return documents
}

// peak is the most memory the process held at a time, in MB; 0 where the system does not say.
func peak() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "VmHWM:" {
			kb, _ := strconv.ParseFloat(f[1], 64)
			return kb / 1024
		}
	}
	return 0
}

// processor is how many seconds of a processor the process used, where the system says it; the
// server of PostgreSQL is not in it.
func processor() float64 {
	stat, _ := os.ReadFile("/proc/self/stat")
	_, after, _ := strings.Cut(string(stat), ") ")
	ticks := 0.0
	for i, f := range strings.Fields(after) {
		if i == 11 || i == 12 { // utime and stime, counted in hundredths
			n, _ := strconv.ParseFloat(f, 64)
			ticks += n
		}
	}
	return ticks / 100
}

// question is one thing somebody asks the product for.
type question struct {
	name string
	ask  func(ctx context.Context) error
}

// times is how often each question is asked.
const times = 15

// ask asks every question and tells how long the first answer took, the middle one, and the
// slowest.
func (t *town) ask(b *testing.B) {
	runtime.GC()
	var table strings.Builder
	slowest := time.Duration(0)
	for _, q := range t.questions(b) {
		var took []time.Duration
		for range times {
			begin := time.Now()
			if err := q.ask(b.Context()); err != nil {
				b.Fatalf("%s: %v", q.name, err)
			}
			took = append(took, time.Since(begin))
		}
		first := took[0]
		slices.Sort(took)
		slowest = max(slowest, took[times/2])
		fmt.Fprintf(&table, "\n%-44s first %8.2f  median %8.2f  slowest %8.2f ms", q.name, ms(first), ms(took[times/2]), ms(took[times-1]))
	}
	b.ReportMetric(ms(slowest), "ms-slowest")
	fmt.Println(table.String()) // a benchmark's log is cut after some lines
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (t *town) questions(b *testing.B) []question {
	all := slices.Concat(t.lists(b), t.boards(), t.searches(b), t.pages(b))
	return all
}

// deep walks into a list, so that a page far down can be asked for.
func (t *town) deep(b *testing.B, f disclosure.Filter) disclosure.Filter {
	f.Limit = disclosure.MaxPage
	for range 20 {
		l, err := t.Items.List(b.Context(), t.bodies[0].clerk, f)
		if err != nil {
			b.Fatal(err)
		}
		if l.Next == "" {
			break
		}
		f.After = l.Next
	}
	f.Limit = 0
	return f
}

// lists are the office's lists of items, in the largest body.
func (t *town) lists(b *testing.B) (all []question) {
	one := t.bodies[0]
	list := func(name string, f disclosure.Filter) {
		f.Agency = one.id
		all = append(all, question{"list " + name, func(ctx context.Context) error {
			_, err := t.Items.List(ctx, one.clerk, f)
			return err
		}})
	}
	f := disclosure.Filter{Agency: one.id}
	w := newWriter()
	list("all", f)
	list("all, page 300", t.deep(b, f))
	for _, sort := range []string{"updated", "due", "published"} {
		for _, down := range []bool{false, true} {
			list(fmt.Sprintf("by %s, down %v", sort, down), disclosure.Filter{Sort: sort, Down: down})
		}
	}
	list("by published, page 300", t.deep(b, disclosure.Filter{Agency: one.id, Sort: "published", Down: true}))
	list("section", disclosure.Filter{Section: one.sections[3]})
	list("section, by published", disclosure.Filter{Section: one.sections[3], Sort: "published", Down: true})
	list("section, by due", disclosure.Filter{Section: one.sections[3], Sort: "due"})
	for _, s := range []disclosure.State{disclosure.Draft, disclosure.Review1, disclosure.Published, disclosure.TakenDown} {
		list("state "+string(s), disclosure.Filter{States: []disclosure.State{s}})
		list("state "+string(s)+", by published", disclosure.Filter{States: []disclosure.State{s}, Sort: "published", Down: true})
	}
	list("ended", disclosure.Filter{States: []disclosure.State{disclosure.TakenDown, disclosure.Lapsed, disclosure.Filed, disclosure.Discarded, disclosure.Withheld}})
	list("mine", disclosure.Filter{Creator: one.clerk.ID})
	list("nobody's", disclosure.Filter{Creator: "nobody"})
	list("documents", disclosure.Filter{Kind: disclosure.Document})
	list("kind nobody has", disclosure.Filter{Kind: disclosure.List})
	list("kind nobody has, by published", disclosure.Filter{Kind: disclosure.List, Sort: "published"})
	list("late", disclosure.Filter{Late: true, Sort: "due"})
	list("waiting for the first review", disclosure.Filter{Await: disclosure.First})
	list("waiting for secrecy", disclosure.Filter{Await: disclosure.Clearer})
	list("words, common", disclosure.Filter{Words: "通知"})
	list("words, rare", disclosure.Filter{Words: w.words[3000]})
	list("words, none", disclosure.Filter{Words: "无此标题"})
	list("words, a document number", disclosure.Filter{Words: "示例发〔2020〕1号"})
	return append(all, question{"list all, of one held to a section", func(ctx context.Context) error {
		_, err := t.Items.List(ctx, one.held, disclosure.Filter{Agency: one.id})
		return err
	}})
}

// boards are what waits for a person and how current sections are.
func (t *town) boards() []question {
	one := t.bodies[0]
	year := date.Must(2025, 1, 1)
	return []question{
		{"tasks: what waits", func(ctx context.Context) error { _, err := t.Items.Waiting(ctx, one.clerk, one.id); return err }},
		{"tasks: reviews, 300", func(ctx context.Context) error {
			_, err := t.Items.List(ctx, one.clerk, disclosure.Filter{Agency: one.id, Await: disclosure.First, Limit: 300, Sort: "updated"})
			return err
		}},
		{"tasks: drafts, 300", func(ctx context.Context) error {
			_, err := t.Items.List(ctx, one.clerk, disclosure.Filter{Agency: one.id, Creator: one.clerk.ID,
				States: []disclosure.State{disclosure.Draft}, Limit: 300, Sort: "updated"})
			return err
		}},
		{"board of a body", func(ctx context.Context) error { _, _, err := t.Sections.Lines(ctx, one.clerk, one.id); return err }},
		{"board of a person", func(ctx context.Context) error { _, _, err := t.Sections.Mine(ctx, one.clerk); return err }},
		{fmt.Sprintf("board of %d bodies", len(t.bodies)), func(ctx context.Context) error { _, _, err := t.Sections.Board(ctx, t.director); return err }},
		{"statistics: a body's year", func(ctx context.Context) error {
			_, err := t.Reader.Count(ctx, one.id, year, date.Must(2025, 12, 31))
			return err
		}},
		{"statistics: a body by section", func(ctx context.Context) error { _, err := t.Reader.BySection(ctx, one.id); return err }},
	}
}

// searches are what people type.
func (t *town) searches(b *testing.B) []question {
	w := newWriter()
	ask := func(q search.Query) func(context.Context) error {
		return func(ctx context.Context) error { _, err := t.Search.Search(ctx, q); return err }
	}
	public := []string{disclosure.TextPublic}
	return []question{
		{"search, common word", ask(search.Query{Text: "通知", States: public})},
		{"search, usual word", ask(search.Query{Text: w.words[40], States: public})},
		{"search, rare word", ask(search.Query{Text: w.words[12000] + w.words[15000], States: public})},
		{"search, two words", ask(search.Query{Text: w.words[40] + " " + w.words[900], States: public})},
		{"search, phrase", ask(search.Query{Text: "“" + w.words[7] + w.words[11] + "”", States: public})},
		{"search, word left out", ask(search.Query{Text: w.words[40] + " -" + w.words[3], States: public})},
		{"search, one character", ask(search.Query{Text: string([]rune(w.words[5])[:1]), States: public})},
		{"search, in a body", ask(search.Query{Text: w.words[40], Agencies: []string{t.bodies[2].id}})},
		{"search, in a section", ask(search.Query{Text: w.words[40], Sections: []string{t.bodies[2].sections[3]}})},
		{"search, a year", ask(search.Query{Text: w.words[40], From: date.Must(2015, 1, 1), To: date.Must(2015, 12, 31)})},
		{"search, by titles", ask(search.Query{Text: w.words[40], Order: search.Relevance})},
		{"search, nothing", ask(search.Query{Text: "不存在的词句"})},
	}
}

// pages are single items and the public's lists.
func (t *town) pages(b *testing.B) []question {
	one := t.bodies[0]
	rows, err := t.Reader.Section(b.Context(), one.sections[3], disclosure.Page{Limit: disclosure.MaxPage})
	if err != nil || len(rows.Rows) == 0 {
		b.Fatalf("an empty section, %v", err)
	}
	item := rows.Rows[len(rows.Rows)/2].Item
	return []question{
		{"page of an item, office", func(ctx context.Context) error { _, err := t.Items.LookItem(ctx, one.clerk, item); return err }},
		{"page of an item, public", func(ctx context.Context) error { _, err := t.Reader.Item(ctx, item); return err }},
		{"public list of a section", func(ctx context.Context) error {
			_, err := t.Reader.Section(ctx, one.sections[3], disclosure.Page{})
			return err
		}},
		{"public list of a section, further down", func(ctx context.Context) error {
			_, err := t.Reader.Section(ctx, one.sections[3], disclosure.Page{After: rows.Next})
			return err
		}},
		{"public list of a body", func(ctx context.Context) error { _, err := t.Reader.Agency(ctx, one.id, disclosure.Page{}); return err }},
		{"public list of all", func(ctx context.Context) error { _, err := t.Reader.Latest(ctx, disclosure.Page{}); return err }},
	}
}
