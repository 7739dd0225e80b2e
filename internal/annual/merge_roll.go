package annual

import (
	"slices"

	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/i18n"
)

// roll is the list of units, ready to be searched by name.
type roll struct {
	units  []Unit
	parent []int          // position of the unit above, -1 for none
	names  map[string]int // by normalised name and alias; ambiguous for several
	listed bool           // a list was given; without one every name makes its own unit

	superior string // the superior's normalised name, "" if it does not matter
}

// ambiguous marks a name that several units bear.
const ambiguous = -3

func newRoll(units []Unit) *roll {
	l := &roll{units: units, names: map[string]int{}, listed: len(units) > 0}
	for i, u := range units {
		l.names[form.Normalize(u.Name)] = i
	}
	for i, u := range units {
		for _, a := range u.Aliases {
			n := form.Normalize(a)
			if other, taken := l.names[n]; !taken {
				l.names[n] = i
			} else if other != i && form.Normalize(units[max(other, 0)].Name) != n {
				l.names[n] = ambiguous
			}
		}
		l.parent = append(l.parent, -1)
	}
	for i, u := range units {
		if at, ok := l.names[form.Normalize(u.Parent)]; ok && u.Parent != "" && at != i {
			l.parent[i] = at
		}
	}
	return l
}

// byName returns the position of the unit called or nicknamed name, negative for none.
func (l *roll) byName(name string) int {
	if at, ok := l.names[form.Normalize(name)]; ok {
		return at
	}
	return -1
}

// find returns the unit a report belongs to, negative if the list does not decide, with
// what should be known about the match. Without a list the name itself decides.
func (l *roll) find(r *Report) (int, []i18n.Message) {
	names := statedNames(r)
	if l.isSuperior(names) {
		return -1, []i18n.Message{i18n.M("merge.notice.superior", "name", names[0])}
	}
	if !l.listed {
		return l.enrol(statedName(r), r)
	}
	if len(names) == 0 {
		return -1, []i18n.Message{i18n.M("merge.notice.nameless")}
	}
	var exact []int
	for _, n := range names {
		if at := l.byName(n); at >= 0 && !slices.Contains(exact, at) {
			exact = append(exact, at)
		}
	}
	if len(exact) == 1 {
		return exact[0], l.underOldName(exact[0], names, r)
	}
	if len(exact) == 0 {
		if exact = l.near(names); len(exact) == 1 {
			return exact[0], []i18n.Message{i18n.M("merge.notice.near", "name", names[0], "unit", l.units[exact[0]].Name)}
		}
	}
	if len(exact) > 1 {
		return -1, []i18n.Message{i18n.M("merge.notice.several", "name", names[0], "units", abridge(l.namesAt(exact)))}
	}
	return -1, []i18n.Message{i18n.M("merge.notice.unlisted", "name", names[0])}
}

// isSuperior reports whether a report is the superior's own printed one, which has got among
// those of the bodies under it. A list that names the superior as a unit has it otherwise.
func (l *roll) isSuperior(names []string) bool {
	return len(names) > 0 && l.superior != "" && form.Normalize(names[0]) == l.superior && l.byName(names[0]) < 0
}

func (l *roll) namesAt(at []int) []string {
	names := make([]string, len(at))
	for i, n := range at {
		names[i] = l.units[n].Name
	}
	return names
}

// statedNames returns what the report calls its body: in the title, under the text and in
// the page's header. A menu's words caught in one of them do not spoil the others.
func statedNames(r *Report) []string {
	var names []string
	for _, t := range []string{r.Agency.Text, r.Signature.Text, r.Publisher.Text} {
		if form.Normalize(t) != "" && !slices.Contains(names, t) {
			names = append(names, t)
		}
	}
	return names
}

// statedName returns the first of them, "" for none.
func statedName(r *Report) string {
	for _, t := range []string{r.Agency.Text, r.Signature.Text, r.Publisher.Text} {
		if form.Normalize(t) != "" {
			return t
		}
	}
	return ""
}

// nameOf returns the name under which the list, or else the report, knows its body.
func (l *roll) nameOf(r *Report) string {
	at, _ := l.find(r)
	return l.label(at, r)
}

// label returns the name of the unit at position at, or what the report calls itself.
func (l *roll) label(at int, r *Report) string {
	if at >= 0 {
		return l.units[at].Name
	}
	if n := statedName(r); n != "" {
		return n
	}
	return r.File
}

// enrol gives a body not seen before a place of its own; a report without a name is known
// by its file.
func (l *roll) enrol(name string, r *Report) (int, []i18n.Message) {
	var notices []i18n.Message
	if form.Normalize(name) == "" {
		name = r.File
		notices = []i18n.Message{i18n.M("merge.notice.by_file", "file", r.File)}
	}
	if at := l.byName(name); at >= 0 {
		return at, notices
	}
	l.units = append(l.units, Unit{Name: name})
	l.parent = append(l.parent, -1)
	l.names[form.Normalize(name)] = len(l.units) - 1
	return len(l.units) - 1, notices
}

// near returns the units whose name is one of the report's with more or fewer places in front.
func (l *roll) near(names []string) []int {
	var found []int
	for _, n := range names {
		for known, at := range l.names {
			if at >= 0 && sameName(known, n) && !slices.Contains(found, at) {
				found = append(found, at)
			}
		}
	}
	slices.Sort(found)
	return found
}

// underOldName says that a report's title bears another name than the list's, and so if it
// was signed after the unit got its new one.
func (l *roll) underOldName(at int, names []string, r *Report) []i18n.Message {
	u := l.units[at]
	former := slices.ContainsFunc(u.Aliases, func(a string) bool { return form.Normalize(a) == form.Normalize(names[0]) })
	switch {
	case form.Normalize(names[0]) == form.Normalize(u.Name):
		return nil
	case former && !u.Renamed.IsZero() && r.HandedIn().After(u.Renamed):
		return []i18n.Message{i18n.M("merge.notice.old_name_used", "name", names[0], "unit", u.Name, "date", u.Renamed)}
	case former:
		return []i18n.Message{i18n.M("merge.notice.alias", "name", names[0], "unit", u.Name)}
	}
	return []i18n.Message{i18n.M("merge.notice.near", "name", names[0], "unit", u.Name)}
}

// CheckUnits returns what is wrong with a list: units without a name or named twice, units
// above or successors the list does not have, and circles.
func CheckUnits(units []Unit) []i18n.Message {
	var faults []i18n.Message
	rows := map[string]int{}
	for _, u := range units {
		n := form.Normalize(u.Name)
		if n == "" {
			faults = append(faults, i18n.M("merge.units.nameless", "row", u.Row))
			continue
		}
		if first, twice := rows[n]; twice {
			faults = append(faults, i18n.M("merge.units.twice", "row", u.Row, "unit", u.Name, "first", first))
			continue
		}
		rows[n] = u.Row
	}
	l := newRoll(units)
	for i, u := range units {
		faults = append(faults, l.checkLinks(i, u)...)
	}
	return faults
}

func (l *roll) checkLinks(i int, u Unit) []i18n.Message {
	var faults []i18n.Message
	if u.Parent != "" && l.byName(u.Parent) < 0 {
		faults = append(faults, i18n.M("merge.units.parent", "row", u.Row, "unit", u.Name, "parent", u.Parent))
	}
	if u.MergedInto != "" && u.Until == (date.Date{}) {
		faults = append(faults, i18n.M("merge.units.when", "row", u.Row, "unit", u.Name, "into", u.MergedInto))
	}
	if u.MergedInto != "" && l.byName(u.MergedInto) < 0 {
		faults = append(faults, i18n.M("merge.units.successor", "row", u.Row, "unit", u.Name, "into", u.MergedInto))
	}
	if l.circular(i) {
		faults = append(faults, i18n.M("merge.units.circle", "row", u.Row, "unit", u.Name))
	}
	return faults
}

// circular reports whether the units above i lead back to it.
func (l *roll) circular(i int) bool {
	if form.Normalize(l.units[i].Parent) == form.Normalize(l.units[i].Name) && l.units[i].Parent != "" {
		return true
	}
	at := l.parent[i]
	for range l.units {
		if at < 0 {
			return false
		}
		if at == i {
			return true
		}
		at = l.parent[at]
	}
	return true
}
