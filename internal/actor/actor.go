// Package actor says who acts (操作人), in which roles, and what each role may do. Every act
// of the product is in one closed list; an act asks May before it changes anything.
package actor

import (
	"slices"

	"gongkai/internal/fault"
)

// Actor is the person, or the program itself, that does something.
type Actor struct {
	ID     string // the account's key; "system" for the program
	Name   string // as letters and lists show it
	Remote string // network address the act came from; "" for the program
	Grants []Grant
	// Supervises holds the agencies below those the person supervises, at any depth.
	Supervises map[string]bool
	// Only, if set, are the acts that are left of what the roles allow, such as to another system
	// that acts in a person's name.
	Only []Act
}

// Grant is one role a person holds (授权).
type Grant struct {
	Role    Role
	Agency  string // "" for the whole installation, which only the administrators' roles may have
	Section string // "" for all sections of the agency; else that one and those below it
	// Behalf is the name of the person whose role it is, when it is held while they are on leave.
	Behalf string
}

// Scope is what an act touches.
type Scope struct {
	Agency   string   // "" for the installation itself
	Sections []string // the section and those above it; none when the act is about no section
}

// In is the scope of an agency's matters that belong to no section, or to the given ones.
func In(agency string, sections ...string) Scope { return Scope{agency, sections} }

// System is the program itself, acting by a job or a command of who runs the server. name
// says which, such as "publish.scheduled".
func System(name string) Actor {
	return Actor{ID: "system", Name: name, Grants: []Grant{{Role: Program}}}
}

// ErrForbidden refuses an act to a person whose roles do not allow it.
var ErrForbidden = &fault.Error{Kind: fault.Forbidden, Code: "actor.forbidden"}

// May returns nil if a may do act in s, and ErrForbidden otherwise.
func (a Actor) May(act Act, s Scope) error {
	if _, ok := a.By(act, s); ok {
		return nil
	}
	return ErrForbidden.Because(refusal{a.ID, act, s})
}

// Can reports whether a may do act in s; pages ask it to show what can be done.
func (a Actor) Can(act Act, s Scope) bool { return a.May(act, s) == nil }

// By returns the grant by which a may do act in s, preferring the person's own to one held
// on another's behalf.
func (a Actor) By(act Act, s Scope) (Grant, bool) {
	var found Grant
	ok := false
	for _, g := range a.Grants {
		if !a.allows(g.Role, act) || !a.covers(g, s) {
			continue
		}
		if g.Behalf == "" {
			return g, true
		}
		if !ok {
			found, ok = g, true
		}
	}
	return found, ok
}

// Somewhere reports whether a may do act in any scope at all.
func (a Actor) Somewhere(act Act) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return a.allows(g.Role, act) })
}

// allows is Allows within what Only leaves.
func (a Actor) allows(r Role, act Act) bool {
	return (a.Only == nil || slices.Contains(a.Only, act)) && Allows(r, act)
}

// Agencies returns the agencies in which a may do act, each once, and whether the person
// may do it in all of them. A grant for one section counts.
func (a Actor) Agencies(act Act) (agencies []string, all bool) {
	for _, g := range a.Grants {
		if !a.allows(g.Role, act) {
			continue
		}
		if g.Agency == "" {
			return nil, true
		}
		if !slices.Contains(agencies, g.Agency) {
			agencies = append(agencies, g.Agency)
		}
		if g.Role == Supervisor {
			for below := range a.Supervises {
				if !slices.Contains(agencies, below) {
					agencies = append(agencies, below)
				}
			}
		}
	}
	slices.Sort(agencies)
	return agencies, false
}

func (a Actor) covers(g Grant, s Scope) bool {
	switch {
	case g.Agency == "":
	case g.Agency == s.Agency:
	case g.Role == Supervisor && a.Supervises[s.Agency]:
	default:
		return false
	}
	return g.Section == "" || slices.Contains(s.Sections, g.Section)
}

// refusal is what the log says of a forbidden act.
type refusal struct {
	actor string
	act   Act
	scope Scope
}

// Error names the act and the scope.
func (r refusal) Error() string {
	return r.actor + " may not " + string(r.act) + " in " + r.scope.Agency
}
