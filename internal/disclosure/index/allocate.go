package index

import (
	"context"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/statute"
)

// Errors of giving numbers.
var (
	ErrTaken = &fault.Error{Kind: fault.Conflict, Code: "index.taken", Field: "index"}
	ErrStale = &fault.Error{Kind: fault.Conflict, Code: "index.stale", Field: "template"}
	ErrDated = &fault.Error{Kind: fault.Invalid, Code: "index.dated", Field: "dated"}
)

// Allocate gives the next number of a body's template, in the transaction of the act that needs
// it: rolled back with it, it leaves no gap. Concurrent acts in one series wait for each other.
//
// R-IDX-01, R-IDX-02.
func Allocate(tx *db.Tx, agency string, t Template, f Fields) (string, error) {
	series, err := t.series(f)
	if err != nil {
		return "", err
	}
	year := int64(f.Date.Year())
	for {
		serial, err := next(tx, series, year)
		if err != nil {
			return "", err
		}
		text, err := t.Format(f, serial)
		if err != nil {
			return "", err
		}
		used, err := taken(tx, text)
		if err != nil {
			return "", err
		}
		if used { // taken over from elsewhere, or given under an earlier template
			continue
		}
		n := &number{text, agency, series, year, serial, tx.Now}
		return text, tx.Insert("index_number", n.columns())
	}
}

// Adopt takes over a number that a document brings along from elsewhere, so that it is never
// given again. The series it belongs to goes on after it.
func Adopt(tx *db.Tx, agency string, t Template, text string) error {
	used, err := taken(tx, text)
	if err != nil {
		return err
	}
	if used {
		return ErrTaken.With("number", text)
	}
	n := &number{Number: text, Agency: agency, GivenAt: tx.Now}
	if p, ok := t.Parse(text); ok {
		if series, err := t.series(p.Fields); err == nil {
			n.Series, n.Year, n.Serial = series, int64(p.Fields.Date.Year()), p.Serial
			if err := raise(tx, series, n.Year, n.Serial); err != nil {
				return err
			}
		}
	}
	return tx.Insert("index_number", n.columns())
}

// Dated says which date's year a body puts into its numbers. R-IDX-03.
type Dated string

// The choices.
const (
	Written Dated = "written" // 成文或生成日期
	Shown   Dated = "shown"   // 发布日期
)

// Setting is how a body numbers.
type Setting struct {
	Agency  string
	Text    string
	Dated   Dated
	Version int64
}

// Template returns the setting's template; zero where none was set.
func (s *Setting) Template() Template {
	t, err := ParseTemplate(s.Text)
	if err != nil {
		return Template{}
	}
	return t
}

// Day chooses the date for a number's year.
func (s *Setting) Day(written, shown date.Date) date.Date {
	if s.Dated == Shown || written.IsZero() {
		return shown
	}
	return written
}

// Desk is where a body's officers set how it numbers.
type Desk struct{ DB *db.DB }

// Set changes how a body numbers from now on. Numbers given stay as they are.
func (d *Desk) Set(ctx context.Context, by actor.Actor, s Setting) (*Setting, error) {
	var out *Setting
	err := d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.IndexSet, actor.In(s.Agency)); err != nil {
			return err
		}
		t, err := ParseTemplate(s.Text)
		if err != nil {
			return err
		}
		if s.Dated != Written && s.Dated != Shown {
			return ErrDated
		}
		old, err := Load(tx, s.Agency)
		if err != nil {
			return err
		}
		if old.Version != s.Version {
			return ErrStale
		}
		out = &Setting{s.Agency, t.String(), s.Dated, s.Version}
		if err := out.save(tx); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{
			Act: actor.IndexSet, Agency: s.Agency, Subject: "index_template", ID: s.Agency, Version: out.Version,
			Title: out.Text, Cite: statute.OGI2019.Art(12), Detail: map[string]string{"before": old.Text, "after": out.Text, "dated": string(out.Dated)},
		})
	})
	return out, err
}

// Setting returns how a body numbers.
func (d *Desk) Setting(ctx context.Context, by actor.Actor, agency string) (s *Setting, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.ItemView, actor.In(agency)); err != nil {
			return err
		}
		s, err = Load(tx, agency)
		return err
	})
	return s, err
}
