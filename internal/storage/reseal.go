package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/secret"
)

// resealed is how many rows are sealed anew in one transaction.
const resealed = 100

// sealedColumn is where sealed values stand, and for which purpose: %s is the row's key, and what
// comes before it the key of the row it belongs to, if that is part of the purpose.
type sealedColumn struct {
	table, column string
	purpose       string
	owner         string // column with the other row's key, "" if the purpose has none
}

// SealedColumns are all columns with values that are kept sealed for good. What is sealed for an
// hour or a day is not among them: cookies, one-time codes of short messages, what a token was
// answered. Those end with the key they were sealed with.
var SealedColumns = []sealedColumn{
	{"account", "phone", "account.phone:%s", ""},
	{"account", "email", "account.email:%s", ""},
	{"account_credential", "totp", "account.totp:%s", ""},
	{"account_credential", "totp_pending", "account.totp:%s", ""},
	{"credit_decision", "sealed", "credit.name %s", ""},
	{"foi_dispute", "sealed", "foi.dispute %s", ""},
	{"foi_dispute_file", "name", "foi.dispute.name %s", ""},
	{"foi_draft", "sealed", "foi.draft %s", ""},
	{"foi_draft_file", "name", "foi.draft.name %s", ""},
	{"foi_draft_file", "content", "foi.draft.file %s", ""},
	{"foi_file", "name", "foi.file.name %s", ""},
	{"foi_file", "report", "foi.file.report %s", ""},
	{"foi_letter", "sealed", "foi.letter %s", ""},
	{"foi_record", "sealed", "foi.record %s", ""},
	{"identity_person", "sealed", "identity:person:%s", ""},
	{"ledger_key", "sealed", "ledger.key:%s", ""},
	{"mailbox_file", "sealed", "mailbox:message:%s:%s", "message"},
	{"mailbox_message", "sealed", "mailbox:message:%s", ""},
	{"notify_file", "sealed", "notify.mail:%s:file:%s", "mail"},
	{"notify_mail", "private", "notify.mail:%s:own", ""},
	{"notify_mail", "sealed", "notify.mail:%s", ""},
	{"report_key", "secret", "report.key", ""},
	{"sms_text", "sealed", "sms.number:%s", ""},
	{"subscriber", "sealed", "subscription:address:%s", ""},
	{"webhook_subscription", "previous", "webhook:secret:%s", ""},
	{"webhook_subscription", "secret", "webhook:secret:%s", ""},
}

// sealedFiles are the tables whose rows name files with sealed contents.
var sealedFiles = []sealedColumn{
	{"foi_dispute_file", "digest", "foi.dispute.file %s", ""},
	{"foi_file", "digest", "foi.file %s", ""},
}

// use is the purpose of a row's value.
func (c sealedColumn) use(owner, id string) string {
	switch strings.Count(c.purpose, "%s") {
	case 0:
		return c.purpose
	case 1:
		return fmt.Sprintf(c.purpose, id)
	}
	return fmt.Sprintf(c.purpose, owner, id)
}

// Resealed is what a resealing did.
type Resealed struct {
	Values, Files int64
	// Lost are values that could not be opened: as table, column and key. They stay as they are.
	Lost []string
}

// RotateKey adds a key to the installation's key file. It is on record.
func (i *Storage) RotateKey(ctx context.Context, by actor.Actor) error {
	if err := by.May(actor.KeyRotate, actor.Scope{}); err != nil {
		return err
	}
	keys, err := secret.Rotate(KeyFile(i.Dir))
	if err != nil {
		return err
	}
	i.Keys = keys
	return i.DB.Update(ctx, func(tx *db.Tx) error {
		return audit.Append(tx, by, audit.Entry{Act: actor.KeyRotate, Subject: "key", ID: keys.Print(), Detail: map[string]string{"act": "rotate", "key": presentName(keys)}})
	})
}

func presentName(keys *secret.Keyring) string {
	parts := strings.Split(keys.Present(), ".")
	return parts[1]
}

// Reseal seals anew, with the present key, whatever was sealed with an earlier one, some rows at a
// time, while the program serves. A value somebody changes meanwhile keeps what he wrote. Cut off,
// it goes on where it was when it is called again.
func (i *Storage) Reseal(ctx context.Context, by actor.Actor, progress Progress) (*Resealed, error) {
	if err := by.May(actor.KeyRotate, actor.Scope{}); err != nil {
		return nil, err
	}
	done := &Resealed{}
	for _, c := range SealedColumns {
		if err := i.resealColumn(ctx, c, done, progress, i.resealValue); err != nil {
			return done, fmt.Errorf("reseal %s.%s: %w", c.table, c.column, err)
		}
	}
	for _, c := range sealedFiles {
		if err := i.resealColumn(ctx, c, done, progress, i.resealFile); err != nil {
			return done, fmt.Errorf("reseal the files of %s: %w", c.table, err)
		}
	}
	return done, i.DB.Update(ctx, func(tx *db.Tx) error {
		return audit.Append(tx, by, audit.Entry{Act: actor.KeyRotate, Subject: "key", ID: i.Keys.Print(), Detail: map[string]any{
			"act": "reseal", "key": presentName(i.Keys), "values": done.Values, "files": done.Files, "lost": len(done.Lost)}})
	})
}

// one is a row to be sealed anew.
type sealedRow struct{ id, owner, value string }

// resealColumn goes through a column by the rows' keys.
func (i *Storage) resealColumn(ctx context.Context, c sealedColumn, done *Resealed, progress Progress, reseal func(context.Context, sealedColumn, []sealedRow, *Resealed) error) error {
	for after := ""; ; {
		var rows []sealedRow
		if err := i.DB.View(ctx, func(tx *db.Tx) (err error) {
			rows, err = staleRows(tx, c, after, i.Keys.Present())
			return err
		}); err != nil {
			return err
		}
		if len(rows) == 0 {
			return nil
		}
		if err := reseal(ctx, c, rows, done); err != nil {
			return err
		}
		after = rows[len(rows)-1].id
		progress(c.table, done.Values+done.Files)
	}
}

func (i *Storage) resealValue(ctx context.Context, c sealedColumn, rows []sealedRow, done *Resealed) error {
	return i.DB.Update(ctx, func(tx *db.Tx) error {
		n, lost := int64(0), []string(nil)
		for _, r := range rows {
			plain, err := i.Keys.Open(c.use(r.owner, r.id), r.value)
			if err != nil {
				lost = append(lost, c.table+"."+c.column+" "+r.id)
				continue
			}
			fresh, err := i.Keys.Seal(c.use(r.owner, r.id), plain)
			if err != nil {
				return err
			}
			changed, err := exchange(tx, c, r, fresh)
			if err != nil {
				return err
			}
			n += changed
		}
		done.Values, done.Lost = done.Values+n, append(done.Lost, lost...)
		return nil
	})
}

// resealFile writes a file's content anew. The file sealed with the old key is let go: nothing else
// names it, and the collection of files nobody keeps removes it.
func (i *Storage) resealFile(ctx context.Context, c sealedColumn, rows []sealedRow, done *Resealed) error {
	for _, r := range rows {
		sealed, err := i.Files.ReadAll(ctx, r.value)
		if err != nil {
			var f *fault.Error
			if !errors.As(err, &f) {
				return err
			}
			done.Lost = append(done.Lost, c.table+" "+r.id)
			continue
		}
		if !i.Keys.Stale(string(sealed)) {
			continue
		}
		plain, err := i.Keys.Open(c.use(r.owner, r.id), string(sealed))
		if err != nil {
			done.Lost = append(done.Lost, c.table+" "+r.id)
			continue
		}
		if err := i.replaceFile(ctx, c, r, plain); err != nil {
			return err
		}
		done.Files++
	}
	return nil
}

func (i *Storage) replaceFile(ctx context.Context, c sealedColumn, r sealedRow, plain []byte) error {
	fresh, err := i.Keys.Seal(c.use(r.owner, r.id), plain)
	if err != nil {
		return err
	}
	b, err := i.Files.Receive(ctx, strings.NewReader(fresh), int64(len(fresh)))
	if err != nil {
		return err
	}
	return i.DB.Update(ctx, func(tx *db.Tx) error {
		if err := i.Files.Keep(tx, b); err != nil {
			return err
		}
		changed, err := exchange(tx, c, r, b.Digest)
		if err == nil && changed == 0 {
			err = errors.New("the row was changed meanwhile")
		}
		if err != nil {
			return err
		}
		return letGo(tx, r.value)
	})
}
