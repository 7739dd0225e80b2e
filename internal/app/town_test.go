package app

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gongkai/internal/account"
	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/foi"
	"gongkai/internal/web/monitor"
)

// Town is an installation with a body, everybody who works there, and clocks that a test moves:
// what the tests in a browser, of package app_test, need of it.
type Town struct{ w *world }

// Password is everybody's.
const Password = password

// NewTown serves a town on a database, "" for SQLite, whose body takes requests and has three
// people review what it hands over.
func NewTown(t *testing.T, database string) *Town {
	t.Helper()
	w := newTown(t, database)
	ctx, b, officer := t.Context(), w.bodies["a"], w.people["a.officer"].actor
	usual := foi.Usual()
	usual.Online = true
	usual.ReviewsOpen = []foi.ReviewKind{foi.LegalReview, foi.SecrecyReview, foi.Leadership}
	usual.Authorities, usual.Courts = []string{"示范市人民政府"}, []string{"示范市某区人民法院"}
	usual.ReviewOnline = "https://fy.example.gov.cn"
	if err := w.n.Requests.SaveSettings(ctx, officer, b.id, usual); err != nil {
		t.Fatal(err)
	}
	must[*agency.Contact](t)(w.n.Agencies.SetContact(ctx, officer, agency.Contact{Agency: b.id, Office: "办公室", Address: "示范路1号", Hours: "工作日9时至17时", Phone: "0000-1234567", Fax: "0000-1234568", Online: "https://www.example.gov.cn"}))
	return &Town{w}
}

// URL is where the town is served.
func (x *Town) URL() string { return x.w.server.URL }

// Move sets every clock.
func (x *Town) Move(at time.Time) { x.w.moment.Store(&at) }

// Login is the login of who holds a role in the body.
func (x *Town) Login(r actor.Role) string { return "a." + string(r) }

// Post publishes the item in which a report is offered to the public, by the people who review it.
func (x *Town) Post(t *testing.T, report string) {
	t.Helper()
	look, err := x.w.n.Reports.Get(t.Context(), x.w.people["a.officer"].actor, report)
	if err != nil {
		t.Fatal(err)
	}
	f := must[*disclosure.File](t)(x.w.n.Items.Look(t.Context(), x.w.people["a.editor"].actor, look.Edition))
	x.w.passed(t, "a", f.Edition)
	x.w.settle(t)
	if err := x.w.n.Runner(monitor.Logger(x.w.log, "json")).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Body is the key of the body.
func (x *Town) Body() string { return x.w.bodies["a"].id }

// Keeps fails where any of what must stay among those who handle a request is found: in what the
// program logged, in the addresses asked for and led on to, in any row as it is stored, among them
// jobs, audit entries, mails and events, on any page strangers reach, and on the pages of the
// request, at path, as everybody sees them who does not handle it.
func (x *Town) Keeps(t *testing.T, path string, secrets ...string) {
	t.Helper()
	find := func(where, text string) {
		t.Helper()
		for _, s := range secrets {
			if i := strings.Index(text, s); i >= 0 {
				t.Errorf("%s tells %s: …%s…", where, s, strings.ToValidUTF8(text[max(0, i-80):min(len(text), i+80)], ""))
			}
		}
	}
	find("the log", x.w.log.text())
	find("an address", x.w.addresses.text())
	x.rows(t, func(table string, row db.Row) {
		for _, v := range row {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			find("a row of "+table, fmt.Sprint(v))
		}
	})
	start := make([]string, len(seeds))
	for i, s := range seeds {
		start[i] = strings.NewReplacer("{q}", "x", "{a}", x.w.bodies["a"].id, "{s}", x.w.bodies["a"].id, "{r}", "x", "{g}", "x", "{n}", "x").Replace(s)
	}
	start = append(start, "/request.html", "/apply.html", "/apply/what.html", path)
	seen := x.w.crawl(t, start, 3000, func(at string, got answer) { find("a stranger's "+at, unpacked(at, got.body)) })
	if len(seen) < len(start) {
		t.Errorf("only %d addresses seen", len(seen))
	}
	for _, p := range x.w.people {
		if p.home == "a" && (p.role == actor.Officer || p.role == actor.Handler || p.role == actor.Head || p.role == actor.Legal || p.role == actor.Secrecy) {
			continue
		}
		p.secret = x.again(t, p)
		for _, at := range []string{path, path + "?view=papers", path + "?view=steps", path + "?view=clock", path + "/review", path + "/decide", path + "/do/confirm", "/office/", "/office/tasks",
			"/office/requests", "/office/requests?view=all", "/office/requests/clocks", "/office/requests/tables", "/office/audit"} {
			got := x.w.open(p, at)
			if strings.HasPrefix(at, path) && got.status < http.StatusBadRequest {
				t.Errorf("%s, %s: status %d", p.login, at, got.status)
			}
			find(p.login+"'s "+at, got.body)
		}
	}
}

// again signs somebody in whose session ended as time passed.
func (x *Town) again(t *testing.T, p *person) string {
	t.Helper()
	step, err := x.w.n.People.SignIn(t.Context(), p.login, password, account.From{})
	if err != nil {
		t.Fatal(err)
	}
	return step.Secret
}

// rows hands every row of every table to look.
func (x *Town) rows(t *testing.T, look func(table string, row db.Row)) {
	t.Helper()
	err := x.w.n.DB.View(t.Context(), func(tx *db.Tx) error {
		tables, err := tx.Tables()
		for _, one := range tables {
			if err == nil {
				err = tx.EachRow(one, func(r db.Row) error { look(one.Name, r); return nil })
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
