package wordlist

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/gate"
)

var sysadmin = actor.Actor{ID: "y", Grants: []actor.Grant{{Role: actor.SysAdmin}}}

const head = "# kind: typo\n# severity: warning\n# source: 本单位\n# date: 2026-11-23\n"

// finds are the wrong words the lists as they count now find in a text.
func finds(t *testing.T, d *Desk, text string) (codes []string) {
	t.Helper()
	words, err := d.Words(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := &gate.Subject{Parts: []gate.Part{gate.Body("<p>" + text + "</p>")}, Words: words}
	for _, f := range gate.Run(gate.Rules(), s) {
		for _, p := range f.Spots {
			codes = append(codes, string([]rune(text)[p.Start:p.End]))
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// A list of one's own counts at once in every process, one with the name of the product's
// stands in its place, and when it is ended the product's counts again.
func TestListsOfOnesOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk, other := &Desk{DB: d}, &Desk{DB: d}
		const text = "布署工作，示列说明。"
		if got := finds(t, other, text); !slices.Equal(got, []string{"布署"}) {
			t.Fatalf("the product's lists find %v", got)
		}
		// Spaces and an arrow stand for the tab a browser's field does not take.
		if err := desk.Save(t.Context(), sysadmin, "本单位.txt", head+"示列  示例\n\n", 0); err != nil {
			t.Fatal(err)
		}
		if got := finds(t, other, text); !slices.Equal(got, []string{"布署", "示列"}) {
			t.Errorf("with a list beside: %v", got)
		}
		if err := desk.Save(t.Context(), sysadmin, "typo.txt", head+"说名→说明\n", 0); err != nil {
			t.Fatal(err)
		}
		if got := finds(t, other, text); !slices.Equal(got, []string{"示列"}) {
			t.Errorf("with the product's replaced: %v", got)
		}
		l, err := desk.Get(t.Context(), sysadmin, "typo.txt")
		if err != nil || !l.Own || !l.Product || len(l.Entries) != 1 || l.Entries[0].Right != "说明" {
			t.Fatalf("got %+v, %v", l, err)
		}
		if err := desk.Off(t.Context(), sysadmin, "typo.txt", l.Version); err != nil {
			t.Fatal(err)
		}
		if got := finds(t, other, text); !slices.Equal(got, []string{"布署", "示列"}) {
			t.Errorf("with the product's again: %v", got)
		}
		if err := desk.Save(t.Context(), sysadmin, "typo.txt", head+"说名→说明\n", l.Version); !errors.Is(err, ErrStale) {
			t.Errorf("an older version is written over: %v", err)
		}
		if err := desk.Save(t.Context(), sysadmin, "typo.txt", head+"说名→说明\n", l.Version+1); err != nil {
			t.Errorf("an ended list cannot be taken up again: %v", err)
		}
	})
}

func TestWhatIsNoList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk := &Desk{DB: d}
		for _, tt := range []struct {
			name, text string
			want       error
		}{
			{"../a.txt", head, ErrName}, {"a.csv", head, ErrName}, {strings.Repeat("长", 41) + ".txt", head, ErrName},
			{"a.txt", "示列\t示例\n", ErrKind}, {"a.txt", "# kind: names\n", ErrLine}, {"a.txt", head + "字\t词\n", ErrLine},
			{"a.txt", head + "示列\t示例\tfrom=2018\n", ErrLine}, {"a.txt", head + strings.Repeat("x", Longest), ErrLong},
		} {
			if err := desk.Save(t.Context(), sysadmin, tt.name, tt.text, 0); !errors.Is(err, tt.want) {
				t.Errorf("%s %.30q: got %v, want %v", tt.name, tt.text, err, tt.want)
			}
		}
	})
}

func TestWhoChangesWords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, r := range actor.Roles {
			by := actor.Actor{ID: "x", Grants: []actor.Grant{{Role: r, Agency: "a"}}}
			_, err := (&Desk{DB: d}).Lists(t.Context(), by)
			if r != actor.SysAdmin && (!errors.Is(err, actor.ErrForbidden) ||
				!errors.Is((&Desk{DB: d}).Save(t.Context(), by, "a.txt", head, 0), actor.ErrForbidden) ||
				!errors.Is((&Desk{DB: d}).Off(t.Context(), by, "typo.txt", 1), actor.ErrForbidden)) {
				t.Errorf("%s may", r)
			}
		}
	})
}
