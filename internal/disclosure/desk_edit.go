package disclosure

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/section"
)

// New is what a new item begins with.
type New struct {
	Agency  string
	Section string
	Kind    Kind
	Origin  Origin
	Content Content
}

// Create opens an item with its first edition, a draft.
func (d *Desk) Create(ctx context.Context, by actor.Actor, n New) (e *Edition, err error) {
	if !slices.Contains(Kinds, n.Kind) {
		return nil, ErrKind
	}
	if !slices.Contains(Origins, n.Origin) {
		return nil, ErrOrigin
	}
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		w, err := d.begin(tx, by, n)
		if err != nil {
			return err
		}
		e = w.edition
		return w.record("", nil)
	})
	if err != nil {
		return nil, err
	}
	return e, nil
}

// begin writes the records of a new item.
func (d *Desk) begin(tx *db.Tx, by actor.Actor, n New) (*work, error) {
	path, s, err := section.Path(tx, n.Section)
	if err != nil {
		return nil, err
	}
	w := &work{desk: d, tx: tx, by: by, section: s, path: path, act: actor.ItemCreate, before: Draft, item: &Item{
		ID: db.ID(), Agency: n.Agency, Section: n.Section, Kind: n.Kind, Origin: n.Origin,
		CreatedAt: tx.Now, CreatedBy: by.ID,
	}}
	if err := w.may(); err != nil {
		return nil, err
	}
	if s.Agency != n.Agency || s.Retired {
		return nil, ErrSection
	}
	w.edition = &Edition{ID: db.ID(), Item: w.item.ID, No: 1, Content: n.Content}
	w.item.Head = w.edition.ID
	w.begun()
	if err := w.item.insert(tx); err != nil {
		return nil, err
	}
	if err := w.home(); err != nil {
		return nil, err
	}
	if err := w.edition.insert(tx); err != nil {
		return nil, err
	}
	return w, w.edition.remember(tx, by, false)
}

// begun fills in what every new edition bears.
func (w *work) begun() {
	e, tx := w.edition, w.tx
	e.Agency, e.Section, e.Kind = w.item.Agency, w.item.Section, w.item.Kind
	e.Head, e.State, e.StepAt = true, Draft, tx.Now
	e.CreatedAt, e.CreatedBy, e.Creator = tx.Now, w.by.ID, w.by.Name
	e.UpdatedAt, e.UpdatedBy, e.Updater = tx.Now, w.by.ID, w.by.Name
	e.Editors = []string{w.by.ID}
	e.tidy()
	e.reckon(w.desk.Calendar(), w.section)
}

// Save writes what an edition says. version is the one the person saw: when another saved
// since, nothing is written and ErrStale returned, with both texts still there. A content
// that is the same as before leaves everything as it is.
func (d *Desk) Save(ctx context.Context, by actor.Actor, edition string, version int64, c Content) (*Edition, error) {
	return d.update(ctx, by, actor.ItemEdit, edition, func(w *work) error {
		if version < w.edition.TextVersion || version > w.edition.Version {
			return ErrStale
		}
		return w.edit(func() error {
			w.edition.Content, w.edition.TextVersion = c, w.edition.Version+1
			return nil
		})
	})
}

// attempts is how often a change of the files is tried when others change the draft at once.
const attempts = 12

// files changes a draft's files by do, whatever became of its text meanwhile: pictures go up
// while somebody writes. When another act was faster, it starts again from what that one left.
func (d *Desk) files(ctx context.Context, by actor.Actor, edition string, do func(w *work) error) (e *Edition, err error) {
	for range attempts {
		e, err = d.update(ctx, by, actor.ItemEdit, edition, func(w *work) error {
			return w.edit(func() error { return do(w) })
		})
		if !errors.Is(err, ErrStale) {
			break
		}
	}
	return e, err
}

// edit changes a draft by do and saves it.
func (w *work) edit(do func() error) error {
	if err := w.take(Save); err != nil {
		return err
	}
	before := *w.edition
	before.Attachments = slices.Clone(before.Attachments)
	if err := do(); err != nil {
		return err
	}
	return w.changed(&before)
}

// changed completes and saves a changed draft.
func (w *work) changed(before *Edition) error {
	e := w.edition
	e.tidy()
	e.reckon(w.desk.Calendar(), w.section)
	if e.Hash == before.Hash {
		e.TextVersion = before.TextVersion
		return nil
	}
	e.UpdatedAt, e.UpdatedBy, e.Updater = w.tx.Now, w.by.ID, w.by.Name
	if !slices.Contains(e.Editors, w.by.ID) {
		e.Editors = append(e.Editors, w.by.ID)
	}
	if err := e.save(w.tx); err != nil {
		return err
	}
	if err := e.remember(w.tx, w.by, false); err != nil {
		return err
	}
	return w.record("", map[string][]string{"changed": changes(before, e)})
}

// Attach adds a file that the store received. Its media type is the one told from its
// content, never the one a browser claims.
func (d *Desk) Attach(ctx context.Context, by actor.Actor, edition string, a Attachment, b *blob.Blob) (*Edition, error) {
	return d.files(ctx, by, edition, func(w *work) error {
		e := w.edition
		if len(e.Attachments) >= MaxFiles {
			return ErrFiles
		}
		if a.ID == "" {
			a.ID = db.ID()
		}
		if a.Name = strings.TrimSpace(legible(a.Name)); a.Name == "" || e.file(a.ID) >= 0 {
			return ErrFile
		}
		a.Digest, a.Media, a.Size = b.Digest, b.Media, b.Size
		e.Attachments = append(e.Attachments, a)
		return d.Blobs.Keep(w.tx, b)
	})
}

// Describe changes what is said of an attached file: its name, its alternative text, its
// transcript, whether it stands in the text.
func (d *Desk) Describe(ctx context.Context, by actor.Actor, edition string, a Attachment) (*Edition, error) {
	return d.files(ctx, by, edition, func(w *work) error {
		e := w.edition
		n := e.file(a.ID)
		if n < 0 {
			return ErrFile
		}
		f := &e.Attachments[n]
		if name := strings.TrimSpace(legible(a.Name)); name != "" {
			f.Name = name
		}
		f.Alt, f.Transcript, f.Inline = strings.TrimSpace(a.Alt), strings.TrimSpace(a.Transcript), a.Inline
		return nil
	})
}

// Detach takes a file off the edition. Its bytes stay with the history.
func (d *Desk) Detach(ctx context.Context, by actor.Actor, edition, file string) (*Edition, error) {
	return d.files(ctx, by, edition, func(w *work) error {
		e := w.edition
		n := e.file(file)
		if n < 0 {
			return ErrFile
		}
		e.Attachments = slices.Delete(e.Attachments, n, n+1)
		return nil
	})
}

// Reorder puts the files into the order of ids.
func (d *Desk) Reorder(ctx context.Context, by actor.Actor, edition string, ids []string) (*Edition, error) {
	return d.files(ctx, by, edition, func(w *work) error {
		e := w.edition
		if len(ids) != len(e.Attachments) {
			return ErrFile
		}
		var all []Attachment
		for _, id := range tidyList(ids) {
			n := e.file(id)
			if n < 0 {
				return ErrFile
			}
			all = append(all, e.Attachments[n])
		}
		if len(all) != len(ids) {
			return ErrFile
		}
		e.Attachments = all
		return nil
	})
}

// file returns where the file of that ID stands, -1 for nowhere.
func (e *Edition) file(id string) int {
	return slices.IndexFunc(e.Attachments, func(a Attachment) bool { return a.ID == id })
}

// Move gives a draft that was never published another home.
func (d *Desk) Move(ctx context.Context, by actor.Actor, edition string, version int64, target string) (*Edition, error) {
	return d.update(ctx, by, actor.ItemEdit, edition, func(w *work) error {
		if err := w.seen(version); err != nil {
			return err
		}
		if err := w.take(Save); err != nil {
			return err
		}
		if w.item.Status != Unseen {
			return ErrHome
		}
		from := w.item.Section
		path, to, err := section.Path(w.tx, target)
		if err != nil {
			return err
		}
		if to.Agency != w.item.Agency || to.Retired {
			return ErrSection
		}
		w.section, w.path, w.item.Section, w.edition.Section = to, path, target, target
		if err := w.may(); err != nil {
			return err
		}
		if err := w.rehome(from); err != nil {
			return err
		}
		w.edition.reckon(d.Calendar(), to)
		if err := w.item.save(w.tx); err != nil {
			return err
		}
		return w.finish("", map[string]string{"from": from, "to": target})
	})
}

// Discard closes a draft that will not be published. It stays on record.
func (d *Desk) Discard(ctx context.Context, by actor.Actor, edition string, version int64, reason string) (*Edition, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, ErrReason
	}
	return d.update(ctx, by, actor.ItemDiscard, edition, func(w *work) error {
		if err := w.seen(version); err != nil {
			return err
		}
		if err := w.take(Discard); err != nil {
			return err
		}
		w.edition.Head = w.item.Shown == ""
		if err := w.edition.save(w.tx); err != nil {
			return err
		}
		if err := w.restore(); err != nil {
			return err
		}
		if err := section.Dropped(w.tx, w.item.ID); err != nil {
			return err
		}
		return w.record(reason, nil)
	})
}

// restore makes the shown edition the item's head again after a correction was given up.
func (w *work) restore() error {
	if w.edition.Head {
		return nil
	}
	shown, err := loadEdition(w.tx, w.item.Shown)
	if err != nil {
		return err
	}
	shown.Head, w.item.Head = true, shown.ID
	if err := shown.save(w.tx); err != nil {
		return err
	}
	return w.item.save(w.tx)
}

// Recall takes a submitted edition back to be changed. What was approved is void once it is.
func (d *Desk) Recall(ctx context.Context, by actor.Actor, edition string, version int64, reason string) (*Edition, error) {
	return d.move(ctx, by, actor.ItemRecall, edition, version, Recall, reason)
}

// move is an act that is a step with its reason and no more.
func (d *Desk) move(ctx context.Context, by actor.Actor, act actor.Act, edition string, version int64, s Step, reason string) (*Edition, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, ErrReason
	}
	return d.update(ctx, by, act, edition, func(w *work) error {
		if err := w.seen(version); err != nil {
			return err
		}
		if err := w.take(s); err != nil {
			return err
		}
		return w.finish(reason, nil)
	})
}

// changes names the parts of an edition that differ, for the audit: never their content.
func changes(a, b *Edition) []string {
	var out []string
	for _, p := range []struct {
		name string
		same bool
	}{
		{"title", a.Title == b.Title && a.Subtitle == b.Subtitle},
		{"summary", a.Summary == b.Summary},
		{"body", a.Body == b.Body},
		{"files", slices.Equal(a.Attachments, b.Attachments)},
		{"formed_on", a.FormedOn == b.FormedOn},
		{"attribute", a.Attribute == b.Attribute && slices.Equal(a.Basis, b.Basis) && a.Reason == b.Reason},
		{"display_until", a.DisplayUntil == b.DisplayUntil},
	} {
		if !p.same {
			out = append(out, p.name)
		}
	}
	if len(out) == 0 {
		out = append(out, "metadata")
	}
	return out
}
