//go:build linux

package main

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/installation"
	"gongkai/internal/search"
	"gongkai/internal/storage"
)

// balances are counts that are equal when each act left its rows and its entry, and no act
// left one without the other. Statements of one line are summed with their sign.
var balances = []struct{ what, one, other string }{
	{"items and entries of their making", "SELECT count(*) FROM item", "SELECT count(*) FROM audit_entry WHERE act = 'item.create'"},
	{"opinions and entries of reviews", "SELECT count(*) FROM item_opinion",
		"SELECT count(*) FROM audit_entry WHERE act IN ('item.review1', 'item.review2', 'item.review3', 'item.secrecy')"},
	{"index numbers and items that bear one", "SELECT count(*) FROM index_number", "SELECT count(DISTINCT index_no) FROM item WHERE index_no <> ''"},
	{"index numbers and the last of their series", "SELECT count(*) FROM index_number", "SELECT coalesce(sum(last), 0) FROM index_series"},
	{"submitted items and items that bear a number", "SELECT count(DISTINCT item) FROM item_edition WHERE submitted_at IS NOT NULL",
		"SELECT count(*) FROM item WHERE index_no <> ''"},
	{"editions with a time and jobs that wait for it", "SELECT count(*) FROM item_edition WHERE state = 'scheduled'",
		"SELECT count(*) FROM job WHERE kind = 'item.publish' AND state IN ('ready', 'running')"},
	{"grants and entries of granting", "SELECT count(*) FROM account_grant WHERE role NOT IN ('sysadmin', 'secadmin', 'auditor')",
		"SELECT count(*) FROM audit_entry WHERE act = 'account.grant'"},
}

// sound checks what the town keeps once its servers have ended.
func (w *town) sound() {
	w.t.Helper()
	if code, out := run(w.t, w.settings("audit", "verify")...); code != 0 {
		w.t.Errorf("audit verify: exit code %d: %s", code, out)
	}
	w.kept(func(k *storage.Storage) error {
		return k.DB.View(w.t.Context(), func(tx *db.Tx) error {
			for _, b := range balances {
				one, err := tx.Count(b.one)
				if err != nil {
					return err
				}
				other, err := tx.Count(b.other)
				if err != nil {
					return err
				}
				if one != other {
					w.t.Errorf("%s: %d and %d", b.what, one, other)
				}
			}
			return w.files(tx, k)
		})
	})
	w.searched()
}

// files makes sure that each file of record is whole, and that no other lies among them that
// is not.
func (w *town) files(tx *db.Tx, k *storage.Storage) error {
	digests, err := blob.Digests(tx)
	if err != nil {
		return err
	}
	for _, digest := range digests {
		if whole, err := k.Files.Sound(w.t.Context(), digest); err != nil || !whole {
			w.t.Errorf("file %s is not whole: %v", digest, err)
		}
	}
	root := filepath.Join(w.c.Data, "files")
	return filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.Contains(path, "incoming") {
			return err
		}
		return sameDigest(w.t, path)
	})
}

// searched makes sure that the text index finds, once it has caught up, what one made anew
// finds.
func (w *town) searched() {
	w.t.Helper()
	n, err := installation.Open(w.t.Context(), w.c)
	if err != nil {
		w.t.Fatal(err)
	}
	defer n.Close()
	found := func() (ids []string) {
		for _, word := range []string{"正文", "编号", "连写"} {
			for after, more := "", true; more; more = after != "" {
				r, err := n.Search.Search(w.t.Context(), search.Query{Text: word, After: after, Limit: 100})
				if err != nil {
					w.t.Fatal(err)
				}
				for _, h := range r.Hits {
					ids = append(ids, word+h.ID)
				}
				after = r.Next
			}
		}
		return ids
	}
	if _, err := n.Search.CatchUp(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	before := set(found())
	if _, err := n.Search.Rebuild(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	after := set(found())
	if len(before) != len(after) || len(after) == 0 {
		w.t.Errorf("the text index finds %d, made anew %d", len(before), len(after))
	}
	for id := range after {
		if !before[id] {
			w.t.Errorf("the text index lacks %s", id)
		}
	}
}

func set(all []string) map[string]bool {
	m := map[string]bool{}
	for _, one := range all {
		m[one] = true
	}
	return m
}

// count counts rows.
func (w *town) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	w.kept(func(k *storage.Storage) error {
		return k.DB.View(t.Context(), func(tx *db.Tx) (err error) {
			n, err = tx.Count(query, args...)
			return err
		})
	})
	return n
}
