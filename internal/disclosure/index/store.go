package index

import (
	"errors"
	"time"

	"gongkai/internal/db"
)

// number is a row of a number given.
type number struct {
	Number, Agency, Series string
	Year, Serial           int64
	GivenAt                time.Time
}

func (n *number) columns() db.Columns {
	return db.Columns{
		db.Col("number", &n.Number), db.Col("agency", &n.Agency), db.Col("series", &n.Series),
		db.Col("year", &n.Year), db.Col("serial", &n.Serial), db.Col("given_at", &n.GivenAt),
	}
}

// next takes the next serial of a series in a year. Until the transaction ends others wait for
// the row, and a transaction that is rolled back gives the serial back.
func next(tx *db.Tx, series string, year int64) (serial int64, err error) {
	err = tx.One([]any{&serial}, `INSERT INTO index_series (series, year, last) VALUES ($1, $2, 1)
		ON CONFLICT (series, year) DO UPDATE SET last = index_series.last + 1 RETURNING last`, series, year)
	return serial, err
}

// raise lets a series go on after serial.
func raise(tx *db.Tx, series string, year, serial int64) error {
	_, err := tx.Exec(`INSERT INTO index_series (series, year, last) VALUES ($1, $2, $3)
		ON CONFLICT (series, year) DO UPDATE SET last = CASE WHEN index_series.last < $3 THEN $3 ELSE index_series.last END`,
		series, year, serial)
	return err
}

func taken(tx *db.Tx, text string) (bool, error) {
	n, err := tx.Count("SELECT count(*) FROM index_number WHERE number = $1", text)
	return n > 0, err
}

func (s *Setting) columns() db.Columns {
	return db.Columns{
		db.Col("id", &s.Agency), db.Col("template", &s.Text), db.Col("dated", &s.Dated), db.Col("version", &s.Version),
	}
}

// Load returns a body's setting; one that never set any has the zero Setting of its name.
func Load(tx *db.Tx, agency string) (*Setting, error) {
	s, err := db.Get(tx, (*Setting).columns, "index_template WHERE id = $1", agency)
	if errors.Is(err, db.ErrNone) {
		return &Setting{Agency: agency, Dated: Written}, nil
	}
	return s, err
}

func (s *Setting) save(tx *db.Tx) error {
	s.Version++
	if s.Version == 1 {
		err := tx.Insert("index_template", s.columns())
		if db.IsUnique(err, "index_template", "id") {
			return ErrStale
		}
		return err
	}
	ok, err := tx.Save("index_template", s.Agency, s.Version-1, s.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}
