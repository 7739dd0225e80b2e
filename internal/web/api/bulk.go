package api

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gongkai/internal/change"
	"gongkai/internal/disclosure"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// form is a kind of file everything can be had as.
type form struct {
	name  string
	kind  string
	write func(v *view, w io.Writer, agency string, ctx context.Context) error
}

// forms are the files of everything.
var forms = []form{
	{"items.jsonl.gz", "application/gzip", (*view).writeLines},
	{"items.csv", "text/csv; charset=utf-8", (*view).writeSheet},
}

// sendAll sends the metadata of everything that is published, of all bodies or one.
func (a *api) sendAll(w http.ResponseWriter, r *http.Request) error {
	v, err := a.view(r.Context(), i18n.Chinese) // a file is one for all readers
	if err != nil {
		return err
	}
	body := r.PathValue("body")
	if body != "" && v.sites.Tree.Get(body) == nil {
		return ErrNoBody
	}
	web.Depend(r.Context(), change.All, change.Published, change.Areas("site"), change.Areas("agency"), change.Areas("section"), change.Areas("normative"))
	for _, f := range forms {
		if f.name == r.PathValue("file") {
			return v.sendFile(w, r, f, body)
		}
	}
	return web.ErrNoPage
}

// sendFile sends a file that is written when the first asks for it after a change, and kept
// until something changes again: a slow reader holds no transaction open, and who asks a
// thousand times has it written once.
func (v *view) sendFile(w http.ResponseWriter, r *http.Request, f form, body string) error {
	tag, at, err := v.stateTag(r.Context(), f.name, body)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, no-cache")
	h.Set("ETag", `"`+tag+`"`)
	if !at.IsZero() {
		h.Set("Last-Modified", at.UTC().Format(http.TimeFormat))
	}
	if strings.Contains(r.Header.Get("If-None-Match"), `"`+tag+`"`) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	file, err := v.spools.take(f.name+" "+body, tag, func(w io.Writer) error { return f.write(v, w, body, r.Context()) })
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(f.name, ".gz")
	if strings.HasSuffix(f.name, ".gz") {
		h.Set("Content-Disposition", `attachment; filename="`+f.name+`"`)
		http.ServeContent(w, r, "", time.Time{}, file)
		return nil
	}
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		http.ServeContent(w, r, "", time.Time{}, file)
		return nil
	}
	z, err := gzip.NewReader(file)
	if err != nil || r.Method == http.MethodHead {
		return err
	}
	_, err = io.Copy(w, z)
	return err
}

// stateTag names the state of everything a file says: the records, and what bodies and sections
// are called.
func (v *view) stateTag(ctx context.Context, name, body string) (string, time.Time, error) {
	seq, at, err := v.Reader.Head(ctx)
	if err != nil {
		return "", at, err
	}
	sum := sha256.New()
	io.WriteString(sum, name+" "+body+" "+strconv.FormatInt(seq, 10)+" "+at.String()+" "+v.origin())
	normative, err := v.Normative.Head(ctx)
	if err != nil {
		return "", at, err
	}
	io.WriteString(sum, normative)
	for _, b := range v.sites.Tree.All {
		io.WriteString(sum, b.ID+b.Name+v.page(b.ID, "/"))
	}
	for _, id := range sortedKeys(v.sections) {
		io.WriteString(sum, id+v.sections[id].Name)
	}
	return hex.EncodeToString(sum.Sum(nil)[:12]), at, nil
}

// writeLines writes an item a line, as JSON.
func (v *view) writeLines(w io.Writer, agency string, ctx context.Context) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return v.every(ctx, agency, func(i *Item) error { return e.Encode(i) })
}

// every calls do with the public shape of all that can be read.
func (v *view) every(ctx context.Context, agency string, do func(i *Item) error) error {
	return v.Reader.Every(ctx, agency, func(all []*disclosure.Record) error {
		items, err := v.items(ctx, all)
		if err != nil {
			return err
		}
		for _, i := range items {
			if err := do(i); err != nil {
				return err
			}
		}
		return nil
	})
}

// column is a column of the sheet: the message of its head and what stands in it.
type column struct {
	head string
	cell func(i *Item) string
}

// columns are those of the sheet, in the order of the header of published documents.
var columns = []column{
	{"api.csv.index", func(i *Item) string { return i.IndexNo }},
	{"api.csv.title", func(i *Item) string { return i.Title }},
	{"api.csv.doc_no", func(i *Item) string { return i.DocNo }},
	{"api.csv.issuer", func(i *Item) string { return i.Issuer }},
	{"api.csv.formed", func(i *Item) string { return i.FormedOn }},
	{"api.csv.issued", func(i *Item) string { return i.IssuedOn }},
	{"api.csv.published", func(i *Item) string { return i.At }},
	{"api.csv.theme", func(i *Item) string { return nameOf(i.Theme) }},
	{"api.csv.genre", func(i *Item) string { return nameOf(i.Genre) }},
	{"api.csv.validity", func(i *Item) string { return nameOf(i.Validity) }},
	{"api.csv.summary", func(i *Item) string { return i.Summary }},
	{"api.csv.keywords", func(i *Item) string { return strings.Join(i.Keywords, "；") }},
	{"api.csv.body", func(i *Item) string { return i.Body.Name }},
	{"api.csv.section", func(i *Item) string { return i.Section.Name }},
	{"api.csv.kind", func(i *Item) string { return string(i.Kind) }},
	{"api.csv.files", func(i *Item) string { return strconv.Itoa(len(i.Files)) }},
	{"api.csv.url", func(i *Item) string { return i.URL }},
	{"api.csv.changed", func(i *Item) string { return i.ChangedAt }},
	{"api.csv.id", func(i *Item) string { return i.ID }},
}

func nameOf(c *Coded) string {
	if c == nil {
		return ""
	}
	return c.Name
}

// writeSheet writes a sheet with a byte order mark, without which Excel takes UTF-8 for GBK.
func (v *view) writeSheet(w io.Writer, agency string, ctx context.Context) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	sheet := csv.NewWriter(w)
	sheet.UseCRLF = true
	row := make([]string, len(columns))
	for n, c := range columns {
		row[n] = i18n.To(v.lang).T(c.head)
	}
	if err := sheet.Write(row); err != nil {
		return err
	}
	err := v.every(ctx, agency, func(i *Item) error {
		for n, c := range columns {
			row[n] = harmless(c.cell(i))
		}
		return sheet.Write(row)
	})
	sheet.Flush()
	return errors.Join(err, sheet.Error())
}

// harmless keeps a text from being taken for a formula by spreadsheet programs, which would
// carry it out: an apostrophe goes before it, as these programs themselves write it.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

// mostSpools bounds how many files of everything are kept.
const mostSpools = 16

// spools are files of everything, packed, kept as long as they are true. They have no name in the
// file system; one that is dropped is closed by the runtime after its last reader.
type spools struct {
	mu      sync.Mutex
	all     map[string]*spool
	packing sync.Mutex // one is written at a time: it reads everything
}

type spool struct {
	mu   sync.Mutex
	tag  string
	file *os.File
	size int64
}

// take returns the file called name as it is under tag, written by write if it is not there yet.
func (s *spools) take(name, tag string, write func(io.Writer) error) (io.ReadSeeker, error) {
	one := s.of(name)
	one.mu.Lock()
	defer one.mu.Unlock()
	if one.file == nil || one.tag != tag {
		s.packing.Lock()
		defer s.packing.Unlock()
		file, size, err := pack(write)
		if err != nil {
			return nil, err
		}
		one.file, one.size, one.tag = file, size, tag
	}
	return io.NewSectionReader(one.file, 0, one.size), nil
}

// of returns the place of a file, for which another is forgotten when there are too many.
func (s *spools) of(name string) *spool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if one := s.all[name]; one != nil {
		return one
	}
	if s.all == nil {
		s.all = map[string]*spool{}
	}
	for other := range s.all {
		if len(s.all) < mostSpools {
			break
		}
		delete(s.all, other)
	}
	one := &spool{}
	s.all[name] = one
	return one
}

// pack writes into a file without a name and returns it with its size.
func pack(write func(io.Writer) error) (*os.File, int64, error) {
	f, err := os.CreateTemp("", "gongkai-all")
	if err != nil {
		return nil, 0, err
	}
	_ = os.Remove(f.Name()) // where a system keeps the names of open files, it stays for the system to clear
	b := bufio.NewWriterSize(f, 1<<16)
	z, err := gzip.NewWriterLevel(b, gzip.BestSpeed)
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	if err := errors.Join(write(z), z.Close(), b.Flush()); err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	size, err := f.Seek(0, io.SeekEnd)
	return f, size, err
}

// sortedKeys are a map's keys in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
