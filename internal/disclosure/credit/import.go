package credit

import (
	"context"
	"slices"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/statute"
)

// Import is a file brought in, or tried.
type Import struct {
	Agency string
	Kind   Kind
	Name   string // of the file
	Data   []byte
	Dry    bool // try only: nothing is written
}

// Report is what became of a file. With faults nothing of it was written.
type Report struct {
	Rows     int // rows with anything in them
	New      int // decisions written, or that would be
	Known    int // on record already, by number, and the same
	Withheld int // of the new ones, those lawfully not published
	Persons  int // of the new ones, those about natural persons
	Unknown  []string
	Faults   []RowFault
	Dry      bool
}

// Import reads a file of decisions of one kind. Every row is checked; a single fault and nothing
// is written. Decisions on record already are passed over, unless the file says otherwise than
// the record.
func (d *Desk) Import(ctx context.Context, by actor.Actor, in Import) (rep *Report, err error) {
	if err := by.May(actor.CreditImport, actor.In(in.Agency)); err != nil {
		return nil, err
	}
	if _, ok := meanings[in.Kind]; !ok {
		return nil, ErrKind
	}
	rows, err := readRows(in.Data)
	if err != nil {
		return nil, err
	}
	t, err := understand(in.Kind, rows)
	if err != nil {
		return nil, err
	}
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		all, report := t.readAll(in.Kind, tx.Today())
		report.Dry = in.Dry
		rep = report
		fresh, err := d.sift(tx, in, all, rep)
		if err != nil || len(rep.Faults) > 0 || in.Dry || len(fresh) == 0 {
			return err
		}
		return d.write(tx, by, in, fresh, rep)
	})
	if err == nil && rep.Rows == 0 {
		return nil, ErrEmpty
	}
	return rep, err
}

// read is a decision with the row it came from.
type readRow struct {
	*Decision
	row int
}

// readAll reads every row, and finds numbers that stand twice in the file.
func (t *table) readAll(kind Kind, today date.Date) ([]readRow, *Report) {
	rep := &Report{Unknown: t.unknown}
	var all []readRow
	seen := map[string]int{}
	for n, row := range t.rows {
		if !slices.ContainsFunc(row, func(s string) bool { return squeeze(s) != "" }) {
			continue
		}
		rep.Rows++
		d, faults := t.read(kind, n, today)
		at := t.first + n
		if len(faults) == 0 && seen[d.No] > 0 {
			c, _ := columnOf(kind, meanings[kind].no)
			faults = append(faults, RowFault{at, c.Label, ErrRowTwice.With("row", at).With("column", c.Label).With("other", seen[d.No])})
		}
		rep.Faults = append(rep.Faults, faults...)
		if len(faults) == 0 {
			seen[d.No] = at
			all = append(all, readRow{d, at})
		}
	}
	slices.SortStableFunc(rep.Faults, func(a, b RowFault) int { return a.Row - b.Row })
	return all, rep
}

// sift passes over what is on record, and counts the rest.
func (d *Desk) sift(tx *db.Tx, in Import, all []readRow, rep *Report) ([]*Decision, error) {
	numbers := make([]string, len(all))
	for i, r := range all {
		numbers[i] = r.No
	}
	have, err := known(tx, in.Agency, in.Kind, numbers)
	if err != nil {
		return nil, err
	}
	var fresh []*Decision
	for _, r := range all {
		old, on := have[r.No]
		switch {
		case on && (old.DecidedOn != r.DecidedOn || old.Masked() != r.Masked() && old.Name != r.Masked()):
			rep.Faults = append(rep.Faults, RowFault{r.row, "", ErrRowDiffers.With("row", r.row).With("no", r.No)})
		case on:
			rep.Known++
		default:
			fresh = append(fresh, r.Decision)
			rep.New++
			rep.Withheld += one(r.State == Withheld)
			rep.Persons += one(r.Natural)
		}
	}
	return fresh, nil
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// write puts new decisions on record, as one act.
func (d *Desk) write(tx *db.Tx, by actor.Actor, in Import, fresh []*Decision, rep *Report) error {
	batch := db.ID()
	for _, one := range fresh {
		one.ID, one.Agency, one.Batch, one.CreatedAt = db.ID(), in.Agency, batch, tx.Now
		if err := d.seal(one); err != nil {
			return err
		}
		if err := insert(tx, one); err != nil {
			return err
		}
	}
	return audit.Append(tx, by, audit.Entry{
		Act: actor.CreditImport, Agency: in.Agency, Subject: "credit_batch", ID: batch, Version: 1, Title: in.Name,
		Cite:   statute.Credit2018.Whole(""),
		Detail: map[string]any{"kind": in.Kind, "new": rep.New, "known": rep.Known, "withheld": rep.Withheld},
	})
}

// seal closes a natural person's name for the table.
func (d *Desk) seal(one *Decision) (err error) {
	if one.Natural {
		one.sealed, err = d.Keys.Seal("credit.name "+one.ID, []byte(one.Name))
	}
	return err
}

// FaultsOf returns the faults as errors for a form.
func (r *Report) FaultsOf() []*fault.Error {
	all := make([]*fault.Error, len(r.Faults))
	for i, f := range r.Faults {
		all[i] = f.Fault
	}
	return all
}
