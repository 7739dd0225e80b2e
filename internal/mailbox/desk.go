package mailbox

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/db"
)

// Filter chooses messages of a body for a list, the latest first.
type Filter struct {
	Agency string
	State  State
	Kind   Kind
	// After and Before are the id of the row that the page begins after or ends before.
	After, Before string
	Limit         int
}

// List returns the messages of a filter, without their files and texts. Who wrote is for the one
// who opens a message: lists show Masked.
func (d *Desk) List(ctx context.Context, by actor.Actor, f Filter) (all []*Message, err error) {
	if err := by.May(actor.MailboxView, actor.In(f.Agency)); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if all, err = list(tx, f); err != nil {
			return err
		}
		for _, m := range all {
			if err := d.open(tx, m); err != nil {
				return err
			}
			m.Text = ""
		}
		return nil
	})
	if f.Before != "" {
		slices.Reverse(all)
	}
	return all, err
}

// Get returns one message with the names of its files. That somebody read it is put on record.
func (d *Desk) Get(ctx context.Context, by actor.Actor, id string) (m *Message, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if m, err = d.seen(tx, by, actor.MailboxView, id); err != nil {
			return err
		}
		if err := d.openFiles(tx, m); err != nil {
			return err
		}
		for i := range m.Files {
			m.Files[i].Data = nil
		}
		return audit.Append(tx, by, m.entry(actor.MailboxView, "", nil))
	})
	return m, err
}

// seen loads and opens a message somebody may do act with.
func (d *Desk) seen(tx *db.Tx, by actor.Actor, act actor.Act, id string) (*Message, error) {
	m, err := load(tx, id)
	if err != nil {
		return nil, err
	}
	if err := by.May(act, actor.In(m.Agency)); err != nil {
		return nil, err
	}
	return m, d.open(tx, m)
}

func (m *Message) entry(act actor.Act, reason string, detail map[string]any) audit.Entry {
	return audit.Entry{Act: act, Agency: m.Agency, Subject: "mail", ID: m.ID, Version: m.Version, Reason: reason, Detail: detail}
}

// File returns one attachment as it was sent. That somebody took it is put on record.
func (d *Desk) File(ctx context.Context, by actor.Actor, id, file string) (f *File, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		m, err := d.seen(tx, by, actor.MailboxView, id)
		if err != nil {
			return err
		}
		if err := d.openFiles(tx, m); err != nil {
			return err
		}
		i := slices.IndexFunc(m.Files, func(f File) bool { return f.ID == file })
		if i < 0 {
			return ErrNone
		}
		f = &m.Files[i]
		return audit.Append(tx, by, m.entry(actor.MailboxView, "", map[string]any{"file": file}))
	})
	return f, err
}

// change loads a message of that version, lets do change it, and saves it.
func (d *Desk) change(ctx context.Context, by actor.Actor, id string, version int64, did, reason string, do func(tx *db.Tx, m *Message) error) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		m, err := d.seen(tx, by, actor.MailboxHandle, id)
		if err != nil {
			return err
		}
		if m.Version != version {
			return ErrStale
		}
		if err := do(tx, m); err != nil {
			return err
		}
		m.Handler = by.ID
		if err := m.save(tx); err != nil {
			return err
		}
		return audit.Append(tx, by, m.entry(actor.MailboxHandle, reason, map[string]any{"did": did, "about": m.About, "about_id": m.AboutID}))
	})
}

// Assign says which record a message belongs to. link makes sure that the record is the same body's
// and notes the message there; it runs in the same transaction and may be nil.
func (d *Desk) Assign(ctx context.Context, by actor.Actor, id string, version int64, about, record string, link func(tx *db.Tx, m *Message) error) error {
	if about == "" || record == "" {
		return ErrRecord
	}
	return d.change(ctx, by, id, version, "assign", "", func(tx *db.Tx, m *Message) error {
		if m.State == Discarded {
			return ErrState
		}
		m.State, m.About, m.AboutID, m.Ended = Assigned, about, record, tx.Now
		if link == nil {
			return nil
		}
		if err := d.openFiles(tx, m); err != nil {
			return err
		}
		return link(tx, m)
	})
}

// Admit makes a record of a message that none was made of by itself, as of one sorted wrongly.
func (d *Desk) Admit(ctx context.Context, by actor.Actor, id string, version int64) error {
	if d.Take == nil {
		return ErrNoTaker
	}
	return d.change(ctx, by, id, version, "admit", "", func(tx *db.Tx, m *Message) error {
		if m.State != New {
			return ErrState
		}
		if err := d.openFiles(tx, m); err != nil {
			return err
		}
		if err := d.Take(tx, by, m); err != nil {
			return err
		}
		if m.AboutID == "" {
			return ErrNoTaker
		}
		m.State, m.Ended = Assigned, tx.Now
		m.Remarks = slices.DeleteFunc(m.Remarks, func(r Remark) bool { return r == Unfit })
		return nil
	})
}

// mostReason is the length of a reason, in characters.
const mostReason = 500

// Discard sets a message aside that is none of our business. Its content goes after thirty days,
// until when it can be brought back.
func (d *Desk) Discard(ctx context.Context, by actor.Actor, id string, version int64, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" || utf8.RuneCountInString(reason) > mostReason {
		return ErrReason
	}
	return d.change(ctx, by, id, version, "discard", reason, func(tx *db.Tx, m *Message) error {
		if m.State != New {
			return ErrState
		}
		m.State, m.Reason, m.Ended = Discarded, reason, tx.Now
		return nil
	})
}

// Restore brings a discarded message back, as long as its content is there.
func (d *Desk) Restore(ctx context.Context, by actor.Actor, id string, version int64) error {
	return d.change(ctx, by, id, version, "restore", "", func(tx *db.Tx, m *Message) error {
		if m.State != Discarded || m.sealed == "" {
			return ErrState
		}
		m.State, m.Reason, m.Ended = New, "", time.Time{}
		return nil
	})
}

// Of returns the messages that belong to a record, the oldest first, opened, for a caller that has
// made sure of the right to see them.
func (d *Desk) Of(tx *db.Tx, about, id string) ([]*Message, error) {
	all, err := of(tx, about, id)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		if err := d.open(tx, m); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Status is how the reading of the mailbox goes.
type Status struct {
	Read    time.Time // when all new mail was last taken in
	Trouble string    // why it could not be, "" for none
	Waiting int       // letters nobody has dealt with
}

// Status tells how the reading of the mailbox goes, for who may see what arrives at the body.
func (d *Desk) Status(ctx context.Context, by actor.Actor, agency string) (s Status, err error) {
	if err := by.May(actor.MailboxView, actor.In(agency)); err != nil || !d.On() {
		return s, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		m, err := loadMark(tx, d.markID())
		if err != nil && !errors.Is(err, db.ErrNone) {
			return err
		}
		if err == nil {
			s.Read, s.Trouble = m.Read, m.Trouble
		}
		s.Waiting, err = waiting(tx, agency)
		return err
	})
	return s, err
}
