package disclosure

import (
	"errors"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/workday"
)

func (i *Item) columns() db.Columns {
	return db.Columns{
		db.Col("id", &i.ID), db.Col("agency", &i.Agency), db.Col("section", &i.Section), db.Col("kind", &i.Kind),
		db.Col("origin", &i.Origin), db.Col("index_no", &i.IndexNo), db.Col("address", &i.Address),
		db.Col("head", &i.Head), db.Col("shown", &i.Shown), db.Col("status", &i.Status),
		db.Col("first_at", &i.FirstAt), db.Col("shown_at", &i.ShownAt), db.Col("ended_at", &i.EndedAt),
		db.Col("ended_reason", &i.EndedReason), db.Col("created_at", &i.CreatedAt), db.Col("created_by", &i.CreatedBy),
		db.Col("version", &i.Version),
	}
}

// brief are the columns of an edition that lists show: all but the text.
func (e *Edition) brief() db.Columns {
	return db.Columns{
		db.Col("id", &e.ID), db.Col("item", &e.Item), db.Col("agency", &e.Agency), db.Col("section", &e.Section),
		db.Col("kind", &e.Kind), db.Col("no", &e.No), db.Col("head", &e.Head), db.Col("state", &e.State),
		db.Col("title", &e.Title), db.Col("subtitle", &e.Subtitle), db.Col("theme", &e.Theme), db.Col("genre", &e.Genre),
		db.Col("doc_no", &e.DocNo), db.Col("issuer", &e.Issuer), db.Col("issued_on", &e.IssuedOn),
		db.Col("formed_on", &e.FormedOn), db.Col("source", &e.Source), db.Col("source_url", &e.SourceURL),
		db.Col("author", &e.Author), db.Col("keywords", db.JSON(&e.Keywords)), db.Col("attribute", &e.Attribute),
		db.Col("basis", db.JSON(&e.Basis)), db.Col("reason", &e.Reason), db.Col("validity", &e.Validity),
		db.Col("effective_on", &e.EffectiveOn), db.Col("expires_on", &e.ExpiresOn),
		db.Col("display_until", &e.DisplayUntil), db.Col("joint_bodies", db.JSON(&e.JointBodies)),
		db.Col("interprets", db.JSON(&e.Interprets)), db.Col("department", &e.Department),
		db.Col("channels", db.JSON(&e.Channels)), db.Col("audience", &e.Audience), db.Col("note", &e.Note),
		db.Col("attachments", db.JSON(&e.Attachments)), db.Col("hash", &e.Hash), db.Col("editors", db.JSON(&e.Editors)),
		db.Col("text_version", &e.TextVersion), db.Col("round", &e.Round), db.Col("cleared", &e.Cleared), db.Col("returned", &e.Returned), db.Col("due_on", &e.DueOn), db.Col("due_sure", &e.DueSure),
		db.Col("submitted_at", &e.SubmittedAt), db.Col("step_at", &e.StepAt), db.Col("publish_at", &e.PublishAt),
		db.Col("published_at", &e.PublishedAt), db.Col("late_reason", &e.LateReason), db.Col("urgent_by", &e.UrgentBy),
		db.Col("urgency", &e.Urgency), db.Col("approve_by", &e.ApproveBy), db.Col("reassess_on", &e.ReassessOn),
		db.Col("created_at", &e.CreatedAt), db.Col("created_by", &e.CreatedBy), db.Col("creator", &e.Creator),
		db.Col("updated_at", &e.UpdatedAt), db.Col("updated_by", &e.UpdatedBy), db.Col("updater", &e.Updater),
		db.Col("version", &e.Version),
	}
}

func (e *Edition) columns() db.Columns {
	return append(e.brief(), db.Col("summary", &e.Summary), db.Col("body", &e.Body))
}

// found turns a missing row into the error a person is shown.
func found[T any](v *T, err error) (*T, error) {
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return v, err
}

func loadItem(tx *db.Tx, id string) (*Item, error) {
	return found(db.Get(tx, (*Item).columns, "item WHERE id = $1", id))
}

func loadEdition(tx *db.Tx, id string) (*Edition, error) {
	return found(db.Get(tx, (*Edition).columns, "item_edition WHERE id = $1", id))
}

// insert writes a new edition.
func (e *Edition) insert(tx *db.Tx) error {
	e.Version, e.TextVersion = 1, 1
	return tx.Insert("item_edition", e.columns())
}

// save writes e as its next version. It fails if someone else wrote that first.
func (e *Edition) save(tx *db.Tx) error {
	e.Version++
	ok, err := tx.Save("item_edition", e.ID, e.Version-1, e.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

func (i *Item) insert(tx *db.Tx) error {
	i.Version = 1
	return tx.Insert("item", i.columns())
}

func (i *Item) save(tx *db.Tx) error {
	i.Version++
	ok, err := tx.Save("item", i.ID, i.Version-1, i.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

// editionsOf lists an item's editions, newest first, without their texts.
func editionsOf(tx *db.Tx, item string) ([]*Edition, error) {
	return db.Select(tx, (*Edition).brief, "item_edition WHERE item = $1 ORDER BY no DESC", item)
}

func (o *Opinion) columns() db.Columns {
	return db.Columns{
		db.Col("id", &o.ID), db.Col("item", &o.Item), db.Col("edition", &o.Edition), db.Col("round", &o.Round),
		db.Col("level", &o.Level), db.Col("decision", &o.Decision), db.Col("hash", &o.Hash), db.Col("text", &o.Text),
		db.Col("ticks", db.JSON(&o.Ticks)), db.Col("remarks", db.JSON(&o.Remarks)), db.Col("actor", &o.Actor),
		db.Col("name", &o.Name), db.Col("behalf", &o.Behalf), db.Col("at", &o.At),
	}
}

func opinionsOf(tx *db.Tx, edition string) ([]*Opinion, error) {
	return db.Select(tx, (*Opinion).columns, "item_opinion WHERE edition = $1 ORDER BY at, id", edition)
}

// Saved is what an edition said at one of its versions.
type Saved struct {
	ID          string
	Edition     string
	Version     int64
	State       State
	Hash        string
	Content     Content
	Attachments []Attachment
	Actor       string
	Name        string
	At          time.Time
	Kept        bool // submitted, reviewed or published as such: kept for ever
}

func (s *Saved) columns() db.Columns {
	return append(s.brief(), db.Col("content", db.JSON(&s.Content)), db.Col("attachments", db.JSON(&s.Attachments)))
}

func (s *Saved) brief() db.Columns {
	return db.Columns{
		db.Col("id", &s.ID), db.Col("edition", &s.Edition), db.Col("version", &s.Version), db.Col("state", &s.State),
		db.Col("hash", &s.Hash), db.Col("actor", &s.Actor), db.Col("name", &s.Name), db.Col("at", &s.At),
		db.Col("kept", &s.Kept),
	}
}

// saving is how long one person's savings of a draft are one entry of its history: somebody
// who looks for an earlier text thinks in minutes of work, not in single savings.
const saving = 10 * time.Minute

// remember keeps what the edition says now. Kept states stay as they are; a draft saved again
// by the same person within a short time takes the place of what that person saved before.
func (e *Edition) remember(tx *db.Tx, by actor.Actor, kept bool) error {
	s := &Saved{
		ID: db.ID(), Edition: e.ID, Version: e.Version, State: e.State, Hash: e.Hash, Content: e.Content,
		Attachments: e.Attachments, Actor: by.ID, Name: by.Name, At: tx.Now, Kept: kept,
	}
	last, err := db.Get(tx, (*Saved).brief, "item_saved WHERE edition = $1 ORDER BY version DESC, id DESC LIMIT 1", e.ID)
	switch {
	case errors.Is(err, db.ErrNone):
	case err != nil:
		return err
	case last.Hash == s.Hash && (last.Kept || !kept):
		return nil
	case last.Hash == s.Hash, !last.Kept && last.Actor == by.ID && tx.Now.Sub(last.At) < saving:
		return s.replace(tx, last.ID)
	}
	return tx.Insert("item_saved", s.columns())
}

// replace writes s in the place of an entry that was not to be kept.
func (s *Saved) replace(tx *db.Tx, id string) error {
	s.ID = id
	last, err := db.Get(tx, (*Saved).brief, "item_saved WHERE id = $1 AND NOT kept", id)
	if err != nil {
		return err
	}
	_, err = tx.Save("item_saved", id, last.Version, s.columns())
	return err
}

// savedOf lists an edition's history, newest first, without the texts.
func savedOf(tx *db.Tx, edition string) ([]*Saved, error) {
	return db.Select(tx, (*Saved).brief, "item_saved WHERE edition = $1 ORDER BY version DESC, id DESC", edition)
}

func loadSaved(tx *db.Tx, id string) (*Saved, error) {
	return found(db.Get(tx, (*Saved).columns, "item_saved WHERE id = $1", id))
}

// savedAs returns what an edition said with a hash.
func savedAs(tx *db.Tx, edition, hash string) (*Saved, error) {
	return found(db.Get(tx, (*Saved).columns,
		"item_saved WHERE edition = $1 AND hash = $2 ORDER BY version DESC, id DESC LIMIT 1", edition, hash))
}

func (o *Override) columns() db.Columns {
	return db.Columns{
		db.Col("id", &o.ID), db.Col("edition", &o.Edition), db.Col("hash", &o.Hash), db.Col("finding", &o.Finding),
		db.Col("reason", &o.Reason), db.Col("actor", &o.Actor), db.Col("name", &o.Name), db.Col("at", &o.At),
	}
}

func overridesOf(tx *db.Tx, edition, hash string) ([]*Override, error) {
	return db.Select(tx, (*Override).columns, "item_override WHERE edition = $1 AND hash = $2 ORDER BY at, id", edition, hash)
}

func (c *Check) columns() db.Columns {
	return db.Columns{
		db.Col("edition", &c.Edition), db.Col("hash", &c.Hash), db.Col("at", &c.At), db.Col("findings", db.JSON(&c.Findings)),
	}
}

// checkOf returns what the checks found in the edition as it is, or ErrUnchecked.
func (e *Edition) checkOf(tx *db.Tx) (*Check, error) {
	c, err := db.Get(tx, (*Check).columns, "item_check WHERE edition = $1 AND hash = $2", e.ID, e.Hash)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrUnchecked
	}
	return c, err
}

// keep writes what the checks found; of one content the last run counts, since word lists and
// days change.
func (c *Check) keep(tx *db.Tx) error {
	n, err := tx.Exec("UPDATE item_check SET at = $3, findings = $4 WHERE edition = $1 AND hash = $2",
		c.Edition, c.Hash, c.At, db.JSON(&c.Findings))
	if err != nil || n == 1 {
		return err
	}
	return tx.Insert("item_check", c.columns())
}

// unsure loads what is not public and whose last day was counted without its year's calendar.
func unsure(tx *db.Tx) ([]*Edition, error) {
	return db.Select(tx, (*Edition).brief, "item_edition WHERE head AND "+openStates+" AND due_on IS NOT NULL AND NOT due_sure ORDER BY id")
}

// redate writes another last day. The version stays: who has the draft open loses nothing.
func (e *Edition) redate(tx *db.Tx, due workday.Due) error {
	_, err := tx.Exec("UPDATE item_edition SET due_on = $1, due_sure = $2 WHERE id = $3 AND version = $4", due.Date, due.Sure, e.ID, e.Version)
	return err
}
