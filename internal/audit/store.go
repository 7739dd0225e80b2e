package audit

import "gongkai/internal/db"

func (r *record) columns() db.Columns {
	return db.Columns{
		db.Col("seq", &r.Seq), db.Col("at", &r.At), db.Col("actor", &r.Actor), db.Col("actor_name", &r.ActorName),
		db.Col("behalf", &r.Behalf), db.Col("remote", &r.Remote), db.Col("agency", &r.Agency), db.Col("act", &r.Act),
		db.Col("subject", &r.Subject), db.Col("subject_id", &r.SubjectID), db.Col("version", &r.Version),
		db.Col("title", &r.Title), db.Col("cite", &r.Cite), db.Col("reason", &r.Reason), db.Col("detail", &r.Detail),
		db.Col("previous", &r.Previous), db.Col("digest", &r.Digest),
	}
}

// next takes the next number and returns it with the digest of the entry before. The row
// it changes makes entries of concurrent acts stand one after the other, without gaps.
func next(tx *db.Tx) (seq int64, previous string, err error) {
	err = tx.One([]any{&seq, &previous},
		"UPDATE audit_head SET seq = seq + 1 WHERE id = 'head' RETURNING seq, digest")
	return seq, previous, err
}

func (r *record) write(tx *db.Tx) error {
	if err := tx.Insert("audit_entry", r.columns()); err != nil {
		return err
	}
	_, err := tx.Exec("UPDATE audit_head SET digest = $1 WHERE id = 'head'", r.Digest)
	return err
}
