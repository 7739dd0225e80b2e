package subscription

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/i18n"
	"gongkai/internal/job"
	"gongkai/internal/notify"
	"gongkai/internal/search"
	"gongkai/internal/secret"
	"gongkai/internal/site"
	"gongkai/internal/workday"
)

// town is a desk over two bodies with a few sections.
type town struct {
	*Desk
	t                *testing.T
	box              *notify.Outbox
	a, b             string
	news, notes, ban string // a section of a, one below it, one of b
	index            *search.Index
	now              time.Time
}

func open(t *testing.T, d *db.DB) *town {
	t.Helper()
	keys, err := secret.Create(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	w := &town{t: t, box: &notify.Outbox{}, now: dbtest.Noon}
	d.Clock = func() time.Time { return w.now }
	post := &notify.Post{DB: d, Keys: keys, Outbox: w.box}
	w.index, err = search.Open(t.Context(), filepath.Join(t.TempDir(), "index.db"), d, disclosure.Texts{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.index.Close() })
	w.Desk = &Desk{DB: d, Keys: keys, Post: post, Reader: &disclosure.Reader{DB: d}, Lang: i18n.Chinese, Search: w.index.Search,
		Sites: &site.Directory{DB: d, URL: "https://www.example.gov.cn", Now: func() time.Time { return w.now }}}
	w.a, w.b = w.body("甲县民政局", "11370322004222241N"), w.body("乙县教育局", "11441700007280420Y")
	w.news = w.section(w.a, "", "通知公告")
	w.notes = w.section(w.a, w.news, "公示")
	w.ban = w.section(w.b, "", "工作动态")
	return w
}

func (w *town) body(name, code string) string {
	w.t.Helper()
	a, err := (&agency.Registry{DB: w.DB}).Create(w.t.Context(), actor.System("test"), agency.New{Facts: agency.Facts{
		Name: name, Kind: agency.Government, Level: agency.County, CreditCode: code, OrgCode: code[8:17], Region: "420205",
	}, Since: date.Must(2020, 1, 1)})
	if err != nil {
		w.t.Fatal(err)
	}
	return a.ID
}

func (w *town) section(agency, parent, name string) string {
	w.t.Helper()
	s := &section.Desk{DB: w.DB, Calendar: workday.Embedded}
	one, err := s.Create(w.t.Context(), actor.System("test"), agency, parent, section.Draft{Name: name, Kind: section.News})
	if err != nil {
		w.t.Fatal(err)
	}
	return one.ID
}

// publish makes an item public now and returns its key.
func (w *town) publish(agency, section, title string) (id string) {
	w.t.Helper()
	err := w.DB.Update(w.t.Context(), func(tx *db.Tx) error {
		m := disclosure.NewImporter(tx, workday.Embedded(), actor.System("test"))
		ready, _ := disclosure.Import{Agency: agency, Section: section, Kind: disclosure.Information, Origin: disclosure.Made,
			Content: disclosure.Content{Title: title, Body: "<p>正文</p>", Attribute: "proactive"}, PublishedAt: tx.Now}.Ready()
		i, err := m.Add(ready)
		if err != nil {
			return err
		}
		id = i.ID
		return errors.Join(m.Close(), disclosure.Texts{}.Imported(tx, id))
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// later lets time pass and does what is due.
func (w *town) later(by time.Duration) {
	w.t.Helper()
	w.now = w.now.Add(by)
	if _, err := w.index.CatchUp(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if err := w.runner().Drain(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) runner() *job.Runner {
	return &job.Runner{DB: w.DB, Handlers: w.Handlers(), Schedules: Schedules()}
}

// mails returns those sent since it was asked last, oldest first.
func (w *town) mails() []notify.Posted {
	all := w.box.Posted()
	slices.Reverse(all)
	*w.box = notify.Outbox{}
	return all
}

func (w *town) ask(address string, t Topic, r Rhythm) {
	w.t.Helper()
	if err := w.Ask(w.t.Context(), Wish{Address: address, Topic: t, Rhythm: r, Lang: i18n.Chinese, Remote: "192.0.2.1"}); err != nil {
		w.t.Fatal(err)
	}
	w.later(time.Second)
}

var links = regexp.MustCompile(`https://www\.example\.gov\.cn(/subscribe/\S+)`)

// linked returns the value of a link's query in a mail.
func (w *town) linked(m notify.Posted, path, name string) string {
	w.t.Helper()
	for _, l := range links.FindAllStringSubmatch(m.Text, -1) {
		if u, err := url.Parse(l[1]); err == nil && u.Path == path && u.Query().Has(name) {
			return u.Query().Get(name)
		}
	}
	w.t.Fatalf("no %s in %s", path, m.Text)
	return ""
}

// confirmed subscribes and returns the key of the person's page.
func (w *town) confirmed(address string, t Topic, r Rhythm) string {
	w.t.Helper()
	w.ask(address, t, r)
	all := w.mails()
	if len(all) != 1 {
		w.t.Fatalf("%d mails ask for confirmation", len(all))
	}
	_, key, err := w.Confirm(w.t.Context(), w.linked(all[0], ConfirmPath, "t"))
	if err != nil {
		w.t.Fatal(err)
	}
	return key
}

// told are the titles a mail lists, in its order.
func told(m notify.Posted) (all []string) {
	for _, one := range regexp.MustCompile(`(?m)^\d+\. (.*)$`).FindAllStringSubmatch(m.Text, -1) {
		all = append(all, one[1])
	}
	return all
}

// Nothing is sent before the link came back, the link works once, and a mail says why it came.
func TestFromTheWishToTheMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		w.ask("jia@Example.com", Topic{Kind: Section, Target: w.news}, AtOnce)
		asked := w.mails()
		if len(asked) != 1 || asked[0].To != "j***@example.com" || !strings.Contains(asked[0].Text, "甲县民政局“通知公告”栏目") {
			t.Fatalf("%+v", asked)
		}
		w.publish(w.a, w.news, "确认之前的公告")
		w.later(time.Hour)
		if all := w.mails(); len(all) != 0 {
			t.Fatalf("sent before it was confirmed: %+v", all)
		}
		token := w.linked(asked[0], ConfirmPath, "t")
		if s, err := w.Offered(t.Context(), token); err != nil || s.Topic.Target != w.news {
			t.Fatalf("%+v, %v", s, err)
		}
		if _, _, err := w.Confirm(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Confirm(t.Context(), token); !errors.Is(err, ErrToken) {
			t.Errorf("a link worked twice: %v", err)
		}
		w.later(time.Minute)
		w.publish(w.a, w.news, "关于供水的公告")
		w.publish(w.a, w.notes, "下级栏目的公示")
		w.publish(w.b, w.ban, "别的机关的动态")
		w.later(2 * time.Minute)
		all := w.mails()
		if len(all) != 1 {
			t.Fatalf("%d mails: %+v", len(all), all)
		}
		m := all[0]
		if got := told(m); !slices.Contains(got, "关于供水的公告") || !slices.Contains(got, "下级栏目的公示") || len(got) != 2 {
			t.Errorf("told of %v", got)
		}
		for _, want := range []string{"为什么收到这封邮件", "甲县民政局“通知公告”栏目", "/items/"} {
			if !strings.Contains(m.Text, want) {
				t.Errorf("no %q in %s", want, m.Text)
			}
		}
		leave := m.Head["List-Unsubscribe"]
		if !strings.HasPrefix(leave, "<https://www.example.gov.cn"+LeavePath+"?") || m.Head["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click" || strings.Contains(m.Text, "jia") {
			t.Errorf("%v", m.Head)
		}
		w.later(time.Hour)
		if all := w.mails(); len(all) != 0 {
			t.Errorf("told twice: %+v", all)
		}
	})
}

// Mail of the day comes at eight, of the week on Monday; what two subscriptions have in common
// comes once; what was taken down before does not come.
func TestRhythms(t *testing.T) {
	for _, tt := range []struct {
		r         Rhythm
		now, want string
	}{
		{Daily, "2026-11-23T07:59:59+08:00", "2026-11-23T08:00:00+08:00"},
		{Daily, "2026-11-23T08:00:00+08:00", "2026-11-24T08:00:00+08:00"},
		{Daily, "2026-12-31T23:00:00+08:00", "2027-01-01T08:00:00+08:00"},
		{Weekly, "2026-11-23T07:00:00+08:00", "2026-11-23T08:00:00+08:00"},
		{Weekly, "2026-11-23T08:00:00+08:00", "2026-11-30T08:00:00+08:00"},
		{Weekly, "2026-11-29T23:59:00+08:00", "2026-11-30T08:00:00+08:00"},
		{AtOnce, "2026-11-23T12:00:00+08:00", "2026-11-23T12:00:00+08:00"},
	} {
		now, err1 := time.Parse(time.RFC3339, tt.now)
		want, err2 := time.Parse(time.RFC3339, tt.want)
		if got := tt.r.next(now); err1 != nil || err2 != nil || !got.Equal(want) {
			t.Errorf("%s after %s: %s", tt.r, tt.now, got)
		}
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		w.confirmed("jia@example.com", Topic{Kind: Agency, Target: w.a}, Daily)
		w.confirmed("jia@example.com", Topic{Kind: Section, Target: w.news}, Daily)
		w.later(time.Minute)
		w.publish(w.a, w.news, "留下的公告")
		gone := w.publish(w.a, w.news, "撤下的公告")
		w.later(time.Hour)
		if all := w.mails(); len(all) != 0 {
			t.Fatalf("before eight: %+v", all)
		}
		if err := d.Update(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec("UPDATE item SET status = 'retracted' WHERE id = $1", gone)
			if err == nil {
				_, err = tx.Exec("UPDATE item_place SET shown_at = NULL WHERE item = $1", gone)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		w.later(20 * time.Hour)
		all := w.mails()
		if len(all) != 1 || !slices.Equal(told(all[0]), []string{"留下的公告"}) {
			t.Fatalf("%+v", all)
		}
	})
}

// A kept search tells of what it newly finds.
func TestASearchIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		w.publish(w.b, w.ban, "集中供水旧闻")
		w.later(time.Minute)
		w.confirmed("jia@example.com", Topic{Kind: Search, Query: Query{Text: "集中供水", Agencies: []string{w.b}}}, AtOnce)
		w.later(time.Hour)
		w.publish(w.b, w.ban, "集中供水新规")
		w.publish(w.a, w.news, "集中供水通知")
		w.publish(w.b, w.ban, "别的事")
		w.later(2 * time.Minute)
		all := w.mails()
		if len(all) != 1 || !slices.Equal(told(all[0]), []string{"集中供水新规"}) {
			t.Fatalf("%+v", all)
		}
	})
}

// What a person ends is over, and with the last nothing about them is left.
func TestLeavingDeletesEverything(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		key := w.confirmed("jia@example.com", Topic{Kind: All}, AtOnce)
		w.confirmed("jia@example.com", Topic{Kind: Agency, Target: w.b}, Weekly)
		w.later(time.Minute)
		w.publish(w.a, w.news, "公告")
		w.later(2 * time.Minute)
		w.mails()
		h, err := w.Held(t.Context(), key)
		if err != nil || h.Masked != "j***@example.com" || len(h.Topics) != 2 {
			t.Fatalf("%+v, %v", h, err)
		}
		if err := w.Change(t.Context(), key, h.Topics[0].ID, Daily); err != nil {
			t.Fatal(err)
		}
		for _, forged := range []string{key + "x", strings.Replace(key, ".", ".A", 1), "", ".", h.Topics[0].ID} {
			if _, err := w.Held(t.Context(), forged); !errors.Is(err, ErrLink) {
				t.Errorf("%q opens a page: %v", forged, err)
			}
		}
		other := w.confirmed("yi@example.com", Topic{Kind: All}, AtOnce)
		if err := w.Change(t.Context(), other, h.Topics[0].ID, Weekly); !errors.Is(err, ErrTopic) {
			t.Errorf("another person's subscription: %v", err)
		}
		for range 2 { // a mail program may ask twice
			if err := w.Leave(t.Context(), key, h.Topics[0].ID); err != nil {
				t.Fatal(err)
			}
		}
		if h, err = w.Held(t.Context(), key); err != nil || len(h.Topics) != 1 {
			t.Fatalf("%+v, %v", h, err)
		}
		if err := w.Leave(t.Context(), key, h.Topics[0].ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Held(t.Context(), key); !errors.Is(err, ErrLink) {
			t.Errorf("after the last: %v", err)
		}
		if err := w.Leave(t.Context(), other, ""); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"subscriber", "subscription", "subscription_sent"} {
			w.empty(table)
		}
	})
}

func (w *town) empty(table string) {
	w.t.Helper()
	err := w.DB.View(context.Background(), func(tx *db.Tx) error {
		n, err := tx.Count("SELECT count(*) FROM " + table)
		if n != 0 {
			w.t.Errorf("%s has %d rows", table, n)
		}
		return err
	})
	if err != nil {
		w.t.Error(err)
	}
}

// Who does not confirm is forgotten, and what counted tries too.
func TestWhoDoesNotConfirmIsForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		w.ask("jia@example.com", Topic{Kind: All}, Daily)
		token := w.linked(w.mails()[0], ConfirmPath, "t")
		w.later(unconfirmed + time.Second)
		if _, _, err := w.Confirm(t.Context(), token); !errors.Is(err, ErrToken) {
			t.Errorf("an old link: %v", err)
		}
		w.later(24 * time.Hour)
		for _, table := range []string{"subscriber", "subscription", "subscription_try"} {
			w.empty(table)
		}
		if all := w.mails(); len(all) != 0 {
			t.Errorf("further mails: %+v", all)
		}
	})
}

// The answer does not tell whether an address is known, nobody's box is filled, and one network
// address asks only so often.
func TestBoundsAgainstAbuse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		w.confirmed("jia@example.com", Topic{Kind: All}, Daily)
		w.ask("jia@example.com", Topic{Kind: All}, Weekly)
		all := w.mails()
		if len(all) != 1 || !strings.Contains(all[0].Text, "早已订阅") || w.linked(all[0], ManagePath, "k") == "" {
			t.Fatalf("%+v", all)
		}
		for range mostToAddress {
			w.ask("jia@example.com", Topic{Kind: Agency, Target: w.a}, Weekly)
		}
		if n := len(w.mails()); n != mostToAddress-2 {
			t.Errorf("%d further mails", n)
		}
		var err error
		n := 0
		for ; err == nil && n < 100; n++ {
			err = w.Ask(t.Context(), Wish{Address: fmt.Sprintf("x%d@example.com", n), Topic: Topic{Kind: All}, Rhythm: Daily, Remote: "192.0.2.9"})
		}
		if !errors.Is(err, ErrMany) || n != mostFromNetwork+1 {
			t.Errorf("after %d: %v", n, err)
		}
		for text, want := range map[string]error{"": ErrAddress, "jia": ErrAddress, "jia@localhost": ErrAddress, "甲 <jia@example.com>": ErrAddress,
			"jia@example.com\r\nBcc: x@example.com": ErrAddress, strings.Repeat("x", 260) + "@example.com": ErrAddress} {
			if err := w.Ask(t.Context(), Wish{Address: text, Topic: Topic{Kind: All}, Rhythm: Daily}); !errors.Is(err, want) {
				t.Errorf("%.20q: %v", text, err)
			}
		}
		for _, topic := range []Topic{{Kind: Section, Target: "x"}, {Kind: Agency}, {Kind: Search}, {Kind: "x"}} {
			if err := w.Ask(t.Context(), Wish{Address: "a@example.com", Topic: topic, Rhythm: Daily, Remote: "192.0.2.3"}); !errors.Is(err, ErrTopic) {
				t.Errorf("%+v: %v", topic, err)
			}
		}
	})
}

// The database holds no address in the open, and counts show none.
func TestAddressesAreSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		w.confirmed("jia.mou@example.com", Topic{Kind: Section, Target: w.news}, Daily)
		err := d.View(t.Context(), func(tx *db.Tx) error {
			tables, err := tx.Tables()
			for _, one := range tables {
				if err == nil {
					err = tx.EachRow(one, func(r db.Row) error {
						if strings.Contains(fmt.Sprint(r), "jia.mou") {
							t.Errorf("%s: %v", one.Name, r)
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
		officer := actor.Actor{ID: "o", Grants: []actor.Grant{{Role: actor.Officer, Agency: w.a}}}
		if all, err := w.Counts(t.Context(), officer, w.a); err != nil || len(all) != 1 || all[0] != (Count{Section, w.news, 1}) {
			t.Errorf("%+v, %v", all, err)
		}
		if _, err := w.Counts(t.Context(), officer, w.b); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("another body's: %v", err)
		}
	})
}

// An address that refuses mail again and again is taken for gone and forgotten.
func TestRefusalsAreCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		w.confirmed("jia@example.com", Topic{Kind: All}, AtOnce)
		w.now = w.now.Add(time.Minute)
		w.publish(w.a, w.news, "公告")
		for n := range mostFailures {
			var id string
			if err := d.View(t.Context(), func(tx *db.Tx) error { return tx.One([]any{&id}, "SELECT id FROM subscriber") }); err != nil {
				t.Fatalf("forgotten after %d: %v", n, err)
			}
			news, err := w.Desk.news(t.Context(), id)
			if err != nil || news == nil || len(news.rows) != 1 {
				t.Fatalf("%d: %+v, %v", n, news, err)
			}
			if err := w.refused(t.Context(), news); err != nil {
				t.Fatal(err)
			}
			w.now = w.now.Add(refusedWait)
		}
		w.empty("subscriber")
	})
}

// A mail server that does not answer delays a mail, and nothing is lost or told twice.
func TestTroubleWithTheServer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		w.confirmed("jia@example.com", Topic{Kind: All}, AtOnce)
		w.later(time.Minute)
		w.publish(w.a, w.news, "公告")
		away, err := notify.NewServer("smtp://127.0.0.1:1", "", "gongkai@example.gov.cn", nil)
		if err != nil {
			t.Fatal(err)
		}
		w.Post.Server, w.Post.Outbox = away, nil
		w.now = w.now.Add(2 * time.Minute)
		if err := w.runner().Drain(t.Context()); err == nil || strings.Contains(err.Error(), "jia") {
			t.Errorf("the job says %v", err)
		}
		w.Post.Server, w.Post.Outbox = nil, w.box
		w.later(10 * time.Minute)
		if all := w.mails(); len(all) != 0 {
			t.Errorf("tried again at once: %+v", all)
		}
		w.later(troubleWait)
		if all := w.mails(); len(all) != 1 || !slices.Equal(told(all[0]), []string{"公告"}) {
			t.Errorf("afterwards: %+v", all)
		}
		w.later(time.Hour)
		if all := w.mails(); len(all) != 0 {
			t.Errorf("told twice: %+v", all)
		}
	})
}

// Who enters somebody else's address writes nothing into the mail that person gets.
func TestNobodySendsWordsToOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		w.ask("jia@example.com", Topic{Kind: Search, Query: Query{Text: "您已中奖 http://evil.example/ 领取", Issuers: []string{"evil.example"}}}, AtOnce)
		all := w.mails()
		if len(all) != 1 || strings.Contains(all[0].Text+all[0].Subject, "evil") || strings.Contains(all[0].Text, "中奖") {
			t.Fatalf("%+v", all)
		}
		for _, bad := range []string{"jia@example.com\r\nBcc: yi@example.com", "jia@example.com,yi@example.com", "<jia@example.com>", "甲 <jia@example.com>", "jia@localhost", "jia@example.com\x00"} {
			if err := w.Ask(t.Context(), Wish{Address: bad, Topic: Topic{Kind: All}, Rhythm: Daily}); !errors.Is(err, ErrAddress) {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}
