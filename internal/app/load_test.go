package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/disclosure"
	"gongkai/internal/web/monitor"
)

// chronicle is when each version of a document began to be published, and when that was done.
type chronicle struct {
	sync.Mutex
	began, done []time.Time // by number, the first is 0
}

// begin notes that the next version is being published and returns its number.
func (c *chronicle) begin() int {
	c.Lock()
	defer c.Unlock()
	c.began = append(c.began, time.Now())
	return len(c.began) - 1
}

func (c *chronicle) end() {
	c.Lock()
	defer c.Unlock()
	c.done = append(c.done, time.Now())
}

// wrong says what is wrong with showing version n in an answer to a request that began and ended
// at these moments: not there yet, or another one was public for more than a second.
func (c *chronicle) wrong(n int, began, ended time.Time) string {
	c.Lock()
	defer c.Unlock()
	if n >= len(c.began) || c.began[n].After(ended) {
		return "is not published yet"
	}
	if n+1 < len(c.done) && c.done[n+1].Add(time.Second).Before(began) {
		return fmt.Sprintf("was replaced %v before", began.Sub(c.done[n+1]))
	}
	return ""
}

// bearing finds which body's document a page shows, and in which version.
var bearing = regexp.MustCompile(`负载试验([AB])第(\d+)次`)

// reading is an address that is read under load.
type reading struct {
	path  string
	of    string // the body whose documents alone it may show, "" for all
	large bool
	lang  string // as the page says of itself, "" for what is no page
}

// Under as many requests as the machine bears, with publishing going on, two servers of one
// database send no page that is wrong, older than a second, half old and half new, or meant for
// another site, language or print. GONGKAI_TEST_LOAD is for how many seconds.
func TestPagesUnderLoad(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		length := 3 * time.Second
		if n, err := strconv.Atoi(os.Getenv("GONGKAI_TEST_LOAD")); err == nil {
			length = time.Duration(n) * time.Second
		}
		servers := []*httptest.Server{w.sideServer(t, true), w.sideServer(t, false)}
		told := map[string]*chronicle{"A": {}, "B": {}}
		editions := map[string]*disclosure.Edition{"A": w.version(t, "a", nil, told["A"]), "B": w.version(t, "b", nil, told["B"])}
		var readings []reading
		for _, key := range []string{"a", "b"} {
			at, of := "/bodies/"+w.bodies[key].id, strings.ToUpper(key)
			for _, path := range []string{"/", "/items/" + editions[of].Item + ".html", "/sections/" + w.bodies[key].ids["other"] + ".html"} {
				readings = append(readings, reading{at + path, of, false, "zh-CN"}, reading{"/en" + at + path, of, false, "en"}, reading{at + path, of, true, "zh-CN"})
			}
			readings = append(readings, reading{at + "/feed.atom", of, false, ""})
		}
		readings = append(readings, reading{"/", "", false, "zh-CN"})
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var asked atomic.Int64
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for n := i; ctx.Err() == nil; n++ {
					asked.Add(1)
					readings[n%len(readings)].check(t, servers[n/len(readings)%2].URL, told)
				}
			})
		}
		for end := time.Now().Add(length); time.Now().Before(end) || len(told["A"].done) < 4; {
			for key, of := range map[string]string{"a": "A", "b": "B"} {
				editions[of] = w.version(t, key, editions[of], told[of])
			}
		}
		stop()
		all.Wait()
		t.Logf("%d answers, %d and %d versions", asked.Load(), len(told["A"].done), len(told["B"].done))
		if asked.Load() < 100 {
			t.Error("too little happened to tell anything")
		}
	})
}

// sideServer serves the world's public pages from a cache of their own; beside is whether acts of
// this process tell it that something was written.
func (w *world) sideServer(t *testing.T, beside bool) *httptest.Server {
	t.Helper()
	a := App{Now: time.Now, Err: w.log}
	a.log = monitor.Logger(w.log, "json")
	h, err := a.handler(w.n, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	if beside {
		w.n.DB.Observe = func(wrote bool, _ time.Duration, err error) {
			if wrote && err == nil {
				h.kept.Hint()
			}
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	var follows sync.WaitGroup
	follows.Go(func() { h.kept.Follow(ctx) })
	s := httptest.NewServer(h.kept.Front(h))
	t.Cleanup(func() {
		s.Close()
		stop()
		follows.Wait()
	})
	return s
}

// version publishes a body's next version of its document, the first where there is none.
func (w *world) version(t *testing.T, key string, e *disclosure.Edition, told *chronicle) *disclosure.Edition {
	t.Helper()
	ctx, b, d := t.Context(), w.bodies[key], w.n.Items
	who := func(r actor.Role) actor.Actor { return w.people[key+"."+string(r)].actor }
	edition := must[*disclosure.Edition](t)
	told.Lock()
	n := len(told.began)
	told.Unlock()
	c := w.content(&body{}, fmt.Sprintf("负载试验%s第%d次", strings.ToUpper(key), n))
	c.Body = "<p>" + c.Title + "。</p>"
	if e == nil {
		e = edition(d.Create(ctx, who(actor.Editor), disclosure.New{Agency: b.id, Section: b.ids["other"], Kind: disclosure.Information, Origin: disclosure.Made, Content: c}))
	} else {
		e = edition(d.Correct(ctx, who(actor.Publisher), e.ID, e.Version, "更正"))
		c.Note = e.Note
		e = edition(d.Save(ctx, who(actor.Editor), e.ID, e.Version, c))
	}
	told.begin()
	e = w.passed(t, key, e)
	told.end()
	return e
}

// check reads the address once and holds the answer against what was public then.
func (one reading) check(t *testing.T, server string, told map[string]*chronicle) {
	r, err := http.NewRequest("GET", server+one.path, nil)
	if err != nil {
		t.Error(err)
		return
	}
	if one.large {
		r.AddCookie(&http.Cookie{Name: "size", Value: "large"})
	}
	began := time.Now()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Error(err)
		return
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	ended := time.Now()
	page := string(b)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("%s: status %d, %v", one.path, resp.StatusCode, err)
		return
	}
	if one.lang != "" && (!strings.Contains(page, `<html lang="`+one.lang+`"`) || strings.Contains(page, `data-size="large"`) != one.large) {
		t.Errorf("%s, large %v: meant for somebody else: %.200s", one.path, one.large, page)
	}
	shown := map[string]int{}
	for _, m := range bearing.FindAllStringSubmatch(page, -1) {
		n, _ := strconv.Atoi(m[2])
		if one.of != "" && m[1] != one.of {
			t.Errorf("%s shows what is %s's", one.path, m[1])
		}
		if before, ok := shown[m[1]]; ok && before != n {
			t.Errorf("%s shows version %d and %d of one document", one.path, before, n)
		}
		shown[m[1]] = n
		if what := told[m[1]].wrong(n, began, ended); what != "" {
			t.Errorf("%s shows version %d, which %s", one.path, n, what)
		}
	}
	if one.of != "" && len(shown) == 0 {
		t.Errorf("%s shows no version at all", one.path)
	}
}
