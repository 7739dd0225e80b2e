package section

import (
	"errors"
	"fmt"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// ErrNone says that there is no such section.
var ErrNone = &fault.Error{Kind: fault.NotFound, Code: "section.none"}

func (s *Section) columns() db.Columns {
	return db.Columns{
		db.Col("id", &s.ID), db.Col("agency", &s.Agency), db.Col("parent", &s.Parent), db.Col("name", &s.Name),
		db.Col("slug", &s.Slug), db.Col("kind", &s.Kind), db.Col("item20", &s.Item20), db.Col("item21", &s.Item21),
		db.Col("duty", db.JSON(&s.Duty)), db.Col("department", &s.Department), db.Col("owner", &s.Owner),
		db.Col("owner_name", &s.OwnerName), db.Col("description", &s.Description), db.Col("keywords", &s.Keywords),
		db.Col("sort_key", &s.SortKey), db.Col("retired", &s.Retired), db.Col("retired_on", &s.RetiredOn),
		db.Col("retired_reason", &s.RetiredReason), db.Col("successor", &s.Successor),
		db.Col("catalogue_id", &s.CatalogueID), db.Col("catalogue", db.JSON(&s.Catalogue)),
		db.Col("version", &s.Version), db.Col("created_at", &s.CreatedAt),
	}
}

// Load returns a section.
func Load(tx *db.Tx, id string) (*Section, error) {
	s, err := db.Get(tx, (*Section).columns, "section WHERE id = $1", id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return s, err
}

// LoadSlug returns the section of a body with that part of an address.
func LoadSlug(tx *db.Tx, agency, slug string) (*Section, error) {
	s, err := db.Get(tx, (*Section).columns, "section WHERE agency = $1 AND slug = $2", agency, slug)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return s, err
}

// OfKind returns a body's section of one of the prescribed kinds.
func OfKind(tx *db.Tx, agency string, k Kind) (*Section, error) {
	s, err := db.Get(tx, (*Section).columns, `section WHERE agency = $1 AND kind = $2 AND NOT retired
		ORDER BY sort_key, id LIMIT 1`, agency, k)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return s, err
}

// All returns a body's sections, retired ones too, in no order of the tree.
func All(tx *db.Tx, agency string) ([]*Section, error) {
	return db.Select(tx, (*Section).columns, "section WHERE agency = $1 ORDER BY sort_key, id", agency)
}

// mostDeep bounds the tree: no site a person can find their way in has more levels.
const mostDeep = 6

// Path returns the keys of a section and of those above it, itself first, with the section:
// what an act on something in it is allowed by.
func Path(tx *db.Tx, id string) ([]string, *Section, error) {
	path, err := Above(tx, id)
	if err != nil {
		return nil, nil, err
	}
	keys := make([]string, len(path))
	for i, s := range path {
		keys[i] = s.ID
	}
	return keys, path[0], nil
}

// Above returns a section and those above it, itself first.
func Above(tx *db.Tx, id string) ([]*Section, error) {
	var path []*Section
	for id != "" {
		s, err := Load(tx, id)
		if err != nil {
			return nil, err
		}
		path = append(path, s)
		if len(path) > mostDeep+1 {
			return nil, fmt.Errorf("section %s lies deeper than %d", path[0].ID, mostDeep)
		}
		id = s.Parent
	}
	if len(path) == 0 {
		return nil, ErrNone
	}
	return path, nil
}

// below returns a section and all below it.
func below(tx *db.Tx, id string) ([]*Section, error) {
	return db.Select(tx, (*Section).columns, `section WHERE id IN (
		WITH RECURSIVE tree (id) AS (
			SELECT id FROM section WHERE id = $1
			UNION SELECT section.id FROM section JOIN tree ON section.parent = tree.id)
		SELECT id FROM tree) ORDER BY sort_key, id`, id)
}

// lastKey returns the highest sort key among siblings.
func lastKey(tx *db.Tx, agency, parent string) (n int64, err error) {
	err = tx.One([]any{&n}, "SELECT coalesce(max(sort_key), 0) FROM section WHERE agency = $1 AND parent = $2", agency, parent)
	return n, err
}

// slugTaken reports whether another section of the body uses or used a slug.
func slugTaken(tx *db.Tx, agency, slug, but string) (bool, error) {
	n, err := tx.Count("SELECT count(*) FROM section WHERE agency = $1 AND slug = $2 AND id <> $3", agency, slug, but)
	return n > 0, err
}

// insert writes a new section with the record of its freshness.
func (s *Section) insert(tx *db.Tx, p Policy) error {
	s.Version, s.CreatedAt = 1, tx.Now
	if err := named(tx.Insert("section", s.columns())); err != nil {
		return err
	}
	f := &Fresh{Section: s.ID, Facts: Facts{Opened: tx.Today()}}
	f.follow(s, p)
	if err := f.settle(tx); err != nil {
		return err
	}
	return tx.Insert("section_fresh", f.columns())
}

// save writes s as its next version and lets the record of its freshness follow.
func (s *Section) save(tx *db.Tx, p Policy) error {
	s.Version++
	ok, err := tx.Save("section", s.ID, s.Version-1, s.columns())
	if err != nil {
		return named(err)
	}
	if !ok {
		return ErrStale
	}
	f, err := lockFresh(tx, s.ID)
	if err != nil {
		return err
	}
	f.follow(s, p)
	if err := f.settle(tx); err != nil {
		return err
	}
	return f.save(tx)
}

// named tells which of a section's names is taken.
func named(err error) error {
	switch {
	case db.IsUnique(err, "section", "agency", "parent", "name"):
		return ErrName
	case db.IsUnique(err, "section", "agency", "slug"):
		return ErrSlug
	}
	return err
}

// children returns the sections right below parent that are in use, in their order.
func children(tx *db.Tx, agencyID, parent string) ([]*Section, error) {
	return db.Select(tx, (*Section).columns, `section WHERE agency = $1 AND parent = $2 AND NOT retired
		ORDER BY sort_key, id`, agencyID, parent)
}

// setSortKey moves a section among its siblings: nothing a person says of it changes.
func setSortKey(tx *db.Tx, id string, key int64) error {
	_, err := tx.Exec("UPDATE section SET sort_key = $1 WHERE id = $2", key, id)
	return err
}

// depth is the number of levels of a section and what is below it: 1 for one alone.
func depth(tx *db.Tx, id string) (int, error) {
	return tx.Count(`WITH RECURSIVE tree (id, level) AS (
			SELECT id, 1 FROM section WHERE id = $1
			UNION ALL SELECT section.id, tree.level + 1 FROM section JOIN tree ON section.parent = tree.id
				WHERE tree.level <= $2)
		SELECT max(level) FROM tree`, id, mostDeep)
}

// countOf is how many sections a body has and had.
func countOf(tx *db.Tx, agencyID string) (int, error) {
	return tx.Count("SELECT count(*) FROM section WHERE agency = $1", agencyID)
}
