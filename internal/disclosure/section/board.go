package section

import (
	"cmp"
	"context"
	"slices"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
)

// Line is a section with how it stands, as lists show it.
type Line struct {
	Section *Section
	Path    string // with the names of those above it
	Fresh   *Fresh
	State   State
	Watch   Watch
}

// Standing is how the sections of a body stand together.
type Standing struct {
	Agency    string
	Sections  int // in use
	Overdue   int
	Soon      int
	Current   int
	Unwatched int
	Empty     int       // sections nothing was ever published in and none stands below
	News      int       // 动态、要闻 not updated for longer than the indicators allow
	Notices   int       // 通知公告、政策文件, likewise
	Oldest    date.Date // the deadline missed longest ago, zero if none was
}

// The limits of R-WEB-23: a site that reaches one of them fails the inspection.
//
// 检查指标 “栏目不更新”: 动态、要闻 and 通知公告、政策文件 together five columns; five empty columns.
const (
	mostStale = 5
	mostEmpty = 5
)

// Fails reports whether the body's sections would fail an inspection of its site.
func (s Standing) Fails() bool { return s.News+s.Notices >= mostStale || s.Empty >= mostEmpty }

// worse orders bodies, those that need somebody's attention most first.
func worse(a, b *Standing) int {
	return cmp.Or(
		b2i(b.Fails())-b2i(a.Fails()), b.Overdue-a.Overdue, b.Soon-a.Soon, b.Empty-a.Empty, cmp.Compare(a.Agency, b.Agency))
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Board shows the bodies below those a person supervises, worst first.
func (d *Desk) Board(ctx context.Context, by actor.Actor) (all []*Standing, today date.Date, err error) {
	agencies, every := by.Agencies(actor.BoardOversee)
	if !every && len(agencies) == 0 {
		return nil, today, by.May(actor.BoardOversee, actor.Scope{})
	}
	err = d.DB.View(ctx, func(tx *db.Tx) (err error) {
		today = tx.Today()
		all, err = d.Policy.standings(tx, agencies, today)
		return err
	})
	slices.SortFunc(all, worse)
	return all, today, err
}

// Lines lists the sections of a body a person may see the board of, in the order of the tree.
func (d *Desk) Lines(ctx context.Context, by actor.Actor, agencyID string) (lines []*Line, today date.Date, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		today = tx.Today()
		all, err := All(tx, agencyID)
		if err != nil {
			return err
		}
		fresh, err := freshOf(tx, agencyID)
		if err != nil {
			return err
		}
		tree := NewTree(all)
		for _, s := range tree.All() {
			path := tree.Above(s.ID)
			scope := actor.In(agencyID, keysOf(path)...)
			if f := fresh[s.ID]; f != nil && !s.Retired && (by.Can(actor.BoardView, scope) || by.Can(actor.BoardOversee, scope)) {
				lines = append(lines, f.Line(s, Title(path), today))
			}
		}
		return nil
	})
	if err == nil && len(lines) == 0 && !slices.ContainsFunc([]actor.Act{actor.BoardView, actor.BoardOversee}, func(a actor.Act) bool {
		return agencyIn(by, a, agencyID)
	}) {
		err = by.May(actor.BoardView, actor.In(agencyID))
	}
	return lines, today, err
}

// agencyIn reports whether a person may do act somewhere in a body.
func agencyIn(by actor.Actor, act actor.Act, agencyID string) bool {
	agencies, every := by.Agencies(act)
	return every || slices.Contains(agencies, agencyID)
}

// Mine lists the sections a person answers for, in all bodies, the most urgent first.
func (d *Desk) Mine(ctx context.Context, by actor.Actor) (lines []*Line, today date.Date, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		today = tx.Today()
		lines, err = ownedBy(tx, by.ID, today)
		return err
	})
	return lines, today, err
}

// ownedBy returns the sections somebody answers for, the most urgent first.
func ownedBy(tx *db.Tx, person string, today date.Date) (lines []*Line, err error) {
	fresh, err := db.Select(tx, (*Fresh).columns, `section_fresh WHERE owner = $1 AND NOT retired
		ORDER BY due NULLS LAST, id`, person)
	if err != nil {
		return nil, err
	}
	for _, f := range fresh {
		path, err := Above(tx, f.Section)
		if err != nil {
			return nil, err
		}
		lines = append(lines, f.Line(path[0], Title(path), today))
	}
	return lines, nil
}

// Line tells how a section stands from what is on record; its deadline is not counted anew.
func (f *Fresh) Line(s *Section, path string, today date.Date) *Line {
	w := Watch{State: f.State(today), Due: f.Due, Warn: f.Warn, Sure: f.Sure}
	if w.State == Overdue {
		w.Since = f.Due.Plus(1)
	}
	return &Line{Section: s, Path: path, Fresh: f, State: w.State, Watch: w}
}

// Group is the sections of one department or person.
type Group struct {
	Name                               string
	Sections, Overdue, Soon, Unwatched int
}

// GroupBy counts lines by what name says of each, those with most overdue first.
func GroupBy(lines []*Line, name func(*Section) string) []Group {
	by := map[string]*Group{}
	var all []*Group
	for _, l := range lines {
		n := name(l.Section)
		g := by[n]
		if g == nil {
			g = &Group{Name: n}
			by[n], all = g, append(all, g)
		}
		g.Sections++
		switch l.State {
		case Overdue:
			g.Overdue++
		case Soon:
			g.Soon++
		case Unwatched:
			g.Unwatched++
		}
	}
	slices.SortStableFunc(all, func(a, b *Group) int { return cmp.Or(b.Overdue-a.Overdue, b.Soon-a.Soon) })
	out := make([]Group, len(all))
	for i, g := range all {
		out[i] = *g
	}
	return out
}
