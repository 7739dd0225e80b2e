package gate

import (
	"slices"
	"strings"

	"gongkai/internal/check"
	"gongkai/internal/extract"
	"gongkai/internal/i18n"
)

// mostSpots is how many places one finding names. The message counts them all.
const mostSpots = 1000

// groups gathers what a rule finds in one part: of one gravity, hidden or not, together, so
// that a list of a thousand people is one finding with a thousand places.
type groups struct {
	part *Part
	all  []*group
}

type group struct {
	severity check.Severity
	hidden   extract.HiddenKind
	key      string // what else keeps findings apart
	with     string // the words to put in; used where the shape has no mask
	spots    []Spot
	count    int
}

func (g *groups) add(severity check.Severity, start, end int) {
	g.addKeyed(severity, "", "", start, end)
}

func (g *groups) addKeyed(severity check.Severity, key, with string, start, end int) {
	hidden := g.part.segmentAt(start).hidden
	i := slices.IndexFunc(g.all, func(o *group) bool { return o.severity == severity && o.hidden == hidden && o.key == key })
	if i < 0 {
		if len(g.all) >= mostGroups {
			return
		}
		i = len(g.all)
		g.all = append(g.all, &group{severity: severity, hidden: hidden, key: key, with: with})
	}
	o := g.all[i]
	o.count++
	if len(o.spots) < mostSpots {
		o.spots = append(o.spots, Spot{Part: g.part.ID, Start: start, End: end})
	}
}

// mostGroups bounds the findings of one rule in one part.
const mostGroups = 500

// shape says how a rule words and corrects its groups.
type shape struct {
	message map[check.Severity]string // keys of messages that take n
	word    func(*group) i18n.Message // instead of message, where the words matter
	advice  i18n.Message
	private bool
	label   string              // key of the fix's label; "" for masking
	mask    func(string) string // what to put instead; nil for the group's own words
	fixes   func(*group) bool   // whether the group's fix is safe; nil for always
}

// eachPart looks at every part and makes findings of what was gathered.
func (s *Subject) eachPart(look func(*Part, *groups), sh shape) []check.Finding {
	var out []check.Finding
	for i := range s.Parts {
		g := &groups{part: &s.Parts[i]}
		look(g.part, g)
		for _, o := range g.all {
			out = append(out, g.finding(o, sh))
		}
	}
	return out
}

func (g *groups) finding(o *group, sh shape) check.Finding {
	f := check.Finding{Severity: o.severity, Advice: sh.advice}
	if sh.word != nil {
		f.Message = sh.word(o)
	} else {
		f.Message = i18n.M(sh.message[o.severity], "n", o.count)
	}
	d := detail{spots: o.spots, private: sh.private}
	if (sh.mask != nil || o.with != "" || sh.label == deleteLabel) && (sh.fixes == nil || sh.fixes(o)) {
		d.fix = g.part.fix(o, sh)
	}
	return found(f, d)
}

// Labels of fixes.
const (
	maskLabel    = "gate.fix.mask"
	replaceLabel = "gate.fix.replace"
	deleteLabel  = "gate.fix.delete"
)

// fix makes the edits of a group; attachments have none.
func (p *Part) fix(o *group, sh shape) *Fix {
	if p.Document != nil || p.Unread != nil {
		return nil
	}
	label := i18n.M(maskLabel)
	switch sh.label {
	case replaceLabel:
		label = i18n.M(replaceLabel, "right", o.with)
	case deleteLabel:
		label = i18n.M(deleteLabel)
	}
	x := &Fix{Label: label}
	for _, spot := range o.spots {
		was, with := p.Slice(spot.Start, spot.End), o.with
		if sh.mask != nil {
			with = sh.mask(was)
		}
		if with != was {
			x.Edits = append(x.Edits, Edit{Part: p.ID, Start: spot.Start, End: spot.End, Was: was, With: with})
		}
	}
	if len(x.Edits) == 0 {
		return nil
	}
	return x
}

// starAll hides a number that is never shown: as many stars as it has figures.
func starAll(words string) string {
	n := 0
	for _, r := range words {
		if digit(r) >= 0 || fold(r) == 'x' {
			n++
		}
	}
	return strings.Repeat("*", n)
}

// maskPhone shows 138****1234 (specification §11.3).
func maskPhone(words string) string {
	out := []rune(words)
	var figures []int
	for i, r := range out {
		if digit(r) >= 0 {
			figures = append(figures, i)
		}
	}
	if n := len(figures); n >= 8 {
		for _, i := range figures[n-8 : n-4] {
			out[i] = '*'
		}
	}
	return string(out)
}
