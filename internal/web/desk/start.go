package desk

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"time"

	"gongkai/internal/fault"
	"gongkai/internal/web"
)

// startPage is where one begins.
type startPage struct {
	web.Page
	Action   string
	Problem  string // why the last attempt brought nothing
	Cleared  bool   // the last batch was just removed
	Open     []openBatch
	Samples  []string
	Keep     bool
	Idle     string
	FileSize string
	Files    int
}

// openBatch is a batch this browser can go on with.
type openBatch struct {
	Href  string
	Files int
	Left  string
}

// startProblems are what can go wrong before there is a batch, by their names in the
// address of the page that says so.
func (d *desk) startProblems() map[string]*fault.Error {
	return map[string]*fault.Error{
		"empty": ErrEmpty, "broken": ErrUploadBroken, "full": ErrFull,
		"size": ErrUploadSize.With("limit", megabytes(d.Limits.Request)),
	}
}

func (d *desk) showStart(w http.ResponseWriter, r *http.Request) error {
	problem := d.startProblems()[r.URL.Query().Get("problem")]
	p := startPage{
		Page: d.page(r, ""), Action: d.path(r, "/desk"), Keep: d.Keep != "",
		Cleared: r.URL.Query().Has("cleared"), Files: d.Limits.Files, FileSize: megabytes(d.Limits.File),
	}
	p.Idle = span(p.Printer, d.Limits.Idle)
	if problem != nil {
		p.Problem = p.Text(problem.Message())
	}
	for _, s := range d.Samples {
		p.Samples = append(p.Samples, s.Name)
	}
	for _, b := range d.shelf.of(token(r)) {
		p.Open = append(p.Open, openBatch{
			Href: d.path(r, "/desk/%s/", b.id), Files: b.count(), Left: span(p.Printer, d.shelf.left(b)),
		})
	}
	slices.SortFunc(p.Open, func(a, b openBatch) int { return cmp.Compare(a.Href, b.Href) })
	return d.pages.Write(w, r, http.StatusOK, "start", p)
}

// openBatch takes the first files and starts a batch with them.
func (d *desk) openBatch(w http.ResponseWriter, r *http.Request) error {
	b, err := d.shelf.open(d.hand(w, r))
	if err != nil {
		return d.startAgain(w, r, err)
	}
	in, err := d.receive(w, r, b)
	if err == nil && in.sample {
		err = in.addSamples(r)
	}
	if len(in.entries) == 0 {
		d.shelf.clear(b)
		return d.startAgain(w, r, cmp.Or(err, error(ErrEmpty)))
	}
	b.add(d.today(), in.entries)
	if err != nil {
		return d.listAgain(w, r, b, err)
	}
	if len(in.entries) == 1 && in.entries[0].usable() {
		return d.goTo(w, r, "/desk/%s/%d/", b.id, in.entries[0].no)
	}
	return d.goTo(w, r, "/desk/%s/", b.id)
}

// startAgain leads to the start page, which says what went wrong; it may be loaded anew.
func (d *desk) startAgain(w http.ResponseWriter, r *http.Request, err error) error {
	for name, problem := range d.startProblems() {
		var f *fault.Error
		if errors.As(err, &f) && f.Code == problem.Code {
			return d.goTo(w, r, "/?problem=%s", name)
		}
	}
	return err
}

// addSamples puts the operator's samples into the batch.
func (in *intake) addSamples(r *http.Request) error {
	defer in.reading.Wait()
	for _, s := range in.desk.Samples {
		size := int64(len(s.Data))
		if err := in.desk.shelf.charge(in.batch, size); err != nil {
			return err
		}
		if err := in.enter(r.Context(), s.Name, s.Data, size, nil); err != nil {
			return err
		}
	}
	return nil
}

// addFiles takes more files into a batch.
func (d *desk) addFiles(w http.ResponseWriter, r *http.Request, b *batch) error {
	in, err := d.receive(w, r, b)
	b.add(d.today(), in.entries)
	if err == nil && len(in.entries) == 0 {
		err = ErrEmpty
	}
	if err != nil {
		return d.listAgain(w, r, b, err)
	}
	return d.goTo(w, r, "/desk/%s/", b.id)
}

// clearBatch removes everything of a batch now.
func (d *desk) clearBatch(w http.ResponseWriter, r *http.Request, b *batch) error {
	d.shelf.clear(b)
	return d.goTo(w, r, "/?cleared=1")
}

// left returns how long b stays if nobody touches it.
func (s *shelf) left(b *batch) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.limits.Idle - s.now().Sub(b.touched)
}
