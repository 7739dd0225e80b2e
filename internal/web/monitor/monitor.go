// Package monitor answers those who watch over the program (监控): whether it is well, and
// figures for Prometheus. It says nothing of what is kept, yet belongs on an address of its
// own that the public does not reach.
package monitor

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"gongkai/internal/db"
	"gongkai/internal/job"
	"gongkai/internal/search"
)

// Logger writes the log in the form the setting log_format names: "json", or else lines of
// key=value.
func Logger(w io.Writer, format string) *slog.Logger {
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

// Watch looks after one running program.
type Watch struct {
	db     *db.DB
	folder string
	jobs   *job.Runner // nil where another process runs the jobs

	// Index tells how far this server's text index is; nil for none. It is set before Handler.
	Index func(ctx context.Context) (search.Status, error)
	// Kept tells what the cache of the public's pages holds; nil for none.
	Kept func() Pages

	registry     *prometheus.Registry
	requests     *prometheus.HistogramVec
	transactions *prometheus.HistogramVec
}

// Pages are figures of the cache of the public's pages.
type Pages struct {
	Hits, Makes  int64 // pages sent from memory, pages made
	Bytes, Pages int64 // held
	Away         bool  // the database does not answer, as far as the cache knows
}

// buckets of durations in seconds: from a page out of memory to one somebody gives up on.
var buckets = []float64{.001, .005, .02, .05, .1, .25, .5, 1, 2.5, 10}

// New returns what watches over d, the data folder and the jobs. It observes d's
// transactions from then on, so it is called before d is used.
func New(d *db.DB, folder string, jobs *job.Runner) *Watch {
	w := &Watch{
		db: d, folder: folder, jobs: jobs, registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "gongkai_http_request_seconds",
			Help: "Requests by route and status.", Buckets: buckets}, []string{"route", "status"}),
		transactions: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "gongkai_transaction_seconds",
			Help: "Database transactions.", Buckets: buckets}, []string{"kind", "result"}),
	}
	w.registry.MustRegister(w.requests, w.transactions, &state{w},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	d.Observe = w.observe
	return w
}

func (w *Watch) observe(wrote bool, took time.Duration, err error) {
	kind, result := "view", "ok"
	if wrote {
		kind = "update"
	}
	if err != nil {
		result = "error"
	}
	w.transactions.WithLabelValues(kind, result).Observe(took.Seconds())
}

// Count measures the requests that next answers, by the pattern of their route, of which
// there are few, never by their path.
func (w *Watch) Count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		s := &statusWriter{ResponseWriter: rw, status: http.StatusOK}
		timer := prometheus.NewTimer(prometheus.ObserverFunc(func(seconds float64) {
			route := r.Pattern
			if route == "" {
				route = "none"
			}
			w.requests.WithLabelValues(route, strconv.Itoa(s.status)).Observe(seconds)
		}))
		defer timer.ObserveDuration()
		next.ServeHTTP(s, r)
	})
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status.
func (s *statusWriter) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the writer below.
func (s *statusWriter) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// Handler answers /healthz and /metrics.
func (w *Watch) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", w.health)
	mux.Handle("GET /metrics", promhttp.HandlerFor(w.registry, promhttp.HandlerOpts{}))
	return mux
}

// patience is how long a check may take, and quiet how long the runner of jobs may not have
// looked.
const (
	patience = 3 * time.Second
	quiet    = time.Minute
)

// health answers 200 when all is well and else 503, naming what is not.
func (w *Watch) health(rw http.ResponseWriter, r *http.Request) {
	ctx, stop := context.WithTimeout(r.Context(), patience)
	defer stop()
	checks := map[string]string{"database": word(w.db.Ping(ctx)), "folder": word(w.writable())}
	if w.jobs != nil {
		checks["jobs"] = word(w.alive())
	}
	status := http.StatusOK
	for _, c := range checks {
		if c != "ok" {
			status = http.StatusServiceUnavailable
		}
	}
	rw.Header().Set("Content-Type", "application/json")
	rw.Header().Set("Cache-Control", "no-store")
	rw.WriteHeader(status)
	if err := json.NewEncoder(rw).Encode(checks); err != nil {
		return // who asked has gone
	}
}

// word says no more than that something failed: addresses and paths stay in the log.
func word(err error) string {
	if err != nil {
		return "failed"
	}
	return "ok"
}

// writable tries the data folder.
func (w *Watch) writable() error {
	f, err := os.CreateTemp(w.folder, ".health-")
	if err != nil {
		return err
	}
	_, err = f.WriteString("ok")
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

var errQuiet = errors.New("the runner of jobs does not look")

func (w *Watch) alive() error {
	if w.db.Clock().Sub(w.jobs.LookedAt()) > quiet {
		return errQuiet
	}
	return nil
}

// state is read from the database when it is asked for.
type state struct{ w *Watch }

var (
	jobsDesc = prometheus.NewDesc("gongkai_jobs", "Jobs by state.", []string{"state"}, nil)
	openDesc = prometheus.NewDesc("gongkai_db_connections", "Connections to the database.", []string{"pool", "use"}, nil)
	lagDesc  = prometheus.NewDesc("gongkai_search_behind", "Changes this server's text index has not taken in.", nil, nil)
	sizeDesc = prometheus.NewDesc("gongkai_search_bytes", "Size of this server's text index.", nil, nil)
	docsDesc = prometheus.NewDesc("gongkai_search_documents", "Documents in this server's text index.", nil, nil)
	hitsDesc = prometheus.NewDesc("gongkai_pages_sent_total", "Pages sent from memory.", nil, nil)
	makeDesc = prometheus.NewDesc("gongkai_pages_made_total", "Pages made.", nil, nil)
	keptDesc = prometheus.NewDesc("gongkai_pages_bytes", "Memory that kept pages take.", nil, nil)
	awayDesc = prometheus.NewDesc("gongkai_pages_without_database", "1 while kept pages are sent because the database does not answer.", nil, nil)
	waitDesc = prometheus.NewDesc("gongkai_db_wait_seconds_total", "Time waited for a connection.", []string{"pool"}, nil)
)

// Describe names the figures.
func (s *state) Describe(out chan<- *prometheus.Desc) {
	out <- jobsDesc
	out <- openDesc
	out <- waitDesc
	out <- lagDesc
	out <- sizeDesc
	out <- docsDesc
	out <- hitsDesc
	out <- makeDesc
	out <- keptDesc
	out <- awayDesc
}

// Collect reads the figures.
func (s *state) Collect(out chan<- prometheus.Metric) {
	for _, p := range s.w.db.Pools() {
		out <- prometheus.MustNewConstMetric(openDesc, prometheus.GaugeValue, float64(p.Open), p.Name, "open")
		out <- prometheus.MustNewConstMetric(openDesc, prometheus.GaugeValue, float64(p.Busy), p.Name, "busy")
		out <- prometheus.MustNewConstMetric(openDesc, prometheus.GaugeValue, float64(p.Limit), p.Name, "limit")
		out <- prometheus.MustNewConstMetric(waitDesc, prometheus.CounterValue, p.Waited.Seconds(), p.Name)
	}
	s.pages(out)
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	s.index(ctx, out)
	counts, err := job.Counts(ctx, s.w.db)
	if err != nil {
		out <- prometheus.NewInvalidMetric(jobsDesc, err)
		return
	}
	for _, st := range job.States {
		out <- prometheus.MustNewConstMetric(jobsDesc, prometheus.GaugeValue, float64(counts[st]), string(st))
	}
}

// index reads how far the text index is.
func (s *state) index(ctx context.Context, out chan<- prometheus.Metric) {
	if s.w.Index == nil {
		return
	}
	st, err := s.w.Index(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(lagDesc, err)
		return
	}
	out <- prometheus.MustNewConstMetric(lagDesc, prometheus.GaugeValue, float64(st.Behind))
	out <- prometheus.MustNewConstMetric(sizeDesc, prometheus.GaugeValue, float64(st.Bytes))
	out <- prometheus.MustNewConstMetric(docsDesc, prometheus.GaugeValue, float64(st.Documents))
}

// pages reads how the cache of pages does.
func (s *state) pages(out chan<- prometheus.Metric) {
	if s.w.Kept == nil {
		return
	}
	p, away := s.w.Kept(), 0.0
	if p.Away {
		away = 1
	}
	out <- prometheus.MustNewConstMetric(hitsDesc, prometheus.CounterValue, float64(p.Hits))
	out <- prometheus.MustNewConstMetric(makeDesc, prometheus.CounterValue, float64(p.Makes))
	out <- prometheus.MustNewConstMetric(keptDesc, prometheus.GaugeValue, float64(p.Bytes))
	out <- prometheus.MustNewConstMetric(awayDesc, prometheus.GaugeValue, away)
}
