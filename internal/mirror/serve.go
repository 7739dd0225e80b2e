package mirror

import (
	"errors"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gongkai/internal/change"
	"gongkai/internal/site"
	"gongkai/internal/web"
)

// Files sends a copy as the portal would: with its headers, compressed where that is there.
type Files struct {
	Dir  string
	Base string // path the copy is served under
}

// ServeHTTP sends a file, or the copy's own page for what is not there.
func (f Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	web.SetHeaders(w.Header())
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	rest, ok := strings.CutPrefix(r.URL.Path, f.Base)
	a := address{f.host(r.Host), path.Clean("/" + rest)}
	if ok && (rest == "" || strings.HasSuffix(rest, "/")) {
		a.path = strings.TrimSuffix(a.path, "/") + "/"
	}
	if ok && f.send(w, r, a, http.StatusOK) {
		return
	}
	if !f.send(w, r, address{a.host, "/404.html"}, http.StatusNotFound) {
		http.NotFound(w, r)
	}
}

// host is the name of a site with a folder of its own, "" for the main one.
func (f Files) host(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "" || strings.ContainsAny(host, "/\\:") || strings.HasPrefix(host, ".") {
		return ""
	}
	if info, err := os.Stat(filepath.Join(f.Dir, hostsDir, host)); err != nil || !info.IsDir() {
		return ""
	}
	return host
}

// send sends the file of an address and reports whether there is one.
func (f Files) send(w http.ResponseWriter, r *http.Request, a address, status int) bool {
	name := a.name()
	if name == "" || a.host == "" && strings.HasPrefix(name, hostsDir+"/") {
		return false
	}
	root, err := os.OpenRoot(f.Dir) // a link inside leads nowhere outside
	if err != nil {
		return false
	}
	defer root.Close()
	in, info, err := regular(root, name)
	if err != nil {
		return false
	}
	defer in.Close()
	h := w.Header()
	h.Set("Content-Type", kindOf(name, a))
	if strings.HasPrefix(a.path, "/static/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	if a.attached() {
		h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	}
	at := info.ModTime()
	if takesGzip(r) && status == http.StatusOK {
		h.Add("Vary", "Accept-Encoding")
		if packed, _, err := regular(root, name+".gz"); err == nil {
			defer packed.Close()
			h.Set("Content-Encoding", "gzip")
			in = packed
		}
	}
	if status != http.StatusOK {
		w.WriteHeader(status)
		if r.Method == http.MethodGet {
			_, _ = in.WriteTo(w) // the browser may leave at any time
		}
		return true
	}
	http.ServeContent(w, r, "", at, in)
	return true
}

func regular(root *os.Root, name string) (*os.File, fs.FileInfo, error) {
	f, err := root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, nil, errors.Join(fs.ErrNotExist, err, f.Close())
	}
	return f, info, nil
}

func takesGzip(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}

// attached reports whether an address is that of a document's file, in whichever site. Anybody may
// have written it: it must never act as a page of the site.
func (a address) attached() bool { return strings.Contains(a.path, "/files/") }

// acting are the endings of files that browsers run when they are sent as what they are.
var acting = []string{".html", ".htm", ".shtml", ".xhtml", ".xht", ".xml", ".xsl", ".xslt", ".svg", ".svgz", ".js", ".mjs", ".mht", ".mhtml", ".swf"}

// kindOf is the media type of a file; it never depends on what this machine has installed.
func kindOf(name string, a address) string {
	if strings.HasPrefix(a.path, "/ledger/tile/") {
		return "application/octet-stream"
	}
	ext := strings.ToLower(path.Ext(name))
	if a.attached() && slices.Contains(acting, ext) {
		return "application/octet-stream"
	}
	switch ext {
	case ".html":
		return "text/html; charset=utf-8"
	case ".atom":
		return "application/atom+xml; charset=utf-8"
	case ".rss":
		return "application/rss+xml; charset=utf-8"
	case ".xml":
		return "application/xml; charset=utf-8"
	case ".txt", "":
		return "text/plain; charset=utf-8"
	case ".docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	default:
		if kind := mime.TypeByExtension(ext); kind != "" && !strings.HasPrefix(kind, "text/html") {
			return kind
		}
	}
	return "application/octet-stream"
}

// known is what the state said when it was read last.
type known struct {
	*state
	read, written time.Time
}

// recheck is how long what was read of the state is not looked at again.
const recheck = 5 * time.Second

// Instead sends a file of the copy while the database does not answer, unless something is known
// to have changed since it was written. It reports whether it did.
func (m *Mirror) Instead(w http.ResponseWriter, r *http.Request, _ *site.Place, changed func(after int64, tags []change.Tag) bool) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || r.URL.RawQuery != "" {
		return false
	}
	k := m.remembered()
	if k == nil {
		return false
	}
	f := Files{m.Dir, m.Base}
	rest, ok := strings.CutPrefix(r.URL.Path, m.Base)
	a := address{f.host(r.Host), rest}
	rec := k.all[a]
	if !ok || rec == nil || !rec.immutable && changed(rec.seq, k.tags(rec)) {
		return false
	}
	web.SetHeaders(w.Header())
	w.Header().Set("X-Gongkai-Kept", k.written.UTC().Format(http.TimeFormat))
	return f.send(w, r, a, http.StatusOK)
}

// remembered reads what the copy holds, when it is first needed and when it was written anew.
func (m *Mirror) remembered() *known {
	old, now := m.known.Load(), m.DB.Clock()
	if old != nil && now.Sub(old.read) < recheck {
		return old
	}
	info, err := os.Stat(filepath.Join(stateDir(m.Dir), stateFile))
	if err != nil {
		return nil
	}
	if old != nil && info.ModTime().Equal(old.written) {
		m.known.Store(&known{old.state, now, old.written})
		return old
	}
	s := newState()
	if err := s.read(filepath.Join(stateDir(m.Dir), stateFile), nil); err != nil {
		return nil
	}
	next := &known{s, now, info.ModTime()}
	m.known.Store(next)
	return next
}
