package annual

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/internal/annual/form"
	"gongkai/internal/i18n"
)

// placeEndings close the names of places that may stand before a body's name.
const placeEndings = "省市县区州旗盟"

// LongerName reports whether long is short with the places above it in front: 淮安市洪泽区
// 人民政府 for 洪泽区人民政府, 示范市民政局 for 民政局 or 市民政局. Two characters are too few
// for a name. That one name fits does not say that no other does.
func LongerName(long, short string) bool {
	long, short = form.Normalize(long), form.Normalize(short)
	front, ok := strings.CutSuffix(long, short)
	if !ok || utf8.RuneCountInString(front) < 2 || utf8.RuneCountInString(short) < 3 {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(front)
	first, _ := utf8.DecodeRuneInString(short)
	return strings.ContainsRune(placeEndings, last) || strings.ContainsRune(placeEndings, first)
}

// sameName reports whether two names are of one body as far as names can tell.
func sameName(a, b string) bool {
	return form.Normalize(a) == form.Normalize(b) || LongerName(a, b) || LongerName(b, a)
}

// kin finds names that may be one body's among many, without comparing each with each.
type kin struct {
	names map[string]string   // by the normalised name, as written
	ends  map[string][]string // what a name ends in: the names that do
}

func newKin(names []string) *kin {
	k := &kin{map[string]string{}, map[string][]string{}}
	for _, written := range names {
		n := form.Normalize(written)
		if n == "" || k.names[n] != "" {
			continue
		}
		k.names[n] = written
		for i := range n {
			k.ends[n[i:]] = append(k.ends[n[i:]], n)
		}
	}
	return k
}

// of returns the other names that name is one body with as far as names can tell.
func (k *kin) of(name string) []string {
	name = form.Normalize(name)
	var found []string
	for _, long := range k.ends[name] {
		if LongerName(long, name) {
			found = append(found, k.names[long])
		}
	}
	for i := range name {
		if short := name[i:]; k.names[short] != "" && LongerName(name, short) {
			found = append(found, k.names[short])
		}
	}
	return found
}

// Pairing is what was found of a body's report on the year before.
type Pairing struct {
	Report  *Report   // nil if there is none, or several that fit
	Renamed bool      // its body's name is written with more or with fewer places in front
	Rivals  []*Report // the reports that fit where none is decided on
}

// Previous finds the report on the year before r of r's body among reports. A report of the
// very same name comes first; else one whose name has more or fewer places in front, if it
// fits no other body among the reports. The same report in two formats counts once.
func Previous(r *Report, among []*Report) Pairing {
	name := statedName(r)
	if r.Refused != nil || r.Year == 0 || form.Normalize(name) == "" {
		return Pairing{}
	}
	var equal, alike []*Report
	for _, o := range among {
		if o == r || o.Refused != nil || o.Year != r.Year-1 {
			continue
		}
		switch other := statedName(o); {
		case form.Normalize(other) == "":
		case form.Normalize(other) == form.Normalize(name):
			equal = append(equal, o)
		case sameName(other, name):
			alike = append(alike, o)
		}
	}
	if len(equal) > 0 {
		return decide(equal)
	}
	if slices.ContainsFunc(alike, func(o *Report) bool { return claimed(o, r, among) || !sameName(statedName(o), statedName(alike[0])) }) {
		return Pairing{Rivals: alike}
	}
	p := decide(alike)
	p.Renamed = p.Report != nil
	return p
}

// decide takes the one report there is, or the first of several that agree.
func decide(candidates []*Report) Pairing {
	kept, _ := distinct(candidates)
	if len(kept) == 0 {
		return Pairing{}
	}
	if len(kept) == 1 {
		return Pairing{Report: kept[0]}
	}
	return Pairing{Rivals: kept}
}

// claimed reports whether before fits a body on r's year that is another one than r's: by
// its very name, or with more or fewer places in front.
func claimed(before, r *Report, among []*Report) bool {
	return slices.ContainsFunc(among, func(o *Report) bool {
		if o == r || o.Refused != nil || o.Year != r.Year {
			return false
		}
		name := statedName(o)
		return form.Normalize(name) == form.Normalize(statedName(before)) ||
			sameName(name, statedName(before)) && !sameName(name, statedName(r))
	})
}

// Repeat is a report left out because another says the same.
type Repeat struct {
	Report *Report
	Of     *Report
}

// distinct parts reports of one name and year into those that differ and those that repeat
// one of them. Two reports agree if no cell that both give a figure for differs and there is
// such a cell: a text copy often lacks cells that the web page has. The fuller one is kept.
func distinct(rs []*Report) (kept []*Report, repeats []Repeat) {
	rs = slices.Clone(rs)
	slices.SortStableFunc(rs, func(a, b *Report) int {
		return cmp.Or(cmp.Compare(figuresIn(b), figuresIn(a)), cmp.Compare(a.File, b.File))
	})
	for _, r := range rs {
		if i := slices.IndexFunc(kept, func(k *Report) bool { return agree(k, r) }); i >= 0 {
			repeats = append(repeats, Repeat{r, kept[i]})
			continue
		}
		kept = append(kept, r)
	}
	return kept, repeats
}

func figuresIn(r *Report) int {
	n := 0
	for k := range r.Cells {
		if _, ok := r.Value(k); ok {
			n++
		}
	}
	return n
}

func agree(a, b *Report) bool {
	if a.Form != b.Form {
		return false
	}
	shared := 0
	for k := range a.Cells {
		x, known := a.Value(k)
		y, also := b.Value(k)
		switch {
		case !known || !also:
		case x != y:
			return false
		default:
			shared++
		}
	}
	return shared > 0
}

// Lineup is the reports on one year, ready to be set side by side: each body once.
type Lineup struct {
	Year      int // 0: the reports do not say
	Reports   []*Report
	Names     []string    // of Reports, each different: with the file where only that tells two apart
	Repeats   []Repeat    // left out: the same report again, as in another format
	Conflicts [][]*Report // reports of one name that differ; all stand in Reports
}

// Lineups parts reports by year, the latest first and those that state none last. Refused
// ones are left out.
func Lineups(reports []*Report) []Lineup {
	years := map[int][]*Report{}
	for _, r := range reports {
		if r.Refused == nil {
			years[r.Year] = append(years[r.Year], r)
		}
	}
	var out []Lineup
	for year, rs := range years {
		out = append(out, lineUp(year, rs))
	}
	slices.SortFunc(out, func(a, b Lineup) int { return cmp.Compare(b.Year, a.Year) })
	return out
}

func lineUp(year int, rs []*Report) Lineup {
	l := Lineup{Year: year}
	byName := map[string][]*Report{}
	for _, r := range rs {
		n := form.Normalize(statedName(r))
		byName[n] = append(byName[n], r)
	}
	dropped := map[*Report]bool{}
	for _, r := range rs {
		n := form.Normalize(statedName(r))
		group := byName[n]
		delete(byName, n)
		if len(group) < 2 || n == "" {
			continue
		}
		kept, repeats := distinct(group)
		l.Repeats = append(l.Repeats, repeats...)
		for _, p := range repeats {
			dropped[p.Report] = true
		}
		if len(kept) > 1 {
			l.Conflicts = append(l.Conflicts, kept)
		}
	}
	l.Reports = slices.DeleteFunc(slices.Clone(rs), func(r *Report) bool { return dropped[r] })
	l.name()
	return l
}

// name names the reports by their bodies, and by their files where that does not do.
func (l *Lineup) name() {
	times := map[string]int{}
	for _, r := range l.Reports {
		times[form.Normalize(statedName(r))]++
	}
	for _, r := range l.Reports {
		name := statedName(r)
		switch {
		case form.Normalize(name) == "":
			name = r.File
		case times[form.Normalize(name)] > 1:
			name += "（" + r.File + "）"
		}
		l.Names = append(l.Names, name)
	}
}

// Rank ranks the bodies of the year.
func (l Lineup) Rank(indicators []Indicator) *Ranking {
	r := Rank(l.Reports, indicators)
	r.Bodies = l.Names
	return r
}

// Notices says which reports were left out as repeats and which contradict each other.
func (l Lineup) Notices() []i18n.Message {
	var ms []i18n.Message
	for _, p := range l.Repeats {
		ms = append(ms, i18n.M("merge.lineup.repeat", "name", statedName(p.Of), "file", p.Of.File, "left", p.Report.File))
	}
	for _, rs := range l.Conflicts {
		files := make([]string, len(rs))
		for i, r := range rs {
			files[i] = r.File
		}
		ms = append(ms, i18n.M("merge.lineup.conflict", "name", statedName(rs[0]), "n", len(rs), "files", files))
	}
	return ms
}
