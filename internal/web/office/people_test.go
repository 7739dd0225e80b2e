package office

import (
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"gongkai/internal/account"
	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/audit"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/job"
	"gongkai/internal/ledger"
	"gongkai/internal/secret"
	"gongkai/internal/workday"
)

// town is a whole office over a fresh database that nobody has set up, with a clock tests
// can move.
type town struct {
	*house
	people *account.Registry
	local  string // the address that passkeys belong to
	lock   sync.Mutex
	now    time.Time
}

func (w *town) clock() time.Time {
	w.lock.Lock()
	defer w.lock.Unlock()
	return w.now
}

func (w *town) wait(d time.Duration) {
	w.lock.Lock()
	defer w.lock.Unlock()
	w.now = w.now.Add(d)
}

func newTown(t testing.TB) *town {
	t.Helper()
	d := dbtest.SQLite(t)
	w := &town{now: dbtest.Noon}
	d.Clock = w.clock
	keys, err := secret.Create(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	w.house = serveAt(t, func(url string, o *Options) {
		w.local = strings.Replace(url, "127.0.0.1", "localhost", 1)
		w.people, err = account.New(d, keys, account.Options{Name: "示范市", Site: "localhost", Origins: []string{w.local}})
		if err != nil {
			t.Fatal(err)
		}
		o.Sessions, o.People, o.Now = nil, w.people, w.clock
		o.Agencies, o.Jobs = &agency.Registry{DB: d}, &job.Desk{DB: d}
		o.Audit, o.Version = &audit.Desk{DB: d}, "1.2.3"
		if o.Ledger, err = ledger.Open(t.Context(), d, keys, "example.gov.cn/ledger"); err != nil {
			t.Fatal(err)
		}
		o.Serving = func() Serving {
			return Serving{Hits: 12345, Makes: 678, Pages: 90, Bytes: 3 << 20, Copy: &Copy{Files: 4321, Problems: 2, Bytes: 5 << 20, At: w.clock()}}
		}
		o.Sections = &section.Desk{DB: d, Calendar: workday.Embedded, Policy: section.Standard}
	})
	return w
}

var (
	tokenAnywhere = regexp.MustCompile(`(value|data-token)="[A-Za-z0-9_-]{43}"`)
	keyInPage     = regexp.MustCompile(`<code class="key">([^<]+)</code>`)
	codeInPage    = regexp.MustCompile(`<li><code>([^<]+)</code></li>`)
)

// goodPassword is one no rule refuses.
const goodPassword = "Kx7-qmzt-Bwv"

// settled sets the installation up and returns the one-time passwords of the three.
func (w *town) settled() []string {
	w.t.Helper()
	code, err := w.people.SetupCode(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	form := url.Values{"code": {code}}
	for i, one := range firstOnes {
		form.Set(one.prefix+"name", "示例管理员"+[]string{"甲", "乙", "丙"}[i])
		form.Set(one.prefix+"login", []string{"sys.one", "sec.one", "aud.one"}[i])
	}
	s := w.visitor("").post("/office/setup", "/office/setup", form).is(200).has("一次性密码", "sec.one")
	var passwords []string
	for _, m := range keyInPage.FindAllStringSubmatch(s.body, -1) {
		passwords = append(passwords, m[1])
	}
	if len(passwords) != 3 {
		w.t.Fatalf("%d one-time passwords", len(passwords))
	}
	return passwords
}

// enter signs somebody in for the first time, down to the authenticator, whose secret it
// returns with the recovery codes.
func (w *town) enter(g *guest, login, password string) (secret string, codes []string) {
	w.t.Helper()
	step := "/office/sign-in/step"
	g.post("/office/sign-in", "/office/sign-in", url.Values{"login": {login}, "password": {password}}).is(303)
	g.get(step).is(200).has("设置新密码")
	g.post(step, step, url.Values{"password": {goodPassword}, "again": {goodPassword}}).is(303)
	page := g.get(step).is(200).has("设置第二步验证", "<svg")
	secret = keyInPage.FindStringSubmatch(page.body)[1]
	s := g.send("POST", step, url.Values{"token": {page.token()}, "code": {w.code(secret)}}, nil).is(200).has("恢复码")
	for _, m := range codeInPage.FindAllStringSubmatch(s.body, -1) {
		codes = append(codes, m[1])
	}
	g.get("/office/").is(200).has("我的工作台")
	return secret, codes
}

func (w *town) code(secret string) string {
	w.t.Helper()
	code, err := totp.GenerateCode(secret, w.clock())
	if err != nil {
		w.t.Fatal(err)
	}
	return code
}

// A new installation leads to its set-up, which wants the code of the server's terminal,
// three people, and is there once.
func TestSetUp(t *testing.T) {
	w := newTown(t)
	g := w.visitor("")
	g.get("/office/").is(303).leads("/office/sign-in?next=%2Foffice%2F")
	g.get("/office/sign-in").is(303).leads("/office/setup")
	form := url.Values{"code": {"guess"}, "sysadmin_name": {"甲"}, "sysadmin_login": {"sys.one"}, "secadmin_name": {"甲"}, "secadmin_login": {"sys.one"}, "auditor_name": {"丙"}, "auditor_login": {"aud.one"}}
	g.post("/office/setup", "/office/setup", form).is(422).lacks("一次性密码").has(`value="sys.one"`)
	code, err := w.people.SetupCode(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	form.Set("code", code)
	g.post("/office/setup", "/office/setup", form).is(422).lacks("一次性密码")
	w.settled()
	g.get("/office/setup").is(409)
	g.get("/office/sign-in").is(200).has("登录名")
}

// The first sign-in asks for a new password and an authenticator; later ones for both. A
// session's secret is new, whatever the browser held before.
func TestSignIn(t *testing.T) {
	w := newTown(t)
	passwords := w.settled()
	g := w.visitor("")
	u, err := url.Parse(w.URL)
	if err != nil {
		t.Fatal(err)
	}
	planted := []*http.Cookie{{Name: sessionCookie, Value: "planted", Path: "/"}, {Name: attemptCookie, Value: "planted", Path: "/"}}
	g.client.Jar.SetCookies(u, planted)
	secret, codes := w.enter(g, "sys.one", passwords[0])
	for _, c := range g.client.Jar.Cookies(u) {
		if c.Value == "planted" {
			t.Errorf("%s is still the planted one", c.Name)
		}
	}
	g.post("/office/", "/office/sign-out", nil).is(303).leads("/office/sign-in")
	g.get("/office/").is(303)

	w.wait(2 * time.Minute)
	step := "/office/sign-in/step"
	form := url.Values{"login": {"Sys.One "}, "password": {goodPassword}, "next": {"/office/bodies?q=1"}}
	g.post("/office/sign-in", "/office/sign-in", form).is(303).leads(step + "?next=%2Foffice%2Fbodies%3Fq%3D1")
	g.get("/office/").is(303)
	g.post(step, step, url.Values{"code": {"000000"}}).is(422)
	g.post(step+"?next=%2Foffice%2Fbodies%3Fq%3D1", step, url.Values{"code": {w.code(secret)}, "next": {"/office/bodies?q=1"}}).is(303).leads("/office/bodies?q=1")
	g.get("/office/bodies").is(200)

	for _, next := range []string{"https://evil.example/", "//evil.example", "/\\evil.example"} {
		w.wait(time.Minute)
		again := w.visitor("")
		again.post("/office/sign-in", "/office/sign-in", url.Values{"login": {"sys.one"}, "password": {goodPassword}, "next": {next}}).is(303).leads(step + "?next=%2Foffice%2F")
	}
	last := w.visitor("")
	last.post("/office/sign-in", "/office/sign-in", url.Values{"login": {"sys.one"}, "password": {goodPassword}}).is(303)
	last.post(step, step, url.Values{"code": {codes[0]}, "next": {"//evil.example"}}).is(303).leads("/office/")
}

// Who has no account learns nothing another would not; too many failures lock both out.
func TestSignInRefused(t *testing.T) {
	w := newTown(t)
	w.settled()
	tell := func(login string) string {
		g := w.visitor("")
		s := g.post("/office/sign-in", "/office/sign-in", url.Values{"login": {login}, "password": {"wrong"}})
		s.lacks(`value="wrong"`)
		return strings.ReplaceAll(tokenAnywhere.ReplaceAllString(s.body, ""), login, "x")
	}
	for i := range 6 {
		if known, unknown := tell("sys.one"), tell("nobody.here"); known != unknown {
			t.Fatalf("attempt %d: the page of a known name differs", i+1)
		}
	}
	s := w.visitor("").post("/office/sign-in", "/office/sign-in", url.Values{"login": {"sys.one"}, "password": {"wrong"}}).is(403)
	s.has(`role="alert"`, "登录名")
	w.visitor("").post("/office/sign-in", "/office/sign-in", url.Values{}).is(422).has("请填写这一项")
}

// A demonstration offers its people on the page of signing in; an installation none.
func TestDemo(t *testing.T) {
	w := newTown(t)
	w.settled()
	w.visitor("").get("/office/sign-in").is(200).lacks("演示账号")
	w.o.Demo = []DemoPerson{{Login: "demo.one", Name: "示例员甲", Password: "demo-password", Body: "示范市民政局", Roles: []actor.Role{actor.Editor}}}
	w.visitor("").get("/office/sign-in").is(200).has("演示账号", "示例员甲", "示范市民政局 信息员", `value="demo-password"`)
}

// The system administrator makes accounts, the security administrator grants roles, each
// what the other may not.
func TestPeople(t *testing.T) {
	w := newTown(t)
	passwords := w.settled()
	sys, sec, aud := w.visitor(""), w.visitor(""), w.visitor("")
	w.enter(sys, "sys.one", passwords[0])
	w.enter(sec, "sec.one", passwords[1])
	w.enter(aud, "aud.one", passwords[2])
	body := sys.made("示范市人民政府", "", "government", "city")
	form := url.Values{"name": {"示例员丁"}, "login": {"clerk.four"}, "body": {body}, "department": {"办公室"}, "phone": {"13800000000"}}
	sec.post("/office/people", "/office/people/new", form).is(403)
	sys.post("/office/people/new", "/office/people/new", url.Values{"name": {"丁"}, "login": {"x"}}).is(422)
	page := sys.post("/office/people/new", "/office/people/new", form).is(200).has("一次性密码")
	id := regexp.MustCompile(`/office/people/([0-9a-f-]{36})`).FindStringSubmatch(page.body)[1]
	first := keyInPage.FindStringSubmatch(page.body)[1]
	at := "/office/people/" + id
	sys.get(at).has("138****0000").lacks("13800000000")
	sys.post(at, at+"/act", url.Values{"do": {"reveal"}}).is(200).has("13800000000")
	sec.post(at, at+"/act", url.Values{"do": {"reveal"}}).is(403)
	aud.get("/office/audit?act=account.reveal").has("/office/audit/")
	sys.get("/office/people").is(200).has("示例员丁", "尚未改初始密码", "安全管理员").lacks("13800000000")
	sys.get(at).is(200).has("138****0000").lacks("授予角色", "13800000000")
	sys.post(at, at+"/act", url.Values{"do": {"grant"}, "role": {"editor"}, "body": {body}}).is(403)
	sec.post(at, at+"/act", url.Values{"do": {"grant"}, "role": {"editor"}}).is(422)
	sec.post(at, at+"/act", url.Values{"do": {"grant"}, "role": {"editor"}, "body": {body}, "reason": {"试用"}}).is(303)
	granted := sec.get(at).is(200).has("信息员", "示范市人民政府", "收回角色")
	sys.post(at+"/edit", at+"/edit", url.Values{"version": {"1"}, "name": {"示例员丁"}, "login": {"clerk.four"}, "body": {body}, "phone": {"138****0000"}}).is(303)
	sec.get("/office/people?role=editor&format=csv").is(200).has("示例员丁,示范市人民政府,信息员")

	clerk := w.visitor("")
	clerk.post("/office/sign-in", "/office/sign-in", url.Values{"login": {"clerk.four"}, "password": {first}}).is(303)
	clerk.post("/office/sign-in/step", "/office/sign-in/step", url.Values{"password": {"short"}, "again": {"short"}}).is(422).has("至少")
	clerk.post("/office/sign-in/step", "/office/sign-in/step", url.Values{"password": {goodPassword}, "again": {"other"}}).is(422).has("两次输入的密码不一样")
	clerk.post("/office/sign-in/step", "/office/sign-in/step", url.Values{"password": {goodPassword}, "again": {goodPassword}}).is(303).leads("/office/")
	clerk.get("/office/").is(200).lacks("/office/people", "/office/security")
	for _, path := range []string{"/office/people", "/office/people/none", "/office/security"} {
		if s := clerk.get(path); s.status != 403 && s.status != 404 {
			t.Errorf("a clerk gets %s with %d", path, s.status)
		}
	}
	grant := regexp.MustCompile(`value="([0-9a-f-]{36}:\d+)"`).FindStringSubmatch(granted.body)[1]
	sec.post(at, at+"/act", url.Values{"do": {"revoke"}, "grant_id": {grant}}).is(422)
	sec.post(at, at+"/act", url.Values{"do": {"revoke"}, "grant_id": {grant}, "reason": {"调离"}}).is(303)
	clerk.get("/office/").is(303)
	sec.post(at, at+"/act", url.Values{"do": {"lock"}, "version": {"9"}, "reason": {"离职"}}).is(409)
	sec.post(at, at+"/act", url.Values{"do": {"lock"}, "version": {"2"}, "reason": {"离职"}}).is(303)
	sec.get(at).has("启用", "离职")
	aud.post("/office/people", at+"/act", url.Values{"do": {"unlock"}, "version": {"3"}}).is(403)
}

// A role can be held for one section of the body, and for none of another's.
func TestGrantForASection(t *testing.T) {
	w := newTown(t)
	passwords := w.settled()
	sys, sec := w.visitor(""), w.visitor("")
	w.enter(sys, "sys.one", passwords[0])
	w.enter(sec, "sec.one", passwords[1])
	civil, justice := sys.made("示范市民政局", "", "department", "city"), sys.made("示范市司法局", "", "department", "city")
	var keys []string
	for _, body := range []string{civil, justice} {
		s, err := w.o.Sections.Create(t.Context(), actor.System("test"), body, "", section.Draft{Name: "工作动态", Kind: section.News})
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, s.ID)
	}
	page := sys.post("/office/people", "/office/people/new", url.Values{"name": {"示例员丁"}, "login": {"clerk.four"}, "body": {civil}}).is(200)
	at := "/office/people/" + regexp.MustCompile(`/office/people/([0-9a-f-]{36})`).FindStringSubmatch(page.body)[1]
	sec.get(at).has("限定栏目", `value="`+keys[0]+`"`).lacks(`value="` + keys[1] + `"`)
	give := func(body, key string) seen {
		return sec.post(at, at+"/act", url.Values{"do": {"grant"}, "role": {"editor"}, "body": {body}, "section": {key}})
	}
	give(civil, keys[1]).is(422).has("这个栏目不属于所选的适用单位")
	give(justice, keys[0]).is(422).has("这个栏目不属于所选的适用单位")
	give(civil, keys[0]).is(303)
	sec.get(at).has("示范市民政局：工作动态", "收回角色")
}

// A person changes their password, authenticator and codes, and sees where they are signed
// in; the password is asked for each time.
func TestMe(t *testing.T) {
	w := newTown(t)
	passwords := w.settled()
	g := w.visitor("")
	w.enter(g, "sec.one", passwords[1])
	g.get("/office/me").is(200).has("修改密码", "安全管理员", "【本机】", "停用认证应用").lacks("⟦")
	const other = "Nw3-vkgh-Qpt"
	g.post("/office/me", "/office/me/password", url.Values{"old": {"wrong"}, "password": {other}, "again": {other}}).is(422)
	g.post("/office/me", "/office/me/password", url.Values{"old": {goodPassword}, "password": {other}, "again": {other}}).is(303)
	g.get("/office/me").is(200).has("已保存")
	g.post("/office/me", "/office/me/totp/remove", url.Values{"old": {other}}).is(409)
	page := g.post("/office/me", "/office/me/totp", url.Values{"old": {other}}).is(200).has("<svg")
	w.wait(time.Minute)
	secret := keyInPage.FindStringSubmatch(page.body)[1]
	g.send("POST", "/office/me/totp/confirm", url.Values{"token": {page.token()}, "code": {"000000"}}, nil).is(422)
	g.send("POST", "/office/me/totp/confirm", url.Values{"token": {page.token()}, "code": {w.code(secret)}}, nil).is(200).has("恢复码")
	g.post("/office/me", "/office/me/recovery", url.Values{"old": {"wrong"}}).is(422).lacks("<li><code>")

	session := regexp.MustCompile(`name="session" value="([^"]+)"`).FindStringSubmatch(g.get("/office/me").body)[1]
	g.post("/office/me", "/office/me/session", url.Values{"session": {session}}).is(303)
	g.get("/office/me").is(303)
}

// The rules of signing in have bounds, and only the security administrator sets them.
func TestSecurity(t *testing.T) {
	w := newTown(t)
	passwords := w.settled()
	sec, sys := w.visitor(""), w.visitor("")
	w.enter(sec, "sec.one", passwords[1])
	w.enter(sys, "sys.one", passwords[0])
	sys.get("/office/security").is(403)
	sec.get("/office/security").is(200).has("密码最少字符数").lacks("⟦")
	form := url.Values{"min_length": {"4"}, "kinds": {"2"}, "history": {"5"}, "max_age_days": {"90"}, "failures": {"5"}, "address_failures": {"30"}, "lock_minutes": {"15"},
		"idle_minutes": {"30"}, "session_hours": {"12"}, "second_factor": {"everyone"}, "words": {"示范\n样例"}, "at": {"0"}}
	sec.post("/office/security", "/office/security", form).is(422).has(`href="#f-min_length"`)
	form.Set("min_length", "12")
	sec.post("/office/security", "/office/security", form).is(303)
	sec.get("/office/security").has(`value="12"`, "样例")
}

// The auditor alone reads, exports and verifies the record of acts; what people did stands
// in it, and what they typed in secret does not.
func TestAudit(t *testing.T) {
	w := newTown(t)
	passwords := w.settled()
	aud, sys := w.visitor(""), w.visitor("")
	w.enter(sys, "sys.one", passwords[0])
	w.enter(aud, "aud.one", passwords[2])
	sys.made("示范市人民政府", "", "government", "city")
	sys.get("/office/audit").is(403)
	sys.get("/office/").lacks("/office/audit")
	aud.get("/office/audit").is(200).has("新建单位", "示范市人民政府", "示例管理员甲", "初次设置").lacks("⟦", goodPassword)
	aud.get("/office/audit?act=agency.create&from=2026-11-23").is(200).has("示范市人民政府").lacks("登录</td>")
	aud.get("/office/audit?from=2026-11-24").is(200).has("没有符合条件的记录")
	aud.get("/office/audit?from=abc").is(422)
	aud.get("/office/audit/1").is(200).has("第 1 条", "摘要")
	aud.get("/office/audit/999").is(404)
	aud.get("/office/audit?q=示范市人民政府&format=csv").is(200).has("新建单位", "序号,").lacks("初次设置")
	aud.get("/office/audit").has("导出操作记录")
	aud.post("/office/audit", "/office/audit/verify", nil).is(200).has("完整，没有改动")
	aud.post("/office/audit", "/office/audit/verify", url.Values{"anchor": {"x"}}).is(422)
	sys.post("/office/", "/office/audit/verify", nil).is(403)
	sys.get("/office/system").is(200).has("1.2.3", "sqlite", "最新", "example.gov.cn/ledger", "全部已记入", "12,345", "678", "90页，3.0 MB", "4,321", "2个地址没有写入", "5.0 MB")
	sys.get("/en/office/system").is(200).has("everything entered", "2 addresses were not written").lacks("⟦")
	aud.get("/office/system").is(403)
}
