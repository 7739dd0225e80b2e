package notify

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/job"
	"gongkai/internal/secret"
)

// fake is a mail server on this machine that keeps what it is given and answers to RCPT as
// it is told.
type fake struct {
	listener net.Listener
	mu       sync.Mutex
	answer   string
	letters  []string
}

func newFake(t *testing.T) *fake {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{listener: l, answer: "250 2.1.5 ok"}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { f.talk(c) })
		}
	})
	t.Cleanup(func() { l.Close(); all.Wait() })
	return f
}

func (f *fake) say(s string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer = s
}

func (f *fake) talk(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	fmt.Fprint(c, "220 fake ESMTP\r\n")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(strings.Fields(line + " x")[0]); verb {
		case "EHLO", "HELO":
			fmt.Fprint(c, "250-fake\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME\r\n")
		case "RCPT":
			f.mu.Lock()
			fmt.Fprint(c, f.answer+"\r\n")
			f.mu.Unlock()
		case "DATA":
			fmt.Fprint(c, "354 go on\r\n")
			f.take(in)
			fmt.Fprint(c, "250 taken\r\n")
		case "QUIT":
			fmt.Fprint(c, "221 bye\r\n")
			return
		default:
			fmt.Fprint(c, "250 ok\r\n")
		}
	}
}

func (f *fake) take(in *bufio.Reader) {
	var b strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == ".\r\n" {
			break
		}
		b.WriteString(line)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.letters = append(f.letters, b.String())
}

func post(t *testing.T, d *db.DB, f *fake) *Post {
	t.Helper()
	keys, err := secret.Create(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewServer("smtp://"+f.listener.Addr().String(), "", "公开 <open@example.com>", nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Post{DB: d, Keys: keys, Server: s}
}

var letter = Letter{Account: "a", To: "zhang.mou@example.com", Subject: "栏目即将逾期\r\nBcc: x@example.com", Text: "“政策解读”栏目还有3天到期。",
	About: "section", AboutID: "s"}

func send(t *testing.T, p *Post, l Letter) {
	t.Helper()
	if err := p.DB.Update(t.Context(), func(tx *db.Tx) error { return p.Send(tx, l) }); err != nil {
		t.Fatal(err)
	}
}

func mails(t *testing.T, p *Post) []*Mail {
	t.Helper()
	all, err := p.List(t.Context(), actor.Actor{Grants: []actor.Grant{{Role: actor.SysAdmin}}}, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAMailIsSentOnceAndTheAddressForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFake(t)
		p := post(t, d, f)
		send(t, p, letter)
		if m := mails(t, p)[0]; m.State != Waiting || strings.Contains(fmt.Sprintf("%+v", *m), "zhang") {
			t.Errorf("got %+v", *m)
		}
		r := &job.Runner{DB: d, Handlers: p.Handlers()}
		if err := errors.Join(r.Drain(t.Context()), p.deliver(t.Context(), mails(t, p)[0].ID)); err != nil {
			t.Fatal(err)
		}
		if len(f.letters) != 1 {
			t.Fatalf("%d letters", len(f.letters))
		}
		for _, want := range []string{"open@example.com", "zhang.mou@example.com", mails(t, p)[0].ID, "Auto-Submitted: auto-generated"} {
			if !strings.Contains(f.letters[0], want) {
				t.Errorf("no %s in %s", want, f.letters[0])
			}
		}
		if strings.Contains(f.letters[0], "\r\nBcc:") {
			t.Error("a subject became a head")
		}
		if m := mails(t, p)[0]; m.State != Sent || m.sealed != "" || m.Masked != "z***@example.com" || m.Ended.IsZero() {
			t.Errorf("got %+v", *m)
		}
	})
}

func TestARefusedMailIsNotTriedAgainAndABusyServerIs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFake(t)
		p := post(t, d, f)
		now := dbtest.Noon
		d.Clock = func() time.Time { return now }
		r := &job.Runner{DB: d, Handlers: p.Handlers()}
		f.say("451 4.3.0 busy, zhang.mou@example.com")
		send(t, p, letter)
		if err := r.Drain(t.Context()); err == nil || strings.Contains(err.Error(), "zhang") {
			t.Errorf("got %v", err)
		}
		if m := mails(t, p)[0]; m.State != Waiting {
			t.Errorf("got %+v", *m)
		}
		f.say("250 ok")
		now = now.Add(time.Minute)
		if err := r.Drain(t.Context()); err != nil || len(f.letters) != 1 {
			t.Errorf("%d letters, %v", len(f.letters), err)
		}
		f.say("550 5.1.1 no such user zhang.mou@example.com")
		send(t, p, letter)
		if err := r.Drain(t.Context()); err == nil {
			t.Error("no error")
		}
		if m := mails(t, p)[0]; m.State != Refused || m.Trouble != "SMTP 550 5.1.1" || m.sealed != "" {
			t.Errorf("got %+v", *m)
		}
		now = now.Add(24 * time.Hour)
		if err := r.Drain(t.Context()); err != nil {
			t.Errorf("tried again: %v", err)
		}
	})
}

func TestWithoutAServerNothingIsRecorded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, err := NewServer("", "", "", nil)
		if err != nil || s != nil {
			t.Fatalf("got %v, %v", s, err)
		}
		p := &Post{DB: d}
		send(t, p, letter)
		var none *Post
		send(t, &Post{DB: d, Server: nil}, letter)
		if none.On() || len(mails(t, p)) != 0 {
			t.Error("a mail was recorded")
		}
	})
}

func TestAnAccountWithoutAnAddressIsLeftOut(t *testing.T) {
	d := dbtest.SQLite(t)
	p := post(t, d, newFake(t))
	for _, to := range []string{"", "nobody", "a@b\r\nBcc: c@d"} {
		l := letter
		l.To = to
		send(t, p, l)
	}
	if n := len(mails(t, p)); n != 0 {
		t.Errorf("%d mails", n)
	}
	if _, err := p.List(t.Context(), actor.Actor{}, "", 1); !errors.Is(err, actor.ErrForbidden) {
		t.Errorf("got %v", err)
	}
}

func TestMask(t *testing.T) {
	for address, want := range map[string]string{"zhang@example.com": "z***@example.com", "甲某@example.com": "甲***@example.com", "x": "***", "@x": "***", "": "***"} {
		if got := Mask(address); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}
