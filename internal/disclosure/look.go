package disclosure

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/section"
)

// File is an edition with everything on record about it, for who works on it.
type File struct {
	Item       *Item
	Edition    *Edition
	Editions   []*Edition // all of the item, newest first, without their texts
	Opinions   []*Opinion // of all its editions, oldest first
	Check      *Check     // nil when its content was not checked as it is
	Overrides  []*Override
	Blocking   []Finding // findings that keep it from being submitted
	Places     []Placement
	Section    *section.Section
	Path       []*section.Section // the section and those above it
	Steps      []Step             // what the state and the person's roles allow now
	Levels     []Level            // the reviews the person may give now
	Reviewable error              // why the person may not review it though having the role
}

// Look returns an edition to who may see what is not published.
func (d *Desk) Look(ctx context.Context, by actor.Actor, edition string) (f *File, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		w, err := d.open(tx, by, actor.ItemView, edition)
		if err != nil {
			return err
		}
		f, err = w.file()
		return err
	})
	return f, err
}

// LookItem is Look for the edition of an item worked on last.
func (d *Desk) LookItem(ctx context.Context, by actor.Actor, item string) (f *File, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		i, err := loadItem(tx, item)
		if err != nil {
			return err
		}
		w, err := d.open(tx, by, actor.ItemView, i.Head)
		if err != nil {
			return err
		}
		f, err = w.file()
		return err
	})
	return f, err
}

// file gathers what is on record.
func (w *work) file() (*File, error) {
	f := &File{Item: w.item, Edition: w.edition, Section: w.section}
	var err error
	if f.Path, err = section.Above(w.tx, w.item.Section); err != nil {
		return nil, err
	}
	if f.Editions, err = editionsOf(w.tx, w.item.ID); err != nil {
		return nil, err
	}
	if f.Opinions, err = opinionsOfItem(w.tx, w.item.ID); err != nil {
		return nil, err
	}
	if f.Check, err = w.edition.checkOf(w.tx); err != nil && !errors.Is(err, ErrUnchecked) {
		return nil, err
	}
	if f.Overrides, err = overridesOf(w.tx, w.edition.ID, w.edition.Hash); err != nil {
		return nil, err
	}
	if f.Check != nil {
		f.Blocking = f.Check.Blocking(f.Overrides)
	}
	places, err := placesOf(w.tx, w.item.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range places {
		if !p.Home {
			f.Places = append(f.Places, p.Placement)
		}
	}
	w.offer(f)
	return f, nil
}

// acts says which act takes a step, for the steps people take by themselves.
var acts = map[Step]actor.Act{
	Save: actor.ItemEdit, Submit: actor.ItemSubmit, Discard: actor.ItemDiscard, Recall: actor.ItemRecall,
	Order: actor.ItemUrgent, Publish: actor.ItemPublish, Schedule: actor.ItemSchedule, Unschedule: actor.ItemSchedule,
	Retract: actor.ItemRetract, Archive: actor.ItemArchive, Reassess: actor.ItemReassess, Supersede: actor.ItemCorrect,
}

// offer fills in what the person can do now.
func (w *work) offer(f *File) {
	in := actor.In(w.item.Agency, w.path...)
	for _, s := range Flow.Acts(w.edition.State) {
		if act, ok := acts[s]; ok && w.by.Can(act, in) && w.offered(s) {
			f.Steps = append(f.Steps, s)
		}
	}
	ended := w.edition.State == TakenDown || w.edition.State == Lapsed
	if ended && w.edition.Head && w.by.Can(actor.ItemCorrect, in) {
		f.Steps = append(f.Steps, Supersede)
	}
	own := opinionsIn(f.Opinions, w.edition.ID)
	for _, l := range Levels {
		if !w.by.Can(l.Act(), in) || !w.waits(l, own) {
			continue
		}
		if err := w.edition.mayReview(w.by.ID, own); err != nil {
			f.Reviewable = err
			continue
		}
		f.Levels = append(f.Levels, l)
	}
}

// offered leaves out the steps that the state knows and the record forbids.
func (w *work) offered(s Step) bool {
	switch s {
	case Supersede:
		return w.edition.Head
	case Order:
		return w.edition.Cleared && w.edition.CreatedBy != w.by.ID
	}
	return true
}

// waits reports whether the edition waits for a review of the level.
func (w *work) waits(l Level, own []*Opinion) bool {
	e := w.edition
	switch {
	case !e.State.Reviewing() && e.State != Urgent:
		return false
	case l == Clearer:
		return !e.has(own, Clearer)
	}
	return e.next(own) == l
}

func opinionsIn(all []*Opinion, edition string) []*Opinion {
	var out []*Opinion
	for _, o := range all {
		if o.Edition == edition {
			out = append(out, o)
		}
	}
	return out
}

// History lists what an edition said at its versions, newest first, without the texts.
func (d *Desk) History(ctx context.Context, by actor.Actor, edition string) (all []*Saved, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if _, err := d.open(tx, by, actor.ItemView, edition); err != nil {
			return err
		}
		all, err = savedOf(tx, edition)
		return err
	})
	return all, err
}

// Earlier returns what an edition said at one of its versions.
func (d *Desk) Earlier(ctx context.Context, by actor.Actor, saved string) (s *Saved, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if s, err = loadSaved(tx, saved); err != nil {
			return err
		}
		_, err = d.open(tx, by, actor.ItemView, s.Edition)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Basis returns the text a reviewer compares an edition with: what the public sees, else what
// was returned to the author last, else nothing. R-FLW-01: “diff of text seen”.
func (d *Desk) Basis(ctx context.Context, by actor.Actor, edition string) (c *Content, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		w, err := d.open(tx, by, actor.ItemView, edition)
		if err != nil {
			return err
		}
		c, err = w.basis()
		return err
	})
	return c, err
}

func (w *work) basis() (*Content, error) {
	own, err := opinionsOf(w.tx, w.edition.ID)
	if err != nil {
		return nil, err
	}
	for _, o := range slices.Backward(own) {
		if o.Decision == Returning && o.Hash != w.edition.Hash {
			s, err := savedAs(w.tx, w.edition.ID, o.Hash)
			if err != nil {
				return nil, err
			}
			return &s.Content, nil
		}
	}
	if w.item.Shown != "" && w.item.Shown != w.edition.ID {
		e, err := loadEdition(w.tx, w.item.Shown)
		if err != nil {
			return nil, err
		}
		return &e.Content, nil
	}
	return &Content{}, nil
}

// visible returns the sections of an agency whose unpublished material the person may see;
// all is true for the whole agency.
func visible(tx *db.Tx, by actor.Actor, act actor.Act, agency string) (all bool, ids []string, err error) {
	var granted []string
	for _, g := range by.Grants {
		switch {
		case !actor.Allows(g.Role, act) || g.Agency != "" && g.Agency != agency:
		case g.Section == "":
			return true, nil, nil
		default:
			granted = append(granted, g.Section)
		}
	}
	if len(granted) == 0 {
		return false, nil, by.May(act, actor.In(agency))
	}
	tree, err := section.All(tx, agency)
	if err != nil {
		return false, nil, err
	}
	return false, below(tree, granted), nil
}

// below returns the sections of the tree that are among top or lie below one of them.
func below(tree []*section.Section, top []string) []string {
	parent := map[string]string{}
	for _, s := range tree {
		parent[s.ID] = s.Parent
	}
	var out []string
	for _, s := range tree {
		for id := s.ID; id != ""; id = parent[id] {
			if slices.Contains(top, id) {
				out = append(out, s.ID)
				break
			}
		}
	}
	return out
}

// Filter chooses editions for a list.
type Filter struct {
	Agency  string
	States  []State
	Section string // and those below it
	Kind    Kind
	Creator string // the person who drafted it
	Words   string // in the text or an attachment; or an index or document number
	Late    bool   // not public, and past the last day
	Watch   Watch  // what somebody should have done by now
	Await   Level  // waits for a review of this level
	Sort    string // "updated", "due" or "published"
	Down    bool
	After   string // cursor of the row the page begins after
	Before  string // cursor of the row it ends before
	Limit   int

	found []string // the items that have Words, when that is known
	known bool
}

// Watch is a reason to look at an edition although no review waits for it.
type Watch string

// The watches.
const (
	Missed     Watch = "missed"     // the time of publication passed and it is not public
	Unsettled  Watch = "unsettled"  // published in urgency, and past the last day of its reviews
	Reassessed Watch = "reassessed" // withheld, and to be looked at again: art. 18
	Correcting Watch = "correcting" // a new edition was opened of what was published, and is being written
)

// missedAfter is how long after its time a publication is looked on as having failed: the
// job runner tries again for some minutes first.
const missedAfter = 10 * time.Minute

// Listing is a page of a list.
type Listing struct {
	Rows  []*Edition // without their texts
	Prev  string     // cursor of the first row, when others stand before
	Next  string     // cursor of the last row, when others follow
	Total int        // at most MostCounted
}

// MostCounted is where counting a list ends: beyond it nobody reads row by row.
const MostCounted = 1000

// List returns the editions of a filter, each item's newest, among what the person may see.
func (d *Desk) List(ctx context.Context, by actor.Actor, f Filter) (l *Listing, err error) {
	if f.Words = strings.TrimSpace(f.Words); f.Words != "" && d.Having != nil {
		items, more, err := d.Having(ctx, f.Agency, f.Words)
		if err != nil {
			return nil, err
		}
		f.found, f.known = items, !more
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		q, err := f.query(tx, by)
		if err != nil {
			return err
		}
		l, err = q.page(tx)
		return err
	})
	return l, err
}

// Waiting is how much of an agency waits for a person, and what is late.
type Waiting struct {
	Drafts    int // the person's own
	Returned  int // of them, sent back
	Reviews   int // that the person may give
	Ready     int // to publish
	Late      int // past the last day to publish
	Due       int // within the next five working days
	Unsettled int // published in urgency and not reviewed
	Overdue   int // of them, past their last day
	Reassess  int // withheld information to be looked at again
	Asked     int // other agencies' asking to be shown here
}

// warnDays is how long before the last day a list marks it: a week's work.
const warnDays = 5

// Waiting counts what waits for a person in an agency.
func (d *Desk) Waiting(ctx context.Context, by actor.Actor, agency string) (out Waiting, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		all, ids, err := visible(tx, by, actor.ItemView, agency)
		if err != nil {
			return err
		}
		c := counter{tx: tx, agency: agency, all: all, sections: ids}
		out, err = c.waiting(by, d.warn(tx.Today()))
		return err
	})
	return out, err
}

func (d *Desk) warn(today date.Date) date.Date { return d.Calendar().Add(today, warnDays).Date }

// Asked lists the placements that other agencies ask for in an agency's sections.
func (d *Desk) Asked(ctx context.Context, by actor.Actor, agency string) (all []Asking, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.ItemPlace, actor.In(agency)); err != nil {
			return err
		}
		all, err = askedOf(tx, agency)
		return err
	})
	return all, err
}

// Asking is a placement asked for, with what is to be shown.
type Asking struct {
	Placement
	Title string
	From  string // the agency that asks
}

// Home is a section that may take new information, with the names of those above it.
type Home struct {
	ID    string
	Title string
}

// Homes lists the sections of an agency that a person may do act in, as the tree has them.
func (d *Desk) Homes(ctx context.Context, by actor.Actor, act actor.Act, agency string) (out []Home, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		all, ids, err := visible(tx, by, act, agency)
		if err != nil {
			return err
		}
		tree, err := section.All(tx, agency)
		if err != nil {
			return err
		}
		out = homes(tree, all, ids)
		return nil
	})
	return out, err
}

// homes walks the tree from the top down.
func homes(tree []*section.Section, all bool, ids []string) []Home {
	var out []Home
	var walk func(parent, above string)
	walk = func(parent, above string) {
		for _, s := range tree {
			if s.Parent != parent {
				continue
			}
			title := above + s.Name
			if !s.Retired && (all || slices.Contains(ids, s.ID)) {
				out = append(out, Home{s.ID, title})
			}
			walk(s.ID, title+" / ")
		}
	}
	walk("", "")
	return out
}

// BodyName returns what an agency is called today.
func (d *Desk) BodyName(ctx context.Context, id string) (name string, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		a, err := agency.Load(tx, id)
		if err == nil {
			name = a.Name
		}
		return err
	})
	return name, err
}
