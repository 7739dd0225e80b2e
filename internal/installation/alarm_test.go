package installation

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/internal/account"
	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/foi"
	"gongkai/internal/i18n"
	"gongkai/internal/notify"
)

// hired makes people of a body, each with a role and an address, and returns their accounts.
func hired(t *testing.T, n *Installation, body string, roles ...actor.Role) (accounts []string) {
	t.Helper()
	sec := actor.Actor{ID: "sec", Name: "安全员", Grants: []actor.Grant{{Role: actor.SecAdmin}}}
	sys := actor.Actor{ID: "sys", Name: "系统员", Grants: []actor.Grant{{Role: actor.SysAdmin}}}
	for i, r := range roles {
		login := fmt.Sprintf("%s%d", r, i)
		p, err := n.People.Create(t.Context(), sys, account.Person{Login: login, Name: login, Agency: body, Email: login + "@example.org"})
		must(t, err)
		_, err = n.People.Grant(t.Context(), sec, p.Account.ID, account.Grant{Role: r, Agency: body})
		must(t, err)
		accounts = append(accounts, p.Account.ID)
	}
	return accounts
}

// mailsOf lists what one person was mailed, subject and text, each mail one entry.
func mailsOf(t *testing.T, n *Installation, person string) (all []string) {
	t.Helper()
	must(t, n.DB.View(t.Context(), func(tx *db.Tx) error {
		all = nil
		return tx.Each("SELECT subject, text FROM notify_mail WHERE account = $1 ORDER BY id", func(scan func(...any) error) error {
			var subject, text string
			err := scan(&subject, &text)
			all = append(all, subject+"\n"+strings.TrimSpace(strings.ReplaceAll(text, "\nhttps://www.example.gov.cn/office/requests\n", "")))
			return err
		}, person)
	}))
	return all
}

// A request received on 20 November 2026 is due twenty working days later, on 18 December. The
// officer and its handler are reminded five, three and one working day before, on the day, and each
// working day after it; nobody on other days, on days off, or twice. What nobody confirmed is in the
// officer's list only. Nobody else is told, and nothing says who asked. R-DL-15.
func TestAlarms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n, by := furnished(t, d, "smtp://127.0.0.1:9")
		n.Config.Lang = i18n.Chinese
		now := time.Date(2026, 11, 20, 10, 0, 0, 0, date.China)
		d.Clock = func() time.Time { return now }
		body := by.Grants[0].Agency
		people := hired(t, n, body, actor.Officer, actor.Handler, actor.Handler, actor.Head, actor.Editor)
		officer, handler := people[0], people[1]
		app := foi.Application{
			Applicant: foi.Applicant{Kind: foi.Natural, Name: "甲某某", IDType: foi.ChineseCard, IDNumber: "110101199003070011", Phone: "13800000000", Email: "jia@example.com", Address: "虚构市二号路2号"},
			Sought:    foi.Sought{Name: "低保资金分配方案", Features: "按区的分配方案"}, Form: foi.Electronic, Way: foi.ByEmail,
		}
		r, _, err := n.Requests.Register(t.Context(), by, foi.Registration{Agency: body, Channel: foi.Counter, Received: date.Must(2026, 11, 20), Application: app})
		must(t, err)
		if r.Due != date.Must(2026, 12, 18) {
			t.Fatalf("due on %s", r.Due)
		}
		_, err = n.Requests.Assign(t.Context(), by, r.ID, 0, foi.Assignment{Department: "救助科", Handlers: []string{handler}, Names: []string{"示例员"}})
		must(t, err)
		name := r.No + " 低保资金分配方案"
		want := map[string]string{
			"2026-12-11": name + "：还有5个工作日，2026-12-18届满", "2026-12-15": name + "：还有3个工作日，2026-12-18届满",
			"2026-12-17": name + "：还有1个工作日，2026-12-18届满", "2026-12-18": name + "：今天届满",
			"2026-12-21": name + "：已于2026-12-18届满，逾期1个工作日", "2026-12-22": name + "：已于2026-12-18届满，逾期2个工作日",
		}
		for day := date.Must(2026, 11, 23); day.Before(date.Must(2026, 12, 23)); day = day.Plus(1) {
			now = time.Date(day.Year(), time.Month(day.Month()), day.Day(), 7, 30, 0, 0, date.China)
			before := len(mailsOf(t, n, handler))
			must(t, n.alarm(t.Context()))
			must(t, n.alarm(t.Context()))
			got := mailsOf(t, n, handler)[before:]
			var all []string
			if line := want[day.String()]; line != "" {
				all = []string{day.String() + "：1件信息公开申请需要处理\n" + line}
			}
			if !slices.Equal(got, all) {
				t.Errorf("%s: %q, want %q", day, got, all)
			}
		}
		if got := mailsOf(t, n, officer); len(got) != len(want) {
			t.Errorf("the officer got %q", got)
		}
		app.Sought.Name = "2025年养老服务补贴"
		_, _, err = n.Requests.Submit(t.Context(), foi.Submission{Agency: body, Channel: foi.Web, Application: app})
		must(t, err)
		now = time.Date(2026, 12, 23, 7, 30, 0, 0, date.China)
		must(t, n.alarm(t.Context()))
		got := mailsOf(t, n, officer)
		if last := got[len(got)-1]; last != "2026-12-23：2件信息公开申请需要处理\n"+name+"：已于2026-12-18届满，逾期3个工作日\n2025年养老服务补贴：2026-12-22提交，尚未确认" {
			t.Errorf("the officer is told %q", last)
		}
		for _, one := range append(got, mailsOf(t, n, handler)...) {
			if strings.Contains(one, "甲") || strings.Contains(one, "jia@") {
				t.Errorf("names the applicant: %s", one)
			}
		}
		for _, other := range people[2:] {
			if got := mailsOf(t, n, other); got != nil {
				t.Errorf("somebody else got %q", got)
			}
		}
		n.Post = &notify.Post{DB: d, Keys: n.Keys}
		now = time.Date(2026, 12, 24, 7, 30, 0, 0, date.China)
		must(t, n.alarm(t.Context()))
		if more := mailsOf(t, n, officer); len(more) != len(got) {
			t.Errorf("without mail there is %q", more)
		}
	})
}
