package shelf

import (
	"context"
	"errors"
	"html"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/read"
	"gongkai/internal/annual/rule"
	"gongkai/internal/audit"
	"gongkai/internal/blob"
	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/fault"
	"gongkai/internal/job"
	"gongkai/internal/statute"
)

// Desk is where published reports are read and where people answer what reading leaves open.
type Desk struct {
	DB     *db.DB
	Reader *disclosure.Reader
	Blobs  *blob.Store
}

// The kinds of jobs of the shelf.
const (
	ReadJob  = "annual.read"
	SweepJob = "annual.sweep"
)

type readArgs struct {
	Item string `json:"item"`
}

// Handlers returns the handlers of the shelf's jobs.
func (d *Desk) Handlers() map[string]job.Handler {
	return map[string]job.Handler{
		ReadJob: job.Handle(func(ctx context.Context, a readArgs) error {
			_, err := d.Read(ctx, actor.System(ReadJob), a.Item)
			if k := fault.KindOf(err); k == fault.NotFound || k == fault.Conflict {
				return nil // it is no longer public, or another process read it: its change asks anew
			}
			return err
		}),
		SweepJob: job.Handle(func(ctx context.Context, _ struct{}) error {
			_, err := d.Sweep(ctx)
			return err
		}),
	}
}

// Changed asks for the reading of those items that are annual reports and whose shown edition
// was not read. It runs in the transaction of the act that published them.
func (d *Desk) Changed(tx *db.Tx, items ...string) error {
	pages, err := unread(tx, items)
	if err != nil {
		return err
	}
	return enqueue(tx, pages)
}

// Sweep asks for the reading of what was published before the shelf was there.
func (d *Desk) Sweep(ctx context.Context) (n int, err error) {
	err = d.walk(ctx, func(pages []*page) error {
		n += len(pages)
		return d.DB.Update(ctx, func(tx *db.Tx) error { return enqueue(tx, pages) })
	})
	return n, err
}

// ReadAll reads what a Sweep would ask for, and tells of each.
func (d *Desk) ReadAll(ctx context.Context, by actor.Actor, told func(*Reading)) error {
	return d.walk(ctx, func(pages []*page) error {
		var items []string
		err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
			items, err = reportsAmong(tx, pages)
			return err
		})
		if err != nil {
			return err
		}
		for _, item := range items {
			r, err := d.Read(ctx, by, item)
			if err != nil {
				return err
			}
			told(r)
		}
		return nil
	})
}

// walk goes through the pages that may be reports and were not read, some at a time.
func (d *Desk) walk(ctx context.Context, do func(pages []*page) error) error {
	const batch = 200
	for after := ""; ; {
		var pages []*page
		err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
			pages, err = unreadIn(tx, after, batch)
			return err
		})
		if err == nil && len(pages) > 0 {
			err = do(pages)
		}
		if err != nil || len(pages) < batch {
			return err
		}
		after = pages[len(pages)-1].Item
	}
}

// All lists the readings of everything that is public, for who runs the server.
func (d *Desk) All(ctx context.Context, by actor.Actor) (all []*Reading, names map[string]string, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.AnnualRead, actor.Scope{}); err != nil {
			return err
		}
		if all, err = shownAll(tx); err != nil {
			return err
		}
		var ids []string
		for _, r := range all {
			ids = append(ids, r.Publisher, r.Agency)
		}
		names, err = agency.Names(tx, ids)
		return err
	})
	return all, names, err
}

// enqueue asks for the reading of those pages that are annual reports.
func enqueue(tx *db.Tx, pages []*page) error {
	items, err := reportsAmong(tx, pages)
	if err != nil {
		return err
	}
	for _, item := range items {
		if err := job.Enqueue(tx, ReadJob, readArgs{item}, job.Unique(item), job.Queue(disclosure.ReadQueue)); err != nil {
			return err
		}
	}
	return nil
}

// reportsAmong returns the items of those pages that are annual reports by title or section.
func reportsAmong(tx *db.Tx, pages []*page) (reports []string, err error) {
	var items []string
	for _, p := range pages {
		items = append(items, p.Item)
	}
	places, err := sectionsOf(tx, items)
	if err != nil {
		return nil, err
	}
	column := map[string]bool{}
	for _, p := range pages {
		wanted, err := p.wanted(tx, places[p.Item], column)
		if err != nil {
			return nil, err
		}
		if wanted {
			reports = append(reports, p.Item)
		}
	}
	return reports, nil
}

// wanted reports whether a page may be an annual report: by its title, or because it stands in
// the column 政府信息公开年报 or below it. R-PLT-04. column remembers sections looked at.
func (p *page) wanted(tx *db.Tx, sections []string, column map[string]bool) (bool, error) {
	if p.Kind == string(disclosure.Interpretation) {
		return false, nil
	}
	if _, titled := YearOf(p.Title); titled {
		return true, nil
	}
	for _, id := range sections {
		is, known := column[id]
		if !known {
			path, err := section.Above(tx, id)
			if err != nil {
				return false, err
			}
			is = slices.ContainsFunc(path, func(s *section.Section) bool { return s.Kind == section.Reports })
			column[id] = is
		}
		if is {
			return true, nil
		}
	}
	return false, nil
}

// Read reads the shown edition of an item, unless it was read. Again reads it anew.
func (d *Desk) Read(ctx context.Context, by actor.Actor, item string) (*Reading, error) {
	leaf, err := d.leaf(ctx, item)
	if err != nil {
		return nil, err
	}
	var old *Reading
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		old, err = ofEdition(tx, leaf.Edition.ID)
		return err
	})
	switch {
	case err == nil:
		return old, nil
	case !errors.Is(err, ErrNone):
		return nil, err
	}
	all, err := d.try(ctx, leaf)
	if err != nil {
		return nil, err
	}
	r := &Reading{ID: db.ID(), Item: item, Edition: leaf.Edition.ID, Publisher: leaf.Item.Agency, Section: leaf.Item.Section,
		Title: leaf.Edition.Title}
	return r, d.DB.Update(ctx, func(tx *db.Tx) error { return r.begin(tx, by, all) })
}

// leaf is an item as the public sees it; ErrNone where it does not.
func (d *Desk) leaf(ctx context.Context, item string) (*disclosure.Leaf, error) {
	leaf, err := d.Reader.Item(ctx, item)
	if errors.Is(err, disclosure.ErrNone) || err == nil && leaf.Edition == nil {
		return nil, ErrNone
	}
	return leaf, err
}

// begin writes a new reading.
func (r *Reading) begin(tx *db.Tx, by actor.Actor, all []candidate) error {
	if err := r.may(tx, by, actor.AnnualRead); err != nil {
		return err
	}
	if is, err := current(tx, r.Item, r.Edition); err != nil || !is {
		return errors.Join(err, ErrStale)
	}
	if err := r.read(tx, all); err != nil {
		return err
	}
	if err := r.insert(tx); err != nil {
		return err
	}
	if err := r.recheckNext(tx); err != nil {
		return err
	}
	return r.log(tx, by, actor.AnnualRead, "")
}

// recheckNext holds the report on the year after against the rules once more, now that it has
// this one beside it.
func (r *Reading) recheckNext(tx *db.Tx) error {
	if r.State != Shelved {
		return nil
	}
	all, err := volumesOf(tx, []string{r.Agency})
	if err != nil {
		return err
	}
	for _, v := range all {
		if v.Year() != int(r.Year)+1 {
			continue
		}
		next, err := load(tx, v.reading)
		if err != nil {
			return err
		}
		if err := next.recheck(tx); err != nil {
			return err
		}
		return next.recount(tx)
	}
	return nil
}

// read judges what was found in the sources and counts what the rules find.
func (r *Reading) read(tx *db.Tx, all []candidate) error {
	b, err := bodiesOf(tx, r.Publisher)
	if err != nil {
		return err
	}
	r.ReadAt = tx.Now
	if err := r.judge(all, b); err != nil {
		return err
	}
	return r.recheck(tx)
}

// recheck holds the report against the rules, the year before beside it.
func (r *Reading) recheck(tx *db.Tx) error {
	r.Errors, r.Warnings, r.Infos = 0, 0, 0
	rep, err := r.Report()
	if err != nil || rep == nil || rep.Form == nil {
		return err
	}
	c, err := r.context(tx)
	if err == nil {
		r.check(rep, c)
	}
	return err
}

// context is what the rules may know besides the report.
func (r *Reading) context(tx *db.Tx) (c rule.Context, err error) {
	c.Today = tx.Today()
	if r.Agency == "" {
		return c, nil
	}
	a, err := agency.Load(tx, r.Agency)
	if err != nil {
		return c, err
	}
	c.Kind = a.Kind
	all, err := volumesOf(tx, []string{r.Agency})
	if err != nil {
		return c, err
	}
	for _, v := range all {
		if v.Year() == int(r.Year)-1 && v.Readable() {
			before, err := load(tx, v.reading)
			if err != nil {
				return c, err
			}
			c.Previous, err = before.Report()
			return c, err
		}
	}
	return c, nil
}

// bodiesOf are a publisher and the bodies below it, with the names they bore.
func bodiesOf(tx *db.Tx, publisher string) (b bodies, err error) {
	own, err := agency.Load(tx, publisher)
	if err != nil {
		return b, err
	}
	below, err := agency.Below(tx, publisher)
	if err != nil {
		return b, err
	}
	every, err := agency.LoadAll(tx)
	if err != nil {
		return b, err
	}
	b.all = []*agency.Agency{own}
	for _, a := range every {
		if below[a.ID] && a.ID != publisher {
			b.all = append(b.all, a)
		}
	}
	b.past, err = agency.PastNames(tx)
	return b, err
}

// try reads every source of an item: its text, then its files. What is no document is passed
// over.
func (d *Desk) try(ctx context.Context, leaf *disclosure.Leaf) ([]candidate, error) {
	text := candidate{Source: Source{ID: FromText}}
	if rep, err := readText(ctx, leaf); err == nil {
		text = newCandidate(text.Source, rep)
	} else if text.Fault = codeOf(err); text.Fault == "" {
		return nil, err
	}
	all := []candidate{text}
	for _, f := range leaf.Edition.Attachments {
		if f.Inline || !document(f) {
			continue
		}
		data, err := d.Blobs.ReadAll(ctx, f.Digest)
		if err != nil {
			return nil, err
		}
		c := candidate{Source: Source{ID: f.ID, Name: f.Name}}
		if rep, err := read.Bytes(ctx, f.Name, data); err == nil {
			c = newCandidate(c.Source, rep)
		} else if c.Fault = codeOf(err); c.Fault == "" {
			return nil, err
		}
		all = append(all, c)
	}
	for _, c := range all {
		complete(c.report, leaf)
	}
	return all, nil
}

// document reports whether a file may hold a report.
func document(f disclosure.Attachment) bool {
	for _, kind := range []string{"image/", "audio/", "video/"} {
		if strings.HasPrefix(f.Media, kind) {
			return false
		}
	}
	return true
}

// codeOf is the code of a fault, "" of any other error.
func codeOf(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}

// complete adds what the item's page states and a file of it does not.
func complete(r *annual.Report, leaf *disclosure.Leaf) {
	if r == nil {
		return
	}
	if r.IndexNo.Text == "" {
		r.IndexNo.Text = leaf.Item.IndexNo
	}
	if r.Published.Date.IsZero() {
		r.Published = annual.Day{Date: date.Of(leaf.Item.FirstAt.In(date.China))}
	}
}

// readText reads an item's text. A report that states no title of its own bears the item's.
func readText(ctx context.Context, leaf *disclosure.Leaf) (*annual.Report, error) {
	const begin, end = "<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>", "</body></html>"
	rep, err := read.Bytes(ctx, "", []byte(begin+leaf.Edition.Body+end))
	if err == nil && rep.Title.Text != "" {
		return rep, nil
	}
	return read.Bytes(ctx, "", []byte(begin+"<h1>"+html.EscapeString(leaf.Edition.Title)+"</h1>"+leaf.Edition.Body+end))
}

// may refuses an act to who has no role for it where the item stands.
func (r *Reading) may(tx *db.Tx, by actor.Actor, act actor.Act) error {
	path, _, err := section.Path(tx, r.Section)
	if err != nil {
		return err
	}
	return by.May(act, actor.In(r.Publisher, path...))
}

// log writes the act's entry, and tells of the change who shows the reports of the body, which
// need not be the publisher.
func (r *Reading) log(tx *db.Tx, by actor.Actor, act actor.Act, reason string) error {
	if r.Agency != "" && r.Agency != r.Publisher {
		if err := change.Note(tx, change.Area("annual", r.Agency)); err != nil {
			return err
		}
	}
	return audit.Append(tx, by, audit.Entry{
		Act: act, Agency: r.Publisher, Subject: "annual", ID: r.ID, Version: r.Version, Title: r.Title,
		Cite: statute.OGI2019.Art(50), Reason: reason,
		Detail: map[string]any{"item": r.Item, "edition": r.Edition, "of": r.Agency, "year": r.Year, "state": r.State, "source": r.Source},
	})
}
