package holiday

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/workday"
)

// row is a notice as it is kept; its key is the year.
type row struct {
	ID       string
	Notice   string
	LoadedAt time.Time
	LoadedBy string
	Version  int64
}

func (r *row) columns() db.Columns {
	return db.Columns{
		db.Col("id", &r.ID), db.Col("notice", &r.Notice), db.Col("loaded_at", &r.LoadedAt),
		db.Col("loaded_by", &r.LoadedBy), db.Col("version", &r.Version),
	}
}

func yearID(year int) string { return strconv.Itoa(year) }

// load returns the calendar of the program's notices and the kept ones.
func load(tx *db.Tx) (*workday.Calendar, error) {
	rows, err := db.Select(tx, (*row).columns, "holiday_notice ORDER BY id")
	if err != nil {
		return nil, err
	}
	c := workday.Embedded()
	for _, r := range rows {
		n, faults := workday.ParseNotice([]byte(r.Notice))
		if len(faults) > 0 {
			return nil, fmt.Errorf("read the kept notice of %s: %w", r.ID, faults[0])
		}
		c = c.With(n)
	}
	return c, nil
}

func save(tx *db.Tx, by actor.Actor, n workday.Notice) (version int64, err error) {
	text, err := n.JSON()
	if err != nil {
		return 0, fmt.Errorf("write the notice of %d: %w", n.Year, err)
	}
	r := &row{ID: yearID(n.Year), Notice: string(text), LoadedAt: tx.Now, LoadedBy: by.ID, Version: 1}
	old, err := db.Get(tx, (*row).columns, "holiday_notice WHERE id = $1", r.ID)
	if errors.Is(err, db.ErrNone) {
		err = tx.Insert("holiday_notice", r.columns())
		if db.IsUnique(err, "holiday_notice", "id") {
			err = ErrStale
		}
		return r.Version, err
	}
	if err != nil {
		return 0, err
	}
	r.Version = old.Version + 1
	ok, err := tx.Save("holiday_notice", r.ID, old.Version, r.columns())
	if err == nil && !ok {
		err = ErrStale
	}
	return r.Version, err
}
