package benchmark

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/config"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/legacy"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/installation"
)

// town is an installation with bodies of very unequal size: the first has a fifth of all
// documents, as a city's government has.
type town struct {
	*installation.Installation
	bodies   []*body
	director actor.Actor // supervises all bodies
}

type body struct {
	id       string
	share    int // documents
	sections []string
	names    []string
	clerk    actor.Actor // holds every role of an editor, a reviewer and an officer
	held     actor.Actor // edits in two sections only
}

// open makes an installation with bodies for n documents.
func open(b *testing.B, database string, n int) *town {
	b.Helper()
	c := config.Default()
	c.Data, c.Database = b.TempDir(), database
	i, err := installation.Open(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { i.Close() })
	t := &town{Installation: i, director: actor.Actor{ID: "director", Name: "主管", Grants: []actor.Grant{{Role: actor.Supervisor}}}}
	writing, all := min(50, 2+n/5000), min(500, 5+n/1000)
	for k := range all {
		one := t.found(b, k)
		switch {
		case k == 0:
			one.share = n / 5
		case k < writing:
			one.share = (n - n/5) / (writing - 1)
		}
		t.bodies = append(t.bodies, one)
	}
	return t
}

// found makes a body; it gets its prescribed sections from the product.
func (t *town) found(b *testing.B, k int) *body {
	b.Helper()
	facts := agency.Facts{Name: fmt.Sprintf("示例市第%d示例局", k+1), Kind: agency.Department, Level: agency.City, Region: "420205"}
	if k == 0 { // index numbers are made of it when drafts are submitted
		facts.CreditCode, facts.OrgCode = "11370322004222241N", "004222241"
	}
	a, err := t.Agencies.Create(b.Context(), actor.System("benchmark"), agency.New{Facts: facts, Since: date.Must(2010, 1, 1)})
	if err != nil {
		b.Fatal(err)
	}
	one := &body{id: a.ID}
	err = t.DB.View(b.Context(), func(tx *db.Tx) error {
		all, err := section.All(tx, a.ID)
		tree := section.NewTree(all)
		for _, s := range tree.All() {
			if len(tree.Under(s.ID)) == 0 {
				one.sections = append(one.sections, s.ID)
				one.names = append(one.names, section.Title(tree.Above(s.ID)))
			}
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	person := func(id string, section string, roles ...actor.Role) actor.Actor {
		p := actor.Actor{ID: fmt.Sprint(id, k), Name: "示例人员"}
		for _, r := range roles {
			p.Grants = append(p.Grants, actor.Grant{Role: r, Agency: a.ID, Section: section})
		}
		return p
	}
	one.clerk = person("clerk", "", actor.Editor, actor.Reviewer1, actor.Publisher, actor.Officer)
	one.held = person("held", one.sections[0], actor.Editor)
	return one
}

// fill brings the bodies' documents in, and some drafts that wait for people.
func (t *town) fill(b *testing.B) (documents int64) {
	b.Helper()
	w := newWriter()
	for _, one := range t.bodies {
		if one.share == 0 {
			continue
		}
		tally, err := t.Legacy.Run(b.Context(), one.clerk, one.rows(w), legacy.Options{Source: "benchmark", Agency: one.id})
		if err != nil {
			b.Fatal(err)
		}
		if tally.Created != int64(one.share) {
			b.Fatalf("%d of %d documents brought in: %+v", tally.Created, one.share, tally)
		}
		documents += tally.Created
	}
	return documents
}

// draft makes n drafts in a body, half of them submitted.
func (t *town) draft(b *testing.B, one *body, n int) {
	b.Helper()
	w := newWriter()
	for i := range n {
		e, err := t.Items.Create(b.Context(), one.clerk, disclosure.New{
			Agency: one.id, Section: one.sections[i%len(one.sections)], Kind: disclosure.Information, Origin: disclosure.Made,
			Content: disclosure.Content{Title: w.text(20), Summary: "概述", Body: "<p>" + w.text(300) + "</p>", Author: "起草人",
				FormedOn: date.Of(time.Now()), Attribute: "proactive"},
		})
		if err == nil && i%2 == 0 {
			_, err = t.Items.Submit(b.Context(), one.clerk, e.ID, e.Version)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

// rows are a body's documents of 3 KB, newest first as an old site lists them.
func (one *body) rows(w *writer) legacy.Rows {
	return func(yield func(legacy.Row) bool) {
		day := date.Must(2026, 10, 30)
		for n := range one.share {
			d := day.Plus(-n * 16 * 365 / one.share)
			title := "关于" + w.text(14) + "的通知"
			r := legacy.Record{
				URL: fmt.Sprintf("http://%s.example/%d.html", one.id, n), Title: title, IssuedOn: d,
				Section: one.names[n%len(one.names)], Issuer: "示例局", Body: w.page(1000),
				PublishedAt: legacy.Moment{Day: d, Hour: 8 + n%10, Minute: n % 60, HasTime: true},
			}
			if n%4 == 0 {
				r.DocNumber = fmt.Sprintf("示例发〔%d〕%d号", d.Year(), n+1)
			}
			if !yield(legacy.Row{Where: r.URL, Record: r}) {
				return
			}
		}
	}
}

// writer writes texts whose pairs of characters are about as many and as unequally frequent
// as those of official documents: words of two to four characters, few of them very common.
type writer struct {
	r     *rand.Rand
	words []string
}

func newWriter() *writer {
	w := &writer{r: rand.New(rand.NewPCG(1, 7)), words: make([]string, 20000)}
	for i := range w.words {
		word := make([]rune, 2+w.r.IntN(3))
		for j := range word {
			word[j] = rune(0x4e00 + int(4000*w.r.Float64()*w.r.Float64()))
		}
		w.words[i] = string(word)
	}
	return w
}

// text writes about as many characters.
func (w *writer) text(n int) string {
	var b strings.Builder
	for ; n > 0; n -= 3 {
		b.WriteString(w.words[int(float64(len(w.words))*w.r.Float64()*w.r.Float64()*w.r.Float64())])
		if w.r.IntN(10) == 0 {
			b.WriteString("，")
		}
	}
	return b.String()
}

// page writes paragraphs of about as many characters, the usual markup around them.
func (w *writer) page(n int) string {
	var b strings.Builder
	for range 8 {
		b.WriteString(`<p style="text-indent:2em">` + w.text(n/8) + "。</p>\n")
	}
	return b.String()
}
