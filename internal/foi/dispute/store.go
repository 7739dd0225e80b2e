package dispute

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/db"
)

func (d *Dispute) columns() db.Columns {
	return db.Columns{
		db.Col("id", &d.ID), db.Col("agency", &d.Agency), db.Col("kind", &d.Kind), db.Col("request", &d.Request),
		db.Col("after_review", &d.Reviewed), db.Col("filed_on", &d.Filed), db.Col("settled_on", &d.Settled),
		db.Col("co_defendant", &d.CoDefendant), db.Col("course", db.JSON(&d.Course)), db.Col("sealed", &d.sealed),
		db.Col("created_at", &d.CreatedAt), db.Col("version", &d.Version),
	}
}

func load(tx *db.Tx, id string) (*Dispute, error) {
	d, err := db.Get(tx, (*Dispute).columns, "foi_dispute WHERE id = $1", id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return d, err
}

func (d *Dispute) save(tx *db.Tx) error {
	d.Version++
	ok, err := tx.Save("foi_dispute", d.ID, d.Version-1, d.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

// touching lists what a period may count: filed by its end, and not settled for good before it.
func touching(tx *db.Tx, agency string, from, to date.Date) ([]*Dispute, error) {
	return db.Select(tx, (*Dispute).columns, `foi_dispute WHERE agency = $1 AND filed_on <= $3 AND (settled_on IS NULL OR settled_on >= $2)
		ORDER BY filed_on, id`, agency, from, to)
}

// list returns a page of a body's disputes, the latest filed first.
func list(tx *db.Tx, f Filter) ([]*Dispute, error) {
	where, args := f.where()
	if !f.day.IsZero() {
		n := len(args)
		where += fmt.Sprintf(" AND (filed_on < $%d OR filed_on = $%d AND id < $%d)", n+1, n+1, n+2)
		args = append(args, f.day, f.id)
	}
	return db.Select(tx, (*Dispute).columns, fmt.Sprintf("foi_dispute WHERE %s ORDER BY filed_on DESC, id DESC LIMIT %d", where, f.Limit+1), args...)
}

func (f Filter) where() (string, []any) {
	where, args := "agency = $1", []any{f.Agency}
	if f.Kind != "" {
		args = append(args, f.Kind)
		where += fmt.Sprintf(" AND kind = $%d", len(args))
	}
	if f.Request != "" {
		args = append(args, f.Request)
		where += fmt.Sprintf(" AND request = $%d", len(args))
	}
	if f.Open {
		where += " AND settled_on IS NULL"
	}
	if !f.To.IsZero() {
		args = append(args, f.From, f.To)
		where += fmt.Sprintf(" AND filed_on >= $%d AND filed_on <= $%d", len(args)-1, len(args))
	}
	return where, args
}

func total(tx *db.Tx, f Filter) (int, error) {
	where, args := f.where()
	return tx.Count("SELECT count(*) FROM foi_dispute WHERE "+where, args...)
}

// unsettled lists a body's disputes in which something is outstanding, or a new answer may be.
func unsettled(tx *db.Tx, agency string, since date.Date) ([]*Dispute, error) {
	return db.Select(tx, (*Dispute).columns, "foi_dispute WHERE agency = $1 AND (settled_on IS NULL OR settled_on >= $2) ORDER BY filed_on, id", agency, since)
}

// answered reports whether a request was answered again since a day.
func answered(tx *db.Tx, request string, since date.Date) (bool, error) {
	n, err := tx.Count("SELECT count(*) FROM foi_request WHERE reopens = $1 AND received >= $2", request, since)
	return n > 0, err
}

// agencyOf returns the body and number of a request.
func agencyOf(tx *db.Tx, request string) (agency, no string, err error) {
	err = tx.One([]any{&agency, &no}, "SELECT agency, no FROM foi_request WHERE id = $1", request)
	if errors.Is(err, db.ErrNone) {
		err = ErrRequest
	}
	return agency, no, err
}

// requestBy finds a body's request by its number.
func requestBy(tx *db.Tx, agency, no string) (id string, err error) {
	err = tx.One([]any{&id}, "SELECT id FROM foi_request WHERE agency = $1 AND no = $2 AND no <> ''", agency, no)
	if errors.Is(err, db.ErrNone) {
		err = ErrRequest
	}
	return id, err
}

// File is a paper of a dispute. Its name and content are kept sealed.
type File struct {
	ID, Dispute string
	Name        string
	Size        int64
	Media       string
	By          string
	At          time.Time

	sealedName, digest string
}

func (f *File) columns() db.Columns {
	return db.Columns{
		db.Col("id", &f.ID), db.Col("dispute", &f.Dispute), db.Col("name", &f.sealedName), db.Col("digest", &f.digest),
		db.Col("size", &f.Size), db.Col("media", &f.Media), db.Col("created_by", &f.By), db.Col("created_at", &f.At),
	}
}

func filesOf(tx *db.Tx, dispute string) ([]*File, error) {
	return db.Select(tx, (*File).columns, "foi_dispute_file WHERE dispute = $1 ORDER BY id", dispute)
}

func loadFile(tx *db.Tx, dispute, id string) (*File, error) {
	f, err := db.Get(tx, (*File).columns, "foi_dispute_file WHERE dispute = $1 AND id = $2", dispute, id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNoFile
	}
	return f, err
}

func loadBuckets(tx *db.Tx, agency string) (b Buckets, version int64, err error) {
	var data string
	err = tx.One([]any{&data, &version}, "SELECT data, version FROM foi_dispute_setting WHERE agency = $1", agency)
	switch {
	case errors.Is(err, db.ErrNone):
		return nil, 0, nil
	case err != nil:
		return nil, 0, err
	}
	if err := json.Unmarshal([]byte(data), &b); err != nil {
		return nil, 0, fmt.Errorf("read the columns of %s: %w", agency, err)
	}
	return b, version, nil
}

func saveBuckets(tx *db.Tx, agency string, b Buckets, version int64) error {
	data, err := json.Marshal(b)
	if err != nil {
		return fmt.Errorf("write the columns of %s: %w", agency, err)
	}
	n, err := tx.Exec(`INSERT INTO foi_dispute_setting (agency, data, version) VALUES ($1, $2, 1)
		ON CONFLICT (agency) DO UPDATE SET data = $2, version = foi_dispute_setting.version + 1 WHERE foi_dispute_setting.version = $3`, agency, string(data), version)
	if err == nil && n == 0 {
		return ErrStale
	}
	return err
}

// following lists the suits that follow a reconsideration.
func following(tx *db.Tx, reviewed string) ([]*Dispute, error) {
	return db.Select(tx, (*Dispute).columns, "foi_dispute WHERE after_review = $1 ORDER BY filed_on, id", reviewed)
}
