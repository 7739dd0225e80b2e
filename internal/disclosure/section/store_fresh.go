package section

import (
	"errors"

	"gongkai/internal/date"
	"gongkai/internal/db"
)

func (f *Fresh) columns() db.Columns {
	return db.Columns{
		db.Col("id", &f.Section), db.Col("agency", &f.Agency), db.Col("kind", &f.Kind), db.Col("owner", &f.Owner),
		db.Col("department", &f.Department), db.Col("retired", &f.Retired), db.Col("duty", db.JSON(&f.Duty)),
		db.Col("opened", &f.Opened), db.Col("reviewed", &f.Reviewed), db.Col("last_on", &f.Last),
		db.Col("last_at", &f.LastAt), db.Col("last_item", &f.LastItem), db.Col("due", &f.Due), db.Col("warn", &f.Warn),
		db.Col("sure", &f.Sure),
	}
}

// LoadFresh returns a section's record.
func LoadFresh(tx *db.Tx, sectionID string) (*Fresh, error) {
	f, err := db.Get(tx, (*Fresh).columns, "section_fresh WHERE id = $1", sectionID)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return f, err
}

// lockFresh returns a section's record; until the transaction ends, others wait for it. What
// is read first may be old by the time the row is had, so the row is had first.
func lockFresh(tx *db.Tx, sectionID string) (*Fresh, error) {
	if _, err := tx.Exec("UPDATE section_fresh SET sure = sure WHERE id = $1", sectionID); err != nil {
		return nil, err
	}
	return LoadFresh(tx, sectionID)
}

func (f *Fresh) save(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE section_fresh SET agency = $1, kind = $2, owner = $3, department = $4, retired = $5,
		duty = $6, opened = $7, reviewed = $8, last_on = $9, last_at = $10, last_item = $11, due = $12, warn = $13,
		sure = $14 WHERE id = $15`,
		f.Agency, f.Kind, f.Owner, f.Department, f.Retired, db.JSON(&f.Duty), f.Opened, f.Reviewed, f.Last, f.LastAt,
		f.LastItem, f.Due, f.Warn, f.Sure, f.Section)
	return err
}

func (h *Happening) columns() db.Columns {
	return db.Columns{
		db.Col("id", &h.ID), db.Col("section", &h.Section), db.Col("on_day", &h.On), db.Col("what", &h.What),
		db.Col("item", &h.Item), db.Col("due", &h.Due), db.Col("due_sure", &h.DueSure), db.Col("done", &h.Done),
		db.Col("done_on", &h.DoneOn), db.Col("by_whom", &h.By), db.Col("at", &h.At), db.Col("version", &h.Version),
	}
}

func (h *Happening) save(tx *db.Tx) error {
	h.Version++
	ok, err := tx.Save("section_event", h.ID, h.Version-1, h.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

func (h *Happening) close(tx *db.Tx, on date.Date) error {
	h.Done, h.DoneOn = true, on
	return h.save(tx)
}

// nextEvent returns the open event of a section that is due first, with the record locked.
func nextEvent(tx *db.Tx, sectionID string) (Happening, bool, error) {
	h, err := db.Get(tx, (*Happening).columns, `section_event WHERE section = $1 AND NOT done
		ORDER BY due NULLS LAST, id LIMIT 1`, sectionID)
	if errors.Is(err, db.ErrNone) {
		return Happening{}, false, nil
	}
	if err != nil {
		return Happening{}, false, err
	}
	return *h, true, nil
}

// eventsOf returns the open events recorded for an item.
func eventsOf(tx *db.Tx, itemID string) ([]*Happening, error) {
	return db.Select(tx, (*Happening).columns, "section_event WHERE item = $1 AND NOT done ORDER BY id", itemID)
}

// Events returns a section's events, the open ones by their deadline first.
func Events(tx *db.Tx, sectionID string, most int) ([]*Happening, error) {
	return db.Select(tx, (*Happening).columns, `section_event WHERE section = $1
		ORDER BY done, due NULLS LAST, id LIMIT $2`, sectionID, most)
}

// answer closes the open events an item was published about, or where none names it the
// oldest that names no item and did not happen after the day.
func answer(tx *db.Tx, sectionID, itemID string, on date.Date) error {
	open, err := db.Select(tx, (*Happening).columns, `section_event WHERE section = $1 AND item = $2 AND NOT done
		ORDER BY id`, sectionID, itemID)
	if err != nil {
		return err
	}
	if len(open) == 0 {
		if open, err = db.Select(tx, (*Happening).columns, `section_event WHERE section = $1 AND item = ''
			AND NOT done AND on_day <= $2 ORDER BY due NULLS LAST, id LIMIT 1`, sectionID, on); err != nil {
			return err
		}
	}
	for _, h := range open {
		h.Item = itemID
		if err := h.close(tx, on); err != nil {
			return err
		}
	}
	return nil
}

// openEvents returns the open events of a section.
func openEvents(tx *db.Tx, sectionID string) ([]*Happening, error) {
	return db.Select(tx, (*Happening).columns, "section_event WHERE section = $1 AND NOT done ORDER BY id", sectionID)
}

// unsure returns the sections with open events counted over holidays not yet announced.
func unsure(tx *db.Tx) (ids []string, err error) {
	err = tx.Each(`SELECT DISTINCT section FROM section_event WHERE NOT done AND NOT due_sure ORDER BY section`,
		func(scan func(...any) error) error {
			var id string
			if err := scan(&id); err != nil {
				return err
			}
			ids = append(ids, id)
			return nil
		})
	return ids, err
}

func loadEvent(tx *db.Tx, id string) (*Happening, error) {
	h, err := db.Get(tx, (*Happening).columns, "section_event WHERE id = $1", id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return h, err
}
