package portal

import (
	"net/http"
	"slices"
	"sync"

	"gongkai/internal/agency"
	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/web"
)

// branch is a section with its body, those above it, itself first, and those below.
type branch struct {
	body        *agency.Agency
	path, below []*section.Section
}

// branches keeps what was read of sections for as long as nothing at all has changed: pages of
// documents ask for the same few again and again, above all while a copy of them is made.
type branches struct {
	mu  sync.Mutex
	seq int64 // the newest line of the log of changes when they were read
	day date.Date
	of  map[string]*branch
}

// mostBranches bounds what is kept.
const mostBranches = 10_000

// get returns a section as it is at a line of the log, nil if it was not read since.
func (b *branches) get(seq int64, day date.Date, id string) *branch {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.seq != seq || b.day != day {
		return nil
	}
	return b.of[id]
}

// put keeps a section as it is at a line of the log. What is older is dropped.
func (b *branches) put(seq int64, day date.Date, id string, one *branch) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.seq > seq {
		return
	}
	if b.of == nil || b.seq != seq || b.day != day || len(b.of) >= mostBranches {
		b.seq, b.day, b.of = seq, day, map[string]*branch{}
	}
	b.of[id] = one
}

// section loads a section with its body, those above it, itself first, and those below.
func (p *portal) section(r *http.Request, id string) (a *agency.Agency, path, below []*section.Section, err error) {
	var one *branch
	err = p.DB.View(r.Context(), func(tx *db.Tx) error {
		seq, err := change.Head(tx)
		if err != nil {
			return err
		}
		if one = p.branches.get(seq, tx.Today(), id); one != nil {
			return nil
		}
		if one, err = loadBranch(tx, id); err != nil {
			return err
		}
		p.branches.put(seq, tx.Today(), id, one)
		return nil
	})
	if err != nil {
		return nil, nil, nil, err
	}
	return one.body, one.path, one.below, nil
}

func loadBranch(tx *db.Tx, id string) (*branch, error) {
	path, err := section.Above(tx, id)
	if err != nil {
		return nil, err
	}
	if len(path) == 0 {
		return nil, web.ErrNoPage
	}
	one := &branch{path: slices.Clip(path)}
	if one.body, err = agency.Load(tx, path[0].Agency); err != nil {
		return nil, err
	}
	all, err := section.All(tx, one.body.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range section.NewTree(all).Under(id) {
		if !s.Retired {
			one.below = append(one.below, s)
		}
	}
	one.below = slices.Clip(one.below)
	return one, nil
}
