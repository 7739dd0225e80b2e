package disclosure

import (
	"strings"

	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/richtext"
	"gongkai/internal/search"
)

// The states texts are found under. What is public is found by everybody who searches the
// portal; what is not, or no longer, is found in the office by who may look at it.
const (
	TextPublic = "public"
	TextDraft  = "draft" // also what was discarded, withheld, taken down
)

// draftMark begins the key of the text of an item's newest edition while that is not what
// the public sees.
const draftMark = "d:"

// Texts are what the text index holds of items: what the public sees under the item's key,
// and the newest edition under another where the public does not see it.
type Texts struct{}

// Changed tells the text index of items that changed, in the act's transaction, and asks for
// the reading of attachments that are new.
func (Texts) Changed(tx *db.Tx, items ...string) error {
	if err := askToRead(tx, items); err != nil {
		return err
	}
	keys := make([]string, 0, 2*len(items))
	for _, id := range items {
		keys = append(keys, id, draftMark+id)
	}
	return search.Changed(tx, keys...)
}

// ItemOf returns the item a key of the text index belongs to.
func ItemOf(key string) string { return strings.TrimPrefix(key, draftMark) }

// Documents returns the texts of those keys that exist.
func (Texts) Documents(tx *db.Tx, keys []string) ([]search.Document, error) {
	var items []string
	wanted := map[string]bool{}
	for _, k := range keys {
		wanted[k] = true
		items = append(items, ItemOf(k))
	}
	rows, err := textsOf(tx, items)
	if err != nil {
		return nil, err
	}
	places, err := standingOf(tx, items)
	if err != nil {
		return nil, err
	}
	files, err := textsIn(tx, digestsOf(rows))
	if err != nil {
		return nil, err
	}
	var docs []search.Document
	for _, r := range rows {
		if d := r.document(places[r.Item], files); wanted[d.ID] {
			docs = append(docs, d)
		}
	}
	return docs, nil
}

// Imported is Changed for items that were brought in as published and have no draft beside
// them.
func (Texts) Imported(tx *db.Tx, items ...string) error {
	if err := askToRead(tx, items); err != nil {
		return err
	}
	return search.Changed(tx, items...)
}

// digestsOf lists the files whose texts belong to texts: those of what is public. A draft's are
// read when it is published.
func digestsOf(rows []*text) (all []string) {
	for _, r := range rows {
		if !r.Public {
			continue
		}
		for _, a := range r.Attachments {
			if a.readable() {
				all = append(all, a.Digest)
			}
		}
	}
	return all
}

// IDs returns the keys of up to n texts after a key, an item's two together.
func (Texts) IDs(tx *db.Tx, after string, n int) (keys []string, err error) {
	items, err := itemsAfter(tx, ItemOf(after), max(n/2, 1))
	if err != nil {
		return nil, err
	}
	if items, err = fewer(tx, items, mostAtOnce); err != nil {
		return nil, err
	}
	for _, id := range items {
		keys = append(keys, id, draftMark+id)
	}
	return keys, nil
}

// mostAtOnce bounds the bytes of attachments' texts that IDs lets an index take in at a time.
const mostAtOnce = 64 << 20

// fewer leaves so many of the items that the texts of their attachments stay within most, at
// least one.
func fewer(tx *db.Tx, items []string, most int) ([]string, error) {
	files, err := filesShown(tx, items)
	if err != nil || len(files) == 0 {
		return items, err
	}
	sizes, err := sizesOf(tx, digests(files))
	if err != nil {
		return nil, err
	}
	of := map[string]int{}
	for _, f := range files {
		of[f.Item] += sizes[f.Digest]
	}
	all := 0
	for i, id := range items {
		if all += of[id]; all > most && i > 0 {
			return items[:i], nil
		}
	}
	return items, nil
}

// text is an edition as the index takes it in.
type text struct {
	Edition
	IndexNo string
	Public  bool
}

func (t *text) document(places []string, files map[string]string) search.Document {
	d := search.Document{
		ID: t.Item, Agency: t.Agency, Sections: places, State: TextPublic, At: t.PublishedAt, Title: t.Title,
		Body:    strings.Join([]string{t.Subtitle, t.Summary, strings.Join(t.Keywords, " "), richtext.Text(t.Body)}, "\n"),
		Numbers: tidyList([]string{t.DocNo, t.IndexNo}), Themes: levels(t.Theme), Genre: t.Genre, Year: t.year(),
		Issuer: t.Issuer, Validity: string(t.Validity), Kind: string(t.Kind),
	}
	for _, a := range t.Attachments {
		said := strings.TrimSpace(strings.Join([]string{a.Alt, a.Transcript, files[a.Digest]}, "\n"))
		if a.Inline { // its description is part of the text, its name means nothing
			d.Body += "\n" + said
			continue
		}
		d.Parts = append(d.Parts, search.Part{Name: a.Name, Text: said})
	}
	if !t.Public {
		d.ID, d.State, d.At, d.Sections = draftMark+t.Item, TextDraft, t.UpdatedAt, []string{t.Section}
	}
	return d
}

// year is the one readers look for a document under: of its issue, else of its making, else of
// its publication.
func (t *text) year() int {
	for _, d := range []date.Date{t.IssuedOn, t.FormedOn, dayOf(t.PublishedAt)} {
		if !d.IsZero() && d.Year() > 1 {
			return d.Year()
		}
	}
	return 0
}

// levels returns a subject's code and that of the one above it: 0201 stands below 02.
func levels(theme string) []string {
	if len(theme) > 2 {
		return []string{theme[:2], theme}
	}
	return tidyList([]string{theme})
}
