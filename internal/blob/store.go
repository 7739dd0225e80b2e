package blob

import "gongkai/internal/db"

func (b *Blob) columns() db.Columns {
	return db.Columns{
		db.Col("digest", &b.Digest), db.Col("sha256", &b.SHA256), db.Col("size", &b.Size), db.Col("media", &b.Media),
		db.Col("kept_at", &b.Kept), db.Col("checked_at", &b.Checked), db.Col("fault", &b.Fault),
	}
}

// keep writes the row of a file; kept again, it is sound again.
func keep(tx *db.Tx, b *Blob) error {
	_, err := tx.Exec(`INSERT INTO blob (digest, sha256, size, media, kept_at, fault) VALUES ($1, $2, $3, $4, $5, '')
		ON CONFLICT (digest) DO UPDATE SET fault = ''`, b.Digest, b.SHA256, b.Size, b.Media, b.Kept)
	return err
}

func get(tx *db.Tx, digest string) (*Blob, error) {
	return db.Get(tx, (*Blob).columns, "blob WHERE digest = $1", digest)
}

// after returns the next n rows in the order of their digests.
func after(tx *db.Tx, digest string, n int) ([]*Blob, error) {
	return db.Select(tx, (*Blob).columns, "blob WHERE digest > $1 ORDER BY digest LIMIT $2", digest, n)
}

// faulty returns the files with a fault.
func faulty(tx *db.Tx) ([]*Blob, error) {
	return db.Select(tx, (*Blob).columns, "blob WHERE fault <> '' ORDER BY digest LIMIT 1000")
}

func checked(tx *db.Tx, digest string, f Fault) error {
	_, err := tx.Exec(`UPDATE blob SET checked_at = $1, fault = $2 WHERE digest = $3`, tx.Now, f, digest)
	return err
}

// known returns which of the digests have a row.
func known(tx *db.Tx, digests []string) (map[string]bool, error) {
	in, args := db.In(0, digests)
	all := map[string]bool{}
	err := tx.Each("SELECT digest FROM blob WHERE digest IN "+in, func(scan func(...any) error) error {
		var d string
		if err := scan(&d); err != nil {
			return err
		}
		all[d] = true
		return nil
	}, args...)
	return all, err
}

// Digests returns the keys of all kept files: some hundred bytes each.
func Digests(tx *db.Tx) (all []string, err error) {
	err = tx.Each("SELECT digest FROM blob ORDER BY digest", func(scan func(...any) error) error {
		var d string
		if err := scan(&d); err != nil {
			return err
		}
		all = append(all, d)
		return nil
	})
	return all, err
}
