package synonym

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/search"
)

var sysadmin = actor.Actor{ID: "y", Grants: []actor.Grant{{Role: actor.SysAdmin}}}

// with returns the group that has a word, nil for none.
func with(d *Desk, word string) search.Group {
	for _, g := range d.Groups() {
		if slices.Contains(g, word) {
			return g
		}
	}
	return nil
}

func TestTheListOfTheProductIsSound(t *testing.T) {
	if n := len(started()); n < 80 {
		t.Errorf("%d groups", n)
	}
}

// The operator's lines stand beside the product's, and in place of those that share a word; the
// product's can be left out; another process learns of it when it looks.
func TestAListOfOnesOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk, other := &Desk{DB: d}, &Desk{DB: d}
		save := func(text string, ownOnly bool, version int64) {
			t.Helper()
			if wrong, err := desk.Save(t.Context(), sysadmin, text, ownOnly, version); err != nil || len(wrong) > 0 {
				t.Fatal(wrong, err)
			}
			if err := other.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := other.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := with(other, "低保"); !slices.Equal(got, search.Group{"低保", "最低生活保障"}) {
			t.Fatalf("the product's: %v", got)
		}
		save("# 本县\n村村通 ＝ 农村公路通畅工程\r\n低保=城乡低保=最低生活保障金\n", false, 0)
		if got := with(other, "村村通"); !slices.Equal(got, search.Group{"村村通", "农村公路通畅工程"}) {
			t.Errorf("one's own: %v", got)
		}
		if got := with(other, "低保"); !slices.Equal(got, search.Group{"低保", "城乡低保", "最低生活保障金"}) {
			t.Errorf("in place of the product's: %v", got)
		}
		if got := with(other, "公积金"); len(got) != 2 {
			t.Errorf("the product's others: %v", got)
		}
		l, err := desk.Get(t.Context(), sysadmin)
		if err != nil || l.Version != 1 || l.Text != "# 本县\n村村通=农村公路通畅工程\n低保=城乡低保=最低生活保障金\n" {
			t.Fatalf("%+v, %v", l, err)
		}
		save(l.Text, true, 1)
		if got := with(other, "公积金"); got != nil {
			t.Errorf("the product's are left out: %v", got)
		}
		if _, err := desk.Save(t.Context(), sysadmin, l.Text, false, 1); !errors.Is(err, ErrStale) {
			t.Errorf("written over what another changed: %v", err)
		}
	})
}

func TestWhatIsNoList(t *testing.T) {
	for text, want := range map[string]error{
		"低保": ErrAlone, "低=最低生活保障": ErrLength, "低保=" + strings.Repeat("长", 25): ErrLength, "低 保=最低生活保障": ErrSign,
		"低保=最低生活保障=低保": ErrTwice, "低保=最低生活保障\n\n救助=低保": ErrBoth, "Wto=世贸\nWTO=世界贸易组织": ErrBoth,
		"甲一=甲二=甲三=甲四=甲五=甲六=甲七=甲八=甲九":                 ErrWords,
		strings.Repeat("# 说明\n", 10) + "“低保”=最低生活保障": ErrSign,
	} {
		_, wrong := read(text)
		if len(wrong) != 1 || !errors.Is(wrong[0], want) {
			t.Errorf("%.40q: got %v, want %v", text, wrong, want)
		}
	}
	_, wrong := read("低保=最低生活保障\n户口本\n\n救助=低保\n=\n")
	var at []any
	for _, f := range wrong {
		at = append(at, f.Args["line"])
	}
	if !slices.Equal(at, []any{2, 4, 5}) {
		t.Errorf("wrong lines %v", at)
	}
}

func TestWhoChangesSynonyms(t *testing.T) {
	desk := &Desk{}
	for _, r := range actor.Roles {
		by := actor.Actor{ID: "x", Grants: []actor.Grant{{Role: r, Agency: "a"}}}
		if r == actor.SysAdmin {
			continue
		}
		_, looked := desk.Get(context.Background(), by)
		if _, err := desk.Save(context.Background(), by, "", false, 0); !errors.Is(err, actor.ErrForbidden) || !errors.Is(looked, actor.ErrForbidden) {
			t.Errorf("%s may", r)
		}
	}
}
