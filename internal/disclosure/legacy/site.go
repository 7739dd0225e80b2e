package legacy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"

	"github.com/temoto/robotstxt"
	"golang.org/x/net/html"

	"gongkai/internal/fault"
)

// Site is a running site whose section pages are read.
type Site struct {
	Start string // the address of a section's first list page
	Host  string // the only host that is asked
	// Private allows a host inside the network: without it a name that leads to a private
	// or local address is refused, so that an import cannot be made to ask inner services.
	Private bool
	Delay   time.Duration // between two requests; 500 ms when zero
	Most    int           // articles at most; 10,000 when zero
	Agent   string        // how the program names itself to the site
}

// The faults of a site.
var (
	ErrAddress   = &fault.Error{Kind: fault.Invalid, Code: "legacy.site.address", Field: "start"}
	ErrHost      = &fault.Error{Kind: fault.Forbidden, Code: "legacy.site.host"}
	ErrInner     = &fault.Error{Kind: fault.Forbidden, Code: "legacy.site.private"}
	ErrRobots    = &fault.Error{Kind: fault.Forbidden, Code: "legacy.site.robots"}
	ErrStatus    = &fault.Error{Kind: fault.NotFound, Code: "legacy.site.status"}
	ErrUnreached = &fault.Error{Kind: fault.NotFound, Code: "legacy.site.unreached"}
)

const (
	siteTimeout  = 30 * time.Second
	siteLists    = 1000 // list pages of one section at most
	robotsAtMost = 512 << 10
)

// Rows reads the list pages from Start on, and every article they link to.
func (s Site) Rows(ctx context.Context) (Rows, error) {
	start, err := url.Parse(s.Start)
	if err != nil || start.Host == "" || start.Scheme != "http" && start.Scheme != "https" {
		return nil, ErrAddress.With("value", clip(s.Start))
	}
	if start.Hostname() != s.Host {
		return nil, ErrHost.With("host", start.Hostname()).With("allowed", s.Host)
	}
	v := &visit{Site: s, client: s.client(), seen: map[string]bool{}}
	if v.Delay == 0 {
		v.Delay = 500 * time.Millisecond
	}
	if v.Most == 0 {
		v.Most = 10_000
	}
	if v.Agent == "" {
		v.Agent = "gongkai-import"
	}
	v.readRobots(ctx, start)
	if err := v.allowed(start); err != nil {
		return nil, err
	}
	return func(yield func(Row) bool) { v.section(ctx, start, yield) }, nil
}

// client asks no host but the allowed one, whatever a redirect or a name says.
func (s Site) client() *http.Client {
	d := &net.Dialer{Timeout: 10 * time.Second}
	if !s.Private {
		d.Control = refuseInner
	}
	return &http.Client{
		Timeout:   siteTimeout,
		Transport: &http.Transport{DialContext: d.DialContext, Proxy: nil, MaxIdleConnsPerHost: 2},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if r.URL.Hostname() != s.Host {
				return ErrHost.With("host", r.URL.Hostname()).With("allowed", s.Host)
			}
			if len(via) >= 5 {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}
}

// refuseInner looks at the address itself, after the name was resolved.
func refuseInner(_, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return err
	}
	if ip = ip.Unmap(); !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return ErrInner.With("address", host)
	}
	return nil
}

// visit is one reading of a section.
type visit struct {
	Site
	client *http.Client
	robots *robotstxt.Group
	seen   map[string]bool
	turn   sync.Mutex // one request at a time
	asked  bool
	count  int
}

// readRobots learns what the site asks programs to leave alone. A site that has no such
// file asks nothing.
func (v *visit) readRobots(ctx context.Context, start *url.URL) {
	data, status, err := v.fetch(ctx, start.ResolveReference(&url.URL{Path: "/robots.txt"}))
	if err != nil || status != http.StatusOK || len(data) > robotsAtMost {
		return
	}
	if all, err := robotstxt.FromBytes(data); err == nil {
		v.robots = all.FindGroup(v.Agent)
	}
}

func (v *visit) allowed(u *url.URL) error {
	if u.Hostname() != v.Host {
		return ErrHost.With("host", u.Hostname()).With("allowed", v.Host)
	}
	if v.robots != nil && !v.robots.Test(u.EscapedPath()) {
		return ErrRobots.With("address", u.Redacted())
	}
	return nil
}

// ask sends one request, not sooner than Delay after the last.
func (v *visit) ask(ctx context.Context, u *url.URL) (*http.Response, error) {
	v.turn.Lock()
	defer v.turn.Unlock()
	if v.asked {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(v.Delay):
		}
	}
	v.asked = true
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", v.Agent)
	return v.client.Do(r)
}

// fetch asks for one page.
func (v *visit) fetch(ctx context.Context, u *url.URL) ([]byte, int, error) {
	answer, err := v.ask(ctx, u)
	if err != nil {
		return nil, 0, err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxRow+1))
	if err == nil && len(data) > maxRow {
		err = ErrTooLong.With("most", maxRow>>20)
	}
	return data, answer.StatusCode, err
}

// page fetches an address and says in words what kept it from being read.
func (v *visit) page(ctx context.Context, u *url.URL) ([]byte, *fault.Error) {
	if err := v.allowed(u); err != nil {
		return nil, asFault(err)
	}
	data, status, err := v.fetch(ctx, u)
	switch {
	case err != nil:
		return nil, asFault(err)
	case status != http.StatusOK:
		return nil, ErrStatus.With("status", status)
	}
	return data, nil
}

func asFault(err error) *fault.Error {
	var f *fault.Error
	if errors.As(err, &f) {
		return f
	}
	return ErrUnreached.Because(err)
}

// section reads the list pages one after the other.
func (v *visit) section(ctx context.Context, start *url.URL, yield func(Row) bool) {
	lists := []*url.URL{start}
	v.seen[key(start)] = true
	for n := 0; n < len(lists) && n < siteLists && ctx.Err() == nil; n++ {
		data, f := v.page(ctx, lists[n])
		if f != nil {
			if !yield(Row{Where: lists[n].String(), Err: f}) {
				return
			}
			continue
		}
		articles, more, name := v.links(lists[n], data)
		for _, u := range more {
			if !v.seen[key(u)] {
				v.seen[key(u)] = true
				lists = append(lists, u)
			}
		}
		for _, u := range articles {
			if v.seen[key(u)] || v.count >= v.Most || ctx.Err() != nil {
				continue
			}
			v.seen[key(u)] = true
			v.count++
			if !yield(v.article(ctx, u, name)) {
				return
			}
		}
	}
}

func (v *visit) article(ctx context.Context, u *url.URL, section string) Row {
	row := Row{Where: u.String()}
	data, f := v.page(ctx, u)
	if f != nil {
		row.Err = f
		return row
	}
	row.Record, row.Files, row.Err = Page(data, v.opener(u))
	row.Record.URL = u.String()
	if row.Record.Section == "" {
		row.Record.Section = section
	}
	return row
}

// opener opens files that a page refers to, on the same host.
func (v *visit) opener(page *url.URL) func(ref string) Opener {
	return func(ref string) Opener {
		u, err := page.Parse(ref)
		if err != nil || v.allowed(u) != nil {
			return nil
		}
		return func(ctx context.Context) (io.ReadCloser, error) { return v.open(ctx, u) }
	}
}

// open asks for a file, which is not held in memory.
func (v *visit) open(ctx context.Context, u *url.URL) (io.ReadCloser, error) {
	answer, err := v.ask(ctx, u)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		answer.Body.Close()
		return nil, ErrStatus.With("status", answer.StatusCode)
	}
	return answer.Body, nil
}

// key is an address as it is remembered: without what stands behind #.
func key(u *url.URL) string {
	c := *u
	c.Fragment = ""
	return c.String()
}

// nextWords are what the link to the next list page says.
var nextWords = map[string]bool{"下一页": true, "下页": true, "后一页": true, "»": true, ">": true, ">>": true, "下一页>": true, "下一页»": true}

// paged is the call by which a widely used system draws its list pages: their number, the
// current one, and the name and ending of their files.
var paged = regexp.MustCompile(`createPageHTML\(\s*['"]?(\d+)['"]?\s*,\s*\d+\s*,\s*['"](\w+)['"]\s*,\s*['"](\w+)['"]`)

// links returns the articles and the further list pages a list page leads to, and the
// section's name.
func (v *visit) links(at *url.URL, data []byte) (articles, lists []*url.URL, name string) {
	data = decodePage(data)
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return nil, nil, ""
	}
	name = tagged(doc)["section"]
	each(doc, func(n *html.Node) bool {
		switch n.Data {
		case "nav", "header", "footer":
			return false
		case "a":
		default:
			return true
		}
		u, err := at.Parse(strings.TrimSpace(attr(n, "href")))
		if err != nil || u.Hostname() != v.Host || u.Scheme != at.Scheme {
			return true
		}
		words := text(n)
		switch {
		case nextWords[strings.ReplaceAll(words, " ", "")]:
			lists = append(lists, u)
		case looksLikeArticle(u, words+attr(n, "title")):
			articles = append(articles, u)
		}
		return true
	})
	if m := paged.FindSubmatch(data); m != nil {
		count, _ := strconv.Atoi(string(m[1]))
		for i := 1; i < min(count, siteLists); i++ {
			if u, err := at.Parse(fmt.Sprintf("%s_%d.%s", m[2], i, m[3])); err == nil {
				lists = append(lists, u)
			}
		}
	}
	return articles, lists, name
}

// looksLikeArticle tells an article's link by its file and its words: lists and home pages
// end in a slash or in index.
func looksLikeArticle(u *url.URL, words string) bool {
	file := u.Path[strings.LastIndexByte(u.Path, '/')+1:]
	base, ending, ok := strings.Cut(file, ".")
	if !ok || base == "index" || strings.HasPrefix(base, "index_") || utf8.RuneCountInString(words) < 4 {
		return false
	}
	switch strings.ToLower(ending) {
	case "html", "htm", "shtml", "jhtml", "aspx", "jsp", "php":
		return true
	}
	return false
}
