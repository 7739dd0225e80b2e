package shelf

import (
	"context"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/read"
	"gongkai/internal/annual/rule"
	"gongkai/internal/db"
)

// update runs one act of a person on one reading.
func (d *Desk) update(ctx context.Context, by actor.Actor, act actor.Act, id string, version int64, reason string, do func(tx *db.Tx, r *Reading) error) (r *Reading, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if r, err = load(tx, id); err != nil {
			return err
		}
		if err := r.may(tx, by, act); err != nil {
			return err
		}
		if r.Version != version {
			return ErrStale
		}
		if err := do(tx, r); err != nil {
			return err
		}
		r.DecidedAt, r.DecidedBy, r.Reason = tx.Now, by.Name, reason
		if err := r.save(tx); err != nil {
			return err
		}
		if err := r.recheckNext(tx); err != nil {
			return err
		}
		return r.log(tx, by, act, reason)
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Answer is what a person says to the doubts of a reading; what is left empty stays doubted.
type Answer struct {
	Agency string
	Year   int
	Cells  map[form.Key]annual.Maybe
	Same   bool // the source read from is the right one, whatever the others say
}

// Settle takes a person's answers. R-AR-05: a cell the source lost is never guessed.
func (d *Desk) Settle(ctx context.Context, by actor.Actor, id string, version int64, a Answer) (*Reading, error) {
	return d.update(ctx, by, actor.AnnualSettle, id, version, "", func(tx *db.Tx, r *Reading) error {
		rep, err := r.Report()
		if err != nil {
			return err
		}
		if rep == nil || rep.Form == nil {
			return ErrNothing
		}
		if err := r.settleIdentity(tx, rep, a); err != nil {
			return err
		}
		for k, v := range a.Cells {
			if rep.Form.Cell(k) == nil {
				return ErrNothing
			}
			rep.Settle(k, v)
		}
		r.dispel(Cells)
		if n := len(rep.Unsettled()); n > 0 {
			r.doubt(Ask{Doubt: Cells, N: n})
		}
		if a.Same {
			r.dispel(Differ)
		}
		if err := r.keep(rep); err != nil {
			return err
		}
		r.stand()
		return r.recheck(tx)
	})
}

// settleIdentity takes a person's word on whose report it is and on which year.
func (r *Reading) settleIdentity(tx *db.Tx, rep *annual.Report, a Answer) error {
	if a.Year != 0 {
		if form.ForYear(a.Year) == nil || a.Year >= tx.Today().Year() {
			return ErrYear
		}
		rep.Year, r.Year = a.Year, int64(a.Year)
		r.dispel(Year)
	}
	if a.Agency == "" {
		return nil
	}
	b, err := bodiesOf(tx, r.Publisher)
	if err != nil {
		return err
	}
	if b.get(a.Agency) == nil {
		return ErrBody
	}
	r.Agency = a.Agency
	r.dispel(Body)
	return nil
}

// Choose reads the report from another of the item's sources.
func (d *Desk) Choose(ctx context.Context, by actor.Actor, id string, version int64, source string) (*Reading, error) {
	all, err := d.tried(ctx, by, actor.AnnualSettle, id)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(all, func(c candidate) bool { return c.ID == source && c.usable() })
	if at < 0 {
		return nil, ErrSource
	}
	return d.update(ctx, by, actor.AnnualSettle, id, version, "", func(tx *db.Tx, r *Reading) error {
		return r.replace(tx, all[at])
	})
}

// replace takes the report from one source a person chose or handed in.
func (r *Reading) replace(tx *db.Tx, c candidate) error {
	b, err := bodiesOf(tx, r.Publisher)
	if err != nil {
		return err
	}
	if err := r.take(c, b); err != nil {
		return err
	}
	r.stand()
	return r.recheck(tx)
}

// Again reads the item's sources anew; what people settled before is gone.
func (d *Desk) Again(ctx context.Context, by actor.Actor, id string, version int64) (*Reading, error) {
	all, err := d.tried(ctx, by, actor.AnnualRead, id)
	if err != nil {
		return nil, err
	}
	return d.update(ctx, by, actor.AnnualRead, id, version, "", func(tx *db.Tx, r *Reading) error { return r.read(tx, all) })
}

// tried reads the sources of a reading's item anew, for who may act on it.
func (d *Desk) tried(ctx context.Context, by actor.Actor, act actor.Act, id string) ([]candidate, error) {
	var r *Reading
	err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
		if r, err = load(tx, id); err != nil {
			return err
		}
		return r.may(tx, by, act)
	})
	if err != nil {
		return nil, err
	}
	leaf, err := d.leaf(ctx, r.Item)
	if err != nil {
		return nil, err
	}
	if leaf.Edition.ID != r.Edition {
		return nil, ErrUnlisted
	}
	return d.try(ctx, leaf)
}

// Supply takes a file in which the published report can be read, such as the data file the
// checking desk writes, for an item whose own text and files cannot be.
func (d *Desk) Supply(ctx context.Context, by actor.Actor, id string, version int64, name string, data []byte) (*Reading, error) {
	rep, err := read.Bytes(ctx, name, data)
	if err != nil {
		return nil, err
	}
	if rep.Refused != nil {
		return nil, ErrFile
	}
	return d.update(ctx, by, actor.AnnualSupply, id, version, "", func(tx *db.Tx, r *Reading) error {
		c := newCandidate(Source{ID: FromUpload, Name: name}, rep)
		r.Sources = append(slices.DeleteFunc(r.Sources, func(s Source) bool { return s.ID == FromUpload }), c.Source)
		return r.replace(tx, c)
	})
}

// Close puts a reading aside: the item is a report without the tables of the unified form
// (Plain), or none at all (Foreign). Again opens it once more.
func (d *Desk) Close(ctx context.Context, by actor.Actor, id string, version int64, as State, reason string) (*Reading, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return nil, ErrReason
	}
	if as != Plain && as != Foreign {
		return nil, ErrNothing
	}
	return d.update(ctx, by, actor.AnnualClose, id, version, reason, func(tx *db.Tx, r *Reading) error {
		if year, titled := YearOf(r.Title); titled && r.Year == 0 {
			r.Year = int64(year)
		}
		if r.Agency == "" {
			r.Agency = r.Publisher
		}
		if as == Plain && r.Year < firstYear {
			return ErrYear
		}
		r.State, r.Listed, r.Asks = as, as == Plain, nil
		return nil
	})
}

// Look is a reading with what a person needs to answer it.
type Look struct {
	*Reading
	Report  *annual.Report // nil where no source could be read
	Audit   rule.Audit
	Current bool             // the edition is what the public sees
	Bodies  []*agency.Agency // whose report it may be
	Name    string           // of Agency
}

// Get returns a reading to who works for its publisher.
func (d *Desk) Get(ctx context.Context, by actor.Actor, id string) (l *Look, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		r, err := load(tx, id)
		if err != nil {
			return err
		}
		if err := r.may(tx, by, actor.AnnualView); err != nil {
			return err
		}
		l = &Look{Reading: r}
		return l.fill(tx)
	})
	if err != nil {
		return nil, err
	}
	return l, nil
}

func (l *Look) fill(tx *db.Tx) (err error) {
	if l.Current, err = current(tx, l.Item, l.Edition); err != nil {
		return err
	}
	b, err := bodiesOf(tx, l.Publisher)
	if err != nil {
		return err
	}
	l.Bodies = b.all
	if a := b.get(l.Agency); a != nil {
		l.Name = a.Name
	}
	if l.Report, err = l.Reading.Report(); err != nil || l.Report == nil || l.Report.Form == nil {
		return err
	}
	c, err := l.context(tx)
	if err == nil {
		l.Audit = rule.Check(l.Report, c)
	}
	return err
}

// List returns the readings of what an agency shows the public, the latest year first.
func (d *Desk) List(ctx context.Context, by actor.Actor, publisher string) (all []*Reading, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.AnnualView, actor.In(publisher)); err != nil {
			return err
		}
		all, err = shown(tx, publisher)
		return err
	})
	return all, err
}

// Waiting counts the readings of an agency that a person must look at.
func (d *Desk) Waiting(ctx context.Context, by actor.Actor, publisher string) (n int, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.AnnualView, actor.In(publisher)); err != nil {
			return err
		}
		n, err = waiting(tx, publisher)
		return err
	})
	return n, err
}
