// Package mirror writes the public's pages as files (静态镜像) that any server of plain files can
// send, with a signed list of their digests, and carries what changed to machines that do not
// reach the office.
//
// It asks the portal's own handler for every page, so that a copy shows what the portal shows and
// nothing else, and follows the links it finds. What a page was made from is remembered beside it:
// the next time only pages are asked for whose tags were noted since.
package mirror

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"gongkai/internal/change"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/ledger"
	"gongkai/internal/site"
	"gongkai/internal/storage"
)

// The faults.
var (
	// ErrFolder says that a folder is no mirror of this program's and holds something.
	ErrFolder = &fault.Error{Kind: fault.Conflict, Code: "mirror.folder", Field: "dir"}
	// ErrBusy says that another process writes the copy.
	ErrBusy = &fault.Error{Kind: fault.Conflict, Code: "mirror.busy"}
	// ErrBundle refuses a bundle that was cut off, altered or made by something else.
	ErrBundle = &fault.Error{Kind: fault.Invalid, Code: "mirror.bundle"}
	// ErrOld refuses a bundle that is not newer than the copy.
	ErrOld = &fault.Error{Kind: fault.Conflict, Code: "mirror.old"}
	// ErrGap refuses a bundle of changes to another state than the copy has.
	ErrGap = &fault.Error{Kind: fault.Conflict, Code: "mirror.gap"}
	// ErrNone says that there is no complete mirror in a folder.
	ErrNone = &fault.Error{Kind: fault.NotFound, Code: "mirror.none", Field: "dir"}
)

// Mirror is a copy of the portal in a folder.
type Mirror struct {
	Dir     string
	Handler http.Handler // the portal
	DB      *db.DB
	Sites   *site.Directory
	Reader  *disclosure.Reader
	Ledger  *ledger.Log
	Base    string    // path the portal is served under
	Lang    i18n.Lang // language of paths without a prefix
	Version string    // of the program: another one's pages look different
	Workers int       // as many as there are processors if 0

	known atomic.Pointer[known]
}

// Report is what a run did.
type Report struct {
	Asked    int           // pages and files asked for
	Written  int           // files that are new or different
	Removed  int           // files that are gone
	Files    int           // files of the copy
	Bytes    int64         // of all of them
	Seq      int64         // number of the log of changes the copy is at
	Problems []Problem     // what could not be copied
	Took     time.Duration // from beginning to end
}

// Problem is an address that could not be copied.
type Problem struct {
	Path string
	Why  i18n.Message
}

// stateDir is the folder beside the copy with what the next run needs to know.
func stateDir(dir string) string { return filepath.Clean(dir) + ".state" }

// rounds is how often a run looks again whether something changed while it wrote.
const rounds = 3

// Run brings the copy up to date; fresh asks for every page anew. A run that was interrupted is
// gone on with. Only one process at a time writes a copy.
func (m *Mirror) Run(ctx context.Context, fresh bool) (*Report, error) {
	if err := m.prepare(); err != nil {
		return nil, err
	}
	place, err := storage.Take(stateDir(m.Dir), true)
	if errors.Is(err, storage.ErrServed) {
		return nil, ErrBusy
	}
	if err != nil {
		return nil, err
	}
	defer place.Leave()
	began := m.DB.Clock()
	r := &run{Mirror: m, Report: &Report{}}
	if r.state, err = load(m.Dir); err != nil {
		return nil, err
	}
	defer func() { r.journal.close() }()
	for n := range rounds {
		again, err := r.round(ctx, fresh && n == 0)
		if err != nil {
			return nil, err
		}
		if !again {
			break
		}
	}
	if err := r.finish(ctx); err != nil {
		return nil, err
	}
	r.Took = m.DB.Clock().Sub(began)
	return r.Report, nil
}

// prepare makes the folders. It does not write into a folder that holds something else.
func (m *Mirror) prepare() error {
	all, err := os.ReadDir(m.Dir)
	if err != nil && !os.IsNotExist(err) {
		return db.Explain(err)
	}
	if _, err := os.Stat(stateDir(m.Dir)); os.IsNotExist(err) && len(all) > 0 {
		return ErrFolder.With("dir", m.Dir)
	}
	for _, dir := range []string{m.Dir, stateDir(m.Dir)} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return db.Explain(err)
		}
	}
	return nil
}

// run is one bringing up to date.
type run struct {
	*Mirror
	*Report
	state   *state
	journal *journal

	mu    sync.Mutex
	seen  map[address]bool
	queue []target
	busy  int
	wake  *sync.Cond
	sites *site.Map
	seq   int64 // of the log before the round began
	whole bool  // every page is asked for
	fault error
}

// round asks for what changed up to now, and reports whether something changed meanwhile.
func (r *run) round(ctx context.Context, fresh bool) (again bool, err error) {
	if err := r.begin(ctx, fresh); err != nil {
		return false, err
	}
	if err := r.seed(ctx); err != nil {
		return false, err
	}
	if err := r.work(ctx); err != nil {
		return false, err
	}
	if err := r.forget(); err != nil {
		return false, err
	}
	if err := r.search(ctx); err != nil {
		return false, err
	}
	r.state.settle(r.seq)
	var head int64
	err = r.DB.View(ctx, func(tx *db.Tx) (err error) {
		head, err = change.Head(tx)
		return err
	})
	return head != r.seq, err
}

// begin reads what changed since the copy was last brought up to date.
func (r *run) begin(ctx context.Context, fresh bool) (err error) {
	var all []change.Entry
	whole := !fresh && r.state.version == r.Version
	if err := r.DB.View(ctx, func(tx *db.Tx) (err error) {
		if r.seq, err = change.Head(tx); err != nil || !whole || r.state.seq == r.seq {
			return err
		}
		all, whole, err = changes(tx, r.state.seq)
		return err
	}); err != nil {
		return err
	}
	if r.sites, err = r.Sites.Renew(ctx); err != nil {
		return err
	}
	r.whole, r.seen, r.queue = !whole, map[address]bool{}, nil
	r.wake = sync.NewCond(&r.mu)
	r.state.changed = map[change.Tag]int64{}
	for _, e := range all {
		r.state.changed[e.Tag] = e.Seq
	}
	r.state.version = r.Version
	if r.journal == nil {
		r.journal, err = openJournal(r.Dir, r.state, r.seq)
	}
	return err
}

// mostChanges bounds how many changes are followed one by one: beyond it everything is asked for.
const mostChanges = 500_000

func changes(tx *db.Tx, after int64) (all []change.Entry, whole bool, err error) {
	const many = 5000
	for {
		some, whole, err := change.Since(tx, after, many)
		if err != nil || !whole || len(all) > mostChanges {
			return nil, false, err
		}
		all = append(all, some...)
		if len(some) < many {
			return all, true, nil
		}
		after = some[len(some)-1].Seq
	}
}

func (r *run) workers() int {
	if r.Workers > 0 {
		return r.Workers
	}
	return runtime.GOMAXPROCS(0)
}

func (r *run) problem(path, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	const most = 100
	if len(r.Problems) < most {
		r.Problems = append(r.Problems, Problem{path, i18n.M(why)})
	}
}
