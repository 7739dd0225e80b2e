package cache

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gongkai/internal/change"
	"gongkai/internal/web"
)

// line is a header as net/http keeps it: sending a page writes no text anew.
type line struct {
	name   string
	values []string
}

// form is a page's bytes in one encoding, with the headers that go with them.
type form struct {
	bytes        []byte
	length, etag []string
}

// answer is what the portal says.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header returns the headers to be sent.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader notes the status.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

// Write collects the body.
func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

// failed reports whether the portal could not answer: it writes nothing when its time is over.
func (a *answer) failed() bool { return a.status == 0 || a.status >= 500 }

// flight is a page being made, that others wait for.
type flight struct {
	done chan struct{}
	kept *entry // set before done is closed; nil for a page that is not kept
}

type flights struct {
	mu  sync.Mutex
	all map[key]*flight
}

// join returns the making of k, and whether it is the caller's to do.
func (f *flights) join(k key) (one *flight, mine bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if one = f.all[k]; one != nil {
		return one, false
	}
	one = &flight{done: make(chan struct{})}
	f.all[k] = one
	return one, true
}

func (f *flights) leave(k key, one *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.all, k)
	close(one.done)
}

// fetch makes a page, or waits for who makes it already.
func (c *Cache) fetch(w http.ResponseWriter, r *http.Request, k key, st *state) {
	one, mine := c.flights.join(k)
	if !mine {
		select {
		case <-one.done:
		case <-r.Context().Done():
			return
		}
		if st = c.current(r.Context()); one.kept != nil && c.right(one.kept, st) {
			c.hits.Add(1)
			one.kept.send(w, r, st.mark())
			return
		}
		c.made(w, r, k, st, &flight{})
		return
	}
	defer c.flights.leave(k, one)
	c.made(w, r, k, st, one)
}

// making is how long a page may take.
const making = 30 * time.Second

// atOnce is how many pages are made at a time, four for each processor: who asks for pages nobody
// kept, faster than they can be made, waits in line and keeps nobody from those that are kept.
func atOnce() int { return 4 * runtime.GOMAXPROCS(0) }

// made makes the page and sends it. Who waits for it gets it even if the visitor leaves.
func (c *Cache) made(w http.ResponseWriter, r *http.Request, k key, st *state, one *flight) {
	a, from := c.make(r, k, st)
	if a == nil { // nobody waits for it any more
		return
	}
	if a.failed() {
		c.failed(w, r, a)
		return
	}
	if tags := from.Tags(); !from.Once() && keeps(a, tags) {
		one.kept = newEntry(k, st, a, tags)
		c.storeOf(k).put(one.kept)
		one.kept.send(w, r, "")
		return
	}
	a.send(w, r)
}

// make has the portal make a page when its turn has come; nil if the visitor left meanwhile.
func (c *Cache) make(r *http.Request, k key, st *state) (*answer, *web.Dependencies) {
	select {
	case c.turns <- struct{}{}:
		defer func() { <-c.turns }()
	case <-r.Context().Done():
		return nil, nil
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(r.Context()), making)
	defer stop()
	ctx, from := web.Depending(ctx)
	a := &answer{header: http.Header{}}
	c.makes.Add(1)
	c.Next.ServeHTTP(a, k.request(ctx, st.sites))
	return a, from
}

// base are the tags of what every page shows.
var base = []change.Tag{change.All, change.Areas("site"), change.Areas("agency")}

// keeps reports whether an answer is kept.
func keeps(a *answer, tags []change.Tag) bool {
	switch {
	case a.status != http.StatusOK && a.status != http.StatusNotFound && a.status != http.StatusGone:
		return false
	case len(a.header["Set-Cookie"]) > 0:
		return false
	}
	return slices.ContainsFunc(tags, func(t change.Tag) bool { return !slices.Contains(base, t) })
}

// overhead is about what an entry takes besides its bytes.
const overhead = 1024

func newEntry(k key, st *state, a *answer, tags []change.Tag) *entry {
	e := &entry{key: k, seq: st.seq, day: st.day, tags: tags, status: a.status}
	e.checked.Store(st.seq)
	plain := bytes.Clone(a.body.Bytes())
	packed := pack(plain)
	sum := sha256.Sum256(plain)
	tag := hex.EncodeToString(sum[:12])
	e.body[0] = form{plain, []string{strconv.Itoa(len(plain))}, []string{`"` + tag + `"`}}
	e.body[1] = form{packed, []string{strconv.Itoa(len(packed))}, []string{`"` + tag + `.gz"`}}
	a.header.Set("Cache-Control", "no-cache") // a browser may keep it, and asks whether it still holds
	a.header.Set("Vary", "Accept-Encoding, Cookie")
	for name, values := range a.header {
		switch name {
		case "Content-Length", "Content-Encoding", "Date", "Etag", "Last-Modified":
		default:
			e.head = append(e.head, line{name, slices.Clip(values)})
		}
	}
	e.size = int64(len(plain)+len(packed)+len(k.path)+len(k.query)) + overhead
	return e
}

// packers are what compresses, as well as it can be done: it is done once. One takes most of a
// megabyte.
var packers = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, gzip.BestCompression)
	if err != nil {
		panic(err) // the level exists
	}
	return z
}}

func pack(b []byte) []byte {
	var out bytes.Buffer
	z := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	z.Reset(&out)
	_, _ = z.Write(b) // a buffer takes everything
	_ = z.Close()
	return bytes.Clone(out.Bytes())
}

var gzipped = []string{"gzip"}

// KeptHeader says, while the database is away, until when a page was known to be right.
const KeptHeader = "X-Gongkai-Kept"

// send sends a kept page; mark is set while nobody can know whether it is right.
func (e *entry) send(w http.ResponseWriter, r *http.Request, mark string) {
	h := w.Header()
	for _, l := range e.head {
		h[l.name] = l.values
	}
	b := &e.body[0]
	if takesGzip(r) {
		b = &e.body[1]
		h["Content-Encoding"] = gzipped
	}
	if mark != "" {
		h[KeptHeader] = []string{mark}
	}
	h["Etag"] = b.etag
	if asked := r.Header["If-None-Match"]; len(asked) > 0 && e.status == http.StatusOK && e.matches(asked) {
		delete(h, "Content-Encoding")
		delete(h, "Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h["Content-Length"] = b.length
	w.WriteHeader(e.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.bytes) // the browser may leave at any time
	}
}

// matches reports whether the visitor has the page, in either encoding.
func (e *entry) matches(asked []string) bool {
	for _, one := range asked {
		for part := range strings.SplitSeq(one, ",") {
			part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
			if part == e.body[0].etag[0] || part == e.body[1].etag[0] || part == "*" {
				return true
			}
		}
	}
	return false
}

// takesGzip reports whether the browser unpacks what is compressed.
func takesGzip(r *http.Request) bool {
	for _, one := range r.Header["Accept-Encoding"] {
		_, after, found := strings.Cut(one, "gzip")
		if found {
			return !strings.HasPrefix(strings.ReplaceAll(after, " ", ""), ";q=0,") && strings.ReplaceAll(after, " ", "") != ";q=0"
		}
	}
	return false
}

// send sends what is not kept.
func (a *answer) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for name, values := range a.header {
		h[name] = values
	}
	body := a.body.Bytes()
	if h.Get("Content-Encoding") == "" && takesGzip(r) && a.text() {
		body = pack(body)
		h.Set("Content-Encoding", "gzip")
		h.Add("Vary", "Accept-Encoding")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// text reports whether compressing is worth it.
func (a *answer) text() bool {
	kind := a.header.Get("Content-Type")
	return a.body.Len() > 1<<10 && (strings.HasPrefix(kind, "text/") || strings.Contains(kind, "xml"))
}
