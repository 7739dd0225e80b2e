package notify

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"mime"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/job"
	"gongkai/internal/secret"
)

// postOffice is a mail server on this machine that wants TLS and a password, as others run them.
type postOffice struct {
	addr string
	ca   string // file with its certificate

	mu     sync.Mutex
	from   []string
	to     []string
	mails  [][]byte
	secure []bool
}

// session is one conversation with it.
type session struct {
	o *postOffice
	c *smtp.Conn
}

// NewSession begins a conversation.
func (o *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) { return &session{o, c}, nil }

// AuthMechanisms offers a password.
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth takes it.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "open" || password != "geheim" {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

// Mail notes the sender.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.o.mu.Lock()
	defer s.o.mu.Unlock()
	_, secure := s.c.TLSConnectionState()
	s.o.from, s.o.secure = append(s.o.from, from), append(s.o.secure, secure)
	return nil
}

// Rcpt refuses whoever is nobody.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "niemand") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user " + to}
	}
	s.o.mu.Lock()
	defer s.o.mu.Unlock()
	s.o.to = append(s.o.to, to)
	return nil
}

// Data takes the mail.
func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.o.mu.Lock()
	defer s.o.mu.Unlock()
	s.o.mails = append(s.o.mails, b)
	return err
}

// Reset begins anew.
func (s *session) Reset() {}

// Logout ends the conversation.
func (s *session) Logout() error { return nil }

func newPostOffice(t *testing.T, implicit bool) *postOffice {
	t.Helper()
	web := httptest.NewTLSServer(nil) // for its certificate
	certs, root := web.TLS.Certificates, web.Certificate()
	web.Close()
	o := &postOffice{ca: filepath.Join(t.TempDir(), "ca.pem")}
	if err := os.WriteFile(o.ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(o)
	server.TLSConfig = &tls.Config{Certificates: certs}
	server.Domain = "localhost"
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.addr = l.Addr().String()
	if implicit {
		l = tls.NewListener(l, server.TLSConfig)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }()
	t.Cleanup(func() { server.Close(); <-done })
	return o
}

func (o *postOffice) post(t *testing.T, d *db.DB, scheme string) *Post {
	t.Helper()
	keys, err := secret.Create(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	roots, err := Roots(o.ca)
	if err != nil {
		t.Fatal(err)
	}
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("geheim\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := NewServer(scheme+"://open@"+o.addr, password, "示范市民政局 <open@example.gov.cn>", roots)
	if err != nil {
		t.Fatal(err)
	}
	return &Post{DB: d, Keys: keys, Server: s}
}

var served = Letter{To: "jia@example.com", ToName: "甲某", Private: true, Subject: "政府信息公开告知书（示民依申请〔2026〕7号）", Text: "甲某：\n\n您的申请已经答复，请见附件。\n",
	About: "letter", AboutID: "l1", Answers: "abc@example.com", Files: []File{{Name: "政府信息公开告知书\r\nX: 1.pdf", Media: "application/pdf", Data: []byte("%PDF-1.7 示范")}, {Name: "b.bin", Media: "no media", Data: []byte{0, 1}}}}

// A letter goes out over TLS with its files under their Chinese names, answers the mail it was asked
// for with, and leaves nothing of it behind.
func TestALetterWithFiles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, scheme := range []string{"smtp", "smtps"} {
			o := newPostOffice(t, scheme == "smtps")
			p := o.post(t, d, scheme)
			var ended []State
			p.Ended = map[string]func(*db.Tx, *Mail) error{"letter": func(_ *db.Tx, m *Mail) error { ended = append(ended, m.State); return nil }}
			send(t, p, served)
			sealed(t, d)
			if err := (&job.Runner{DB: d, Handlers: p.Handlers()}).Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if len(o.mails) != 1 || !o.secure[0] || o.from[0] != "open@example.gov.cn" || o.to[0] != "jia@example.com" {
				t.Fatalf("%s: %d mails, secure %v, from %v to %v", scheme, len(o.mails), o.secure, o.from, o.to)
			}
			read(t, o.mails[0], mails(t, p)[0].ID)
			if len(ended) != 1 || ended[0] != Sent {
				t.Errorf("told of %v", ended)
			}
		}
		err := d.View(t.Context(), func(tx *db.Tx) error {
			n, err := tx.Count("SELECT count(*) FROM notify_file")
			m, err2 := tx.Count("SELECT count(*) FROM notify_mail WHERE sealed <> '' OR private <> ''")
			if n != 0 || m != 0 || err2 != nil {
				t.Errorf("%d files and %d mails are left, %v", n, m, err2)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// sealed makes sure that nothing of a letter that waits can be read.
func sealed(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.View(t.Context(), func(tx *db.Tx) error {
		tables, err := tx.Tables()
		for _, one := range tables {
			if err == nil {
				err = tx.EachRow(one, func(r db.Row) error {
					b, err := r.MarshalJSON()
					for _, word := range []string{"jia@", "甲某", "告知书", "%PDF", "JVBERi"} {
						if bytes.Contains(b, []byte(word)) {
							t.Errorf("%s holds %s", one.Name, word)
						}
					}
					return err
				})
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// read reads the mail as a mail program does.
func read(t *testing.T, raw []byte, id string) {
	t.Helper()
	r, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, _ := r.Header.Subject()
	from, _ := r.Header.AddressList("From")
	to, _ := r.Header.AddressList("To")
	answers, _ := r.Header.MsgIDList("In-Reply-To")
	own, _ := r.Header.MessageID()
	if subject != served.Subject || from[0].Name != "示范市民政局" || to[0].Name != "甲某" || to[0].Address != "jia@example.com" || len(answers) != 1 || answers[0] != "abc@example.com" ||
		own != id+"@example.gov.cn" || r.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("%q from %v to %v answers %v as %q", subject, from, to, answers, own)
	}
	for n := 0; ; n++ {
		part, err := r.NextPart()
		if err == io.EOF {
			if n != 3 {
				t.Errorf("%d parts", n)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(part.Body)
		if err != nil {
			t.Fatal(err)
		}
		switch h := part.Header.(type) {
		case *mail.InlineHeader:
			if got := strings.ReplaceAll(string(body), "\r\n", "\n"); strings.TrimSpace(got) != strings.TrimSpace(served.Text) {
				t.Errorf("text %q", got)
			}
		case *mail.AttachmentHeader:
			name, _ := h.Filename()
			if n == 1 && (name != "政府信息公开告知书__X_ 1.pdf" || string(body) != "%PDF-1.7 示范" || !strings.Contains(h.Get("Content-Disposition"), "filename*=utf-8''%E6%94%BF")) {
				t.Errorf("file %q: %q, %s", name, body, h.Get("Content-Disposition"))
			}
			if media, params, err := mime.ParseMediaType(h.Get("Content-Type")); n == 2 && (err != nil || media != "application/octet-stream" || params["name"] != "b.bin") {
				t.Errorf("file %d: %s, %v, %v", n, media, params, err)
			}
		}
	}
}

// A letter nobody takes, and one that comes back, count as not delivered, once each.
func TestALetterThatDoesNotArrive(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newPostOffice(t, false)
		p := o.post(t, d, "smtp")
		var ended []string
		p.Ended = map[string]func(*db.Tx, *Mail) error{"letter": func(_ *db.Tx, m *Mail) error { ended = append(ended, string(m.State)+" "+m.Trouble); return nil }}
		l := served
		l.To = "niemand@example.com"
		send(t, p, l)
		runner := &job.Runner{DB: d, Handlers: p.Handlers()}
		if err := runner.Drain(t.Context()); err == nil || strings.Contains(err.Error(), "niemand") {
			t.Errorf("got %v", err)
		}
		send(t, p, served)
		if err := runner.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		id := mails(t, p)[0].ID
		for range 2 {
			err := d.Update(t.Context(), func(tx *db.Tx) error {
				m, err := Find(tx, id+"@example.gov.cn")
				if err != nil || m == nil {
					t.Fatalf("%v, %v", m, err)
				}
				return p.Bounced(tx, m.ID, "5.2.2")
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := strings.Join(ended, ", "); got != "refused SMTP 550 5.1.1, sent , bounced 5.2.2" {
			t.Errorf("told of %s", got)
		}
		err := d.View(t.Context(), func(tx *db.Tx) error {
			for _, none := range []string{"x@y", "", db.ID() + "@example.gov.cn"} {
				if m, err := Find(tx, none); m != nil || err != nil {
					t.Errorf("%q: %v, %v", none, m, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Without TLS nothing is said to another machine, nor to one whose certificate nobody knows.
func TestMailIsSentWithinTLS(t *testing.T) {
	d := dbtest.SQLite(t)
	o := newPostOffice(t, true)
	p := o.post(t, d, "smtps")
	p.Server.roots = x509.NewCertPool()
	if err := p.Deliver(t.Context(), "a", dbtest.Noon, served, nil); err == nil || len(o.mails) != 0 {
		t.Errorf("an unknown certificate: %v", err)
	}
	if _, err := Roots(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("no file, no error")
	}
	if _, err := Roots("smtp_test.go"); err == nil {
		t.Error("no certificate, no error")
	}
}

func TestFilesBeyondTheBound(t *testing.T) {
	d := dbtest.SQLite(t)
	p := &Post{DB: d, Keys: newKeys(t), Outbox: &Outbox{}}
	l := served
	l.Files = []File{{Name: "a", Data: make([]byte, mostFiles)}, {Name: "b", Data: []byte("x")}}
	err := d.Update(t.Context(), func(tx *db.Tx) error { return p.Send(tx, l) })
	if err == nil || !strings.Contains(err.Error(), "18") {
		t.Errorf("got %v", err)
	}
	if all, err := p.List(t.Context(), actor.Actor{Grants: []actor.Grant{{Role: actor.SysAdmin}}}, "", 1); err != nil || len(all) != 0 {
		t.Errorf("%d mails, %v", len(all), err)
	}
}

func newKeys(t *testing.T) *secret.Keyring {
	t.Helper()
	keys, err := secret.Create(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}
