package richtext

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// eachRun calls visit with every run of a text, those of footnotes included.
func (d document) eachRun(visit func(*run)) {
	for _, e := range d {
		visitRuns(e.runs, visit)
		document(e.kids).eachRun(visit)
	}
}

func visitRuns(runs []run, visit func(*run)) {
	for i := range runs {
		visit(&runs[i])
		visitRuns(runs[i].note, visit)
	}
}

// eachRef puts in the place of each reference to an attachment what with returns.
func (d document) eachRef(with func(ref string) string) {
	for _, e := range d {
		if e.media != nil {
			e.media.ref = with(e.media.ref)
		}
		visitRuns(e.runs, func(r *run) {
			if r.media != nil {
				r.media.ref = with(r.media.ref)
			}
			if strings.HasPrefix(r.href, Attachment) {
				r.href = with(r.href)
			}
		})
		document(e.kids).eachRef(with)
	}
}

// Refs returns the ids of the attachments a text shows or links to, each once, in order.
// "pending" among them means that a picture has still to be uploaded.
func Refs(source string) []string {
	d, _ := parse(source, nil)
	var ids []string
	d.eachRef(func(ref string) string {
		if id := strings.TrimPrefix(ref, Attachment); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		return ref
	})
	return ids
}

// Replace puts other attachments in the place of those a text refers to: a draft made from
// a Word file refers to its pictures by the names in Doc.Images until they are kept. An
// empty answer leaves the reference as it is.
func Replace(source string, with func(id string) string) string {
	d, _ := parse(source, nil)
	d.eachRef(func(ref string) string {
		if other := Attachment + with(strings.TrimPrefix(ref, Attachment)); reference.MatchString(other) {
			return other
		}
		return ref
	})
	return policy.Sanitize(d.html())
}

// showing is what a text needs to be shown to readers.
type showing struct {
	address func(id string) string
	notes   [][]run
}

// Show returns a text for readers: attachments at the addresses that address gives, and
// footnotes numbered where they are called and listed at the end. An attachment without an
// address leaves its words behind. What Show returns is not canonical and never stored;
// label names the list of notes for those who hear the page.
func Show(clean, label string, address func(id string) string) string {
	d, _ := parse(clean, nil)
	d.eachRun(func(r *run) {
		if id, ok := strings.CutPrefix(r.href, Attachment); ok && address(id) == "" {
			r.href = ""
		}
	})
	w := writer{show: &showing{address: address}}
	w.elements(d)
	w.noteList(label)
	return w.String()
}

var called = regexp.MustCompile(`(src|href)="attachment:([0-9A-Za-z_-]{1,64})"`)

// Resolve puts the addresses of attachments into the HTML of a comparison. It works on what
// Diff returned and on nothing else: there a quotation mark in words is always escaped.
func Resolve(shown string, address func(id string) string) string {
	return called.ReplaceAllStringFunc(shown, func(s string) string {
		m := called.FindStringSubmatch(s)
		return m[1] + `="` + html.EscapeString(address(m[2])) + `"`
	})
}

// source returns where a medium is found.
func (w *writer) source(m *media) string {
	if w.show == nil {
		return m.ref
	}
	if m.ref == Pending {
		return ""
	}
	return w.show.address(strings.TrimPrefix(m.ref, Attachment))
}

// shown resolves the start tag of a link.
func (w *writer) shown(tag string) string {
	id, ok := strings.CutPrefix(tag, `<a href="`+Attachment)
	if w.show == nil || !ok {
		return tag
	}
	return `<a href="` + html.EscapeString(w.show.address(strings.TrimSuffix(id, `">`))) + `">`
}

// call writes the number of a footnote where it is called.
func (w *writer) call(note []run) {
	w.show.notes = append(w.show.notes, note)
	n := strconv.Itoa(len(w.show.notes))
	w.WriteString(`<sup class="footnote"><a href="#note-` + n + `" id="call-` + n + `">` + n + `</a></sup>`)
}

func (w *writer) noteList(label string) {
	if len(w.show.notes) == 0 {
		return
	}
	w.open("section", "class", "footnotes", "aria-label", label)
	w.open("ol")
	for i, runs := range w.show.notes {
		n := strconv.Itoa(i + 1)
		w.open("li", "id", "note-"+n)
		w.inline(runs)
		w.WriteString(` <a href="#call-` + n + `">↩</a>`)
		w.close("li")
	}
	w.close("ol")
	w.close("section")
}
