package guide

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/i18n"
	"gongkai/internal/workday"
)

// card is a body's contact card with everything article 12 asks for.
var card = agency.Contact{
	Office: "某县民政局办公室", Address: "某县示范路1号", Hours: "工作日 8:30—12:00，14:30—17:30",
	Phone: "0710-1234567", Fax: "0710-1234568", Online: "https://example.invalid/gk", Version: 0,
}

// body is a made-up body with its officer.
type body struct {
	*Desk
	id      string
	officer actor.Actor
}

func open(t *testing.T, d *db.DB) *body {
	t.Helper()
	r := &agency.Registry{DB: d}
	a, err := r.Create(t.Context(), actor.System("test"), agency.New{Facts: agency.Facts{
		Name: "某县民政局", Kind: agency.Government, Level: agency.County, CreditCode: "11370322004222241N", Region: "420205",
	}, Since: date.Must(2020, 1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	who := actor.Actor{ID: "p1", Name: "甲某", Grants: []actor.Grant{{Role: actor.Officer, Agency: a.ID}}}
	return &body{&Desk{d, &disclosure.Reader{DB: d}}, a.ID, who}
}

// putCard changes the body's card.
func (b *body) putCard(t *testing.T, change func(*agency.Contact)) {
	t.Helper()
	g, err := b.Load(t.Context(), b.officer, b.id)
	if err != nil {
		t.Fatal(err)
	}
	c := g.Card
	if c.Office == "" {
		c = card
	}
	c.Agency, c.Version = b.id, g.Card.Version
	change(&c)
	if _, err := (&agency.Registry{DB: b.DB}).SetContact(t.Context(), b.officer, c); err != nil {
		t.Fatal(err)
	}
}

func codes(g *Guide) (all []string) {
	for _, f := range check.Run(Rules, g) {
		all = append(all, f.Code+" "+i18n.To(i18n.Chinese).Text(f.Message))
	}
	return all
}

// From an empty card to a guide that is out of date. R-GDE-01, R-GDE-03.
func TestAGuidesWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, ctx := open(t, d), t.Context()
		g, err := b.Load(ctx, b.officer, b.id)
		if err != nil || g.Version != 0 || !strings.Contains(g.Content.Ways, "某县民政局") {
			t.Fatalf("%+v, %v", g, err)
		}
		if got := codes(g); !slices.Equal(got, []string{"R-GDE-01 尚未发布政府信息公开指南"}) {
			t.Errorf("before: %v", got)
		}
		if _, err := b.Publish(ctx, b.officer, b.id, 0); !errors.Is(err, ErrEmpty) {
			t.Errorf("published without a card: %v", err)
		}
		if _, err := b.Desk.Shown(ctx, b.id); !errors.Is(err, ErrNone) {
			t.Errorf("shown before it was published: %v", err)
		}
		b.putCard(t, func(*agency.Contact) {})
		g, _ = b.Load(ctx, b.officer, b.id)
		if g, err = b.Save(ctx, b.officer, b.id, 0, Generate(Content{}, g.Name, g.Card)); err != nil {
			t.Fatal(err)
		}
		if g, err = b.Publish(ctx, b.officer, b.id, g.Version); err != nil || !g.Current() || g.Shown.No != 1 {
			t.Fatalf("%v, %v", codes(g), err)
		}
		if !strings.Contains(g.Shown.Content.Channels[1].Note, "某县示范路1号") {
			t.Errorf("the channel by post says %s", g.Shown.Content.Channels[1].Note)
		}
		b.putCard(t, func(c *agency.Contact) { c.Phone = "0710-7654321" })
		g, _ = b.Load(ctx, b.officer, b.id)
		if got := codes(g); !slices.Equal(got, []string{"R-GDE-03 机关资料已变化，指南没有更新：联系电话"}) {
			t.Errorf("after the telephone changed: %v", got)
		}
		if g, err = b.Publish(ctx, b.officer, b.id, g.Version); err != nil || !g.Current() || g.Shown.Content.Phone != "0710-7654321" {
			t.Errorf("published anew: %v, %v", codes(g), err)
		}
		e, err := b.Desk.Shown(ctx, b.id)
		if err != nil || e.No != 2 || len(e.Content.Fields()) != 9 {
			t.Errorf("%+v, %v", e, err)
		}
	})
}

func TestGuideRefusals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, ctx := open(t, d), t.Context()
		b.putCard(t, func(*agency.Contact) {})
		g, _ := b.Load(ctx, b.officer, b.id)
		good := g.Content
		with := func(change func(*Content)) Content {
			c := good
			c.Channels = slices.Clone(good.Channels)
			change(&c)
			return c
		}
		stranger := actor.Actor{ID: "p2", Grants: []actor.Grant{{Role: actor.Officer, Agency: "other"}}}
		if _, err := b.Save(ctx, stranger, b.id, 0, good); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("saved by a stranger: %v", err)
		}
		for _, tt := range []struct {
			name string
			c    Content
			want error
		}{
			{"no arrangement", with(func(c *Content) { c.Arrangement = " " }), nil}, // filled in standard words
			{"post closed", with(func(c *Content) { c.Channels[1].Open = false }), ErrShut},
			{"in person left out", with(func(c *Content) { c.Channels = c.Channels[1:] }), ErrShut},
			{"online closed", with(func(c *Content) { c.Channels[2].Open = false }), nil},
			{"open without a word", with(func(c *Content) { c.Channels[2].Note = "" }), ErrNote},
		} {
			g, _ := b.Load(ctx, b.officer, b.id)
			saved, err := b.Save(ctx, b.officer, b.id, g.Version, tt.c)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := b.Publish(ctx, b.officer, b.id, saved.Version); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
			}
		}
		if _, err := b.Save(ctx, b.officer, b.id, 1, good); !errors.Is(err, ErrStale) {
			t.Errorf("a stale page: %v", err)
		}
		forged := with(func(c *Content) { c.Phone = "12345" })
		g, _ = b.Load(ctx, b.officer, b.id)
		if g, err := b.Save(ctx, b.officer, b.id, g.Version, forged); err != nil || g.Content.Phone != card.Phone {
			t.Errorf("the telephone is not the card's: %s, %v", g.Content.Phone, err)
		}
	})
}

// R-GDE-02, R-GDE-05.
func TestEntries(t *testing.T) {
	row := disclosure.Row{IndexNo: "1", Title: "名称", Summary: strings.Repeat("概", 100), FormedOn: date.Must(2026, 1, 5)}
	change := func(f func(*disclosure.Row)) disclosure.Row { r := row; f(&r); return r }
	tests := []struct {
		name string
		e    Entry
		want []string
	}{
		{"whole", Entry{row, 100}, nil},
		{"no index", Entry{change(func(r *disclosure.Row) { r.IndexNo = "" }), 100}, []string{"R-GDE-02"}},
		{"no day", Entry{change(func(r *disclosure.Row) { r.FormedOn = date.Date{} }), 100}, []string{"R-GDE-02"}},
		{"a character too many", Entry{change(func(r *disclosure.Row) { r.Summary += "要" }), 100}, []string{"R-GDE-05"}},
		{"no limit", Entry{change(func(r *disclosure.Row) { r.Summary += "要" }), 0}, nil},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range check.Run(EntryRules, tt.e) {
			got = append(got, f.Code)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestCatalogue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, ctx := open(t, d), t.Context()
		sections := &section.Desk{DB: d, Calendar: workday.Embedded}
		news, err := sections.Create(ctx, actor.System("test"), b.id, "", section.Draft{Name: "工作动态", Kind: section.News})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Update(ctx, func(tx *db.Tx) error {
			m := disclosure.NewImporter(tx, workday.Embedded(), actor.System("test"))
			for i := range 7 {
				in := disclosure.Import{Agency: b.id, Section: news.ID, Kind: disclosure.Information, Origin: disclosure.Made,
					IndexNo: fmt.Sprintf("旧-2025-%d", i+1), PublishedAt: time.Date(2025, 3, 1+i, 2, 0, 0, 0, time.UTC),
					Content: disclosure.Content{Title: fmt.Sprintf("第%d件", i+1), Summary: "概述", Body: "<p>文</p>", FormedOn: date.Must(2025, 2, 1+i)}}
				ready, _ := in.Ready()
				if _, err := m.Add(ready); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		first, err := b.Catalogue(ctx, b.id, "", 5)
		if err != nil || len(first.Rows) != 5 || first.Rows[0].Title != "第7件" || first.Next == "" {
			t.Fatalf("%+v, %v", first, err)
		}
		second, _ := b.Catalogue(ctx, b.id, first.Next, 5)
		if len(second.Rows) != 2 || second.Rows[1].IndexNo != "旧-2025-1" || second.Next != "" {
			t.Errorf("%+v", second)
		}
		var file bytes.Buffer
		if err := b.WriteXLSX(ctx, &file, i18n.To(i18n.Chinese), b.id); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(&file)
		if err != nil {
			t.Fatal(err)
		}
		rows, _ := book.GetRows("Sheet1")
		if len(rows) != 8 || !slices.Equal(rows[0][:4], []string{"索引", "名称", "内容概述", "生成日期"}) || !slices.Equal(rows[1][:4], []string{"旧-2025-7", "第7件", "概述", "2025-02-07"}) {
			t.Errorf("%v", rows)
		}
	})
}
