package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongkai/internal/account"
	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual/compile"
	"gongkai/internal/annual/cycle"
	"gongkai/internal/annual/shelf"
	"gongkai/internal/config"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/decimal"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/installation"
	"gongkai/internal/job"
	"gongkai/internal/web/monitor"
	"gongkai/internal/web/office"
	"gongkai/internal/webhook"
)

// password is everybody's in these tests.
const password = "Shiyong-Mima-2026"

// world is an installation with two bodies under a third, a person in every role of each, and
// unpublished material of every kind whose every text bears the body's mark.
type world struct {
	t      testing.TB
	n      *installation.Installation
	server *httptest.Server
	routes []string
	log    *logbook
	pages  *pages
	bodies map[string]*body // "a", "b", and "city" above them
	people map[string]*person

	addresses logbook
	moment    atomic.Pointer[time.Time] // what every clock of it shows
}

// heard writes down the addresses asked for and those that answers lead on to.
func (w *world) heard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(out, r)
		fmt.Fprintln(&w.addresses, r.URL.String(), out.Header().Get("Location"), r.Header.Get("Referer"))
	})
}

// now is what every clock of the world shows.
func (w *world) now() time.Time { return *w.moment.Load() }

// body is a body with the addresses of its material.
type body struct {
	id, mark string
	// ids fill the gaps of addresses and forms: {draft}, {review}, {file} …
	ids map[string]string
}

// person is somebody signed in.
type person struct {
	login  string
	id     string
	actor  actor.Actor
	secret string
	token  string
	home   string // key of the body, "" for an administrator
	role   actor.Role
}

// logbook keeps what the program logs.
type logbook struct {
	sync.Mutex
	bytes.Buffer
}

func (l *logbook) Write(b []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.Buffer.Write(b)
}

func (l *logbook) text() string {
	l.Lock()
	defer l.Unlock()
	return l.Buffer.String()
}

// bodyRoles are the roles held for a body.
var bodyRoles = slices.DeleteFunc(slices.Clone(actor.Roles), actor.Role.Installation)

// onEach runs test in a world on each engine, both at once.
func onEach(t *testing.T, test func(t *testing.T, w *world)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, newWorld(t, ""))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, newWorld(t, dbtest.EmptyPostgres(t)))
	})
}

// newWorld builds the world on a database, "" for SQLite, and serves it as the program does.
func newWorld(t testing.TB, database string) *world {
	t.Helper()
	w := newTown(t, database)
	for _, key := range []string{"a", "b"} {
		w.fill(key)
	}
	return w
}

// newTown is the world without any material.
func newTown(t testing.TB, database string) *world {
	t.Helper()
	c := config.Default()
	c.Data, c.Database = t.TempDir(), database
	n, err := installation.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, n: n, log: &logbook{}, bodies: map[string]*body{}, people: map[string]*person{}}
	w.moment.Store(&dbtest.Noon)
	n.DB.Clock = w.now
	a := App{Now: w.now, Err: w.log}
	a.log = monitor.Logger(w.log, "json")
	handler, err := a.handler(n, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	o, err := office.New(a.office(n, nil))
	if err != nil {
		t.Fatal(err)
	}
	w.routes, w.pages = o.Routes(), handler
	w.server = httptest.NewServer(w.heard(handler))
	w.server.Config.ErrorLog = slog.NewLogLogger(a.log.Handler(), slog.LevelWarn)
	t.Cleanup(func() {
		w.server.Close()
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	w.found()
	w.hire()
	return w
}

// must stops the test when something the world is made of fails.
func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// found records the bodies.
func (w *world) found() {
	program := actor.System("test")
	for _, one := range []struct{ key, name, code, credit, parent string }{
		{"city", "示范市人民政府", "990000017", "119999019900000179", ""}, {"a", "示范市甲局", "990000025", "119999019900000254", "city"}, {"b", "示范市乙局", "990000033", "11999901990000033Y", "city"},
	} {
		f := agency.Facts{Name: one.name, ShortName: one.name, Kind: agency.Department, Level: agency.City, OrgCode: one.code, CreditCode: one.credit, Region: "999901"}
		if one.parent == "" {
			f.Kind = agency.Government
		} else {
			f.Parent = w.bodies[one.parent].id
		}
		made := must[*agency.Agency](w.t)(w.n.Agencies.Create(w.t.Context(), program, agency.New{Facts: f}))
		w.bodies[one.key] = &body{id: made.ID, mark: "密标" + strings.ToUpper(one.key) + "密标", ids: map[string]string{"body": made.ID}}
	}
}

// hire records the people: three administrators, a person for every role of the two bodies,
// and a supervisor of both.
func (w *world) hire() {
	ctx := w.t.Context()
	code := must[string](w.t)(w.n.People.SetupCode(ctx))
	first := account.First{
		SysAdmin: account.Person{Login: "sysadmin", Name: "系统员"}, SecAdmin: account.Person{Login: "secadmin", Name: "安全员"},
		Auditor: account.Person{Login: "auditor", Name: "审计员"},
	}
	issued := must[[]*account.Issued](w.t)(w.n.People.SetUp(ctx, code, first, account.From{}))
	for i, r := range []actor.Role{actor.SysAdmin, actor.SecAdmin, actor.Auditor} {
		w.people[string(r)] = &person{login: string(r), id: issued[i].Account.ID, role: r}
	}
	sys, sec := w.load("sysadmin"), w.load("secadmin")
	rules := must[account.Security](w.t)(w.n.People.Security(ctx, sec))
	rules.SecondFactor = account.NeedNobody
	if err := w.n.People.SetSecurity(ctx, sec, rules); err != nil {
		w.t.Fatal(err)
	}
	hire := func(key string, r actor.Role) {
		login := key + "." + string(r)
		p := must[*account.Issued](w.t)(w.n.People.Create(ctx, sys, account.Person{Login: login, Name: login, Agency: w.bodies[key].id,
			Phone: "13900001234", Email: login + "@example.org"}))
		must[*account.Grant](w.t)(w.n.People.Grant(ctx, sec, p.Account.ID, account.Grant{Role: r, Agency: w.bodies[key].id}))
		issued = append(issued, p)
		w.people[login] = &person{login: login, id: p.Account.ID, home: key, role: r}
	}
	for _, key := range []string{"a", "b"} {
		for _, r := range bodyRoles {
			hire(key, r)
		}
	}
	hire("city", actor.Supervisor)
	for _, key := range []string{"a", "b"} { // somebody who never signed in and holds nothing
		p := must[*account.Issued](w.t)(w.n.People.Create(ctx, sys, account.Person{Login: key + ".nobody", Name: key + ".nobody", Agency: w.bodies[key].id}))
		w.bodies[key].ids["nobody"] = p.Account.ID
	}
	w.signIn(issued)
	for login := range w.people {
		w.load(login)
	}
}

// load returns a person with the roles held now.
func (w *world) load(login string) (who actor.Actor) {
	w.t.Helper()
	if err := w.n.DB.View(w.t.Context(), func(tx *db.Tx) (err error) {
		who, err = account.LoadActor(tx, w.people[login].id)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	w.people[login].actor = who
	return who
}

// signIn has everybody choose the password; several at a time, as the digests are slow.
func (w *world) signIn(issued []*account.Issued) {
	var group sync.WaitGroup
	failed := make([]error, len(issued))
	for i, p := range issued {
		group.Go(func() {
			ctx := context.Background()
			step, err := w.n.People.SignIn(ctx, p.Account.Login, p.Password, account.From{})
			if err == nil {
				step, err = w.n.People.Choose(ctx, step.Secret, password, account.From{})
			}
			w.people[p.Account.Login].secret, failed[i] = step.Secret, err
		})
	}
	group.Wait()
	for i, err := range failed {
		if err != nil {
			w.t.Fatalf("%s: %v", issued[i].Account.Login, err)
		}
	}
	for _, p := range w.people {
		p.token = tokenIn(w.as(p, "GET", "/office/help", nil, nil).body)
		if p.token == "" {
			w.t.Fatalf("%s finds no form on the page of help", p.login)
		}
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)

// wordLists finds the address of a word list on the page of all.
var wordLists = regexp.MustCompile(`/office/words/([^"/]+)"`)

var tokens = regexp.MustCompile(`name="token" value="([^"]+)"`)

func tokenIn(page string) string {
	found := tokens.FindStringSubmatch(page)
	if found == nil {
		return ""
	}
	return found[1]
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
	flash  string // the message on its way in a cookie
}

// client follows no redirect.
var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// open asks for a page and goes where its address has moved to.
func (w *world) open(p *person, path string) (got answer) {
	w.t.Helper()
	for range 4 {
		if got = w.as(p, "GET", path, nil, nil); got.status != http.StatusMovedPermanently {
			return got
		}
		path = strings.TrimPrefix(got.header.Get("Location"), w.server.URL)
	}
	return got
}

// as sends a request as a person, nil for a stranger; change alters it before it goes.
func (w *world) as(p *person, method, path string, form url.Values, change func(*http.Request)) answer {
	w.t.Helper()
	var in io.Reader
	if form != nil {
		in = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+path, in)
	if err != nil {
		w.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if p != nil {
		r.AddCookie(&http.Cookie{Name: "gongkai-office", Value: p.secret})
		if p.token != "" {
			r.Header.Set("X-Form-Token", p.token)
		}
	}
	if change != nil {
		change(r)
	}
	return w.send(r)
}

func (w *world) send(r *http.Request) answer {
	w.t.Helper()
	got, err := client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer got.Body.Close()
	b, err := io.ReadAll(got.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	out := answer{status: got.StatusCode, header: got.Header, body: string(b)}
	for _, c := range got.Cookies() {
		if c.Name == "gongkai-flash" {
			text, _ := base64.RawURLEncoding.DecodeString(c.Value)
			out.flash = string(text)
		}
	}
	return out
}

// digest sums every row of every table, so that any change shows.
func (w *world) digest() string {
	w.t.Helper()
	sums := []string{}
	err := w.n.DB.View(w.t.Context(), func(tx *db.Tx) error {
		tables, err := tx.Tables()
		if err != nil {
			return err
		}
		for _, t := range tables {
			var rows []string
			if err := tx.EachRow(t, func(r db.Row) error {
				rows = append(rows, fmt.Sprint(r...))
				return nil
			}); err != nil {
				return err
			}
			slices.Sort(rows)
			sums = append(sums, fmt.Sprintf("%s %x", t.Name, sha256.Sum256([]byte(strings.Join(rows, "\x00")))))
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.Join(sums, "\n")
}

// changed names the tables that differ between two digests.
func changed(before, after string) (names []string) {
	b := strings.Split(before, "\n")
	for i, line := range strings.Split(after, "\n") {
		if line != b[i] {
			names = append(names, strings.Fields(line)[0])
		}
	}
	return names
}

// fill gives a body unpublished material of every kind.
func (w *world) fill(key string) {
	ctx, b := w.t.Context(), w.bodies[key]
	who := func(r actor.Role) actor.Actor { return w.people[key+"."+string(r)].actor }
	err := w.n.DB.View(ctx, func(tx *db.Tx) error {
		all, err := section.All(tx, b.id)
		for _, s := range all {
			switch {
			case s.Kind == section.Reports:
				b.ids["column"] = s.ID
			case s.Kind.Prescribed() && b.ids["section"] == "":
				b.ids["section"] = s.ID
			case s.Item20 == "other":
				b.ids["other"] = s.ID
			case s.Item20 == "plans":
				b.ids["plans"] = s.ID
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	own := must[*section.Section](w.t)(w.n.Sections.Create(ctx, who(actor.Officer), b.id, "", section.Draft{Name: "工作动态" + key, Slug: "gzdt" + key, Kind: section.News}))
	b.ids["own"] = own.ID
	w.draftAll(key, who)
	w.registers(key, who)
	w.requests(key, who)
	w.shelve(key)
	b.ids["person"] = w.people[key+".editor"].id
	told, _, err := w.n.Webhooks.Create(ctx, who(actor.Officer), b.id, webhook.New{Name: "督办系统", URL: "https://example.gov.cn/in", Types: []webhook.Type{webhook.RequestClosed}})
	if err != nil {
		w.t.Fatal(err)
	}
	b.ids["webhook"] = told.ID
	w.mail(b)
	w.quarrel(b, who(actor.Officer))
	grants := must[[]*account.Grant](w.t)(w.n.People.Grants(ctx, who(actor.Publisher), who(actor.Publisher).ID))
	b.ids["grant"] = grants[0].ID
	leave := must[*account.Delegation](w.t)(w.n.People.Delegate(ctx, who(actor.Publisher), account.Leave{Deputy: b.ids["nobody"], Until: date.Must(2026, 12, 4), Grants: []string{grants[0].ID}, Reason: "休假"}))
	b.ids["delegation"] = leave.ID
	for _, found := range wordLists.FindAllStringSubmatch(w.as(w.people["sysadmin"], "GET", "/office/words", nil, nil).body, -1) {
		if found[1] != "new" {
			b.ids["name"] = found[1]
		}
	}
	b.ids["session"] = w.another(who(actor.Reviewer1))
}

// shelve publishes an annual report of a body and has the shelf read it.
func (w *world) shelve(key string) {
	b := w.bodies[key]
	name := map[string]string{"a": "示范市甲局", "b": "示范市乙局"}[key]
	ready, _ := disclosure.Import{Agency: b.id, Section: b.ids["column"], Kind: disclosure.Information, Origin: disclosure.Made,
		Content: disclosure.Content{Title: name + "2024年政府信息公开工作年度报告", Body: "<p>见附件。</p>", Attribute: class.Proactive}, PublishedAt: dbtest.Noon.Add(-time.Hour)}.Ready()
	var item string
	err := w.n.DB.Update(w.t.Context(), func(tx *db.Tx) error {
		m := disclosure.NewImporter(tx, w.n.Holidays.Calendar(), actor.System("test"))
		i, err := m.Add(ready)
		if err == nil {
			item, err = i.ID, m.Close()
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	b.ids["reading"] = must[*shelf.Reading](w.t)(w.n.Shelf.Read(w.t.Context(), actor.System("annual.read"), item)).ID
}

// content is a text that bears the body's mark in all that it says.
func (w *world) content(b *body, name string) disclosure.Content {
	today := date.Of(dbtest.Noon.In(date.China))
	return disclosure.Content{
		Title: name + b.mark, Summary: "摘要" + b.mark + "。", Body: "<p>正文" + b.mark + "。</p>", FormedOn: today, IssuedOn: today,
		Issuer: "示范市人民政府", Author: "作者" + b.mark, Attribute: class.Proactive, Keywords: []string{"政务公开"}, Channels: []string{"website"}, Department: "办公室",
	}
}

// draftAll leaves an item in the states in which nobody outside may see it, and one published
// whose correction is being drafted.
func (w *world) draftAll(key string, who func(actor.Role) actor.Actor) {
	ctx, b, d := w.t.Context(), w.bodies[key], w.n.Items
	edition := must[*disclosure.Edition](w.t)
	create := func(name, in string, c disclosure.Content) *disclosure.Edition {
		e := edition(d.Create(ctx, who(actor.Editor), disclosure.New{Agency: b.id, Section: b.ids[in], Kind: disclosure.Information, Origin: disclosure.Made, Content: c}))
		b.ids[name], b.ids[name+"-item"] = e.ID, e.Item
		return e
	}
	review := func(e *disclosure.Edition, upTo disclosure.State) *disclosure.Edition {
		e = edition(d.Submit(ctx, who(actor.Editor), e.ID, e.Version))
		for _, s := range []struct {
			before disclosure.State
			level  disclosure.Level
			role   actor.Role
		}{{disclosure.Review1, disclosure.First, actor.Reviewer1}, {disclosure.Review2, disclosure.Second, actor.Reviewer2},
			{disclosure.Review3, disclosure.Third, actor.Reviewer3}, {disclosure.Secrecy, disclosure.Clearer, actor.Secrecy}} {
			if e.State == upTo {
				break
			}
			e = edition(d.Review(ctx, who(s.role), e.ID, disclosure.Verdict{Level: s.level, Decision: disclosure.Approving, Hash: e.Hash, Opinion: "意见" + b.mark, Ticks: s.level.Ticks()}))
		}
		return e
	}
	e := create("draft", "other", w.content(b, "草稿"))
	file, err := w.n.Blobs.Receive(ctx, strings.NewReader("附件"+b.mark), 1<<20)
	if err != nil {
		w.t.Fatal(err)
	}
	e = edition(d.Attach(ctx, who(actor.Editor), e.ID, disclosure.Attachment{Name: "附件" + b.mark + ".txt"}, file))
	b.ids["file"] = e.Attachments[0].ID
	c := e.Content
	c.Body += "<p>修改" + b.mark + "。</p>"
	e = edition(d.Save(ctx, who(actor.Editor), e.ID, e.Version, c))
	must[*disclosure.Check](w.t)(d.RunGate(ctx, who(actor.Editor), e.ID))
	for _, s := range []struct {
		name string
		upTo disclosure.State
	}{{"review", disclosure.Review2}, {"secrecy", disclosure.Secrecy}, {"approved", disclosure.Approved}} {
		review(create(s.name, "other", w.content(b, s.name)), s.upTo)
	}
	withheld := w.content(b, "不予公开")
	withheld.Attribute, withheld.Basis, withheld.Reason = class.Withheld, []string{"internal_process"}, "理由"+b.mark
	review(create("withheld", "other", withheld), disclosure.Withheld)
	soon := review(create("scheduled", "other", w.content(b, "定时")), disclosure.Approved)
	edition(d.Schedule(ctx, who(actor.Publisher), soon.ID, dbtest.Noon.Add(48*time.Hour), disclosure.Release{Version: soon.Version}))
	plain := w.content(&body{}, "已公开的信息"+key)
	p := review(create("public", "other", plain), disclosure.Approved)
	p = edition(d.Publish(ctx, who(actor.Publisher), p.ID, disclosure.Release{Version: p.Version}))
	next := edition(d.Correct(ctx, who(actor.Publisher), p.ID, p.Version, "更正说明"+b.mark))
	b.ids["correction"] = next.ID
}

// registers fills what the statute asks to be kept beside the items.
func (w *world) registers(key string, who func(actor.Role) actor.Actor) {
	ctx, b, t := w.t.Context(), w.bodies[key], w.t
	n := must[*normative.Record](t)(w.n.Normative.Create(ctx, who(actor.Officer), normative.Draft{Agency: b.id, Kind: normative.Document, Title: "规范性文件" + b.mark}))
	b.ids["normative"] = n.ID
	report := must[*cycle.Version](t)(w.n.Reports.Begin(ctx, who(actor.Officer), b.id, 2025))
	b.ids["report"] = must[*cycle.Version](t)(w.n.Reports.Write(ctx, who(actor.Officer), report.ID, report.Version, map[string]string{"s5": b.mark})).ID
	events := []*section.Happening{}
	if err := w.n.DB.View(ctx, func(tx *db.Tx) (err error) {
		events, err = section.Events(tx, b.ids["other"], 9)
		return err
	}); err != nil || len(events) == 0 {
		t.Fatalf("%d events in the section, %v", len(events), err)
	}
	b.ids["event"] = events[0].ID
	b.ids["job"] = must[[]*job.Job](t)(w.n.Jobs.List(ctx, w.people["sysadmin"].actor, job.Filter{Kind: disclosure.PublishJob, Limit: 5}))[0].ID
	b.ids["figure"] = string(must[*compile.Table](t)(compile.Compile(ctx, w.n.DB, who(actor.Officer), b.id, 2026)).Figures[0].Key)
	list := must[*normative.Cleaning](t)(w.n.Normative.Clean(ctx, who(actor.Officer), b.id, "清理目录"+b.mark, date.Of(dbtest.Noon)))
	b.ids["cleaning"] = list.ID
	rows := "行政相对人名称,行政相对人类别,统一社会信用代码,行政许可决定文书名称,行政许可决定文书号,许可类别,许可内容,许可决定日期,有效期自,有效期至,许可机关,许可机关统一社会信用代码,当前状态,数据来源单位,数据来源单位统一社会信用代码\n" +
		"示范" + b.mark + "中心,法人及非法人组织,52999901990000068A,准予决定书" + b.mark + ",许〔2026〕" + b.mark + "号,登记,准予" + b.mark + ",2026-11-19,2026-11-19,2030-11-18,示范市民政局,119999019900000254,有效,示范市民政局,119999019900000254\n"
	rep := must[*credit.Report](t)(w.n.Credit.Import(ctx, who(actor.Editor), credit.Import{Agency: b.id, Kind: credit.Licence, Name: "许可.csv", Data: []byte(rows)}))
	if rep.New != 1 {
		t.Fatalf("the licence was refused: %+v", rep)
	}
	page := must[credit.Page](t)(w.n.Credit.List(ctx, who(actor.Editor), credit.Filter{Agency: b.id}))
	b.ids["credit"] = page.Decisions[0].ID
	must[*credit.Fee](t)(w.n.Credit.Collect(ctx, who(actor.Officer), credit.Fee{Agency: b.id, Year: 2026, Name: "收费" + b.mark, Basis: "依据", Amount: must[decimal.Decimal](t)(decimal.Parse("1.5"))}))
	g, err := w.n.Guides.Load(ctx, who(actor.Officer), b.id)
	if err != nil {
		t.Fatal(err)
	}
	g.Content.Classes = "分类" + b.mark
	if _, err := w.n.Guides.Save(ctx, who(actor.Officer), b.id, g.Version, g.Content); err != nil {
		t.Fatal(err)
	}
}

// another signs a person in with a second browser and returns that session's key.
func (w *world) another(who actor.Actor) string {
	w.t.Helper()
	ctx := w.t.Context()
	before := must[[]*account.Session](w.t)(w.n.People.Sessions(ctx, who, who.ID))
	step, err := w.n.People.SignIn(ctx, who.Name, password, account.From{Remote: "192.0.2.1"})
	if err != nil || step.Stage != account.StageDone {
		w.t.Fatalf("signing in again: %s, %v", step.Stage, err)
	}
	for _, s := range must[[]*account.Session](w.t)(w.n.People.Sessions(ctx, who, who.ID)) {
		if !slices.ContainsFunc(before, func(old *account.Session) bool { return old.ID == s.ID }) {
			return s.ID
		}
	}
	w.t.Fatal("no second session")
	return ""
}
