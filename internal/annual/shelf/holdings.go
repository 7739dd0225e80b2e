package shelf

import (
	"context"

	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/date"
	"gongkai/internal/db"
)

// Standing says how a body's report on a year stands.
type Standing string

// The standings.
const (
	InTime    Standing = "in_time"   // published by the day article 49 sets
	After     Standing = "after"     // published after it
	Published Standing = "published" // of a body for which the article sets no day
	Ahead     Standing = "ahead"     // not published, and the day is still to come
	Absent    Standing = "absent"    // not published
	None      Standing = "none"      // the body reports nothing on that year
)

// Cell is a body's report on a year, or that there is none.
type Cell struct {
	Year     int
	Standing Standing
	Volume   *Volume   // nil where nothing is published
	Due      date.Date // zero where the article sets no day
}

// Row is a body with its reports, in the order of Holdings.Years.
type Row struct {
	Body  *agency.Agency
	Depth int // below the government, itself 0
	Cells []Cell
}

// In returns the cell of a year, nil if the holdings have no such year.
func (r Row) In(year int) *Cell {
	for i := range r.Cells {
		if r.Cells[i].Year == year {
			return &r.Cells[i]
		}
	}
	return nil
}

// Holdings are the reports of a government and of the bodies below it, year by year. R-PLT-09:
// all years and all subordinate bodies are reached from the government's page.
type Holdings struct {
	Years []int // the latest first
	Rows  []Row // the government, then the bodies in the order of the tree
	tree  *agency.Tree
}

// Holdings returns them; for "" those of the bodies at the top. What stands below another
// government is found on that one's page.
func (r *Reader) Holdings(ctx context.Context, government string) (h *Holdings, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		h, err = holdingsOf(tx, government)
		return err
	})
	return h, err
}

func holdingsOf(tx *db.Tx, government string) (*Holdings, error) {
	every, err := agency.LoadAll(tx)
	if err != nil {
		return nil, err
	}
	h := &Holdings{tree: agency.NewTree(every)}
	switch {
	case government == "":
		h.below("", -1)
	case h.tree.Get(government) == nil:
		return nil, agency.ErrNone
	default:
		h.walk(government, 0)
	}
	ids, names := make([]string, len(h.Rows)), map[string]string{}
	for i, row := range h.Rows {
		ids[i], names[row.Body.ID] = row.Body.ID, row.Body.Name
	}
	volumes, err := volumesOf(tx, ids)
	if err != nil {
		return nil, err
	}
	h.fill(distinct(volumes, names), tx.Today())
	return h, nil
}

// walk lists a government and what stands below it, without what stands below another.
func (h *Holdings) walk(id string, depth int) {
	h.Rows = append(h.Rows, Row{Body: h.tree.Get(id), Depth: depth})
	h.below(id, depth)
}

// below lists what stands below a body.
func (h *Holdings) below(id string, depth int) {
	for _, a := range h.tree.Children(id) {
		if a.Kind == agency.Government {
			h.Rows = append(h.Rows, Row{Body: a, Depth: depth + 1})
			continue
		}
		h.walk(a.ID, depth+1)
	}
}

// fill puts the volumes into the rows and judges the rest as of a day. The years are those
// anybody reported on, and last year, whose reports are due now. A body of the past stays if
// it has a report.
func (h *Holdings) fill(volumes []*Volume, today date.Date) {
	first, last := today.Year()-1, today.Year()-1
	byBody := map[string]map[int]*Volume{}
	for _, v := range volumes {
		first, last = min(first, v.Year()), max(last, v.Year())
		if byBody[v.Agency] == nil {
			byBody[v.Agency] = map[int]*Volume{}
		}
		byBody[v.Agency][v.Year()] = v
	}
	for y := last; y >= first; y-- {
		h.Years = append(h.Years, y)
	}
	rows := h.Rows[:0:0]
	for _, row := range h.Rows {
		if !row.Body.Active() && byBody[row.Body.ID] == nil {
			continue
		}
		for _, y := range h.Years {
			row.Cells = append(row.Cells, cellOf(row.Body, y, byBody[row.Body.ID][y], today))
		}
		rows = append(rows, row)
	}
	h.Rows = rows
}

// cellOf judges a body's year.
func cellOf(a *agency.Agency, year int, v *Volume, today date.Date) Cell {
	u := unitOf(a, nil)
	due, set := u.Due(year)
	c := Cell{Year: year, Volume: v, Due: due, Standing: None}
	switch {
	case v != nil && !set:
		c.Standing = Published
	case v != nil && v.Day().After(due):
		c.Standing = After
	case v != nil:
		c.Standing = InTime
	case !set || !u.Expected(year):
	case today.After(due):
		c.Standing = Absent
	default:
		c.Standing = Ahead
	}
	return c
}

// unitOf is a body as a list of those expected to report has it.
func unitOf(a *agency.Agency, names map[string]string) annual.Unit {
	u := annual.Unit{Name: a.Name, Code: a.CreditCode, Kind: annual.Other, Since: a.Since, Until: a.Until}
	if a.ShortName != "" {
		u.Aliases = []string{a.ShortName}
	}
	switch a.Kind {
	case agency.Government:
		u.Kind = annual.Government
	case agency.Department:
		u.Kind = annual.Department
	}
	if a.Level == agency.TownshipLevel {
		u.Kind = annual.Other
	}
	if len(a.Successors) > 0 {
		u.MergedInto = names[a.Successors[0]]
	}
	return u
}

// Collection adds up what the bodies below the government published on a year, sets each beside
// its year before and the bodies beside each other. The government's own printed report, which
// covers them all, is not part of it.
func (h *Holdings) Collection(year int) (*annual.Collection, error) {
	government := h.Rows[0].Body.ID
	spec := annual.MergeSpec{Agency: h.Rows[0].Body.Name, Year: year}
	names := map[string]string{}
	for _, row := range h.Rows {
		names[row.Body.ID] = row.Body.Name
	}
	var reports, before []*annual.Report
	for _, row := range h.Rows[1:] {
		u := unitOf(row.Body, names)
		if u.Parent = names[row.Body.Parent]; row.Body.Parent == government {
			u.Parent = ""
		}
		spec.Units = append(spec.Units, u)
		reports = appendFigures(reports, row.In(year))
		before = appendFigures(before, row.In(year-1))
	}
	return annual.NewCollection(spec, reports, before)
}

// appendFigures adds a cell's report, as far as the shelf has its figures.
func appendFigures(all []*annual.Report, c *Cell) []*annual.Report {
	if c == nil || c.Volume == nil || !c.Volume.Readable() {
		return all
	}
	rep := c.Volume.Figures()
	rep.Published = annual.Day{Date: c.Volume.Day()}
	return append(all, rep)
}
