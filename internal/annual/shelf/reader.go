package shelf

import (
	"context"
	"slices"
	"time"

	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/date"
	"gongkai/internal/db"
)

// Reader is what the public reads of annual reports: those of items that are public, and
// nothing else.
type Reader struct{ DB *db.DB }

// Volume is a body's published report on one year (一册年报).
type Volume struct {
	Agency      string // whose report it is
	Body        string // its name today
	Item        string // where it stands as published
	Publisher   string // the agency whose item that is
	Title       string
	IndexNo     string
	PublishedAt time.Time // for the first time
	ShownAt     time.Time // the edition the figures are of

	reading string
	year    int64
	form    string
	state   State
	source  string
	figures figures
}

// Year is the year reported on.
func (v *Volume) Year() int { return int(v.year) }

// Readable reports whether the shelf has the report's figures; else it is to be read where it
// stands, as those before 2019 are.
func (v *Volume) Readable() bool { return v.state == Shelved }

// Supplied reports whether the figures were read from a file handed in for that, not from the
// published text or its attachments.
func (v *Volume) Supplied() bool { return v.source == FromUpload }

// Day is the civil day it was first published on.
func (v *Volume) Day() date.Date { return date.Of(v.PublishedAt.In(date.China)) }

// Figures returns the report with its tables alone; nil if it is not Readable.
func (v *Volume) Figures() *annual.Report {
	if !v.Readable() {
		return nil
	}
	return v.figures.light(v.form, v.Year(), v.Body)
}

// Years lists a body's reports, the latest year first, each year once.
func (r *Reader) Years(ctx context.Context, body string) (all []*Volume, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		all, err = yearsOf(tx, body)
		return err
	})
	return all, err
}

func yearsOf(tx *db.Tx, body string) ([]*Volume, error) {
	a, err := agency.Load(tx, body)
	if err != nil {
		return nil, err
	}
	all, err := volumesOf(tx, []string{body})
	return distinct(all, map[string]string{body: a.Name}), err
}

// distinct keeps of each body's reports on a year the first, which goes before the others, and
// names the bodies.
func distinct(all []*Volume, names map[string]string) []*Volume {
	type key struct {
		agency string
		year   int64
	}
	seen := map[key]bool{}
	return slices.DeleteFunc(all, func(v *Volume) bool {
		k := key{v.Agency, v.year}
		again := seen[k]
		seen[k] = true
		v.Body = names[v.Agency]
		return again
	})
}

// Report returns a body's report on a year. The report is nil where the shelf has no figures of
// it; ErrNone says that none is published.
func (r *Reader) Report(ctx context.Context, body string, year int) (v *Volume, rep *annual.Report, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		v, rep, err = Of(tx, body, year)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return v, rep, nil
}

// Of is Report in a transaction, for acts that rest on what was published.
func Of(tx *db.Tx, body string, year int) (v *Volume, rep *annual.Report, err error) {
	all, err := yearsOf(tx, body)
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(all, func(v *Volume) bool { return v.Year() == year })
	if i < 0 {
		return nil, nil, ErrNone
	}
	if v = all[i]; !v.Readable() {
		return v, nil, nil
	}
	one, err := load(tx, v.reading)
	if err != nil {
		return nil, nil, err
	}
	rep, err = one.Report()
	return v, rep, err
}
