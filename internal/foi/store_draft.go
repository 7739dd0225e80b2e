package foi

import (
	"errors"
	"time"

	"gongkai/internal/db"
)

func (f *Draft) columns() db.Columns {
	return db.Columns{
		db.Col("id", &f.ID), db.Col("mark", &f.mark), db.Col("sealed", &f.sealed), db.Col("began_at", &f.BeganAt),
		db.Col("ends_at", &f.EndsAt), db.Col("version", &f.version),
	}
}

// loadDraft loads a draft whose time is not over.
func loadDraft(tx *db.Tx, mark string) (*Draft, error) {
	f, err := db.Get(tx, (*Draft).columns, "foi_draft WHERE mark = $1 AND ends_at > $2", mark, tx.Now)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNoDraft
	}
	return f, err
}

// holdDraft makes others who change a draft wait until this transaction ends.
func holdDraft(tx *db.Tx, mark string) error {
	_, err := tx.Exec("UPDATE foi_draft SET version = version WHERE mark = $1", mark)
	return err
}

func (f *Draft) save(tx *db.Tx) error {
	f.version++
	ok, err := tx.Save("foi_draft", f.ID, f.version-1, f.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

func (f *DraftFile) columns() db.Columns {
	return db.Columns{
		db.Col("id", &f.ID), db.Col("draft", &f.draft), db.Col("kind", &f.Kind), db.Col("name", &f.sealedName), db.Col("size", &f.Size),
	}
}

func draftFiles(tx *db.Tx, draft string) ([]*DraftFile, error) {
	return db.Select(tx, (*DraftFile).columns, "foi_draft_file WHERE draft = $1 ORDER BY id", draft)
}

func (f *DraftFile) insert(tx *db.Tx, content string) error {
	_, err := tx.Exec("INSERT INTO foi_draft_file (id, draft, kind, name, size, content) VALUES ($1, $2, $3, $4, $5, $6)",
		f.ID, f.draft, string(f.Kind), f.sealedName, f.Size, content)
	return err
}

func draftContent(tx *db.Tx, id string) (sealed string, err error) {
	err = tx.One([]any{&sealed}, "SELECT content FROM foi_draft_file WHERE id = $1", id)
	return sealed, err
}

func dropDraftFile(tx *db.Tx, draft, id string) error {
	_, err := tx.Exec("DELETE FROM foi_draft_file WHERE draft = $1 AND id = $2", draft, id)
	return err
}

func dropDraftFiles(tx *db.Tx, draft string) error {
	_, err := tx.Exec("DELETE FROM foi_draft_file WHERE draft = $1", draft)
	return err
}

func dropDraft(tx *db.Tx, draft string) error {
	if err := dropDraftFiles(tx, draft); err != nil {
		return err
	}
	_, err := tx.Exec("DELETE FROM foi_draft WHERE id = $1", draft)
	return err
}

// endedDrafts lists drafts whose time is over.
func endedDrafts(tx *db.Tx, now time.Time, n int) (ids []string, err error) {
	err = tx.Each("SELECT id FROM foi_draft WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2", func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, now, n)
	return ids, err
}

// allSettings calls do with the settings of every body that has its own.
func allSettings(tx *db.Tx, do func(agency, data string) error) error {
	return tx.Each("SELECT agency, data FROM foi_setting ORDER BY agency", func(scan func(...any) error) error {
		var agency, data string
		if err := scan(&agency, &data); err != nil {
			return err
		}
		return do(agency, data)
	})
}
