package guide

import (
	"errors"

	"gongkai/internal/db"
)

func (g *Guide) columns() db.Columns {
	return db.Columns{
		db.Col("id", &g.Agency), db.Col("content", db.JSON(&g.Content)), db.Col("updated_at", &g.UpdatedAt), db.Col("version", &g.Version),
	}
}

func (e *Edition) columns() db.Columns {
	return db.Columns{
		db.Col("id", &e.ID), db.Col("agency", &e.Agency), db.Col("no", &e.No), db.Col("content", db.JSON(&e.Content)),
		db.Col("published_at", &e.PublishedAt),
	}
}

// load returns a body's guide with its published edition; a body that has none yet has an empty one.
func load(tx *db.Tx, agency string) (*Guide, error) {
	g, err := db.Get(tx, (*Guide).columns, "guide WHERE id = $1", agency)
	if errors.Is(err, db.ErrNone) {
		g, err = &Guide{Agency: agency}, nil
	}
	if err != nil {
		return nil, err
	}
	g.Shown, err = shown(tx, agency)
	return g, err
}

func shown(tx *db.Tx, agency string) (*Edition, error) {
	e, err := db.Get(tx, (*Edition).columns, "guide_edition WHERE agency = $1 ORDER BY no DESC LIMIT 1", agency)
	if errors.Is(err, db.ErrNone) {
		return nil, nil // most bodies begin with none
	}
	return e, err
}

func (g *Guide) save(tx *db.Tx) error {
	g.Version++
	g.UpdatedAt = tx.Now
	if g.Version == 1 {
		err := tx.Insert("guide", g.columns())
		if db.IsUnique(err, "guide", "id") {
			return ErrStale
		}
		return err
	}
	ok, err := tx.Save("guide", g.Agency, g.Version-1, g.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

func (e *Edition) insert(tx *db.Tx) error {
	err := tx.Insert("guide_edition", e.columns())
	if db.IsUnique(err, "guide_edition", "agency", "no") {
		return ErrStale
	}
	return err
}
