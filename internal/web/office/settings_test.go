package office

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/gate/wordlist"
	"gongkai/internal/holiday"
	"gongkai/internal/search/synonym"
	"gongkai/internal/subscription"
)

func withSettings(t testing.TB, d *db.DB) *house {
	sessions := held{}
	for _, r := range []actor.Role{actor.SysAdmin, actor.SecAdmin, actor.Officer} {
		g := actor.Grant{Role: r}
		if !r.Installation() {
			g.Agency = "a1"
		}
		sessions[string(r)] = Session{Actor: actor.Actor{ID: string(r), Name: "示例" + string(r), Grants: []actor.Grant{g}}}
	}
	return serve(t, func(o *Options) {
		o.Sessions, o.Words, o.Holidays, o.Synonyms = sessions, &wordlist.Desk{DB: d}, &holiday.Desk{DB: d}, &synonym.Desk{DB: d}
	})
}

// A list of one's own in the place of the product's, refused with its line named, ended.
func TestWordPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := withSettings(t, d)
		g := h.visitor("sysadmin")
		g.get("/office/words").is(200).has("typo.txt", "随产品", "新建词表").lacks("⟦")
		g.get("/en/office/words").is(200).has("Misspellings").lacks("⟦")
		at := "/office/words/typo.txt"
		g.get(at).is(200).has("布署", "部署").lacks("停用</button>")
		g.post(at, at, url.Values{"version": {"0"}, "text": {"# kind: typo\n示列 → 示例\n字→词\n"}}).is(422).has("第3行", "字→词")
		g.post(at, at, url.Values{"version": {"0"}, "text": {"# kind: typo\r\n示列 → 示例\r\n"}}).is(303)
		g.get("/office/words").has("已替换", "共1个词")
		g.post(at, at, url.Values{"version": {"0"}, "text": {"# kind: typo\n示列 → 示例\n"}}).is(409).has("刚被别人改过")
		g.post(at, at, url.Values{"version": {"1"}, "do": {"off"}}).is(303)
		g.get(at).has("布署")
		n := "/office/words/new"
		g.post(n, n, url.Values{"name": {"../x.txt"}, "text": {"# kind: typo\n"}}).is(422)
		g.post(n, n, url.Values{"name": {"本单位.txt"}, "text": {"# kind: title\n张三市长 → 张三副市长\n"}}).is(303)
		g.get("/office/words").has("本单位.txt", "自备", "人名职务")
		for _, who := range []string{"secadmin", "officer"} {
			h.visitor(who).get("/office/words").is(403)
			h.visitor(who).get(at).is(403)
			h.visitor(who).get(n).is(403)
		}
	})
}

// Next year's notice typed in from the paper.
func TestHolidayPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := withSettings(t, d)
		g := h.visitor("sysadmin")
		at := "/office/holidays"
		g.get(at).is(200).has("2026年", "还没有2027年的安排", "国庆节").lacks("⟦")
		g.get("/en" + at).is(200).lacks("⟦")
		lines := "休 元旦 2027-01-01\n休 春节 2027-02-05 至 2027-02-11\n班 春节 2027-02-20\n"
		g.post(at, at, url.Values{"year": {"2027"}, "lines": {lines + "假 春节 2027-03-01"}}).is(422).has("第4行", "2027-02-20")
		g.post(at, at, url.Values{"year": {"2027"}, "lines": {strings.Replace(lines, "2027-02-20", "2027-02-19", 1)}}).is(422).has("没有载入")
		g.post(at, at, url.Values{"year": {"2027"}, "lines": {lines}}).is(200).has("2027年放假安排：请核对", "2027-02-05 至 2027-02-11 放假", "2027-02-20 上班")
		g.get(at).has("还没有2027年的安排") // seen, not loaded
		notice := "国务院办公厅关于2027年部分节假日安排的通知\n一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n二、春节：2月5日（周五）至11日（周四）放假调休，共7天。2月14日（周日）上班。\n" +
			"三、清明节：4月3日（周六）至5日（周一）放假，共3天。\n四、劳动节：5月1日（周六）至3日（周一）放假，共3天。\n五、端午节：6月9日（周三）放假1天，不调休。\n" +
			"六、中秋节：9月15日（周三）放假1天，不调休。\n七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）上班。\n打印本页\n"
		g.post(at, at, url.Values{"year": {"2027"}, "lines": {strings.Replace(notice, "（周日）上班", "（周六）上班", 1)}}).is(422).has("第3行：2027年2月14日是周日，文中写的是周六")
		page := g.post(at, at, url.Values{"year": {"2028"}, "lines": {notice}}).is(200).has("元旦：2027-01-01 至 2027-01-03 放假", "第9行不是放假安排，没有读取：打印本页")
		g.post(at, at, url.Values{"sure": {"1"}, "read": {html.UnescapeString(regexp.MustCompile(`name="read" value="([^"]+)"`).FindStringSubmatch(page.body)[1])}}).is(303)
		g.get(at).has("2027年", "已载入2027年的安排").lacks("还没有2027年的安排")
		g.post(at, at, url.Values{"year": {"2027"}, "lines": {lines}}).is(200).has("与现有安排不同：2027年2月14日（周日）", "与现有安排不同：2027年2月20日（周六）")
		h.visitor("secadmin").get(at).is(403)
		h.visitor("officer").post("/office/", at, url.Values{"year": {"2027"}, "lines": {lines}}).is(403)
	})
}

// Synonyms typed in, refused with every line that contradicts another, taken out as a file, and
// the product's left out.
func TestSynonymPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := withSettings(t, d)
		g := h.visitor("sysadmin")
		at := "/office/synonyms"
		g.get(at).is(200).has("同义词", "不动产权证书").lacks("⟦")
		g.get("/en" + at).is(200).has("Synonyms").lacks("⟦")
		g.post(at, at, url.Values{"version": {"0"}, "text": {"低保=最低生活保障\n户口本\n救助=低保\n"}}).is(422).
			has("第2行只有一个词", "第3行和第1行都有“低保”", "户口本\n救助=低保")
		g.post(at, at, url.Values{"version": {"0"}, "text": {"村村通＝农村公路通畅工程\r\n"}, "own_only": {"1"}}).is(303)
		g.get(at).has("村村通=农村公路通畅工程", "已保存")
		g.get(at + "/export").is(200).has("村村通=农村公路通畅工程").lacks("<html")
		if all := h.o.Synonyms.Groups(); len(all) != 1 {
			t.Errorf("searches use %v", all)
		}
		g.post(at, at, url.Values{"version": {"0"}, "text": {""}}).is(409).has("刚被别人改过")
		for _, who := range []string{"secadmin", "officer"} {
			h.visitor(who).get(at).is(403)
			h.visitor(who).get(at + "/export").is(403)
		}
	})
}

// How many subscribe to what, and nothing of whom.
func TestSubscriptionPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		sessions := held{}
		for _, r := range []actor.Role{actor.Officer, actor.SysAdmin} {
			g := actor.Grant{Role: r}
			if !r.Installation() {
				g.Agency = "a1"
			}
			sessions[string(r)] = Session{Actor: actor.Actor{ID: string(r), Name: "示例" + string(r), Grants: []actor.Grant{g}}, Bodies: []Body{{ID: "a1", Name: "示例局"}}}
		}
		h := serve(t, func(o *Options) {
			o.Sessions, o.Subscriptions = sessions, &subscription.Desk{DB: d}
		})
		h.visitor("officer").get("/office/subscriptions").is(200).has("邮件订阅", "还没有人订阅", "没有配置邮件服务器").lacks("⟦", "@")
		h.visitor("officer").get("/en/office/subscriptions").is(200).has("Nobody has subscribed yet").lacks("⟦")
		h.visitor("sysadmin").get("/office/subscriptions").is(403)
	})
}
