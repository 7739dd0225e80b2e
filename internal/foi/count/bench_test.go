package count_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/foi"
	"gongkai/internal/foi/count"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/secret"
	"gongkai/internal/workday"
)

// requestsVar names the environment variable with the number of requests.
const requestsVar = "GONGKAI_BENCH_REQUESTS"

// BenchmarkRequests fills a database with requests of nine years, half of them one body's, the rest
// those of 200, and asks what offices ask: 20,000, or as many as GONGKAI_BENCH_REQUESTS says.
func BenchmarkRequests(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv(requestsVar))
	if err != nil {
		n = 20_000
	}
	b.Run("sqlite", func(b *testing.B) { ask(b, fill(b, dbtest.SQLite(b), n)) })
	b.Run("postgres", func(b *testing.B) { ask(b, fill(b, dbtest.Postgres(b), n)) })
}

// crowd is a database with many requests.
type crowd struct {
	*count.Desk
	requests *foi.Desk
	bodies   []string
	by       actor.Actor
	someone  foi.Applicant
}

func fill(b *testing.B, d *db.DB, n int) *crowd {
	b.Helper()
	keys, err := secret.Create(filepath.Join(b.TempDir(), "keys"))
	if err != nil {
		b.Fatal(err)
	}
	blobs, err := blob.Open(d, b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	c := &crowd{Desk: &count.Desk{DB: d, Calendar: workday.Embedded}, requests: &foi.Desk{DB: d, Keys: keys, Calendar: workday.Embedded, Blobs: blobs},
		someone: foi.Applicant{Kind: foi.Natural, Name: "甲某", IDNumber: "11010119900307001X"}}
	c.by = actor.Actor{ID: "p", Name: "某人"}
	for i := range 201 {
		id := fmt.Sprintf("b%03d", i)
		c.bodies = append(c.bodies, id)
		c.by.Grants = append(c.by.Grants, actor.Grant{Role: actor.Officer, Agency: id})
	}
	begin := time.Now()
	c.load(b, n)
	b.Logf("%d requests loaded in %.0f s", n, time.Since(begin).Seconds())
	begin = time.Now()
	analyze := "ANALYZE foi_request"
	if d.Engine == db.PostgreSQL {
		analyze = "VACUUM ANALYZE foi_request"
	}
	if err := d.Command(b.Context(), analyze); err != nil {
		b.Fatal(err)
	}
	b.Logf("statistics of the tables in %.0f s", time.Since(begin).Seconds())
	return c
}

func (c *crowd) load(b *testing.B, n int) {
	r := rand.New(rand.NewPCG(1, 2))
	insert(b, c.DB, n, func(i int) *foi.Request { return c.request(r, i, n) })
}

var words = []string{"征地补偿标准", "会议纪要", "拆迁许可证", "规划许可", "年度预算", "补贴发放名单", "环评批复", "行政处罚依据", "道路施工方案", "学区划分"}

// request makes one request: most are answered within 33 days, the last ones are open.
func (c *crowd) request(r *rand.Rand, i, n int) *foi.Request {
	day := date.Must(2018, 1, 1).Plus(int(int64(i) * 3248 / int64(n)))
	q := &foi.Request{ID: fmt.Sprintf("r%09d", i), Agency: c.bodies[0], No: fmt.Sprintf("申请%d号", i), Channel: foi.Channels[r.IntN(6)],
		State: foi.Handling, Kind: foi.Kinds[r.IntN(6)*r.IntN(2)], Title: fmt.Sprintf("关于第%d号地块%s的材料", i, words[r.IntN(len(words))]),
		Department: fmt.Sprintf("第%d科", r.IntN(12)), Received: day, Due: day.Plus(28), Counted: true}
	if i%2 == 1 {
		q.Agency = c.bodies[1+r.IntN(200)]
	}
	if to := day.Plus(3 + r.IntN(30)); to.Before(date.Must(2026, 11, 22)) {
		q.State, q.ClosedOn, q.Outcome, q.Late = foi.Closed, to, outcome.All[r.IntN(len(outcome.All))].Code, r.IntN(20) == 0
	}
	return q
}

func ask(b *testing.B, c *crowd) {
	large := c.bodies[0]
	cells := func(year int) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			for _, key := range []string{"T3.new.total", "T3.carry_in.natural", "T3.done.deny.third.biz", "T3.done.total.total", "T3.carry_out.total"} {
				if _, err := c.Cell(ctx, c.by, large, count.Year(year), key, "", 50); err != nil {
					return err
				}
			}
			return nil
		}
	}
	list := func(f foi.Filter) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			f.Agency = large
			_, err := c.requests.List(ctx, c.by, f)
			return err
		}
	}
	open := []foi.State{foi.Handling, foi.Correcting, foi.Paying, foi.Reasoning, foi.Reviewing, foi.Approved}
	compile := func(year int) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			return c.DB.View(ctx, func(tx *db.Tx) error {
				_, err := count.Compile(tx, large, year)
				return err
			})
		}
	}
	for _, q := range []struct {
		name string
		ask  func(ctx context.Context) error
	}{
		{"fiveCells2025", cells(2025)}, {"fiveCells2018", cells(2018)},
		{"compile2025", compile(2025)}, {"compile2018", compile(2018)},
		{"list", list(foi.Filter{})}, {"listOpenByDue", list(foi.Filter{States: open, ByDue: true})}, {"listClosed", list(foi.Filter{States: []foi.State{foi.Closed}})},
		{"listWord", list(foi.Filter{Words: "地块规划许可"})}, {"listNoWord", list(foi.Filter{Words: "没有这样的词"})},
		{"listResult", list(foi.Filter{Outcome: "deny.third"})}, {"listLate", list(foi.Filter{Late: true})}, {"listOverdue", list(foi.Filter{States: open, DueBy: date.Must(2026, 11, 20), ByDue: true})},
		{"listApplicant", list(foi.Filter{Applicant: &c.someone})}, {"listYear", list(foi.Filter{From: date.Must(2019, 1, 1), To: date.Must(2019, 12, 31)})},
		{"listDepartment", list(foi.Filter{Department: "第3科"})}, {"listNothing", list(foi.Filter{Department: "没有这样的科"})},
		{"boards201", func(ctx context.Context) error { _, err := c.requests.Boards(ctx, c.by, c.bodies); return err }},
		{"statistics2025", func(ctx context.Context) error {
			_, err := c.Statistics(ctx, c.by, large, count.Year(2025))
			return err
		}},
		{"bodies201", func(ctx context.Context) error { _, err := c.Bodies(ctx, c.by, c.bodies, count.Year(2025)); return err }},
	} {
		b.Run(q.name, func(b *testing.B) {
			for b.Loop() {
				if err := q.ask(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms")
		})
	}
}
