package disclosure

import (
	"errors"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/disclosure/section"
)

// placement is a row of a placement, which knows whether it is the item's home.
type placement struct {
	Placement
	Home    bool
	ShownAt time.Time // as the section's list has it, zero while it is not listed
}

func (p *placement) columns() db.Columns {
	return db.Columns{
		db.Col("id", &p.ID), db.Col("item", &p.Item), db.Col("section", &p.Section), db.Col("agency", &p.Agency),
		db.Col("home", &p.Home), db.Col("state", &p.State), db.Col("shown_at", &p.ShownAt),
		db.Col("asked_at", &p.AskedAt), db.Col("asked_by", &p.AskedBy), db.Col("done_at", &p.DoneAt),
		db.Col("done_by", &p.DoneBy), db.Col("version", &p.Version),
	}
}

func (p *placement) save(tx *db.Tx) error {
	p.Version++
	ok, err := tx.Save("item_place", p.ID, p.Version-1, p.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

func loadPlace(tx *db.Tx, item, section string) (*placement, error) {
	return found(db.Get(tx, (*placement).columns, "item_place WHERE item = $1 AND section = $2", item, section))
}

func placesOf(tx *db.Tx, item string) ([]*placement, error) {
	return db.Select(tx, (*placement).columns, "item_place WHERE item = $1 ORDER BY home DESC, asked_at, id", item)
}

// newestIn returns what was published last of what stands in a section.
func newestIn(tx *db.Tx, id string) (p section.Publication, err error) {
	err = tx.One([]any{&p.Item, &p.At}, `SELECT item, shown_at FROM item_place
		WHERE section = $1 AND shown_at IS NOT NULL ORDER BY shown_at DESC, item DESC LIMIT 1`, id)
	if errors.Is(err, db.ErrNone) {
		return section.Publication{}, nil
	}
	return p, err
}

// lastNo returns the highest number of an item's editions.
func lastNo(tx *db.Tx, item string) (no int64, err error) {
	err = tx.One([]any{&no}, "SELECT max(no) FROM item_edition WHERE item = $1", item)
	return no, err
}

// linkTo notes that an item interprets another.
func linkTo(tx *db.Tx, item, target string) error {
	_, err := tx.Exec(`INSERT INTO item_link (item, target, live) VALUES ($1, $2, TRUE)
		ON CONFLICT (item, target) DO UPDATE SET live = TRUE`, item, target)
	return err
}

// unlink takes back what the item interprets, as it is not public or says something else.
func (w *work) unlink() error {
	_, err := w.tx.Exec("UPDATE item_link SET live = FALSE WHERE item = $1 AND live", w.item.ID)
	return err
}

// Imported returns the item taken over from an address, or ErrNone.
func Imported(tx *db.Tx, address string) (*Item, error) {
	return found(db.Get(tx, (*Item).columns, "item WHERE address = $1 AND address <> ''", address))
}
