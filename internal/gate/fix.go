package gate

import (
	"html"
	"slices"
	"strings"

	"gongkai/internal/fault"
)

// Why a fix cannot be applied.
var (
	ErrStale  = &fault.Error{Kind: fault.Conflict, Code: "gate.fix.stale"}  // the text is another one by now
	ErrFixed  = &fault.Error{Kind: fault.Invalid, Code: "gate.fix.fixed"}   // attachments are corrected in their own program
	errNoPart = &fault.Error{Kind: fault.NotFound, Code: "gate.fix.nopart"} // no such part
)

// Apply returns the source of the body, or the text of a title or summary, with the edits
// made. Tags stay where they are, also those within what is replaced; the words put in are
// escaped. Edits made for another text are refused.
func (p *Part) Apply(edits []Edit) (string, error) {
	if p.Document != nil || p.Unread != nil {
		return "", ErrFixed
	}
	edits = slices.Clone(edits)
	slices.SortFunc(edits, func(a, b Edit) int { return a.Start - b.Start })
	for i, e := range edits {
		switch {
		case e.Part != p.ID:
			return "", errNoPart
		case e.Start < 0 || e.End <= e.Start || e.End > len(p.text) || p.Slice(e.Start, e.End) != e.Was,
			i > 0 && e.Start < edits[i-1].End:
			return "", ErrStale
		}
	}
	if p.source == nil {
		return p.applyText(edits), nil
	}
	return p.applyHTML(edits), nil
}

func (p *Part) applyText(edits []Edit) string {
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(string(p.text[at:e.Start]) + e.With)
		at = e.End
	}
	b.WriteString(string(p.text[at:]))
	return b.String()
}

// applyHTML takes the bytes of the replaced runes out of the source and puts the new words
// where the first of them stood.
func (p *Part) applyHTML(edits []Edit) string {
	var b strings.Builder
	at := int32(0)
	for _, e := range edits {
		put := false
		for i := e.Start; i < e.End; i++ {
			s := p.source[i]
			if s.from < at { // the second rune of one entity
				continue
			}
			b.WriteString(p.HTML[at:s.from])
			if !put && s.to > s.from {
				b.WriteString(html.EscapeString(e.With))
				put = true
			}
			at = s.to
		}
	}
	b.WriteString(p.HTML[at:])
	return b.String()
}
