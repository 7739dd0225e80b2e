package mailbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/job"
	"gongkai/internal/notify"
	"gongkai/internal/secret"
)

// post office: a mail server on this machine, within TLS, as others run them.
type mailServer struct {
	user  *imapmemserver.User
	addr  string
	roots *x509.CertPool
}

func newMailServer(t *testing.T, implicit bool) *mailServer {
	t.Helper()
	web := httptest.NewTLSServer(nil) // for its certificate
	certs, root := web.TLS.Certificates, web.Certificate()
	web.Close()
	memory := imapmemserver.New()
	s := &mailServer{user: imapmemserver.NewUser("open", "geheim"), roots: x509.NewCertPool()}
	s.roots.AddCert(root)
	if err := s.user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	memory.AddUser(s.user)
	o := &imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		},
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}}, TLSConfig: &tls.Config{Certificates: certs},
	}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	if implicit {
		l = tls.NewListener(l, o.TLSConfig)
	}
	server := imapserver.New(o)
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }()
	t.Cleanup(func() { server.Close(); <-done })
	return s
}

// literal is a mail on its way into a folder.
type literal struct{ *strings.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

func (s *mailServer) put(t *testing.T, raw string, at time.Time) {
	t.Helper()
	text := string(crlf(raw))
	if _, err := s.user.Append("INBOX", literal{strings.NewReader(text)}, &imap.AppendOptions{Time: at}); err != nil {
		t.Fatal(err)
	}
}

func (s *mailServer) mailbox(t *testing.T, scheme string) *Server {
	t.Helper()
	path := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(path, []byte("geheim\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := NewServer(scheme+"://open@"+s.addr, path, s.roots)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// office is a desk with a mailbox.
type office struct {
	*Desk
	t     *testing.T
	mail  *mailServer
	taken []*Message
}

func setUp(t *testing.T, d *db.DB) *office {
	t.Helper()
	keys, err := secret.Create(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, mail: newMailServer(t, true)}
	o.Desk = &Desk{DB: d, Keys: keys, Server: o.mail.mailbox(t, "imaps"), Agency: func(*db.Tx) (string, error) { return "a", nil },
		Post: &notify.Post{DB: d, Keys: keys, Outbox: &notify.Outbox{}}}
	o.Take = func(_ *db.Tx, _ actor.Actor, m *Message) error {
		m.About, m.AboutID = "request", "r"+m.MessageID
		o.taken = append(o.taken, m)
		return nil
	}
	return o
}

func (o *office) fetch() {
	o.t.Helper()
	if err := o.Fetch(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

var clerk = actor.Actor{ID: "o", Name: "甲某", Grants: []actor.Grant{{Role: actor.Officer, Agency: "a"}}}

func (o *office) all() []*Message {
	o.t.Helper()
	all, err := o.List(o.t.Context(), clerk, Filter{Agency: "a", Limit: 50})
	if err != nil {
		o.t.Fatal(err)
	}
	return all
}

func mailOf(n int) string {
	return fmt.Sprintf("From: =?utf-8?B?%s?= <jia.mou@example.com>\nTo: open@example.gov.cn\nSubject: =?utf-8?B?%s?=\nMessage-ID: <%d@example.com>\nDate: Mon, 23 Nov 2026 10:00:00 +0800\n"+
		"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain; charset=utf-8\n\n%s\n--x\nContent-Type: application/pdf\nContent-Disposition: attachment; filename*=UTF-8''%%E8%%AF%%81.pdf\nContent-Transfer-Encoding: base64\n\n%s\n--x--\n",
		b64("甲某"), b64("政府信息公开申请"), n, asked, b64("证件"))
}

// 条例第三十一条第三项: what arrives is handed on once, with its files, and read again by nobody.
func TestEachMailIsTakenInOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := setUp(t, d)
		o.mail.put(t, mailOf(1), dbtest.Noon)
		o.mail.put(t, "From: a@example.com\nSubject: x\nMessage-ID: <old@example.com>\n\nx", dbtest.Noon.AddDate(0, 0, -firstDays-1))
		o.fetch()
		o.fetch()
		if len(o.taken) != 1 {
			t.Fatalf("%d letters taken", len(o.taken))
		}
		m := o.taken[0]
		if m.Text != asked || m.From != (Address{"甲某", "jia.mou@example.com"}) || len(m.Files) != 1 || m.Files[0].Name != "证.pdf" || string(m.Files[0].Data) != "证件" || !m.Arrived.Equal(dbtest.Noon) {
			t.Errorf("got %+v", *m)
		}
		o.mail.put(t, mailOf(2), dbtest.Noon)
		o.mail.put(t, mailOf(2), dbtest.Noon) // by two ways
		o.fetch()
		all := o.all()
		if len(o.taken) != 2 || len(all) != 2 || all[0].State != Assigned || all[0].AboutID != "r2@example.com" || all[0].Text != "" || all[0].Masked() != "j***@example.com" {
			t.Errorf("%d taken, %d kept, %+v", len(o.taken), len(all), all[0])
		}
	})
}

// Killed at any moment between two mails, or within the transaction of one, nothing is lost and
// nothing taken twice.
func TestAnInterruptedFetchGoesOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := setUp(t, d)
		for n := range 3 {
			o.mail.put(t, mailOf(n), dbtest.Noon)
		}
		take, broken := o.Take, errors.New("the power fails")
		o.Take = func(tx *db.Tx, by actor.Actor, m *Message) error {
			if m.MessageID == "1@example.com" {
				return broken
			}
			return take(tx, by, m)
		}
		if err := o.Fetch(t.Context()); !errors.Is(err, broken) {
			t.Fatalf("got %v", err)
		}
		if s, err := o.Status(t.Context(), clerk, "a"); err != nil || !strings.Contains(s.Trouble, "power") || !s.Read.IsZero() || len(o.all()) != 1 {
			t.Errorf("%d kept, %+v, %v", len(o.all()), s, err)
		}
		o.Take = take
		o.fetch()
		if len(o.taken) != 3 || len(o.all()) != 3 {
			t.Errorf("%d taken, %d kept", len(o.taken), len(o.all()))
		}
		if s, err := o.Status(t.Context(), clerk, "a"); err != nil || s.Trouble != "" || !s.Read.Equal(dbtest.Noon) {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

// A server that counts anew, as after it was restored, makes no request twice.
func TestAServerThatCountsAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := setUp(t, d)
		o.mail.put(t, mailOf(1), dbtest.Noon)
		o.fetch()
		if err := errors.Join(o.mail.user.Delete("INBOX"), o.mail.user.Create("INBOX", nil)); err != nil {
			t.Fatal(err)
		}
		o.mail.put(t, mailOf(2), dbtest.Noon)
		o.mail.put(t, mailOf(1), dbtest.Noon)
		o.fetch()
		if len(o.taken) != 2 || len(o.all()) != 2 {
			t.Errorf("%d taken, %d kept", len(o.taken), len(o.all()))
		}
	})
}

// What nobody can make a request of waits for a person, and does not hold up what follows.
func TestALetterThatIsRefusedWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := setUp(t, d)
		take := o.Take
		o.Take = func(*db.Tx, actor.Actor, *Message) error {
			return &fault.Error{Kind: fault.Invalid, Code: "mailbox.record"}
		}
		o.mail.put(t, mailOf(1), dbtest.Noon)
		o.mail.put(t, "From: a@example.com\nX-Spam-Flag: YES\nSubject: x\n\nx", dbtest.Noon)
		o.fetch()
		all := o.all()
		if len(all) != 2 || all[1].State != New || !slices.Equal(all[1].Remarks, []Remark{Unfit}) || all[0].Kind != Bulk {
			t.Fatalf("got %+v", all)
		}
		o.Take = take
		for _, m := range all {
			if err := o.Admit(t.Context(), clerk, m.ID, m.Version); err != nil {
				t.Fatal(err)
			}
		}
		if all = o.all(); all[1].State != Assigned || len(all[1].Remarks) != 0 || len(o.taken) != 2 || len(o.taken[1].Files[0].Data) == 0 {
			t.Errorf("got %+v", all[1])
		}
		if err := o.Admit(t.Context(), clerk, all[1].ID, all[1].Version); !errors.Is(err, ErrState) {
			t.Errorf("admitted twice: %v", err)
		}
	})
}

func TestWhatAPersonDoesWithAMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := dbtest.Noon
		d.Clock = func() time.Time { return now }
		o := setUp(t, d)
		o.Take = nil
		for n := range 2 {
			o.mail.put(t, mailOf(n), dbtest.Noon)
		}
		o.fetch()
		id := o.all()[0].ID
		m, err := o.Get(t.Context(), clerk, id)
		if err != nil || m.Text != asked || len(m.Files) != 1 || m.Files[0].Data != nil {
			t.Fatalf("got %+v, %v", m, err)
		}
		f, err := o.File(t.Context(), clerk, id, m.Files[0].ID)
		if err != nil || string(f.Data) != "证件" {
			t.Errorf("got %+v, %v", f, err)
		}
		stranger := actor.Actor{ID: "p", Grants: []actor.Grant{{Role: actor.Officer, Agency: "b"}, {Role: actor.Editor, Agency: "a"}, {Role: actor.SysAdmin}}}
		_, err1 := o.Get(t.Context(), stranger, id)
		_, err2 := o.File(t.Context(), stranger, id, m.Files[0].ID)
		_, err3 := o.List(t.Context(), stranger, Filter{Agency: "a"})
		_, err4 := o.Status(t.Context(), stranger, "a")
		for _, err := range []error{err1, err2, err3, err4, o.Discard(t.Context(), stranger, id, 1, "x"), o.Assign(t.Context(), stranger, id, 1, "request", "r", nil)} {
			if !errors.Is(err, actor.ErrForbidden) {
				t.Errorf("a stranger: %v", err)
			}
		}
		if err := o.Discard(t.Context(), clerk, id, 1, " "); !errors.Is(err, ErrReason) {
			t.Errorf("without a reason: %v", err)
		}
		if err := errors.Join(o.Discard(t.Context(), clerk, id, 1, "广告"), o.Restore(t.Context(), clerk, id, 2), o.Discard(t.Context(), clerk, id, 3, "广告")); err != nil {
			t.Fatal(err)
		}
		if err := o.Restore(t.Context(), clerk, id, 3); !errors.Is(err, ErrStale) {
			t.Errorf("got %v", err)
		}
		now = now.Add(keepDiscarded + time.Second)
		if err := o.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		gone, err := o.Get(t.Context(), clerk, id)
		if err != nil || gone.Text != "" || gone.From.Address != "" || len(gone.Files) != 0 || gone.Reason != "广告" {
			t.Errorf("left of it: %+v, %v", gone, err)
		}
		if err := o.Restore(t.Context(), clerk, id, gone.Version); !errors.Is(err, ErrState) {
			t.Errorf("got %v", err)
		}
		rest := o.all()[1]
		linked := 0
		link := func(_ *db.Tx, m *Message) error { linked = len(m.Files[0].Data); return nil }
		if err := o.Assign(t.Context(), clerk, rest.ID, 1, "request", "r9", link); err != nil || linked == 0 {
			t.Fatal(err)
		}
		err = d.View(t.Context(), func(tx *db.Tx) error {
			all, err := o.Of(tx, "request", "r9")
			if err == nil && (len(all) != 1 || all[0].Text != asked) {
				t.Errorf("got %+v", all)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// Nothing of who wrote and what stands in the database in the open, the audit included.
func TestMailIsSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := setUp(t, d)
		o.mail.put(t, mailOf(1), dbtest.Noon)
		o.fetch()
		if _, err := o.Get(t.Context(), clerk, o.all()[0].ID); err != nil {
			t.Fatal(err)
		}
		err := d.View(t.Context(), func(tx *db.Tx) error {
			tables, err := tx.Tables()
			for _, one := range tables {
				if err == nil {
					err = tx.EachRow(one, func(r db.Row) error {
						for _, word := range []string{"jia.mou", "示范区", "证.pdf", "政府信息公开申请"} {
							if strings.Contains(fmt.Sprint(r), word) {
								t.Errorf("%s holds %s", one.Name, word)
							}
						}
						return nil
					})
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// A letter of ours that comes back is marked, with the record it is about; one that is answered is
// found by its id.
func TestWhatComesBackAndWhatAnswers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := setUp(t, d)
		var failed []string
		o.Post.Ended = map[string]func(*db.Tx, *notify.Mail) error{"letter": func(_ *db.Tx, m *notify.Mail) error {
			failed = append(failed, string(m.State)+" "+m.AboutID+" "+m.Trouble)
			return nil
		}}
		var first, second string
		err := d.Update(t.Context(), func(tx *db.Tx) (err error) {
			l := notify.Letter{To: "jia@example.com", ToName: "甲某", Private: true, Subject: "告知书", Text: "请见附件", About: "letter", AboutID: "l1"}
			if first, err = o.Post.SendAs(tx, l); err != nil {
				return err
			}
			l.AboutID = "l2"
			second, err = o.Post.SendAs(tx, l)
			return err
		})
		if err == nil {
			err = (&job.Runner{DB: d, Handlers: o.Post.Handlers()}).Drain(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		o.mail.put(t, fmt.Sprintf(dsn, "text/rfc822-headers", first+"@example.gov.cn"), dbtest.Noon)
		o.mail.put(t, "From: b@example.com\nIn-Reply-To: <"+second+"@example.gov.cn>\nSubject: x\n\nx", dbtest.Noon)
		o.mail.put(t, "From: postmaster@example.com\nSubject: x\n\n"+db.ID()+"@example.gov.cn", dbtest.Noon) // of no mail of ours
		o.fetch()
		if want := []string{"sent l1 ", "sent l2 ", "bounced l1 5.1.1"}; !slices.Equal(failed, want) {
			t.Errorf("got %q", failed)
		}
		all := o.all()
		if all[2].AboutID != "l1" || all[2].State != Assigned || all[0].State != New {
			t.Errorf("got %+v", all[2])
		}
		if len(o.taken) != 1 || o.taken[0].Answers == nil || o.taken[0].Answers.AboutID != "l2" {
			t.Errorf("got %+v", o.taken)
		}
	})
}

// STARTTLS must succeed where the server is another machine, and its certificate be known.
func TestTheConversationIsSecured(t *testing.T) {
	for _, implicit := range []bool{true, false} {
		s := newMailServer(t, implicit)
		m := s.mailbox(t, map[bool]string{true: "imaps", false: "imap"}[implicit])
		m.plain = false // as another machine is treated
		k, _, err := m.open(t.Context())
		if err != nil {
			t.Fatalf("%v: %v", implicit, err)
		}
		if err := k.close(); err != nil {
			t.Error(err)
		}
		m.roots = x509.NewCertPool()
		if _, _, err := m.open(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("%v: an unknown certificate: %v", implicit, err)
		}
		m.roots, m.password = s.roots, "falsch"
		if _, _, err := m.open(t.Context()); err == nil || strings.Contains(err.Error(), "falsch") {
			t.Errorf("%v: %v", implicit, err)
		}
	}
}

func TestAMailTooLargeIsNotRead(t *testing.T) {
	s := newMailServer(t, true)
	s.put(t, mailOf(1)+strings.Repeat("x", 3000), dbtest.Noon)
	k, data, err := s.mailbox(t, "imaps").open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer k.close()
	uids, err := k.search(1, dbtest.Noon.AddDate(0, 0, -1))
	if err != nil || len(uids) != 1 || data.UIDValidity == 0 {
		t.Fatalf("%v, %v", uids, err)
	}
	l, err := k.fetch(uids[0], 2000)
	if err != nil || l.size < 3000 || strings.Contains(string(l.raw), "xxxx") || parse(l.raw).Subject != "政府信息公开申请" {
		t.Errorf("%d bytes of %d, %v", len(l.raw), l.size, err)
	}
}

func TestWithoutAMailboxNothingHappens(t *testing.T) {
	s, err := NewServer("", "", nil)
	if err != nil || s != nil {
		t.Fatal(s, err)
	}
	d := &Desk{}
	if d.On() || d.Schedules() != nil || d.Fetch(context.Background()) != nil {
		t.Error("something happens")
	}
}
