package agency

import (
	"cmp"
	"slices"
)

// Tree is the bodies of one day as they stand under each other.
type Tree struct {
	All      []*Agency // parents before children, in the order pages show them
	byID     map[string]*Agency
	children map[string][]*Agency
}

// NewTree orders bodies into a tree. A body whose parent is not among them stands at the
// top, and so does one of a ring, of which the acts allow none.
func NewTree(bodies []*Agency) *Tree {
	t := &Tree{byID: map[string]*Agency{}, children: map[string][]*Agency{}}
	for _, a := range bodies {
		t.byID[a.ID] = a
	}
	for _, a := range bodies {
		t.children[t.parent(a)] = append(t.children[t.parent(a)], a)
	}
	for _, c := range t.children {
		slices.SortFunc(c, func(a, b *Agency) int {
			return cmp.Or(cmp.Compare(a.SortKey, b.SortKey), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
		})
	}
	t.walk("")
	return t
}

func (t *Tree) parent(a *Agency) string {
	if t.byID[a.Parent] == nil {
		return ""
	}
	return a.Parent
}

func (t *Tree) walk(id string) {
	for _, c := range t.children[id] {
		t.All = append(t.All, c)
		t.walk(c.ID)
	}
}

// Get returns a body of the tree, nil if it was none on that day.
func (t *Tree) Get(id string) *Agency { return t.byID[id] }

// Children returns the bodies directly under id, or at the top for "".
func (t *Tree) Children(id string) []*Agency { return t.children[id] }

// Depth counts the bodies above id.
func (t *Tree) Depth(id string) int { return len(t.Path(id)) - 1 }

// Path returns the bodies from the top down to id, itself last.
func (t *Tree) Path(id string) []*Agency {
	var path []*Agency
	for a := t.byID[id]; a != nil && len(path) <= len(t.byID); a = t.byID[a.Parent] {
		path = append(path, a)
	}
	slices.Reverse(path)
	return path
}

// Overseer returns the body in charge of id (主管部门): the one named, or else the office of
// the nearest government above that is not id itself, or that government where it names
// no office.
//
// 条例第三条第三款：“县级以上地方人民政府办公厅（室）是本行政区域的政府信息公开工作主管部门，负责推进、
// 指导、协调、监督本行政区域的政府信息公开工作。”第四款：“实行垂直领导的部门的办公厅（室）主管本系统的
// 政府信息公开工作。”
// Our reading: a government itself, and its office, answer to the office one government up.
func (t *Tree) Overseer(id string) string {
	a := t.byID[id]
	if a == nil {
		return ""
	}
	if a.Supervisor != "" {
		return a.Supervisor
	}
	seen := map[string]bool{id: true}
	for up := t.byID[a.Parent]; up != nil && !seen[up.ID]; up = t.byID[up.Parent] {
		seen[up.ID] = true
		switch {
		case up.Office == id: // its own office is overseen from further up
		case up.Office != "":
			return up.Office
		case up.Kind == Government:
			return up.ID
		}
	}
	return ""
}

// ring reports whether following next from any body leads back to it.
func (t *Tree) ring(next func(id string) string) (string, bool) {
	safe := map[string]bool{}
	for _, a := range t.byID {
		on := map[string]bool{}
		for id := a.ID; id != "" && !safe[id]; id = next(id) {
			if on[id] {
				return id, true
			}
			on[id] = true
		}
		for id := range on {
			safe[id] = true
		}
	}
	return "", false
}

// above returns the parent of id, "" at the top.
func (t *Tree) above(id string) string {
	if a := t.byID[id]; a != nil {
		return a.Parent
	}
	return ""
}
