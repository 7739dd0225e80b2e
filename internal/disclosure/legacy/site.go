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
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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
	// Known says which addresses were brought in before, so that they are not asked for
	// again. nil where none is.
	Known func(ctx context.Context, address string) (bool, error)

	read *atomic.Int64
}

// The faults of a site.
var (
	ErrAddress = &fault.Error{Kind: fault.Invalid, Code: "legacy.site.address", Field: "start"}
	ErrHost    = &fault.Error{Kind: fault.Forbidden, Code: "legacy.site.host"}
	ErrInner   = &fault.Error{Kind: fault.Forbidden, Code: "legacy.site.private"}
	ErrRobots  = &fault.Error{Kind: fault.Forbidden, Code: "legacy.site.robots"}
	ErrStatus  = &fault.Error{Kind: fault.NotFound, Code: "legacy.site.status"}
	// ErrSilent ends the reading of a site that answers no longer.
	ErrSilent    = &fault.Error{Kind: fault.NotFound, Code: "legacy.site.silent"}
	ErrUnreached = &fault.Error{Kind: fault.NotFound, Code: "legacy.site.unreached"}
)

const (
	siteTimeout  = 30 * time.Second // for one page
	fileTimeout  = 10 * time.Minute // for one attachment
	siteSilent   = 20               // pages in a row without an answer
	siteLists    = 1000             // list pages of one section at most
	robotsAtMost = 512 << 10
)

// Rows reads the list pages from Start on, and every article they link to.
func (s Site) Rows(ctx context.Context) (Rows, error) {
	start, err := url.Parse(s.Start)
	if err != nil || start.Host == "" || start.Scheme != "http" && start.Scheme != "https" {
		return nil, ErrAddress.With("value", clip(s.Start))
	}
	if !strings.EqualFold(start.Hostname(), s.Host) {
		return nil, ErrHost.With("host", start.Hostname()).With("allowed", s.Host)
	}
	v := &visit{Site: s, start: start, seen: map[string]bool{}}
	v.client = v.newClient()
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

// newClient asks no host but the allowed one, whatever a redirect or a name says.
func (v *visit) newClient() *http.Client {
	d := &net.Dialer{Timeout: 10 * time.Second}
	if !v.Private {
		d.Control = refuseInner
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext: d.DialContext, Proxy: nil, MaxIdleConnsPerHost: 2,
			TLSHandshakeTimeout: siteTimeout, ResponseHeaderTimeout: siteTimeout, MaxResponseHeaderBytes: 1 << 20,
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if err := v.allowed(r.URL); err != nil {
				return err
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
	if ip = ip.Unmap(); !ip.IsGlobalUnicast() || ip.IsPrivate() || slices.ContainsFunc(inner, func(p netip.Prefix) bool { return p.Contains(ip) }) {
		return ErrInner.With("address", host)
	}
	return nil
}

// inner are the ranges beside the private ones that lead to no public server: of carriers
// (RFC 6598), of tests of devices (RFC 2544), reserved, and those of IPv6 that hold an
// address of IPv4.
var inner = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("2002::/16"),
}

// visit is one reading of a section.
type visit struct {
	Site
	start  *url.URL
	client *http.Client
	robots *robotstxt.Group
	seen   map[string]bool
	turn   sync.Mutex // one request at a time
	asked  bool
	count  int
	silent int // pages in a row without an answer
}

// readRobots learns what the site asks programs to leave alone. A site that has no such
// file asks nothing.
func (v *visit) readRobots(ctx context.Context, start *url.URL) {
	data, status, _, err := v.fetch(ctx, start.ResolveReference(&url.URL{Path: "/robots.txt"}))
	if err != nil || status != http.StatusOK || len(data) > robotsAtMost {
		return
	}
	if all, err := robotstxt.FromBytes(data); err == nil {
		v.robots = all.FindGroup(v.Agent)
	}
}

func (v *visit) allowed(u *url.URL) error {
	if !strings.EqualFold(u.Hostname(), v.Host) || u.Port() != "" && u.Port() != v.start.Port() || u.Scheme != "http" && u.Scheme != "https" {
		return ErrHost.With("host", u.Host).With("allowed", v.Host)
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

// fetch asks for one page and says where it was found in the end.
func (v *visit) fetch(ctx context.Context, u *url.URL) (data []byte, status int, at *url.URL, err error) {
	ctx, stop := context.WithTimeout(ctx, siteTimeout)
	defer stop()
	answer, err := v.ask(ctx, u)
	if err != nil {
		return nil, 0, u, err
	}
	defer answer.Body.Close()
	data, err = io.ReadAll(io.LimitReader(answer.Body, pageMost+1))
	if err == nil && len(data) > pageMost {
		err = ErrTooLong.With("most", pageMost>>20)
	}
	return data, answer.StatusCode, answer.Request.URL, err
}

// page fetches an address and says in words what kept it from being read.
func (v *visit) page(ctx context.Context, u *url.URL) ([]byte, *url.URL, *fault.Error) {
	if err := v.allowed(u); err != nil {
		return nil, u, asFault(err)
	}
	data, status, at, err := v.fetch(ctx, u)
	switch {
	case err != nil:
		f := asFault(err)
		if errors.Is(f, ErrUnreached) {
			v.silent++
		}
		return nil, u, f
	case status != http.StatusOK:
		v.silent = 0
		return nil, u, ErrStatus.With("status", status)
	}
	v.silent = 0
	return data, at, nil
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
	for n := 0; n < len(lists) && n < siteLists && ctx.Err() == nil && v.count < v.Most; n++ {
		data, at, f := v.page(ctx, lists[n])
		if f != nil {
			if !v.tell(ctx, Row{Where: lists[n].String(), Err: f}, yield) {
				return
			}
			continue
		}
		articles, more, name := v.links(at, data)
		for _, u := range more {
			if !v.seen[key(u)] {
				v.seen[key(u)] = true
				lists = append(lists, u)
			}
		}
		if !v.articles(ctx, articles, name, yield) {
			return
		}
	}
}

// articles reads the articles of one list page.
func (v *visit) articles(ctx context.Context, all []*url.URL, section string, yield func(Row) bool) bool {
	for _, u := range all {
		if v.seen[key(u)] || v.count >= v.Most {
			continue
		}
		v.seen[key(u)] = true
		v.count++
		if v.read != nil {
			v.read.Add(1)
		}
		if !v.tell(ctx, v.article(ctx, u, section), yield) {
			return false
		}
	}
	return true
}

// tell hands a row on. It ends the reading when it was stopped, when nobody wants more, and
// when the site has not answered for long.
func (v *visit) tell(ctx context.Context, row Row, yield func(Row) bool) bool {
	if ctx.Err() != nil || !yield(row) {
		return false
	}
	if v.silent >= siteSilent {
		yield(Row{Where: row.Where, Err: ErrSilent.With("n", siteSilent)})
		return false
	}
	return true
}

func (v *visit) article(ctx context.Context, u *url.URL, section string) Row {
	row := Row{Where: key(u)}
	if v.Known != nil {
		if known, err := v.Known(ctx, row.Where); err == nil && known {
			row.Known, row.Record.URL = true, row.Where
			return row
		}
	}
	data, at, f := v.page(ctx, u)
	if f != nil {
		row.Err = f
		return row
	}
	row.Record, row.Files, row.Err = Page(data, v.opener(at))
	row.Record.URL = row.Where
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

// open asks for a file, which is not held in memory. A site that answers with a page has no
// such file, whatever its status says.
func (v *visit) open(ctx context.Context, u *url.URL) (io.ReadCloser, error) {
	ctx, stop := context.WithTimeout(ctx, fileTimeout)
	answer, err := v.ask(ctx, u)
	if err != nil {
		stop()
		return nil, err
	}
	if answer.StatusCode != http.StatusOK || strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
		answer.Body.Close()
		stop()
		return nil, ErrStatus.With("status", answer.StatusCode)
	}
	return &body{answer.Body, stop}, nil
}

// body is an answer whose time ends with it.
type body struct {
	io.ReadCloser
	stop context.CancelFunc
}

// Close closes the answer.
func (b *body) Close() error {
	b.stop()
	return b.ReadCloser.Close()
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

// baseOf is what the addresses of a page are relative to: itself, or what it names.
func baseOf(doc *html.Node, at *url.URL) *url.URL {
	each(doc, func(n *html.Node) bool {
		if n.Data == "base" {
			if u, err := at.Parse(attr(n, "href")); err == nil {
				at = u
			}
		}
		return n.Data != "body"
	})
	return at
}

// links returns the articles and the further list pages a list page leads to, and the
// section's name.
func (v *visit) links(at *url.URL, data []byte) (articles, lists []*url.URL, name string) {
	data = decodePage(data)
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return nil, nil, ""
	}
	at = baseOf(doc, at)
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
		if err != nil || u.Scheme != "http" && u.Scheme != "https" {
			return true
		}
		if f := v.allowed(u); errors.Is(f, ErrHost) {
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
