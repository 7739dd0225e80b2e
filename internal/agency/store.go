package agency

import (
	"errors"

	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

func (f *Facts) columns() db.Columns {
	return db.Columns{
		db.Col("name", &f.Name), db.Col("short_name", &f.ShortName), db.Col("kind", &f.Kind), db.Col("level", &f.Level),
		db.Col("parent", &f.Parent), db.Col("office", &f.Office), db.Col("supervisor", &f.Supervisor),
		db.Col("org_code", &f.OrgCode), db.Col("credit_code", &f.CreditCode), db.Col("region", &f.Region),
		db.Col("site_code", &f.SiteCode),
	}
}

func (a *Agency) columns() db.Columns {
	return append(a.Facts.columns(),
		db.Col("id", &a.ID), db.Col("overseer", &a.Overseer), db.Col("sort_key", &a.SortKey), db.Col("since", &a.Since),
		db.Col("until", &a.Until), db.Col("ending", &a.Ending), db.Col("successors", db.JSON(&a.Successors)),
		db.Col("basis", &a.Basis), db.Col("created_at", &a.CreatedAt), db.Col("version", &a.Version))
}

func (p *Period) columns() db.Columns {
	return append(p.Facts.columns(),
		db.Col("id", &p.ID), db.Col("agency", &p.Agency), db.Col("since", &p.Since), db.Col("until", &p.Until),
		db.Col("basis", &p.Basis), db.Col("recorded_at", &p.RecordedAt), db.Col("version", &p.Version))
}

func (c *Contact) columns() db.Columns {
	return db.Columns{
		db.Col("id", &c.Agency), db.Col("office", &c.Office), db.Col("address", &c.Address), db.Col("hours", &c.Hours),
		db.Col("phone", &c.Phone), db.Col("fax", &c.Fax), db.Col("online", &c.Online), db.Col("email", &c.Email),
		db.Col("postcode", &c.Postcode), db.Col("changed_at", &c.ChangedAt), db.Col("version", &c.Version),
	}
}

// Load returns a body as it stands today or stood when it ended, or ErrNone.
func Load(tx *db.Tx, id string) (*Agency, error) {
	a, err := db.Get(tx, (*Agency).columns, "agency WHERE id = $1", id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return a, err
}

// LoadAll returns every body that exists today.
func LoadAll(tx *db.Tx) ([]*Agency, error) {
	return db.Select(tx, (*Agency).columns, "agency WHERE until IS NULL ORDER BY id")
}

// LoadEnded returns the bodies that are no more, those that ended last first.
func LoadEnded(tx *db.Tx) ([]*Agency, error) {
	return db.Select(tx, (*Agency).columns, "agency WHERE until IS NOT NULL ORDER BY until DESC, id")
}

// Named returns the body that has this full name today, or ErrNone.
func Named(tx *db.Tx, name string) (*Agency, error) {
	a, err := db.Get(tx, (*Agency).columns, "agency WHERE name = $1 AND until IS NULL", name)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return a, err
}

// Names returns the names of bodies, also of those that have ended.
func Names(tx *db.Tx, ids []string) (map[string]string, error) {
	names := map[string]string{}
	marks, args := db.In(0, ids)
	err := tx.Each("SELECT id, name FROM agency WHERE id IN "+marks, func(scan func(...any) error) error {
		var id, name string
		if err := scan(&id, &name); err != nil {
			return err
		}
		names[id] = name
		return nil
	}, args...)
	return names, err
}

// Below returns the bodies that a body is in charge of today, at any depth, without itself.
func Below(tx *db.Tx, id string) (map[string]bool, error) {
	below := map[string]bool{}
	err := tx.Each(`WITH RECURSIVE below (id) AS (
			SELECT id FROM agency WHERE overseer = $1 AND until IS NULL
			UNION
			SELECT a.id FROM agency a JOIN below b ON a.overseer = b.id WHERE a.until IS NULL)
		SELECT id FROM below`, func(scan func(...any) error) error {
		var one string
		err := scan(&one)
		below[one] = true
		return err
	}, id)
	delete(below, id)
	return below, err
}

// LoadContact returns the card of a body's office, empty but for the body's key when none
// has been written, or ErrNone when there is no such body.
func LoadContact(tx *db.Tx, id string) (*Contact, error) {
	c, err := db.Get(tx, (*Contact).columns, "agency_contact WHERE id = $1", id)
	if !errors.Is(err, db.ErrNone) {
		return c, err
	}
	if _, err := Load(tx, id); err != nil {
		return nil, err
	}
	return &Contact{Agency: id}, nil
}

// Periods returns what a body was over time, the earliest first.
func Periods(tx *db.Tx, id string) ([]*Period, error) {
	return db.Select(tx, (*Period).columns, "agency_period WHERE agency = $1 ORDER BY since", id)
}

// LoadTree returns the bodies of a day as they stood under each other.
func LoadTree(tx *db.Tx, on date.Date) (*Tree, error) {
	all, err := db.Select(tx, (*Agency).columns, "agency WHERE since <= $1 AND (until IS NULL OR until > $1) ORDER BY id", on)
	if err != nil {
		return nil, err
	}
	periods, err := db.Select(tx, (*Period).columns,
		"agency_period WHERE since <= $1 AND (until IS NULL OR until > $1) ORDER BY id", on)
	if err != nil {
		return nil, err
	}
	return asOf(all, periods, on), nil
}

func last(tx *db.Tx, id string) (*Period, error) {
	return db.Get(tx, (*Period).columns, "agency_period WHERE agency = $1 AND until IS NULL", id)
}

// lasting returns the periods that reach to a day or beyond it.
func lasting(tx *db.Tx, from date.Date) ([]*Period, error) {
	return db.Select(tx, (*Period).columns, "agency_period WHERE until IS NULL OR until > $1 ORDER BY since, id", from)
}

// checkFree refuses a name or code another body has. The unique indexes would, too, but
// the refusal of one row would end the import of them all. The caller holds the lock.
func (a *Agency) checkFree(tx *db.Tx) error {
	for _, v := range []struct {
		column, value string
		taken         *fault.Error
	}{
		{"name", a.Name, ErrNameTaken.With("name", a.Name)},
		{"org_code", a.OrgCode, ErrOrgTaken.With("code", a.OrgCode)},
		{"credit_code", a.CreditCode, ErrCreditTaken.With("code", a.CreditCode)},
		{"site_code", a.SiteCode, ErrSiteTaken.With("code", a.SiteCode)},
	} {
		n, err := tx.Count("SELECT count(*) FROM agency WHERE "+v.column+" = $1 AND $1 <> '' AND until IS NULL AND id <> $2", v.value, a.ID)
		if err != nil {
			return err
		}
		if n > 0 {
			return v.taken
		}
	}
	return nil
}

func (a *Agency) insert(tx *db.Tx) error {
	if err := a.checkFree(tx); err != nil {
		return err
	}
	a.Version = 1
	return tx.Insert("agency", a.columns())
}

// save writes a as its next version unless someone else wrote that first.
func (a *Agency) save(tx *db.Tx) error {
	if a.Active() {
		if err := a.checkFree(tx); err != nil {
			return err
		}
	}
	a.Version++
	ok, err := tx.Save("agency", a.ID, a.Version-1, a.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

func (p *Period) insert(tx *db.Tx) error {
	p.ID, p.RecordedAt, p.Version = db.ID(), tx.Now, 1
	return tx.Insert("agency_period", p.columns())
}

func (p *Period) save(tx *db.Tx) error {
	p.Version++
	ok, err := tx.Save("agency_period", p.ID, p.Version-1, p.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

func (c *Contact) save(tx *db.Tx) error {
	c.Version++
	if c.Version == 1 {
		err := tx.Insert("agency_contact", c.columns())
		if db.IsUnique(err, "agency_contact", "id") {
			return ErrStale
		}
		return err
	}
	ok, err := tx.Save("agency_contact", c.Agency, c.Version-1, c.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

func setOverseer(tx *db.Tx, id, overseer string) error {
	_, err := tx.Exec("UPDATE agency SET overseer = $1 WHERE id = $2", overseer, id)
	return err
}

func nextSortKey(tx *db.Tx) (n int64, err error) {
	err = tx.One([]any{&n}, "SELECT coalesce(max(sort_key), 0) + 1 FROM agency")
	return n, err
}

// PastNames returns every name each body ever had.
func PastNames(tx *db.Tx) (map[string][]string, error) {
	all := map[string][]string{}
	err := tx.Each("SELECT agency, name FROM agency_period ORDER BY agency, since", func(scan func(...any) error) error {
		var id, name string
		if err := scan(&id, &name); err != nil {
			return err
		}
		all[id] = append(all[id], name)
		return nil
	})
	return all, err
}
