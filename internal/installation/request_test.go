package installation

import (
	"context"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/blob"
	"gongkai/internal/config"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/foi"
	"gongkai/internal/job"
	"gongkai/internal/secret"
)

// box is a mail server that takes what is for anybody but niemand.
type box struct {
	mu sync.Mutex
	to []string
}

func (b *box) NewSession(*smtp.Conn) (smtp.Session, error) { return talk{b}, nil }

type talk struct{ *box }

func (talk) Mail(string, *smtp.MailOptions) error { return nil }
func (t talk) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "niemand") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody"}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.to = append(t.to, to)
	return nil
}
func (talk) Data(r io.Reader) error { _, err := io.Copy(io.Discard, r); return err }
func (talk) Reset()                 {}
func (talk) Logout() error          { return nil }

func (b *box) listen(t *testing.T) string {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, done := smtp.NewServer(b), make(chan struct{})
	go func() { defer close(done); _ = s.Serve(l) }()
	t.Cleanup(func() { s.Close(); <-done })
	return "smtp://" + l.Addr().String()
}

// A letter by e-mail that the server refuses, or that comes back, is marked as not served, with the
// code of the failure and once; one that is taken is not.
func TestALetterByMailThatIsNotServed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		server := new(box)
		n, officer := furnished(t, d, server.listen(t))
		runner := &job.Runner{DB: d, Handlers: n.Post.Handlers()}
		runner.Handlers[postJob] = job.Handle(n.postLetter)
		refused, served := mailedTo(t, n, officer, "niemand@example.com"), mailedTo(t, n, officer, "jia@example.com")
		if err := runner.Drain(t.Context()); err == nil {
			t.Error("nothing was refused")
		}
		if got := failures(t, n, officer, refused); got != "SMTP 550 5.1.1, 1 step" {
			t.Errorf("refused: %s", got)
		}
		if got := failures(t, n, officer, served); got != ", 0 step" || len(server.to) != 1 || server.to[0] != "jia@example.com" {
			t.Errorf("served: %s, %v", got, server.to)
		}
		for range 2 {
			err := d.Update(t.Context(), func(tx *db.Tx) error {
				var id string
				if err := tx.One([]any{&id}, "SELECT id FROM notify_mail WHERE state = 'sent'"); err != nil && id == "" {
					return tx.One([]any{&id}, "SELECT id FROM notify_mail WHERE state = 'bounced'")
				}
				return n.Post.Bounced(tx, id, "5.2.2")
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := failures(t, n, officer, served); got != "5.2.2, 1 step" {
				t.Errorf("sent back: %s", got)
			}
		}
	})
}

// furnished is an installation with a body and its officer.
func furnished(t *testing.T, d *db.DB, mail string) (*Installation, actor.Actor) {
	d.Clock = func() time.Time { return dbtest.Noon }
	keys, err := secret.Create(filepath.Join(t.TempDir(), "keys"))
	must(t, err)
	files, err := blob.Open(d, t.TempDir())
	must(t, err)
	n := &Installation{Config: config.Config{SMTP: mail, MailFrom: "open@example.gov.cn", URL: "https://www.example.gov.cn"}, DB: d, Keys: keys, Blobs: files, scratch: t.TempDir()}
	must(t, n.build(context.WithoutCancel(t.Context())))
	t.Cleanup(func() { n.Search.Close() })
	a, err := n.Agencies.Create(t.Context(), actor.System("test"), agency.New{Since: date.Must(2020, 1, 1), Facts: agency.Facts{Name: "虚构市民政局", Kind: agency.Department, Level: agency.City}})
	must(t, err)
	by := actor.Actor{ID: "officer", Name: "示例专员", Grants: []actor.Grant{{Role: actor.Officer, Agency: a.ID}}}
	_, err = n.Agencies.SetContact(t.Context(), by, agency.Contact{Agency: a.ID, Office: "办公室", Address: "虚构市一号路1号", Hours: "工作日9时至17时", Phone: "0000-1234567", Postcode: "100000", Online: "https://mz.example.gov.cn", Email: "mz@example.gov.cn", Fax: "0000-7654321"})
	must(t, err)
	return n, by
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// mailedTo registers a request and sends its receipt to an address.
func mailedTo(t *testing.T, n *Installation, by actor.Actor, address string) string {
	t.Helper()
	r, _, err := n.Requests.Register(t.Context(), by, foi.Registration{Agency: by.Grants[0].Agency, Channel: foi.Counter, Received: date.Of(dbtest.Noon), Application: foi.Application{
		Applicant: foi.Applicant{Kind: foi.Natural, Name: "甲某某", Phone: "13800000000", Email: address, Address: "虚构市二号路2号"},
		Sought:    foi.Sought{Name: "低保资金分配方案", Features: "按区的分配方案"}, Form: foi.Electronic, Way: foi.ByEmail,
	}})
	must(t, err)
	v, err := n.Requests.Load(t.Context(), by, r.ID, false)
	must(t, err)
	letter := v.Letters[0].ID
	_, err = n.Requests.FinishLetter(t.Context(), by, r.ID, letter, 0, "")
	must(t, err)
	_, err = n.Requests.SendLetter(t.Context(), by, r.ID, letter, 0, foi.Sending{Way: foi.ByEmail, On: date.Of(dbtest.Noon)})
	must(t, err)
	return r.ID
}

// failures says what stands at a request's only letter, and how often it was noted.
func failures(t *testing.T, n *Installation, by actor.Actor, id string) string {
	t.Helper()
	v, err := n.Requests.Load(t.Context(), by, id, false)
	must(t, err)
	noted := 0
	for _, s := range v.Record.Steps {
		if s.Act == "letter_failed" {
			noted++
		}
	}
	return v.Letters[0].Failed + ", " + string(rune('0'+noted)) + " step"
}
