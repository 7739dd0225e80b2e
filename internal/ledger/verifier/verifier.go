// Package verifier checks a running site or a copy of it against the public log (公开存证核验): it
// reads the log from its first entry, then every document's record, pages and files, and names what
// was altered, added or removed. It needs nothing of the installation but its address, or nothing at
// all but the copy's folder.
package verifier

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/ledger/proof"
)

// The faults of checks that could not be made.
var (
	// ErrUnreached says that a site or folder has no public log to be read.
	ErrUnreached = &fault.Error{Kind: fault.NotFound, Code: "ledger.unreached"}
	// ErrTooLarge says that something read is larger than anything of its kind.
	ErrTooLarge = &fault.Error{Kind: fault.TooLarge, Code: "ledger.too_large"}
	// ErrAnswer says that a site answered with neither the document nor that it has none.
	ErrAnswer = &fault.Error{Kind: fault.Halted, Code: "ledger.answer"}
)

// errGone says that there is nothing at an address.
var errGone = errors.New("there is nothing of that name")

// place is where the log and the documents are read.
type place interface {
	// log reads a path of the log, such as "ledger/checkpoint".
	log(ctx context.Context, path string) ([]byte, error)
	record(ctx context.Context, item string) ([]byte, error)
	// pages are the copies of an item's page.
	pages(ctx context.Context, item string) ([]*copied, error)
	// file is the digest of a file a page links to.
	file(ctx context.Context, from *copied, href string) (digest string, err error)
	// items lists the items that have a page; known is false where that cannot be told.
	items(ctx context.Context) (all map[string]string, known bool, err error)
}

// copied is a page and where it is.
type copied struct {
	where string
	html  []byte
}

// Options say how a check is made.
type Options struct {
	Keys     proof.Keys       // known from elsewhere; none for those the site gives
	Kept     proof.Checkpoint // from an earlier check; Size 0 for none
	Sample   int              // how many items are looked at, all when 0
	NoFiles  bool             // leave the files of documents out
	Parallel int              // how many items at a time, 4 when 0
	// Progress is told how many items were looked at; nil for nobody.
	Progress func(items int)
}

// Report is what a check looked at and found.
type Report struct {
	Checkpoint proof.Checkpoint
	Signed     string // the checkpoint, to be kept
	Keys       string // the public keys used, a line each
	Pinned     bool   // they were known from elsewhere
	Items      int    // looked at
	Known      int    // in the log
	Files      int    // of documents, compared
	Listed     int64  // files of a mirror's list, compared
	NoList     bool   // it could not be told whether there are pages the log does not know
	Found      []proof.Finding
}

// run is a check under way.
type run struct {
	Options
	at     place
	report *Report
	mu     sync.Mutex
}

func (r *run) found(f proof.Finding) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Found = append(r.report.Found, f)
}

// check reads the log and the documents at a place.
func check(ctx context.Context, at place, o Options) (*Report, error) {
	if o.Parallel < 1 {
		o.Parallel = 4
	}
	r := &run{Options: o, at: at, report: &Report{Pinned: len(o.Keys) > 0}}
	w, err := r.walk(ctx)
	if err != nil {
		return nil, err
	}
	r.report.Known = len(w.Last)
	if err := r.documents(ctx, w); err != nil {
		return nil, err
	}
	if err := r.strangers(ctx, w); err != nil {
		return nil, err
	}
	slices.SortStableFunc(r.report.Found, func(a, b proof.Finding) int { return strings.Compare(a.Item+a.Path, b.Item+b.Path) })
	return r.report, nil
}

// walk reads the log from its first entry to the signed checkpoint.
func (r *run) walk(ctx context.Context) (*proof.Walk, error) {
	signed, err := r.at.log(ctx, "ledger/checkpoint")
	if errors.Is(err, errGone) {
		return nil, ErrUnreached
	}
	if err != nil {
		return nil, err
	}
	if len(r.Keys) == 0 {
		text, err := r.at.log(ctx, "ledger/key")
		if err != nil {
			return nil, ErrUnreached.Because(err)
		}
		if r.Keys, err = proof.ParseKeys(string(text)); err != nil {
			return nil, err
		}
	}
	r.report.Keys = r.Keys.String()
	c, err := proof.OpenCheckpoint(signed, r.Keys)
	if m, known := fault.MessageOf(err); err != nil && known {
		r.found(proof.Finding{Kind: proof.Forged, What: m, Path: "ledger/checkpoint"})
		if c, err = unsigned(signed); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, err
	}
	r.report.Checkpoint, r.report.Signed = c, string(signed)
	w := proof.NewWalk(c.Origin, r.Kept, r.found)
	hashes := map[proof.Tile]string{}
	w.Full = func(t proof.Tile, data []byte) error {
		hashes[t] = proof.Digest(data)
		return nil
	}
	if err := r.entries(ctx, w, c); err != nil {
		return nil, err
	}
	w.End(c)
	return w, r.tiles(ctx, w, hashes)
}

// unsigned reads a checkpoint nobody known signed, so that what it says can be held against the rest.
func unsigned(signed []byte) (proof.Checkpoint, error) {
	text, _, _ := strings.Cut(string(signed), "\n\n")
	return proof.ParseCheckpoint(text + "\n")
}

// entries reads all bundles. One that is missing ends the log: the walk's end says so.
func (r *run) entries(ctx context.Context, w *proof.Walk, c proof.Checkpoint) error {
	for n := int64(0); n*proof.Width < c.Size; n++ {
		t := proof.Tile{Level: proof.Entries, N: n, W: int(min(c.Size-n*proof.Width, proof.Width))}
		data, err := r.at.log(ctx, "ledger/"+t.Path())
		if errors.Is(err, errGone) {
			r.found(proof.Finding{Kind: proof.Removed, What: i18n.M("ledger.find.bundle", "tile", t.Path()), Path: "ledger/" + t.Path()})
			return nil
		}
		if err != nil {
			return err
		}
		all, err := proof.ReadBundle(data)
		if err != nil || len(all) != t.W {
			r.found(proof.Finding{Kind: proof.Forged, What: i18n.M("ledger.find.bundle_form", "tile", t.Path()), Path: "ledger/" + t.Path()})
		}
		for _, text := range all {
			if err := w.Take(text); err != nil {
				return err
			}
		}
	}
	return nil
}

// tiles compares the hashes that are served with those that follow from the entries: proofs are
// made of them. A sample leaves them out.
func (r *run) tiles(ctx context.Context, w *proof.Walk, hashes map[proof.Tile]string) error {
	for _, t := range proof.Tiles(w.Size) {
		if t.Level == proof.Entries || r.Sample > 0 {
			continue
		}
		want := hashes[t]
		if t.W < proof.Width {
			want = proof.Digest(w.Levels[t.Level])
		}
		data, err := r.at.log(ctx, "ledger/"+t.Path())
		if err != nil && !errors.Is(err, errGone) {
			return err
		}
		if err != nil || proof.Digest(data) != want {
			r.found(proof.Finding{Kind: proof.Forged, What: i18n.M("ledger.find.tile", "tile", t.Path()), Path: "ledger/" + t.Path()})
		}
	}
	return nil
}

// documents looks at every item of the log, or at a sample of them.
func (r *run) documents(ctx context.Context, w *proof.Walk) error {
	var all []proof.Said
	for _, said := range w.Last {
		all = append(all, said)
	}
	slices.SortFunc(all, func(a, b proof.Said) int { return int(a.Seq - b.Seq) })
	if r.Sample > 0 && r.Sample < len(all) {
		rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		all = all[:r.Sample]
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	work := make(chan proof.Said)
	var crew sync.WaitGroup
	for range r.Parallel {
		crew.Go(func() {
			for said := range work {
				if err := r.document(ctx, said); err != nil {
					stop(err)
				}
			}
		})
	}
	for _, said := range all {
		select {
		case work <- said:
		case <-ctx.Done():
		}
	}
	close(work)
	crew.Wait()
	return context.Cause(ctx)
}

// document looks at one item.
func (r *run) document(ctx context.Context, said proof.Said) error {
	files, err := r.look(ctx, said)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Items++
	r.report.Files += files
	if r.Progress != nil {
		r.Progress(r.report.Items)
	}
	return err
}

func (r *run) look(ctx context.Context, said proof.Said) (files int, err error) {
	name := func(k proof.Kind, field, path string, what i18n.Message) {
		r.found(proof.Finding{Kind: k, What: what, Item: said.Item, IndexNo: said.IndexNo, Field: field, Path: path})
	}
	data, err := r.at.record(ctx, said.Item)
	gone := errors.Is(err, errGone)
	if err != nil && !gone {
		return 0, err
	}
	pages, err := r.at.pages(ctx, said.Item)
	if err != nil && !errors.Is(err, errGone) {
		return 0, err
	}
	if !said.Act.Public() {
		if !gone {
			name(proof.Added, "", "record.json", i18n.M("ledger.find.record_kept", "act", said.Act.Message()))
		}
		for _, p := range pages {
			if page, err := readPage(p.html); err == nil && page.document() {
				name(proof.Added, "", p.where, i18n.M("ledger.find.page_kept", "act", said.Act.Message()))
			}
		}
		return 0, nil
	}
	if len(pages) == 0 {
		name(proof.Removed, "", "", i18n.M("ledger.find.page_gone"))
	}
	if gone {
		name(proof.Removed, "", "record.json", i18n.M("ledger.find.record_gone"))
		return 0, nil
	}
	if proof.Digest(data) != said.Record {
		name(proof.Altered, "", "record.json", i18n.M("ledger.find.record", "seq", said.Seq))
	}
	record, err := proof.ParseRecord(data)
	if err != nil || record.Item != said.Item {
		name(proof.Altered, "", "record.json", i18n.M("ledger.find.record_form"))
		return 0, nil
	}
	for _, p := range pages {
		n, err := r.page(ctx, p, record, name)
		if files += n; err != nil {
			return files, err
		}
	}
	return files, nil
}

// strangers looks for pages of items the log does not know.
func (r *run) strangers(ctx context.Context, w *proof.Walk) error {
	all, known, err := r.at.items(ctx)
	if err != nil {
		return err
	}
	r.report.NoList = !known
	for item, where := range all {
		if _, known := w.Last[item]; !known {
			r.found(proof.Finding{Kind: proof.Added, What: i18n.M("ledger.find.page_new"), Item: item, Path: where})
		}
	}
	return nil
}
