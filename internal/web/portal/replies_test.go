package portal

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/foi"
)

// read returns what stands at an address.
func (x *public) read(path string) string {
	x.t.Helper()
	body, _ := x.ask(path, http.StatusOK)
	return body
}

// What a body publishes of requests stands on its page once agreed, and the pages that lead there
// are made anew; taken down, it is gone.
func TestRepliesArePublishedAndTakenDown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := asking(t, d)
		x, ctx := c.x, t.Context()
		must := func(r *foi.Request, err error) *foi.Request {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		x.Sites.URL = "https://www.shili.example"
		if _, err := x.Sites.Renew(ctx); err != nil {
			t.Fatal(err)
		}
		s, err := x.Requests.Settings(ctx, x.officer, x.body)
		if err != nil {
			t.Fatal(err)
		}
		s.PublicLog = true
		if err := x.Requests.SaveSettings(ctx, x.officer, x.body, s); err != nil {
			t.Fatal(err)
		}
		today := date.Of(c.now.In(date.China))
		r, _, err := x.Requests.Register(ctx, x.officer, foi.Registration{Agency: x.body, Channel: foi.Counter, Received: today, Application: foi.Application{
			Applicant: foi.Applicant{Kind: foi.Natural, Name: "甲某某", IDType: foi.ChineseCard, IDNumber: "110101199003070011", Phone: "13800000000", Address: "示例县一号路1号"},
			Sought:    foi.Sought{Name: "养老服务补贴发放标准", Features: "2025年的发放标准"}, Form: foi.Paper, Way: foi.ByMail}})
		must(r, err)
		r = must(x.Requests.Withdraw(ctx, x.officer, r.ID, 0, "撤回"))
		must(x.Requests.ProposeLog(ctx, x.officer, r.ID, 0, foi.LogWords{Title: "养老服务补贴<b>标准</b>", Sought: "2025年的发放标准", Summary: "申请人撤回，没有答复。"}))
		pages := []string{"/apply.html", "/sitemap.html", "/sitemaps/pages.xml"}
		for _, path := range pages {
			if strings.Contains(x.read(path), "/replies.html") {
				t.Errorf("%s leads to a log of nothing", path)
			}
		}
		if body := x.has("/replies.html", "还没有公布"); strings.Contains(body, "2025年的发放标准") {
			t.Error("what was only proposed is public")
		}
		head := actor.Actor{ID: "head", Name: "示例负责人", Grants: []actor.Grant{{Role: actor.Head, Agency: x.body}}}
		tags := x.notes(func() { must(x.Requests.AgreeLog(ctx, head, r.ID, 0)) })
		for _, path := range append(pages[:2:2], "/replies.html") {
			if _, made := x.ask(path, http.StatusOK); !slices.ContainsFunc(tags, func(g change.Tag) bool { return slices.Contains(made, g) }) {
				t.Errorf("%s stays as it was: made from %v, noted %v", path, made, tags)
			}
		}
		for _, path := range pages {
			if !strings.Contains(x.read(path), "/replies.html") {
				t.Errorf("%s does not lead to the log", path)
			}
		}
		x.has("/replies.html", "养老服务补贴&lt;b&gt;标准", "2025年的发放标准", "申请人撤回，没有答复。", today.String())
		x.has("/replies.html?q=%E5%85%BB%E8%80%81", "养老服务补贴")
		x.has("/replies.html?q=%E6%95%99%E8%82%B2", "没有找到")
		if body := x.read("/en/replies.html"); !strings.Contains(body, "Requests and replies") || !strings.Contains(body, "2025年的发放标准") {
			t.Errorf("in English: %s", body)
		}
		x.ask("/replies/2.html", http.StatusNotFound)
		must(x.Requests.TakeDownLog(ctx, x.officer, r.ID, 0, "写错了"))
		x.has("/replies.html", "还没有公布")
		if strings.Contains(x.read("/apply.html"), "/replies.html") {
			t.Error("the page before asking leads to a log of nothing")
		}
	})
}
