package mailbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/job"
	"gongkai/internal/notify"
)

// The kinds of jobs.
const (
	FetchJob = "mailbox.fetch"
	PurgeJob = "mailbox.purge"
)

// Queue is the queue of reading mail, with a worker of its own.
const Queue = "mailbox"

// The rhythms: our own arrangement.
const (
	fetchEvery = 2 * time.Minute
	// firstDays is how far back mail counts when a mailbox is opened for the first time: long enough
	// for what came while it was being set up.
	firstDays = 7
	// keepDiscarded is how long the content of discarded mail can be brought back.
	keepDiscarded = 30 * 24 * time.Hour
)

// Handlers returns what runs the jobs.
func (d *Desk) Handlers() map[string]job.Handler {
	plain := func(do func(ctx context.Context) error) job.Handler {
		return job.Handle(func(ctx context.Context, _ struct{}) error { return do(ctx) })
	}
	return map[string]job.Handler{FetchJob: plain(d.Fetch), PurgeJob: plain(d.Purge)}
}

// Schedules returns when the jobs run by themselves; none where there is no mailbox.
func (d *Desk) Schedules() []job.Schedule {
	if !d.On() {
		return nil
	}
	return []job.Schedule{job.Every(FetchJob, fetchEvery), job.Daily(PurgeJob, 2, 20)}
}

// Purge forgets what mail said that was discarded a month ago.
func (d *Desk) Purge(ctx context.Context) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error { return fade(tx, tx.Now.Add(-keepDiscarded)) })
}

// Fetch reads the mail that is new. Each is kept in one transaction with the mark of how far was
// read, so that whatever happens in between nothing is lost and nothing taken twice.
func (d *Desk) Fetch(ctx context.Context) error {
	if !d.On() {
		return nil
	}
	k, data, err := d.Server.open(ctx)
	if err != nil {
		return errors.Join(err, d.troubled(ctx, err))
	}
	m, err := d.begin(ctx, data.UIDValidity)
	if err == nil {
		err = d.read(ctx, k, m)
	}
	return errors.Join(err, k.close(), d.troubled(ctx, err))
}

// read takes in what stands behind the mark.
func (d *Desk) read(ctx context.Context, k *connection, m *mark) error {
	since := time.Date(m.Since.Year(), time.Month(m.Since.Month()), m.Since.Day(), 0, 0, 0, 0, date.China)
	uids, err := k.search(uint32(m.Next), since)
	if err != nil {
		return err
	}
	for _, uid := range uids {
		if int64(uid) < m.Next { // a range that ends with * always holds the last mail
			continue
		}
		l, err := k.fetch(uid, mostSize)
		if err != nil {
			return fmt.Errorf("fetch a mail: %w", err)
		}
		if err := d.take(ctx, m.Validity, uid, l); err != nil {
			return err
		}
	}
	return nil
}

// markID is the name under which it is kept how far the mailbox was read.
func (d *Desk) markID() string { return d.Keys.Lookup("mailbox:name", d.Server.name()) }

// begin returns how far the mailbox was read. A new validity says that the server counts anew: all
// is looked through again, and what was taken is known by its content.
func (d *Desk) begin(ctx context.Context, validity uint32) (m *mark, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		m, err = loadMark(tx, d.markID())
		if errors.Is(err, db.ErrNone) {
			m, err = &mark{ID: d.markID(), Since: tx.Today().Plus(-firstDays)}, nil
		}
		if err != nil {
			return err
		}
		if m.Validity != int64(validity) {
			m.Validity, m.Next = int64(validity), 1
		}
		return m.save(tx)
	})
	return m, err
}

// troubled notes when the mailbox was last read, or why it could not be.
func (d *Desk) troubled(ctx context.Context, why error) error {
	return d.DB.Update(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		m, err := loadMark(tx, d.markID())
		if errors.Is(err, db.ErrNone) {
			m, err = &mark{ID: d.markID(), Since: tx.Today().Plus(-firstDays)}, nil
		}
		if err != nil {
			return err
		}
		m.Trouble = ""
		if why != nil {
			m.Trouble = clipped(why.Error())
		} else {
			m.Read = tx.Now
		}
		return m.save(tx)
	})
}

func clipped(s string) string {
	const most = 300
	r := []rune(s)
	return string(r[:min(len(r), most)])
}

// take keeps one mail and moves the mark behind it. A letter nobody can make anything of by itself
// is kept all the same.
func (d *Desk) take(ctx context.Context, validity int64, uid imap.UID, l *letter) error {
	var m *Message
	if l != nil {
		m = parse(l.raw)
		m.Size, m.Arrived, m.content = l.size, l.arrived.UTC(), d.contentOf(l.raw, m)
		if l.size > mostSize {
			m.remark(TooLarge)
		}
	}
	err := d.keep(ctx, validity, uid, m, d.Take)
	if m == nil || fault.KindOf(err) == fault.Internal || err == nil {
		return err
	}
	m.remark(Unfit)
	return d.keep(ctx, validity, uid, m, nil)
}

// contentOf is a mark of what a mail says. Its way here is no part of it: the lines servers put
// before it differ where the same mail came by two ways.
func (d *Desk) contentOf(raw []byte, m *Message) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %q %d %q\n", m.MessageID, m.From.Address, m.Subject, m.Sent.Format(time.RFC3339), len(m.Files), m.Text)
	for _, f := range m.Files {
		fmt.Fprintf(h, "%q %d\n", f.Name, f.Size)
		h.Write(f.Data)
	}
	if m.MessageID == "" && m.Sent.IsZero() { // nothing tells two such mails apart but all of it
		h.Write(raw)
	}
	return d.Keys.Lookup("mailbox:content", hex.EncodeToString(h.Sum(nil)))
}

// system is who takes mail in.
var system = actor.System(string(actor.MailboxReceive))

// keep is the transaction of one mail.
func (d *Desk) keep(ctx context.Context, validity int64, uid imap.UID, m *Message, hand func(*db.Tx, actor.Actor, *Message) error) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := tx.Lock("mailbox/" + d.markID()); err != nil { // another process may be reading too
			return err
		}
		k, err := loadMark(tx, d.markID())
		if err != nil {
			return err
		}
		if k.Validity != validity || k.Next > int64(uid) {
			return nil
		}
		k.Next = int64(uid) + 1
		if err := k.save(tx); err != nil || m == nil {
			return err
		}
		if again, err := taken(tx, m.content); err != nil || again {
			return err
		}
		return d.admit(tx, m, hand)
	})
}

// admit writes a new message, after it was handed on.
func (d *Desk) admit(tx *db.Tx, m *Message, hand func(*db.Tx, actor.Actor, *Message) error) (err error) {
	if m.Agency, err = d.Agency(tx); err != nil {
		return err
	}
	m.ID, m.Taken, m.State, m.Version, m.About, m.AboutID = db.ID(), tx.Now, New, 1, "", ""
	if err := d.relate(tx, m); err != nil {
		return err
	}
	if m.Kind == Letter && hand != nil && m.Agency != "" {
		if err := hand(tx, system, m); err != nil {
			return err
		}
	}
	if m.AboutID != "" {
		m.State = Assigned
	}
	if err := d.seal(tx, m); err != nil {
		return err
	}
	return audit.Append(tx, system, audit.Entry{Act: actor.MailboxReceive, Agency: m.Agency, Subject: "mail", ID: m.ID, Version: 1,
		Detail: map[string]any{"kind": m.Kind, "about": m.About, "about_id": m.AboutID, "files": len(m.Files), "size": m.Size}})
}

// relate finds the mail of ours a message answers, and marks those that it says did not arrive.
func (d *Desk) relate(tx *db.Tx, m *Message) error {
	for i := len(m.Refers) - 1; i >= 0 && m.Answers == nil; i-- { // the last is the nearest
		found, err := notify.Find(tx, m.Refers[i])
		if err != nil {
			return err
		}
		m.Answers = found
	}
	if m.Kind != Bounce || m.failure == nil || !m.failure.failed || d.Post == nil {
		return nil
	}
	for _, id := range m.failure.lost {
		found, err := notify.Find(tx, id)
		if err != nil {
			return err
		}
		if found == nil {
			continue
		}
		if err := d.Post.Bounced(tx, found.ID, m.failure.code); err != nil {
			return err
		}
		m.About, m.AboutID = found.About, found.AboutID
	}
	return nil
}

// whole is what of a message is sealed.
type whole struct {
	MessageID string
	Refers    []string
	From      Address
	ReplyTo   string
	To        []Address
	Subject   string
	Text      string
	Sent      time.Time
	Answers   string
}

func purpose(id string) string { return "mailbox:message:" + id }

// seal writes the message and its files, sealed.
func (d *Desk) seal(tx *db.Tx, m *Message) error {
	w := whole{m.MessageID, m.Refers, m.From, m.ReplyTo, m.To, m.Subject, m.Text, m.Sent, ""}
	if m.Answers != nil {
		w.Answers = m.Answers.ID
	}
	text, err := json.Marshal(w)
	if err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	if m.sealed, err = d.Keys.Seal(purpose(m.ID), text); err != nil {
		return err
	}
	m.fileCount = int64(len(m.Files))
	if err := m.insert(tx); err != nil {
		return err
	}
	for i := range m.Files {
		f := &m.Files[i]
		f.ID = db.ID()
		text, err := json.Marshal(f)
		if err != nil {
			return fmt.Errorf("write an attachment: %w", err)
		}
		row := &file{id: f.ID, message: m.ID, no: int64(i), size: f.Size}
		if row.sealed, err = d.Keys.Seal(purpose(m.ID)+":"+f.ID, text); err != nil {
			return err
		}
		if err := tx.Insert("mailbox_file", row.columns()); err != nil {
			return err
		}
	}
	return nil
}

// open reads what is sealed of a message. Of one discarded long ago nothing is left.
func (d *Desk) open(tx *db.Tx, m *Message) error {
	if m.sealed == "" {
		return nil
	}
	text, err := d.Keys.Open(purpose(m.ID), m.sealed)
	if err != nil {
		return err
	}
	var w whole
	if err := json.Unmarshal(text, &w); err != nil {
		return fmt.Errorf("read a message: %w", err)
	}
	m.MessageID, m.Refers, m.From, m.ReplyTo, m.To, m.Subject, m.Text, m.Sent = w.MessageID, w.Refers, w.From, w.ReplyTo, w.To, w.Subject, w.Text, w.Sent
	if w.Answers != "" {
		m.Answers, err = notify.Find(tx, w.Answers+"@")
	}
	return err
}

// openFiles reads the files of a message, with what they hold.
func (d *Desk) openFiles(tx *db.Tx, m *Message) error {
	rows, err := filesOf(tx, m.ID)
	if err != nil {
		return err
	}
	m.Files = nil
	for _, row := range rows {
		text, err := d.Keys.Open(purpose(m.ID)+":"+row.id, row.sealed)
		if err != nil {
			return err
		}
		var f File
		if err := json.Unmarshal(text, &f); err != nil {
			return fmt.Errorf("read an attachment: %w", err)
		}
		m.Files = append(m.Files, f)
	}
	return nil
}
