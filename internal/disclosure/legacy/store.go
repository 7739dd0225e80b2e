package legacy

import (
	"errors"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// ErrRunning says that the same source is being brought in by another call.
var ErrRunning = &fault.Error{Kind: fault.Conflict, Code: "legacy.running"}

// run is how far a source was read.
type run struct {
	ID        string
	Agency    string
	Source    string
	StartedAt time.Time
	UpdatedAt time.Time
	EndedAt   time.Time
	ReadRows  int64
	Created   int64
	Known     int64
	Refused   int64
	Version   int64
}

func (r *run) columns() db.Columns {
	return db.Columns{
		db.Col("id", &r.ID), db.Col("agency", &r.Agency), db.Col("source", &r.Source),
		db.Col("started_at", &r.StartedAt), db.Col("updated_at", &r.UpdatedAt), db.Col("ended_at", &r.EndedAt),
		db.Col("read_rows", &r.ReadRows), db.Col("created", &r.Created), db.Col("known", &r.Known),
		db.Col("refused", &r.Refused), db.Col("version", &r.Version),
	}
}

// unfinished returns the latest run of a source that did not end, nil if there is none.
func unfinished(tx *db.Tx, agency, source string) (*run, error) {
	r, err := db.Get(tx, (*run).columns, `legacy_run WHERE agency = $1 AND source = $2
		ORDER BY started_at DESC, id DESC LIMIT 1`, agency, source)
	if errors.Is(err, db.ErrNone) || err == nil && !r.EndedAt.IsZero() {
		return nil, nil
	}
	return r, err
}

func (r *run) save(tx *db.Tx) error {
	r.UpdatedAt = tx.Now
	r.Version++
	if r.ID == "" {
		r.ID, r.StartedAt = db.ID(), tx.Now
		return tx.Insert("legacy_run", r.columns())
	}
	ok, err := tx.Save("legacy_run", r.ID, r.Version-1, r.columns())
	if err == nil && !ok {
		return ErrRunning
	}
	return err
}

// loadMarks returns those of the marks that are known, with their items.
func loadMarks(tx *db.Tx, agency string, marks []string) (map[string]string, error) {
	known := map[string]string{}
	list, args := db.In(1, marks)
	err := tx.Each("SELECT mark, item FROM legacy_mark WHERE agency = $1 AND mark IN "+list+" ORDER BY mark",
		func(scan func(...any) error) error {
			var mark, item string
			err := scan(&mark, &item)
			known[mark] = item
			return err
		}, append([]any{agency}, args...)...)
	return known, err
}

func saveMarks(tx *db.Tx, agency string, marks []string, item string) error {
	for _, m := range marks {
		_, err := tx.Exec(`INSERT INTO legacy_mark (agency, mark, item) VALUES ($1, $2, $3)
			ON CONFLICT (agency, mark) DO NOTHING`, agency, m, item)
		if err != nil {
			return err
		}
	}
	return nil
}

func indexTaken(tx *db.Tx, number string) (bool, error) {
	n, err := tx.Count("SELECT count(*) FROM item WHERE index_no = $1 AND index_no <> ''", number)
	return n > 0, err
}
