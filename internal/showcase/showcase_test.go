package showcase

import (
	"testing"
	"time"

	"gongkai/internal/account"
	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/config"
	"gongkai/internal/date"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/i18n"
	"gongkai/internal/installation"
)

func build(t testing.TB) (*installation.Installation, []Person) {
	t.Helper()
	c := config.Default()
	c.Data = t.TempDir()
	n, err := installation.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	n.DB.Clock = func() time.Time { return dbtest.Noon }
	people, err := Build(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return n, people
}

func TestTheDemonstrationShowsEverything(t *testing.T) {
	n, people := build(t)
	b := &builder{Installation: n, ctx: t.Context()}
	roles := map[actor.Role]bool{}
	for _, p := range people {
		for _, r := range p.Roles {
			roles[r] = true
		}
		if p.Text(i18n.To(i18n.Chinese)) == "" {
			t.Errorf("%s has no words", p.Login)
		}
	}
	for _, r := range actor.Roles {
		if !roles[r] {
			t.Errorf("nobody is %s", r)
		}
	}
	step, err := n.People.SignIn(t.Context(), people[3].Login, people[3].Password, account.From{})
	if err != nil || step.Stage != account.StageDone {
		t.Fatalf("signing in: %+v, %v", step, err)
	}
	tree, err := n.Agencies.Tree(t.Context(), actor.System("test"), b.today)
	if err != nil || len(tree.All) != 5 {
		t.Fatalf("bodies: %v, %v", tree, err)
	}
	editor, civil, err := b.editorOf(people)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range disclosure.Flow.States() {
		l, err := n.Items.List(t.Context(), editor, disclosure.Filter{Agency: civil, States: []disclosure.State{s}, Limit: 1})
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		if l.Total == 0 && s != disclosure.Corrected { // superseded editions are in no list
			t.Errorf("no document is %s", s)
		}
	}
	for _, a := range tree.All {
		c, err := n.Reader.Count(t.Context(), a.ID, dateOf(2020), dateOf(2026))
		if err != nil || c.Live < 100 {
			t.Errorf("%s: %d documents are public, %v", a.Name, c.Live, err)
		}
	}
	v, err := audit.Verify(t.Context(), n.DB)
	if err != nil || v.Found > 0 {
		t.Errorf("the audit chain: %+v, %v", v, err)
	}
}

// editorOf returns the editor of the body with a document in every state.
func (b *builder) editorOf(people []Person) (who actor.Actor, agency string, err error) {
	step, err := b.People.SignIn(b.ctx, "chenxin", people[0].Password, account.From{})
	if err != nil {
		return who, "", err
	}
	v, err := b.People.Visit(b.ctx, step.Secret, "")
	if err != nil {
		return who, "", err
	}
	return v.Actor, v.Bodies[0].ID, nil
}

func dateOf(year int) date.Date { return date.Must(year, 12, 31) }
