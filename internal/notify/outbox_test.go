package notify

import (
	"path/filepath"
	"testing"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/job"
	"gongkai/internal/secret"
)

// In a demonstration mails are kept to be looked at, their addresses masked, the newest first.
func TestOutbox(t *testing.T) {
	o := &Outbox{}
	p := &Post{Outbox: o}
	if !p.On() {
		t.Error("an outbox takes mail")
	}
	head := map[string]string{"List-Unsubscribe": "<https://example.com/leave>"}
	for range mostPosted + 1 {
		if err := p.Deliver(t.Context(), "a", dbtest.Noon, Letter{To: "jia@example.com", Subject: "一", Text: "正文"}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Deliver(t.Context(), "b", dbtest.Noon.Add(time.Minute), Letter{To: "yi@example.com", Subject: "二\r\nBcc: x@example.com", Text: "正文"}, head); err != nil {
		t.Fatal(err)
	}
	all := o.Posted()
	if len(all) != mostPosted || all[0].To != "y***@example.com" || all[0].Subject != "二 Bcc: x@example.com" || all[0].Head["List-Unsubscribe"] == "" {
		t.Errorf("%d mails, first %+v", len(all), all[0])
	}
}

// Reminders go the same way.
func TestAReminderReachesTheOutbox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		keys, err := secret.Create(filepath.Join(t.TempDir(), "key"))
		if err != nil {
			t.Fatal(err)
		}
		o := &Outbox{}
		p := &Post{DB: d, Keys: keys, Outbox: o}
		if err := d.Update(t.Context(), func(tx *db.Tx) error {
			return p.Send(tx, Letter{Account: "a", To: "jia@example.com", Subject: "到期", Text: "栏目"})
		}); err != nil {
			t.Fatal(err)
		}
		if err := (&job.Runner{DB: d, Handlers: p.Handlers()}).Drain(t.Context()); err != nil || len(o.Posted()) != 1 {
			t.Errorf("%d mails, %v", len(o.Posted()), err)
		}
	})
}
