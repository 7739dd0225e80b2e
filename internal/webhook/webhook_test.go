package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/job"
	"gongkai/internal/secret"
)

// receiver is another system: it checks each event by itself, as docs/webhooks.md says, and answers
// as it is told.
type receiver struct {
	*httptest.Server
	mu      sync.Mutex
	secret  string
	answers []int // the first is given next; the last for good
	head    http.Header
	got     []received
	wrong   []string
}

type received struct{ id, stamp, body string }

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{answers: []int{204}, head: http.Header{}}
	r.Server = httptest.NewTLSServer(http.HandlerFunc(r.take))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) take(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	body, err := io.ReadAll(q.Body)
	one := received{q.Header.Get("webhook-id"), q.Header.Get("webhook-timestamp"), string(body)}
	if err != nil || !r.signed(one, q.Header.Get("webhook-signature")) {
		r.wrong = append(r.wrong, one.id)
	}
	r.got = append(r.got, one)
	for name, values := range r.head {
		w.Header()[name] = values
	}
	w.WriteHeader(r.answers[0])
	if len(r.answers) > 1 {
		r.answers = r.answers[1:]
	}
}

func (r *receiver) signed(one received, signatures string) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(r.secret, "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	io.WriteString(mac, one.id+"."+one.stamp+"."+one.body)
	return slices.Contains(strings.Fields(signatures), "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

var (
	officer = actor.Actor{ID: "o", Name: "甲某", Grants: []actor.Grant{{Role: actor.Officer, Agency: "a"}}}
	other   = actor.Actor{ID: "p", Grants: []actor.Grant{{Role: actor.Officer, Agency: "b"}}}
	editor  = actor.Actor{ID: "e", Grants: []actor.Grant{{Role: actor.Editor, Agency: "a"}}}
)

// bench is a desk with a receiver on this machine, and a clock.
type bench struct {
	*Desk
	t   *testing.T
	r   *receiver
	now time.Time
	sub *Subscription
	run *job.Runner
}

func setUp(t *testing.T, d *db.DB) *bench {
	t.Helper()
	keys, err := secret.Create(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, r: newReceiver(t), now: dbtest.Noon}
	d.Clock = func() time.Time { return b.now }
	roots := x509.NewCertPool()
	roots.AddCert(b.r.Certificate())
	b.Desk = &Desk{DB: d, Keys: keys, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Roots: roots}
	if b.sub, b.r.secret, err = b.Create(t.Context(), officer, "a", New{Name: " 督办 系统 ", URL: b.r.URL, Types: []Type{RequestRegistered, RequestDecided}}); err != nil {
		t.Fatal(err)
	}
	b.run = &job.Runner{DB: d, Handlers: b.Handlers(), Queues: map[string]int{job.Common: 1, Queue: 1}}
	return b
}

func (b *bench) note(e Event) {
	b.t.Helper()
	if err := b.DB.Update(b.t.Context(), func(tx *db.Tx) error { return Note(tx, e) }); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) last() *Delivery {
	b.t.Helper()
	all, err := b.Deliveries(b.t.Context(), officer, b.sub.ID, Filter{Limit: 1})
	if err != nil || len(all) == 0 {
		b.t.Fatalf("%d deliveries, %v", len(all), err)
	}
	return all[0]
}

var registered = Event{Type: RequestRegistered, Agency: "a", ID: "r1", Data: map[string]string{"no": "2026-0007", "due": "2026-12-21"}}

func TestAnEventReachesWhoSubscribed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setUp(t, d)
		b.note(registered)
		b.note(Event{Type: RequestClosed, Agency: "a", ID: "r1"})     // not subscribed to
		b.note(Event{Type: RequestRegistered, Agency: "b", ID: "r2"}) // another body's
		if err := b.run.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(b.r.got) != 1 || len(b.r.wrong) != 0 {
			t.Fatalf("got %v, wrongly signed %v", b.r.got, b.r.wrong)
		}
		want := `{"type":"request.registered","timestamp":"2026-11-23T04:00:00Z","data":{"agency":"a","due":"2026-12-21","id":"r1","no":"2026-0007"}}`
		if b.r.got[0].body != want || b.r.got[0].stamp != "1795406400" {
			t.Errorf("got %+v", b.r.got[0])
		}
		if one := b.last(); one.State != Done || one.Attempts != 1 || one.Status != 204 || one.Trouble != "" {
			t.Errorf("got %+v", *one)
		}
		if b.sub.Name != "督办 系统" {
			t.Errorf("called %q", b.sub.Name)
		}
	})
}

func TestAnActThatFailsTellsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setUp(t, d)
		failed := errors.New("the act fails")
		err := d.Update(t.Context(), func(tx *db.Tx) error { return errors.Join(Note(tx, registered), failed) })
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		if err := b.run.Drain(t.Context()); err != nil || len(b.r.got) != 0 {
			t.Errorf("got %v, %v", b.r.got, err)
		}
	})
}

func TestAnEventHoldsOnlyWhatIsListed(t *testing.T) {
	d := dbtest.SQLite(t)
	err := d.Update(t.Context(), func(tx *db.Tx) error {
		return Note(tx, Event{Type: RequestRegistered, Agency: "a", ID: "r", Data: map[string]string{"applicant": "甲某"}})
	})
	if !errors.Is(err, errField) {
		t.Errorf("got %v", err)
	}
}

// At least once: each attempt has the same id and body, so that the receiver knows it again.
func TestADeliveryIsTriedUntilItIsGivenUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setUp(t, d)
		b.r.answers = []int{500}
		b.note(registered)
		for range Attempts + 3 {
			_ = b.run.Drain(t.Context()) // it tells of each failure
			b.now = b.now.Add(13 * time.Hour)
		}
		if len(b.r.got) != Attempts || len(b.r.wrong) != 0 {
			t.Errorf("%d attempts, wrongly signed %v", len(b.r.got), b.r.wrong)
		}
		for _, one := range b.r.got {
			if one.id != b.r.got[0].id || one.body != b.r.got[0].body {
				t.Errorf("another attempt differs: %+v", one)
			}
		}
		one := b.last()
		if one.State != Dead || one.Trouble != "HTTP 500" || one.Attempts != Attempts {
			t.Fatalf("got %+v", *one)
		}
		b.r.answers = []int{200}
		if err := b.Replay(t.Context(), editor, one.ID); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("an editor replays: %v", err)
		}
		if err := b.Replay(t.Context(), officer, one.ID); err != nil {
			t.Fatal(err)
		}
		if err := b.Replay(t.Context(), officer, one.ID); !errors.Is(err, ErrWaits) {
			t.Errorf("replayed twice: %v", err)
		}
		if err := b.run.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if one := b.last(); one.State != Done || b.r.got[len(b.r.got)-1].id != b.r.got[0].id {
			t.Errorf("got %+v", *one)
		}
	})
}

func TestAnswersOfTheReceiver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setUp(t, d)
		b.r.answers, b.r.head = []int{429, 302, 200}, http.Header{"Retry-After": {"120"}, "Location": {"https://127.0.0.1:1/"}}
		b.note(registered)
		_ = b.run.Drain(t.Context())
		b.now = b.now.Add(119 * time.Second)
		_ = b.run.Drain(t.Context())
		if len(b.r.got) != 1 {
			t.Fatalf("%d attempts before the time the receiver named", len(b.r.got))
		}
		b.now = b.now.Add(2 * time.Second)
		_ = b.run.Drain(t.Context())
		if one := b.last(); len(b.r.got) != 2 || one.State != Waiting || one.Trouble != "HTTP 302" {
			t.Fatalf("%d attempts, %+v", len(b.r.got), *one)
		}
		b.now = b.now.Add(time.Hour)
		if err := b.run.Drain(t.Context()); err != nil || b.last().State != Done {
			t.Errorf("got %+v, %v", *b.last(), err)
		}
		b.r.answers = []int{410}
		b.note(registered)
		_ = b.run.Drain(t.Context())
		s, err := b.Get(t.Context(), officer, b.sub.ID)
		if err != nil || s.Live || s.Why != "gone" || b.last().State != Dead {
			t.Errorf("got %+v, %v", s, err)
		}
		b.note(registered)
		if n := len(b.r.got); b.run.Drain(t.Context()) != nil || len(b.r.got) != n {
			t.Error("a receiver that is gone was told")
		}
	})
}

// For a day after the change both secrets sign, then the new one alone.
func TestSecretsChangeWithoutAGap(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setUp(t, d)
		old := b.r.secret
		fresh, err := b.Rotate(t.Context(), officer, b.sub.ID, 1)
		if err != nil || fresh == old || !strings.HasPrefix(fresh, "whsec_") {
			t.Fatalf("got %q, %v", fresh, err)
		}
		for i, one := range []struct {
			after  time.Duration
			secret string
			wrong  int
		}{{0, old, 0}, {0, fresh, 0}, {overlap - time.Second, old, 0}, {2 * time.Second, fresh, 0}, {0, old, 1}} {
			b.now = b.now.Add(one.after)
			b.r.secret, b.r.wrong = one.secret, nil
			b.note(registered)
			if err := b.run.Drain(t.Context()); err != nil || len(b.r.wrong) != one.wrong {
				t.Errorf("%d: wrong %v, %v", i, b.r.wrong, err)
			}
		}
		if _, err := b.Rotate(t.Context(), officer, b.sub.ID, 1); !errors.Is(err, ErrStale) {
			t.Errorf("got %v", err)
		}
	})
}

// The reference value of Standard Webhooks' own documentation.
func TestTheSignatureIsThatOfStandardWebhooks(t *testing.T) {
	key, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	got := signatures([][]byte{key}, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`))
	if got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("got %s", got)
	}
}

func TestWhoMaySetUpWhat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setUp(t, d)
		good := New{Name: "x", URL: "https://example.gov.cn/in", Types: []Type{ItemPublished}, Live: true}
		for _, who := range []actor.Actor{other, editor, {}} {
			_, _, err := b.Create(t.Context(), who, "a", good)
			_, err2 := b.Rotate(t.Context(), who, b.sub.ID, 1)
			_, err3 := b.Deliveries(t.Context(), who, b.sub.ID, Filter{Limit: 1})
			for _, err := range []error{err, err2, err3, b.Try(t.Context(), who, b.sub.ID), b.Remove(t.Context(), who, b.sub.ID, 1), b.Change(t.Context(), who, b.sub.ID, 1, good)} {
				if !errors.Is(err, actor.ErrForbidden) {
					t.Errorf("%s: %v", who.ID, err)
				}
			}
		}
		for range mostOfBody - 1 {
			if _, _, err := b.Create(t.Context(), officer, "a", good); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := b.Create(t.Context(), officer, "a", good); !errors.Is(err, ErrMany) {
			t.Errorf("got %v", err)
		}
		if err := b.Try(t.Context(), officer, b.sub.ID); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(b.run.Drain(t.Context()), b.Remove(t.Context(), officer, b.sub.ID, 1)); err != nil {
			t.Fatal(err)
		}
		if len(b.r.got) != 1 || !strings.Contains(b.r.got[0].body, `"webhook.ping"`) {
			t.Errorf("got %+v", b.r.got)
		}
		admin := actor.Actor{ID: "y", Grants: []actor.Grant{{Role: actor.SysAdmin}}}
		all, err := b.List(t.Context(), officer, "a")
		every, err2 := b.List(t.Context(), admin, "")
		if err := errors.Join(err, err2); err != nil || len(all) != mostOfBody-1 || len(every) != len(all) {
			t.Errorf("%d and %d left, %v", len(all), len(every), err)
		}
		if _, err := b.List(t.Context(), officer, ""); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("everybody's: %v", err)
		}
		if _, _, err := b.Create(t.Context(), admin, "", good); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("of no body: %v", err)
		}
	})
}

func TestSecretsAreSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setUp(t, d)
		err := d.View(t.Context(), func(tx *db.Tx) error {
			s, err := load(tx, b.sub.ID)
			if err != nil {
				return err
			}
			if strings.Contains(s.secret, strings.TrimPrefix(b.r.secret, "whsec_")) {
				t.Error("the secret stands in the table")
			}
			if text, err := json.Marshal(s); err != nil || strings.Contains(string(text), "secret") {
				t.Errorf("written as %s, %v", text, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// What was delivered goes after a month, what was given up after three, the events with them.
func TestPurge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setUp(t, d)
		b.note(registered)
		if err := b.run.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		count := func() (deliveries, events int) {
			err := d.View(t.Context(), func(tx *db.Tx) (err error) {
				if deliveries, err = tx.Count("SELECT count(*) FROM webhook_delivery"); err != nil {
					return err
				}
				events, err = tx.Count("SELECT count(*) FROM webhook_event")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return deliveries, events
		}
		b.now = b.now.Add(keepDone)
		if err := b.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, m := count(); n != 1 || m != 1 {
			t.Errorf("%d, %d left on the last day", n, m)
		}
		b.now = b.now.Add(time.Second)
		if err := b.Purge(context.Background()); err != nil {
			t.Fatal(err)
		}
		if n, m := count(); n != 0 || m != 0 {
			t.Errorf("%d, %d left", n, m)
		}
	})
}

func TestWhereReceiversMayStand(t *testing.T) {
	g := guard{netip.MustParsePrefix("10.20.0.0/16")}
	for text, want := range map[string]error{
		"https://example.gov.cn/in?key=1":       nil,
		"https://[2400:3200::1]/":               nil,
		"https://10.20.3.4:8443/in":             nil,
		"http://10.20.3.4/in":                   nil,
		"http://example.gov.cn/":                ErrURL,
		"http://8.8.8.8/":                       ErrURL,
		"https://user:pw@example.gov.cn/":       ErrURL,
		"https://example.gov.cn/#x":             ErrURL,
		"ftp://example.gov.cn/":                 ErrURL,
		"https:///in":                           ErrURL,
		"":                                      ErrURL,
		"https://x/" + strings.Repeat("a", 500): ErrURL,
		"https://10.21.3.4/":                    ErrWithin,
		"https://127.0.0.1/":                    ErrWithin,
		"https://[::1]/":                        ErrWithin,
		"https://[::ffff:127.0.0.1]/":           ErrWithin,
		"https://[::ffff:10.20.3.4]/":           nil,
		"https://169.254.169.254/latest/":       ErrWithin,
		"https://192.168.1.1/":                  ErrWithin,
		"https://100.64.0.1/":                   ErrWithin,
		"https://0.0.0.0/":                      ErrWithin,
		"https://[fe80::1]/":                    ErrWithin,
		"https://[fd00::1]/":                    ErrWithin,
		"https://[64:ff9b::7f00:1]/":            ErrWithin,
		"https://[2002:7f00:1::]/":              ErrWithin,
	} {
		if err := g.url(text); !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A name may come to mean another address than when it was entered: the connection itself is judged.
func TestANameThatLeadsWithinIsNotConnectedTo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setUp(t, d)
		b.Allow = nil
		b.run.Handlers = b.Handlers()
		at := strings.Replace(b.r.URL, "127.0.0.1", "localhost", 1)
		if err := b.Change(t.Context(), officer, b.sub.ID, 1, New{Name: "x", URL: at, Types: []Type{RequestRegistered}, Live: true}); err != nil {
			t.Fatal(err)
		}
		b.note(registered)
		_ = b.run.Drain(t.Context())
		one := b.last()
		if len(b.r.got) != 0 || one.State != Waiting || !strings.Contains(one.Trouble, errWithin.Error()) || strings.Contains(one.Trouble, "https://") {
			t.Errorf("%d told, %+v", len(b.r.got), *one)
		}
	})
}

func TestKindsOfFaults(t *testing.T) {
	d := &Desk{}
	for _, n := range []New{{}, {Name: strings.Repeat("长", mostName+1)}, {Name: "x", URL: "x"}, {Name: "x", URL: "https://example.gov.cn/"},
		{Name: "x", URL: "https://example.gov.cn/", Types: []Type{"item.read"}}, {Name: "x", URL: "https://example.gov.cn/", Types: []Type{Ping}}} {
		if err := d.check(&n); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", n, err)
		}
	}
}
