package cycle

import (
	"errors"
	"time"

	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
)

// head are the columns of a version without what only its own pages need.
func (v *Version) head() db.Columns {
	return db.Columns{
		db.Col("id", &v.ID), db.Col("agency", &v.Agency), db.Col("year", &v.Year), db.Col("no", &v.No), db.Col("head", &v.Head),
		db.Col("state", &v.State), db.Col("reason", &v.Reason), db.Col("merged", &v.Merged), db.Col("offline", &v.Offline),
		db.Col("snapshot", &v.Snapshot), db.Col("hash", &v.Hash), db.Col("errors", &v.Errors), db.Col("warnings", &v.Warnings),
		db.Col("checked_at", &v.CheckedAt), db.Col("signed_on", &v.SignedOn), db.Col("signed_by", &v.SignedBy), db.Col("digest", &v.Digest),
		db.Col("item", &v.Item), db.Col("edition", &v.Edition), db.Col("matter", &v.matter), db.Col("published_at", &v.PublishedAt), db.Col("receiver", &v.Receiver),
		db.Col("submitted_at", &v.SubmittedAt), db.Col("decided_at", &v.DecidedAt), db.Col("decided_by", &v.DecidedBy),
		db.Col("remark", &v.Remark), db.Col("locked_at", &v.LockedAt), db.Col("step_at", &v.StepAt),
		db.Col("created_at", &v.CreatedAt), db.Col("created_by", &v.CreatedBy), db.Col("version", &v.Version),
	}
}

// withFigures are the head and the figures, for who adds them up.
func (v *Version) withFigures() db.Columns {
	return append(v.head(), db.Col("figures", db.JSON(&v.Figures)))
}

func (v *Version) columns() db.Columns {
	return append(v.withFigures(), db.Col("base", db.JSON(&v.Base)), db.Col("entered", db.JSON(&v.Entered)), db.Col("facts", db.JSON(&v.Facts)),
		db.Col("body", db.JSON(&v.Body)), db.Col("explained", db.JSON(&v.Explained)), db.Col("account", db.JSON(&v.Account)),
		db.Col("editors", db.JSON(&v.Editors)), db.Col("signed", &v.signed))
}

func load(tx *db.Tx, id string) (*Version, error) {
	return found(db.Get(tx, (*Version).columns, "report_version WHERE id = $1", id))
}

func found(v *Version, err error) (*Version, error) {
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return v, err
}

func (v *Version) insert(tx *db.Tx) error {
	v.Version = 1
	err := tx.Insert("report_version", v.columns())
	if db.IsUnique(err, "report_version", "agency", "year", "no") {
		return ErrStale
	}
	return err
}

func (v *Version) save(tx *db.Tx) error {
	v.Version++
	ok, err := tx.Save("report_version", v.ID, v.Version-1, v.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

// newest returns a body's newest version on a year.
func newest(tx *db.Tx, agency string, year int) (*Version, error) {
	return found(db.Get(tx, (*Version).columns, "report_version WHERE agency = $1 AND year = $2 ORDER BY no DESC LIMIT 1", agency, year))
}

// versionsOf are a body's versions on a year, the newest first.
func versionsOf(tx *db.Tx, agency string, year int64) ([]*Version, error) {
	return db.Select(tx, (*Version).head, "report_version WHERE agency = $1 AND year = $2 ORDER BY no DESC", agency, year)
}

// yearsOf are the newest versions of each year of a body, the latest year first.
func yearsOf(tx *db.Tx, agency string) ([]*Version, error) {
	return db.Select(tx, (*Version).head, "report_version WHERE agency = $1 AND head ORDER BY year DESC", agency)
}

// sentTo are the versions a body was sent on a year, the newest of each body first.
func sentTo(tx *db.Tx, receiver string, year int) ([]*Version, error) {
	return db.Select(tx, (*Version).head, "report_version WHERE receiver = $1 AND year = $2 ORDER BY agency, no DESC", receiver, year)
}

// countedFor are the versions that count for a receiver's own report, with their figures.
func countedFor(tx *db.Tx, receiver string, year int) ([]*Version, error) {
	return db.Select(tx, (*Version).withFigures, `report_version WHERE receiver = $1 AND year = $2 AND state IN ('accepted', 'locked')
		ORDER BY agency, no DESC`, receiver, year)
}

// drafted are the versions whose publication an item is, the newest first.
func drafted(tx *db.Tx, item string) ([]*Version, error) {
	return db.Select(tx, (*Version).columns, "report_version WHERE item = $1 ORDER BY no DESC", item)
}

// shown returns which edition of an item the public sees, "" for none.
func shown(tx *db.Tx, item string) (edition string, at time.Time, err error) {
	err = tx.One([]any{&edition, &at}, "SELECT shown, shown_at FROM item WHERE id = $1 AND status IN ('live', 'archived')", item)
	if errors.Is(err, db.ErrNone) {
		return "", time.Time{}, nil
	}
	return edition, at, err
}

// published counts what a body's site shows of a year.
func published(tx *db.Tx, agency string, year int, f *Facts) error {
	from, to := yearStart(year), yearStart(year+1)
	for _, one := range []struct {
		n     *int64
		query string
		args  []any
	}{
		{&f.Published, "SELECT count(*) FROM item WHERE agency = $1 AND status IN ('live', 'archived') AND first_at >= $2 AND first_at < $3", []any{agency, from, to}},
		{&f.Amended, "SELECT count(*) FROM item_edition WHERE agency = $1 AND no > 1 AND published_at >= $2 AND published_at < $3", []any{agency, from, to}},
		{&f.Retracted, "SELECT count(*) FROM item WHERE agency = $1 AND status = 'retracted' AND ended_at >= $2 AND ended_at < $3", []any{agency, from, to}},
		{&f.Sections, "SELECT count(*) FROM section WHERE agency = $1 AND NOT retired", []any{agency}},
	} {
		n, err := tx.Count(one.query, one.args...)
		if err != nil {
			return err
		}
		*one.n += int64(n)
	}
	return nil
}

// yearStart is when a year begins in China.
func yearStart(year int) time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, date.China).UTC() }

func (s *Snapshot) columns() db.Columns {
	return db.Columns{
		db.Col("id", &s.ID), db.Col("report", &s.Report), db.Col("at", &s.At), db.Col("by_id", &s.By), db.Col("by_name", &s.ByName),
		db.Col("figures", db.JSON(&s.Figures)), db.Col("records", db.JSON(&s.Records)),
	}
}

func loadSnapshot(tx *db.Tx, id string) (*Snapshot, error) {
	s, err := db.Get(tx, (*Snapshot).columns, "report_snapshot WHERE id = $1", id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return s, err
}

func (o *Opinion) columns() db.Columns {
	return db.Columns{
		db.Col("id", &o.ID), db.Col("report", &o.Report), db.Col("step", &o.Step), db.Col("hash", &o.Hash), db.Col("actor", &o.Actor),
		db.Col("name", &o.Name), db.Col("behalf", &o.Behalf), db.Col("text", &o.Text), db.Col("at", &o.At),
	}
}

func opinionsOf(tx *db.Tx, report string) ([]*Opinion, error) {
	return db.Select(tx, (*Opinion).columns, "report_opinion WHERE report = $1 ORDER BY at, id", report)
}

// Part is what a body gave to a merged report.
type Part struct {
	ID, Report string
	Agency     string
	Name       string
	Source     string // the version it was taken from, "" for the body's own figures
	No         int64
	Outcome    string
	Values     Values
	Place      int64
}

func (p *Part) columns() db.Columns {
	return append(p.head(), db.Col("figures", db.JSON(&p.Values)))
}

func (p *Part) head() db.Columns {
	return db.Columns{
		db.Col("id", &p.ID), db.Col("report", &p.Report), db.Col("agency", &p.Agency), db.Col("name", &p.Name), db.Col("source", &p.Source),
		db.Col("no", &p.No), db.Col("outcome", &p.Outcome), db.Col("place", &p.Place),
	}
}

// partsOf are the parts of a merged report in their order.
func partsOf(tx *db.Tx, report string) ([]*Part, error) {
	return db.Select(tx, (*Part).columns, "report_part WHERE report = $1 ORDER BY place, id", report)
}

func clearParts(tx *db.Tx, report string) error {
	_, err := tx.Exec("DELETE FROM report_part WHERE report = $1", report)
	return err
}

// outdated counts the bodies of a merged report of whom another version counts now.
func outdated(tx *db.Tx, report string) (int, error) {
	return tx.Count(`SELECT count(*) FROM report_part p JOIN report_version v ON v.id = p.source
		WHERE p.report = $1 AND v.state NOT IN ('accepted', 'locked')`, report)
}

// remindedOn returns when bodies were reminded last of their reports on a year.
func remindedOn(tx *db.Tx, receiver string, year int) (map[string]time.Time, error) {
	all := map[string]time.Time{}
	err := tx.Each("SELECT agency, at FROM report_reminder WHERE receiver = $1 AND year = $2 ORDER BY at", func(scan func(...any) error) error {
		var id string
		var at time.Time
		err := scan(&id, &at)
		all[id] = at
		return err
	}, receiver, year)
	return all, err
}

// remindersOf returns when a body was reminded of a year's report last, zero for never.
func remindersOf(tx *db.Tx, agency string, year int) (at time.Time, err error) {
	err = tx.One([]any{&at}, "SELECT at FROM report_reminder WHERE agency = $1 AND year = $2 ORDER BY at DESC LIMIT 1", agency, year)
	if errors.Is(err, db.ErrNone) {
		return time.Time{}, nil
	}
	return at, err
}

// Key is a public key that signs a body's files (签名公钥).
type Key struct {
	ID          string
	Agency      string // whose key it is
	Receiver    string // who registered it; of a supervising body's own key itself
	Fingerprint string
	Public      string
	AddedAt     time.Time
	AddedBy     string
	RevokedAt   time.Time
	Version     int64

	secret string
}

func (k *Key) columns() db.Columns {
	return db.Columns{
		db.Col("id", &k.ID), db.Col("agency", &k.Agency), db.Col("receiver", &k.Receiver), db.Col("fingerprint", &k.Fingerprint),
		db.Col("public", &k.Public), db.Col("secret", &k.secret), db.Col("added_at", &k.AddedAt), db.Col("added_by", &k.AddedBy),
		db.Col("revoked_at", &k.RevokedAt), db.Col("version", &k.Version),
	}
}

func loadKey(tx *db.Tx, id string) (*Key, error) {
	k, err := db.Get(tx, (*Key).columns, "report_key WHERE id = $1", id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return k, err
}

// keysAt are the keys a receiver knows, its own first.
func keysAt(tx *db.Tx, receiver string) ([]*Key, error) {
	return db.Select(tx, (*Key).columns, "report_key WHERE receiver = $1 ORDER BY CASE WHEN agency = receiver THEN 0 ELSE 1 END, added_at, id", receiver)
}

// Values are the figures a body gave that are not nought.
type Values map[form.Key]string

// keepSigned keeps a signed data file for good.
func keepSigned(tx *db.Tx, v *Version, by string) error {
	_, err := tx.Exec("INSERT INTO report_signed (id, report, digest, data, at, by_id) VALUES ($1, $2, $3, $4, $5, $6)",
		db.ID(), v.ID, v.Digest, v.signed, tx.Now, by)
	return err
}

func remind(tx *db.Tx, agency, receiver string, year int, by string) error {
	_, err := tx.Exec("INSERT INTO report_reminder (id, agency, year, receiver, at, by_name) VALUES ($1, $2, $3, $4, $5, $6)",
		db.ID(), agency, year, receiver, tx.Now, by)
	return err
}

// matterOf is the matter of an edition as it stands.
func matterOf(tx *db.Tx, edition string) (string, error) {
	var c disclosure.Content
	var files []disclosure.Attachment
	err := tx.One([]any{&c.Title, &c.Body, db.JSON(&files)}, "SELECT title, body, attachments FROM item_edition WHERE id = $1", edition)
	return matter(&c, files), err
}
