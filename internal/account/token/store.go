package token

import (
	"errors"
	"time"

	"gongkai/internal/db"
)

func (t *Token) columns() db.Columns {
	return db.Columns{
		db.Col("id", &t.ID), db.Col("account", &t.Account), db.Col("name", &t.Name), db.Col("digest", &t.digest), db.Col("agency", &t.Agency),
		db.Col("section", &t.Section), db.Col("submit", &t.Submit), db.Col("scope", (*string)(&t.Scope)), db.Col("reveal", &t.Reveal), db.Col("review", &t.Review), db.Col("created_at", &t.CreatedAt), db.Col("ends_at", &t.EndsAt),
		db.Col("used_at", &t.UsedAt), db.Col("used_from", &t.UsedFrom), db.Col("revoked_at", &t.RevokedAt), db.Col("version", &t.Version),
	}
}

func known(t *Token, err error) (*Token, error) {
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return t, err
}

func load(tx *db.Tx, id string) (*Token, error) {
	return known(db.Get(tx, (*Token).columns, "account_token WHERE id = $1", id))
}

func find(tx *db.Tx, digest string) (*Token, error) {
	return known(db.Get(tx, (*Token).columns, "account_token WHERE digest = $1", digest))
}

func tokensOf(tx *db.Tx, person string) ([]*Token, error) {
	return db.Select(tx, (*Token).columns, "account_token WHERE account = $1 ORDER BY created_at DESC, id DESC", person)
}

func (t *Token) save(tx *db.Tx) error {
	t.Version++
	ok, err := tx.Save("account_token", t.ID, t.Version-1, t.columns())
	if err == nil && !ok {
		return ErrNone
	}
	return err
}

// touch changes no version: using a token is no change of it.
func touch(tx *db.Tx, id, remote string) error {
	_, err := tx.Exec("UPDATE account_token SET used_at = $1, used_from = $2 WHERE id = $3", tx.Now, remote, id)
	return err
}

// post is what was sent under a key of the caller's own.
type post struct {
	ID, Token, Key, Digest, Edition string
	At                              time.Time
}

func (p *post) columns() db.Columns {
	return db.Columns{db.Col("id", &p.ID), db.Col("token", &p.Token), db.Col("key", &p.Key), db.Col("digest", &p.Digest),
		db.Col("edition", &p.Edition), db.Col("at", &p.At)}
}

// claim takes the key, or tells what it was taken for.
func (p *post) claim(tx *db.Tx) (string, error) {
	if err := tx.Lock("posts of " + p.Token); err != nil {
		return "", err
	}
	old, err := db.Get(tx, (*post).columns, "account_token_post WHERE token = $1 AND key = $2", p.Token, p.Key)
	switch {
	case errors.Is(err, db.ErrNone):
		return "", tx.Insert("account_token_post", p.columns())
	case err != nil:
		return "", err
	case old.Digest != p.Digest:
		return "", ErrReused
	case old.Edition != "":
		return old.Edition, nil
	case tx.Now.Sub(old.At) < runningFor:
		return "", ErrRunning
	}
	_, err = tx.Exec("UPDATE account_token_post SET at = $1 WHERE id = $2", tx.Now, old.ID)
	return "", err
}

func settle(tx *db.Tx, token, key, edition string) error {
	if edition == "" {
		_, err := tx.Exec("DELETE FROM account_token_post WHERE token = $1 AND key = $2 AND edition = ''", token, key)
		return err
	}
	_, err := tx.Exec("UPDATE account_token_post SET edition = $1 WHERE token = $2 AND key = $3", edition, token, key)
	return err
}

func forget(tx *db.Tx, before time.Time) error {
	_, err := tx.Exec("DELETE FROM account_token_post WHERE at < $1", before)
	return err
}
