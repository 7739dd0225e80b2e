package disclosure

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"gongkai/internal/db"
)

// dawn is before everything that is published on a network.
var dawn = time.Unix(0, 0)

// standing columns are those of an item and its place among the changes, as i and h.
func (r *Record) standing() db.Columns {
	return db.Columns{
		db.Col("i.id", &r.Item), db.Col("i.agency", &r.Agency), db.Col("i.section", &r.Section), db.Col("i.status", &r.Status),
		db.Col("i.ended_at", &r.EndedAt), db.Col("h.seq", &r.Seq), db.Col("h.at", &r.At),
	}
}

// shown columns are those the public reads of an item and its shown edition, as i and e.
func (r *Record) shown() db.Columns {
	return db.Columns{
		db.Col("i.id", &r.Item), db.Col("i.kind", &r.Kind), db.Col("i.origin", &r.Origin), db.Col("i.index_no", &r.IndexNo),
		db.Col("i.first_at", &r.FirstAt), db.Col("i.shown_at", &r.PublishedAt), db.Col("e.no", &r.EditionNo),
		db.Col("e.title", &r.Title), db.Col("e.subtitle", &r.Subtitle), db.Col("e.summary", &r.Summary),
		db.Col("e.theme", &r.Theme), db.Col("e.genre", &r.Genre), db.Col("e.doc_no", &r.DocNo), db.Col("e.issuer", &r.Issuer),
		db.Col("e.issued_on", &r.IssuedOn), db.Col("e.formed_on", &r.FormedOn), db.Col("e.source", &r.Source),
		db.Col("e.source_url", &r.SourceURL), db.Col("e.keywords", db.JSON(&r.Keywords)), db.Col("e.validity", &r.Validity),
		db.Col("e.effective_on", &r.EffectiveOn), db.Col("e.expires_on", &r.ExpiresOn), db.Col("e.display_until", &r.DisplayUntil),
		db.Col("e.joint_bodies", db.JSON(&r.JointBodies)), db.Col("e.note", &r.Note), db.Col("e.attachments", db.JSON(&r.Attachments)),
	}
}

// harvested walks along item_harvest_at, or _agency or _section where those narrow it.
func harvested(tx *db.Tx, h Harvest, n int) ([]*Record, error) {
	at, id := h.From, ""
	if h.After != "" {
		at, id = readCursor(h.After)
	}
	if at.IsZero() {
		at = dawn
	}
	until := h.Until
	if until.IsZero() {
		until = latest
	}
	narrow, args := "", []any{at.UTC(), id, until.UTC(), n}
	switch {
	case h.Section != "":
		narrow, args = "h.section = $5 AND ", append(args, h.Section)
	case h.Agency != "":
		narrow, args = "h.agency = $5 AND ", append(args, h.Agency)
	}
	return db.Select(tx, (*Record).standing, `item_harvest h JOIN item i ON i.id = h.item
		WHERE `+narrow+`(h.at, h.item) > ($1, $2) AND h.at < $3 AND i.status <> '' ORDER BY h.at, h.item LIMIT $4`, args...)
}

// changedSince walks along item_harvest_seq.
func changedSince(tx *db.Tx, seq int64, item string, n int) ([]*Record, error) {
	return db.Select(tx, (*Record).standing, `item_harvest h JOIN item i ON i.id = h.item
		WHERE (h.seq, h.item) > ($1, $2) AND i.status <> '' ORDER BY h.seq, h.item LIMIT $3`, seq, item, n)
}

func recordsIn(tx *db.Tx, items []string) ([]*Record, error) {
	list, args := db.In(0, items)
	return db.Select(tx, (*Record).standing, `item_harvest h JOIN item i ON i.id = h.item
		WHERE i.status <> '' AND h.item IN `+list+` ORDER BY h.item`, args...)
}

// recordsAfter walks along the keys, which are in the order in which items were opened.
func recordsAfter(tx *db.Tx, agency, after string, n int) ([]*Record, error) {
	narrow, args := "", []any{after, n}
	if agency != "" {
		narrow, args = "h.agency = $3 AND ", append(args, agency)
	}
	return db.Select(tx, (*Record).standing, `item_harvest h JOIN item i ON i.id = h.item
		WHERE `+narrow+`h.item > $1 AND i.status IN ('live', 'archived') ORDER BY h.item LIMIT $2`, args...)
}

// shownRecords reads what the public sees of items into their records.
func shownRecords(tx *db.Tx, items []string, of map[string]*Record) error {
	list, args := db.In(0, items)
	return tx.Each("SELECT "+(&Record{}).shown().Names()+` FROM item i JOIN item_edition e ON e.id = i.shown
		WHERE i.status IN ('live', 'archived') AND i.id IN `+list, func(scan func(...any) error) error {
		var r Record
		if err := scan(r.shown().Pointers()...); err != nil {
			return err
		}
		o := of[r.Item]
		r.Agency, r.Section, r.Status, r.EndedAt, r.Seq, r.At = o.Agency, o.Section, o.Status, o.EndedAt, o.Seq, o.At
		*o = r
		return nil
	}, args...)
}

func harvestHead(tx *db.Tx) (seq int64, at time.Time, err error) {
	err = tx.One([]any{&seq}, "SELECT seq FROM item_harvest ORDER BY seq DESC, item DESC LIMIT 1")
	if errors.Is(err, db.ErrNone) {
		return 0, time.Time{}, nil
	}
	if err != nil {
		return 0, time.Time{}, err
	}
	err = tx.One([]any{&at}, "SELECT at FROM item_harvest ORDER BY at DESC, item DESC LIMIT 1")
	return seq, at, err
}

func harvestFirst(tx *db.Tx) (at time.Time, err error) {
	err = tx.One([]any{&at}, "SELECT at FROM item_harvest ORDER BY at, item LIMIT 1")
	if errors.Is(err, db.ErrNone) {
		return tx.Now, nil
	}
	return at, err
}

// mark is what the public finds of an item: as long as it is the same, copies are true.
type mark struct{ item, agency, section, mark string }

func marksOf(tx *db.Tx, items []string) (all []mark, err error) {
	list, args := db.In(0, items)
	err = tx.Each("SELECT id, agency, section, status, shown, shown_at FROM item WHERE status <> '' AND id IN "+list+" ORDER BY id",
		func(scan func(...any) error) error {
			var m mark
			var status, shown string
			var at time.Time
			err := scan(&m.item, &m.agency, &m.section, &status, &shown, &at)
			m.mark = strings.Join([]string{status, shown, m.section, strconv.FormatInt(at.UnixMicro(), 36)}, " ")
			all = append(all, m)
			return err
		}, args...)
	return all, err
}

func (m *mark) save(tx *db.Tx, seq int64) error {
	_, err := tx.Exec(`INSERT INTO item_harvest (item, agency, section, mark, seq, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (item) DO UPDATE SET agency = excluded.agency, section = excluded.section, mark = excluded.mark,
			seq = excluded.seq, at = excluded.at WHERE item_harvest.mark <> excluded.mark`,
		m.item, m.agency, m.section, m.mark, seq, tx.Now)
	return err
}

const readableOf = `SELECT h.item, h.at FROM item_harvest h JOIN item i ON i.id = h.item
	WHERE h.agency = $1 AND h.item > $2 AND i.status IN ('live', 'archived') ORDER BY h.item`

func addressesOf(tx *db.Tx, agency, after string, n int) (all []Address, err error) {
	err = tx.Each(readableOf+" LIMIT $3", func(scan func(...any) error) error {
		var a Address
		err := scan(&a.Item, &a.At)
		all = append(all, a)
		return err
	}, agency, after, n)
	return all, err
}

func anchorsOf(tx *db.Tx, agency string, n int) (all []Address, err error) {
	count, last := 0, ""
	err = tx.Each(readableOf, func(scan func(...any) error) error {
		var a Address
		if err := scan(&a.Item, &a.At); err != nil {
			return err
		}
		if count%n == 0 {
			all = append(all, Address{Item: last})
		}
		count, last = count+1, a.Item
		if part := &all[len(all)-1]; a.At.After(part.At) {
			part.At = a.At
		}
		return nil
	}, agency, "")
	return all, err
}
