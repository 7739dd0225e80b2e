package richtext

import "golang.org/x/net/html"

// compareUnits compares two blocks; one of them may be nil.
func compareUnits(a, b *unit) Change {
	switch {
	case a == nil:
		b := b.whole("ins")
		return Change{Kind: Added, New: b, Both: b}
	case b == nil:
		a := a.whole("del")
		return Change{Kind: Removed, Old: a, Both: a}
	case a.key == b.key:
		same := a.whole("")
		return Change{Kind: Same, Old: same, New: same, Both: same}
	case a.kind == table && b.kind == table:
		return compareTables(a, b)
	case a.kind == figure && b.kind == figure:
		return compareFigures(a, b)
	}
	return compareWords(a, b)
}

// whole shows a block that is on one side only, or the same on both.
func (u *unit) whole(tag string) string {
	var w writer
	u.frame(&w, func() { w.content(u.element, tag) })
	return w.String()
}

// frame writes what an item or quotation stands in around it.
func (u *unit) frame(w *writer, content func()) {
	if u.deep > 0 {
		w.open("div", "class", "item deep-"+string(rune('0'+min(u.deep, 9))))
		w.open("span", "class", "label")
		w.WriteString(html.EscapeString(u.item))
		w.close("span")
	}
	content()
	if u.deep > 0 {
		w.close("div")
	}
}

// content writes an element with all its words in tag.
func (w *writer) content(e *element, tag string) {
	switch {
	case tag == "":
		w.element(e)
	case e.kind.textual():
		w.open(string(e.kind), "class", e.class())
		w.within(tag, e.runs)
		w.close(string(e.kind))
	case e.kind == table:
		w.wholeTable(e, tag)
	case e.kind == figure:
		w.open("figure", "class", tag)
		w.media(e.media)
		w.open("figcaption")
		w.within(tag, e.runs)
		w.close("figcaption")
		w.close("figure")
	case e.kind == rule:
		w.open("hr", "class", tag)
	default:
		w.open(string(e.kind))
		for _, k := range e.kids {
			w.content(k, tag)
		}
		w.close(string(e.kind))
	}
}

// within writes runs in a tag, nothing if there are none.
func (w *writer) within(tag string, runs []run) {
	if len(runs) == 0 {
		return
	}
	w.open(tag)
	w.inline(runs)
	w.close(tag)
}

// side is a column of a comparison.
type side int

const (
	inBoth side = iota
	inOld
	inNew
)

// stretches writes a word-level comparison as one side shows it.
func (w *writer) stretches(all []stretch, s side) {
	for _, x := range all {
		switch {
		case x.op == gone && s != inNew:
			w.within("del", runsOf(x.old))
		case x.op == come && s != inOld:
			w.within("ins", runsOf(x.new))
		case x.op == kept && s == inOld:
			w.inline(runsOf(x.old))
		case x.op == kept:
			w.restyled(x)
		}
	}
}

// restyled writes kept words as the new edition sets them, marking those it sets
// differently.
func (w *writer) restyled(x stretch) {
	for i := 0; i < len(x.new); {
		j, same := i, x.new[i].setAlike(x.old[i])
		for j < len(x.new) && x.new[j].setAlike(x.old[j]) == same {
			j++
		}
		runs := runsOf(x.new[i:j])
		if i = j; same {
			w.inline(runs)
			continue
		}
		w.open("span", "class", "restyled")
		w.inline(runs)
		w.close("span")
	}
}

// plainChange reports whether words came or went.
func plainChange(all []stretch) bool {
	for _, x := range all {
		if x.op != kept {
			return true
		}
	}
	return false
}

// compareWords compares two blocks of words.
func compareWords(a, b *unit) Change {
	all := compareTokens(tokens(a.runs), tokens(b.runs))
	c := Change{Kind: Restyled}
	if plainChange(all) {
		c.Kind = Changed
	}
	show := func(u *unit, s side) string {
		var w writer
		u.frame(&w, func() {
			w.open(string(u.kind), "class", u.class())
			w.stretches(all, s)
			w.close(string(u.kind))
		})
		return w.String()
	}
	c.Old, c.New, c.Both = show(a, inOld), show(b, inNew), show(b, inBoth)
	return c
}

// compareFigures compares pictures, films and their captions.
func compareFigures(a, b *unit) Change {
	all := compareTokens(tokens(a.runs), tokens(b.runs))
	swapped := a.media.ref != b.media.ref || a.media.alt != b.media.alt
	c := Change{Kind: Restyled}
	if swapped || plainChange(all) {
		c.Kind = Changed
	}
	show := func(s side) string {
		var w writer
		w.open("figure")
		if s != inNew && swapped {
			w.open("del")
			w.media(a.media)
			w.close("del")
		}
		switch {
		case s != inOld && swapped:
			w.open("ins")
			w.media(b.media)
			w.close("ins")
		case !swapped:
			w.media(b.media)
		}
		w.open("figcaption")
		w.stretches(all, s)
		w.close("figcaption")
		w.close("figure")
		return w.String()
	}
	c.Old, c.New, c.Both = show(inOld), show(inNew), show(inBoth)
	return c
}
