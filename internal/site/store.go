package site

import (
	"errors"

	"gongkai/internal/db"
)

func (s *Site) columns() db.Columns {
	return db.Columns{
		db.Col("id", &s.Agency), db.Col("main", &s.Main), db.Col("slug", &s.Slug), db.Col("host", &s.Host), db.Col("name", &s.Name),
		db.Col("description", &s.Description), db.Col("theme", &s.Theme), db.Col("emblem", &s.Emblem), db.Col("emblem_file", &s.EmblemFile), db.Col("closing_on", &s.ClosingOn),
		db.Col("moved_name", &s.MovedName), db.Col("moved_url", &s.MovedURL), db.Col("sponsor", &s.Sponsor),
		db.Col("operator", &s.Operator), db.Col("contact", &s.Contact), db.Col("icp", &s.ICP), db.Col("police", &s.Police),
		db.Col("fault_url", &s.FaultURL), db.Col("mark_url", &s.MarkURL), db.Col("changed_at", &s.ChangedAt), db.Col("version", &s.Version),
	}
}

// load returns a body's settings, the usual ones where it has none.
func load(tx *db.Tx, agency string) (*Site, error) {
	s, err := db.Get(tx, (*Site).columns, "site WHERE id = $1", agency)
	if errors.Is(err, db.ErrNone) {
		return &Site{Agency: agency, Theme: Themes[0]}, nil
	}
	return s, err
}

func loadAll(tx *db.Tx) ([]*Site, error) {
	return db.Select(tx, (*Site).columns, "site ORDER BY id")
}

// save writes s as its next version; it reports false when somebody else wrote that first.
func save(tx *db.Tx, s *Site) (bool, error) {
	s.Version++
	if s.Version == 1 {
		err := tx.Insert("site", s.columns())
		if db.IsUnique(err, "site", "id") {
			return false, nil
		}
		return true, taken(err)
	}
	ok, err := tx.Save("site", s.Agency, s.Version-1, s.columns())
	return ok, taken(err)
}

// taken says in words which address another body has.
func taken(err error) error {
	switch {
	case db.IsUnique(err, "site", "slug"):
		return ErrTaken
	case db.IsUnique(err, "site", "host"):
		return ErrHosted
	case db.IsUnique(err, "site", "main"):
		return ErrMain
	}
	return err
}
