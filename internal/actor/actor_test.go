package actor

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gongkai/internal/i18n"
)

// page draws the table of roles and acts for docs/permissions.md.
func page() []byte {
	p := i18n.To(i18n.Chinese)
	var b bytes.Buffer
	b.WriteString("# 权限表 Permissions\n\nGenerated from `internal/actor`; `make docs` writes it anew. " +
		"A role is held for one agency (or section) and allows nothing in another; the three administrators' roles " +
		"are held for the installation, by different people.\n\n| act | 办理事项 |")
	all := append(slices.Clone(Roles), Program)
	for _, r := range all {
		fmt.Fprintf(&b, " %s |", p.Text(r.Message()))
	}
	b.WriteString("\n|---|---|")
	for range all {
		b.WriteString(":-:|")
	}
	b.WriteString("\n")
	for _, a := range Acts() {
		fmt.Fprintf(&b, "| `%s` | %s |", a, p.Text(a.Message()))
		for _, r := range all {
			mark := " "
			if Allows(r, a) {
				mark = " ✓ "
			}
			b.WriteString(mark + "|")
		}
		b.WriteString("\n")
	}
	return b.Bytes()
}

func TestThePageOfPermissionsIsFresh(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "permissions.md")
	want := page()
	if os.Getenv("GONGKAI_TEST_WRITE") != "" {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("docs/permissions.md is out of date: run make docs")
	}
}

// 等级保护, R-SEC-01: what one of the three administrators may change, the others may not.
func TestAdministratorsAreKeptApart(t *testing.T) {
	looking := []Act{AgencyView, AccountView, SectionView}
	admins := []Role{SysAdmin, SecAdmin, Auditor}
	for i, a := range admins {
		for _, b := range admins[i+1:] {
			for _, act := range table[a] {
				if Allows(b, act) && !slices.Contains(looking, act) {
					t.Errorf("both %s and %s may do %s", a, b, act)
				}
			}
		}
		for _, act := range []Act{ItemView, ItemEdit, ItemPublish, ItemReview1, ItemSecrecy, CreditView} {
			if Allows(a, act) {
				t.Errorf("%s may do %s", a, act)
			}
		}
	}
}

// R-FLW-01: no single role of the flow may take two of its steps.
func TestEachStepOfTheFlowHasItsOwnRole(t *testing.T) {
	steps := []Act{ItemEdit, ItemReview1, ItemReview2, ItemReview3, ItemSecrecy, ItemPublish}
	for _, r := range Roles {
		n := 0
		for _, s := range steps {
			if Allows(r, s) {
				n++
			}
		}
		if n > 1 {
			t.Errorf("%s may take %d steps", r, n)
		}
	}
}

func TestMay(t *testing.T) {
	editor := Actor{ID: "e", Grants: []Grant{{Role: Editor, Agency: "a"}}}
	ofSection := Actor{ID: "s", Grants: []Grant{{Role: Editor, Agency: "a", Section: "news"}}}
	supervisor := Actor{ID: "v", Grants: []Grant{{Role: Supervisor, Agency: "city"}}, Supervises: map[string]bool{"a": true}}
	sysadmin := Actor{ID: "y", Grants: []Grant{{Role: SysAdmin}}}
	for _, test := range []struct {
		name string
		who  Actor
		act  Act
		in   Scope
		may  bool
	}{
		{"in one's own agency", editor, ItemEdit, In("a", "news"), true},
		{"in another agency", editor, ItemEdit, In("b", "news"), false},
		{"in no agency", editor, ItemEdit, Scope{}, false},
		{"another role's act", editor, ItemPublish, In("a"), false},
		{"in one's section", ofSection, ItemEdit, In("a", "news"), true},
		{"below one's section", ofSection, ItemEdit, In("a", "notices", "news"), true},
		{"in another section", ofSection, ItemEdit, In("a", "guide"), false},
		{"where no section is named", ofSection, ItemEdit, In("a"), false},
		{"a section of the same name elsewhere", ofSection, ItemEdit, In("b", "news"), false},
		{"the board of an agency below", supervisor, BoardOversee, In("a"), true},
		{"unpublished material of an agency below", supervisor, ItemView, In("a"), false},
		{"the board of an agency elsewhere", supervisor, BoardOversee, In("b"), false},
		{"the installation", sysadmin, AgencyCreate, Scope{}, true},
		{"any agency's card", sysadmin, AgencyChange, In("b"), true},
		{"an agency's drafts", sysadmin, ItemView, In("b"), false},
		{"nobody", Actor{}, AgencyView, In("a"), false},
	} {
		err := test.who.May(test.act, test.in)
		if (err == nil) != test.may || err != nil && !errors.Is(err, ErrForbidden) {
			t.Errorf("%s: got %v", test.name, err)
		}
	}
}

func TestARoleOfOnesOwnComesBeforeOneHeldForAnother(t *testing.T) {
	a := Actor{Grants: []Grant{{Role: Reviewer1, Agency: "a", Behalf: "甲某"}, {Role: Reviewer1, Agency: "a"}}}
	if g, ok := a.By(ItemReview1, In("a")); !ok || g.Behalf != "" {
		t.Errorf("got %+v", g)
	}
	a.Grants = a.Grants[:1]
	if g, ok := a.By(ItemReview1, In("a")); !ok || g.Behalf != "甲某" {
		t.Errorf("got %+v", g)
	}
}

func TestAgencies(t *testing.T) {
	a := Actor{
		Grants:     []Grant{{Role: Supervisor, Agency: "city"}, {Role: Editor, Agency: "z"}},
		Supervises: map[string]bool{"b": true, "a": true},
	}
	if got, all := a.Agencies(BoardView); all || !slices.Equal(got, []string{"a", "b", "city", "z"}) {
		t.Errorf("got %v, %v", got, all)
	}
	if got, _ := a.Agencies(ItemEdit); !slices.Equal(got, []string{"z"}) {
		t.Errorf("got %v", got)
	}
}
