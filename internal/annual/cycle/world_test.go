package cycle

import (
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/shelf"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/secret"
	"gongkai/internal/workday"
)

// world is a city with two departments, and one that was merged into another in 2026. Its clock
// shows January 2027.
type world struct {
	*Desk
	t         *testing.T
	shelf     *shelf.Desk
	city      string
	civil     string
	science   string
	people    map[string]actor.Actor
	requests  map[string]Counted
	sectionOf map[string]string
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, people: map[string]actor.Actor{}, requests: map[string]Counted{}, sectionOf: map[string]string{}}
	keys, err := secret.Create(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	w.Desk = &Desk{DB: d, Keys: keys}
	w.at(2010, 1, 4)
	registry := &agency.Registry{DB: d}
	sections := &section.Desk{DB: d, Calendar: workday.Embedded, Policy: section.Standard}
	body := func(name, credit string, k agency.Kind, parent string) string {
		a, err := registry.Create(t.Context(), actor.System("test"), agency.New{Since: date.Must(2010, 1, 1),
			Facts: agency.Facts{Name: name, CreditCode: credit, Kind: k, Level: agency.City, Parent: parent}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sections.Establish(t.Context(), actor.System("test"), a.ID); err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	w.city = body("示范市人民政府", "119999019900000179", agency.Government, "")
	w.civil = body("示范市民政局", "119999019900000254", agency.Department, w.city)
	w.science = body("示范市科学技术局", "11999901990000041R", agency.Department, w.city)
	w.at(2027, 1, 11)
	blobs, err := blob.Open(d, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w.Blobs = blobs
	w.shelf = &shelf.Desk{DB: d, Reader: &disclosure.Reader{DB: d}, Blobs: blobs}
	w.Items = &disclosure.Desk{DB: d, Calendar: workday.Embedded, Blobs: blobs,
		Changed: func(tx *db.Tx, i *disclosure.Item) error { return w.Changed(tx, i.ID) }}
	w.Source = func(_ *db.Tx, agency string, year int) (Counted, error) { return w.requests[agency], nil }
	for _, id := range []string{w.city, w.civil, w.science} {
		w.requests[id] = requests(4, 0)
	}
	return w
}

// at moves the clock to a morning.
func (w *world) at(y, m, d int) {
	w.DB.Clock = func() time.Time { return time.Date(y, time.Month(m), d, 1, 0, 0, 0, time.UTC) }
}

// who is a person with a role in a body; the same name is the same person.
func (w *world) who(name string, r actor.Role, body string) actor.Actor {
	a := actor.Actor{ID: name, Name: name, Grants: []actor.Grant{{Role: r, Agency: body}}}
	if r == actor.Supervisor && body == w.city {
		a.Supervises = map[string]bool{w.civil: true, w.science: true}
	}
	return a
}

func (w *world) officer(body string) actor.Actor { return w.who("officer-"+body, actor.Officer, body) }
func (w *world) supervisor() actor.Actor         { return w.who("supervisor", actor.Supervisor, w.city) }

// requests are tables three and four of a small year: all by natural persons, open disclosed ones
// and some carried over.
func requests(open, carryOut int64) Counted {
	c := Counted{Cells: map[string]int64{}, Facts: Requests{Channels: []Channel{{"网络", open}, {"信函", carryOut}}}}
	f := form.ForYear(2026)
	for _, cell := range f.Cells() {
		if t := cell.Key.Table(); t == "T3" || t == "T4" {
			c.Cells[string(cell.Key)] = 0
		}
	}
	for _, column := range []string{"natural", "total"} {
		c.Cells["T3.new."+column] = open + carryOut
		c.Cells["T3.done.open."+column] = open
		c.Cells["T3.done.total."+column] = open
		c.Cells["T3.carry_out."+column] = carryOut
	}
	return c
}

func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// blank is a mark of the text that waits for words.
var blank = regexp.MustCompile("（待补充：[^）]*）")

func replaced(text string) string {
	return blank.ReplaceAllString(text, "按规定办理，没有其他情形。")
}

// fill replaces every mark of the text by words.
func (w *world) fill(v *Version) *Version {
	w.t.Helper()
	return must[*Version](w.t)(w.Write(w.t.Context(), w.officer(v.Agency), v.ID, v.Version, map[string]string{
		"s1": replaced(v.Body.Text("s1")), "s5": replaced(v.Body.Text("s5")), "s6": replaced(v.Body.Text("s6")),
	}))
}

// sign takes a body's report of 2026 up to its signature.
func (w *world) sign(body string) *Version {
	w.t.Helper()
	v := must[*Version](w.t)(w.Begin(w.t.Context(), w.officer(body), body, 2026))
	return w.toSigned(w.fill(v))
}

func (w *world) toSigned(v *Version) *Version {
	w.t.Helper()
	ctx, ok := w.t.Context(), must[*Version](w.t)
	v = w.explain(v)
	v = ok(w.CheckIt(ctx, w.officer(v.Agency), v.ID, v.Version))
	v = ok(w.HandIn(ctx, w.officer(v.Agency), v.ID, v.Version))
	v = ok(w.Review(ctx, w.who("reviewer", actor.Reviewer2, v.Agency), v.ID, Judgement{Version: v.Version, Hash: v.Hash}))
	return ok(w.SignOff(ctx, w.who("head", actor.Reviewer3, v.Agency), v.ID, Judgement{Version: v.Version, Hash: v.Hash, Text: "同意"}))
}

// explain answers every finding that wants it.
func (w *world) explain(v *Version) *Version {
	w.t.Helper()
	l := must[*Look](w.t)(w.Get(w.t.Context(), w.officer(v.Agency), v.ID))
	for _, f := range l.Findings {
		if f.Blocks {
			w.t.Errorf("%s blocks: %v %s", f.Code, f.Message, f.Working)
		}
		if f.Open() {
			v = must[*Version](w.t)(w.Explain(w.t.Context(), w.officer(v.Agency), v.ID, v.Version, f.ID, "已经核实"))
		}
	}
	return v
}

// release takes a signed version to the public through all reviews.
func (w *world) release(v *Version) *Version {
	w.t.Helper()
	ctx, body := w.t.Context(), v.Agency
	editor := w.who("editor", actor.Editor, body)
	if v.No > 1 { // who may correct what is public is the publisher
		editor.Grants = append(editor.Grants, actor.Grant{Role: actor.Publisher, Agency: body})
	}
	v = must[*Version](w.t)(w.Offer(ctx, editor, v.ID, v.Version))
	w.publish(body, v.Edition)
	return must[*Version](w.t)(w.Opened(ctx, w.officer(body), body, int(v.Year)))
}

// publish takes a drafted edition through the reviews.
func (w *world) publish(body, edition string) {
	w.t.Helper()
	if err := w.tryPublish(body, edition); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) tryPublish(body, edition string) error {
	ctx := w.t.Context()
	f, err := w.Items.Look(ctx, w.who("editor", actor.Editor, body), edition)
	if err != nil {
		return err
	}
	e, err := w.Items.Submit(ctx, w.who("editor", actor.Editor, body), edition, f.Edition.Version)
	if err != nil {
		return err
	}
	for _, s := range []struct {
		level disclosure.Level
		role  actor.Role
	}{{disclosure.First, actor.Reviewer1}, {disclosure.Second, actor.Reviewer2}, {disclosure.Third, actor.Reviewer3}, {disclosure.Clearer, actor.Secrecy}} {
		e, err = w.Items.Review(ctx, w.who("item-"+string(s.role), s.role, body), e.ID, disclosure.Verdict{Level: s.level, Decision: disclosure.Approving, Hash: e.Hash, Ticks: s.level.Ticks()})
		if err != nil {
			return err
		}
	}
	_, err = w.Items.Publish(ctx, w.who("publisher", actor.Publisher, body), e.ID, disclosure.Release{Version: e.Version})
	return err
}
