package disclosure

import "gongkai/internal/db"

// filesShown lists the readable attachments of those items whose text is public.
func filesShown(tx *db.Tx, items []string) (all []shownFile, err error) {
	list, args := db.In(0, items)
	err = tx.Each(`SELECT i.id, e.attachments FROM item i JOIN item_edition e ON e.id = i.shown
		WHERE i.id IN `+list+` AND i.status IN ('live', 'archived') AND e.attachments NOT IN ('', 'null', '[]') ORDER BY i.id`,
		func(scan func(...any) error) error {
			var item string
			var files []Attachment
			if err := scan(&item, db.JSON(&files)); err != nil {
				return err
			}
			for _, f := range files {
				if f.readable() {
					all = append(all, shownFile{item, f})
				}
			}
			return nil
		}, args...)
	return all, err
}

// textsKnown says which files were read.
func textsKnown(tx *db.Tx, digests []string) (map[string]bool, error) {
	known := map[string]bool{}
	list, args := db.In(0, digests)
	err := tx.Each("SELECT digest FROM file_text WHERE digest IN "+list, func(scan func(...any) error) error {
		var digest string
		err := scan(&digest)
		known[digest] = true
		return err
	}, args...)
	return known, err
}

// textsIn returns what files say.
func textsIn(tx *db.Tx, digests []string) (map[string]string, error) {
	texts := map[string]string{}
	list, args := db.In(0, digests)
	err := tx.Each("SELECT digest, text FROM file_text WHERE text <> '' AND digest IN "+list, func(scan func(...any) error) error {
		var digest, text string
		err := scan(&digest, &text)
		texts[digest] = text
		return err
	}, args...)
	return texts, err
}

// keep writes what a file says, unless another process was faster.
func (t *fileText) keep(tx *db.Tx) error {
	_, err := tx.Exec(`INSERT INTO file_text (digest, state, reason, at, text, size) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (digest) DO NOTHING`, t.Digest, t.State, t.Reason, t.At, t.Text, len(t.Text))
	return err
}

// sizesOf returns how many bytes files say.
func sizesOf(tx *db.Tx, digests []string) (map[string]int, error) {
	sizes := map[string]int{}
	list, args := db.In(0, digests)
	err := tx.Each("SELECT digest, size FROM file_text WHERE size > 0 AND digest IN "+list, func(scan func(...any) error) error {
		var digest string
		var n int
		err := scan(&digest, &n)
		sizes[digest] = n
		return err
	}, args...)
	return sizes, err
}

func countTexts(tx *db.Tx) (map[FileState]int, error) {
	counts := map[FileState]int{}
	err := tx.Each("SELECT state, count(*) FROM file_text GROUP BY state", func(scan func(...any) error) error {
		var s FileState
		var n int
		err := scan(&s, &n)
		counts[s] = n
		return err
	})
	return counts, err
}
