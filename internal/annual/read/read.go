// Package read turns a source of any format into an annual report (读取年度报告): the title,
// the six sections and the three tables, each value with its place. It accepts tables in
// every state in which offices hand them round, and never invents: what the source lost
// and the form's sums cannot restore becomes a question.
package read

import (
	"context"
	"strings"
	"sync"

	"gongkai/internal/annual"
	"gongkai/internal/annual/datafile"
	"gongkai/internal/annual/form"
	"gongkai/internal/extract"
	"gongkai/internal/i18n"
)

// File reads the report in a file. The error is a fault when the file cannot be read at
// all; a file that holds no report gives a Report with Refused set.
func File(ctx context.Context, path string) (*annual.Report, error) {
	doc, err := extract.File(ctx, path)
	if err != nil {
		return nil, err
	}
	r := Document(doc)
	r.File = path
	return r, nil
}

// Bytes reads the report in data, a file called name.
func Bytes(ctx context.Context, name string, data []byte) (*annual.Report, error) {
	doc, err := extract.Bytes(ctx, name, data)
	if err != nil {
		return nil, err
	}
	return Document(doc), nil
}

// tableSections are the sections that hold the tables, in order.
var tableSections = []string{"s2", "s3", "s4"}

// Document reads the report in an extracted document.
func Document(doc *extract.Document) *annual.Report {
	if r := recorded(doc); r != nil {
		return r
	}
	rs := rows(doc)
	f := version(rs, doc)
	r := &annual.Report{File: doc.Name, Form: f, Cells: map[form.Key]annual.Cell{}}
	b := books()[f]
	heads := headings(rs, b)
	first := -1
	if len(heads) > 0 {
		first = heads[0].row
	}
	from := 0
	if n := len(heads); n > 0 {
		from = heads[n-1].row + 1
	}
	var end int
	r.Signature, r.Signed, end = signature(rs, from)
	tables := gatherTables(b, rs, heads)
	head(r, doc, rs, first)
	sections(r, rs, heads, max(end, from), tables)
	settleIdentity(r)
	if why := refuse(r.Year, b, rs, heads, tables); why != nil {
		return &annual.Report{File: doc.Name, Refused: why, Title: r.Title, Agency: r.Agency, Year: r.Year, Published: r.Published}
	}
	fl := &filler{report: r, form: f, padded: closes(tables, f)}
	for _, t := range f.Tables {
		fl.fill(t, tables[t.ID])
	}
	remarks(r, doc)
	return r
}

// DataFile reports whether a document is a data file of our own. Places in its report are
// those of the original, not of the document.
func DataFile(doc *extract.Document) bool {
	return doc.Format == extract.Text && datafile.Is(lines(doc, 3))
}

// lines joins the first n lines of a document.
func lines(doc *extract.Document, n int) string {
	var parts []string
	for _, b := range doc.Blocks[:min(n, len(doc.Blocks))] {
		parts = append(parts, b.Text)
	}
	return strings.Join(parts, "\n")
}

// recorded reads a data file, nil if the document is none.
func recorded(doc *extract.Document) *annual.Report {
	if !DataFile(doc) {
		return nil
	}
	text := lines(doc, len(doc.Blocks))
	r, err := datafile.Read(strings.NewReader(text))
	if err != nil {
		return &annual.Report{File: doc.Name, Refused: &annual.Refusal{Reasons: []i18n.Message{datafile.ErrInvalid.Message()}}}
	}
	r.Notes = append(r.Notes, annual.Note{Message: i18n.M("annual.read.note.datafile", "file", r.File)})
	r.File = doc.Name
	return r
}

// gatherTables collects the figures of each table from its section. Where the headings
// are missing, the table is looked for in all that no other section claims.
func gatherTables(b *book, rs []row, heads []heading) map[string]gathered {
	bounds := map[string][2]int{}
	for i, h := range heads {
		to := len(rs)
		if i+1 < len(heads) {
			to = heads[i+1].row
		}
		bounds[h.key] = [2]int{h.row + 1, to}
	}
	out := map[string]gathered{}
	for i, key := range tableSections {
		t := b.form.Tables[i]
		if z, ok := bounds[key]; ok {
			out[t.ID] = gather(b, t, rs, z[0], z[1])
		}
	}
	for i, key := range tableSections {
		t := b.form.Tables[i]
		if g := out[t.ID]; g.seen && len(g.records) > 0 {
			continue
		}
		from, to := between(key, bounds, len(rs))
		from, to = anchors(b, t, rs, from, to)
		if g := gather(b, t, rs, from, to); g.seen {
			out[t.ID] = g
		}
	}
	return out
}

// between is the stretch a section without a heading can lie in: from the start of the one
// before it to the start of the one behind it.
func between(key string, bounds map[string][2]int, n int) (from, to int) {
	to = n
	for k, z := range bounds {
		if k < key {
			from = max(from, z[0])
		}
		if k > key {
			to = min(to, z[0])
		}
	}
	if from > to {
		return 0, n
	}
	return from, to
}

// anchors narrows a stretch to the rows from the table's head to the next table's.
func anchors(b *book, t *form.Table, rs []row, from, to int) (int, int) {
	start := -1
	for i := from; i < to; i++ {
		for _, tok := range rs[i].toks {
			if tok.kind != words {
				continue
			}
			if start < 0 && b.headOf(tok.norm, t.ID) {
				start = i
			}
			for _, other := range b.form.Tables {
				if start >= 0 && i > start && other.ID > t.ID && b.headOf(tok.norm, other.ID) {
					return start, i
				}
			}
		}
	}
	if start < 0 {
		return from, from
	}
	return start, to
}

// version tells which form the tables follow: by the labels only one version prints, else
// by the year the source names, else the one in force.
func version(rs []row, doc *extract.Document) *form.Form {
	count := map[string]int{}
	only := distinctive()
	for _, r := range rs {
		if r.isProse() {
			continue
		}
		for _, t := range r.toks {
			if id := only[t.norm]; id != "" {
				count[id]++
			}
		}
	}
	best := ""
	for _, f := range form.All() {
		if count[f.ID] > count[best] {
			best = f.ID
		}
	}
	if best != "" {
		return form.ByID(best)
	}
	probe := &annual.Report{}
	titleOf(probe, doc, rs, -1)
	if f := form.ForYear(probe.Year); f != nil {
		return f
	}
	all := form.All()
	return all[len(all)-1]
}

// distinctive maps each normalised label of table two that only one version prints, and
// that is no accepted variant in the other, to that version.
var distinctive = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, f := range form.All() {
		for _, line := range f.Table("T2").Grid {
			for _, b := range line {
				n := label(b.Text)
				if n == "" {
					continue
				}
				for _, other := range form.All() {
					if c := other.CanonicalOf(n); other != f && (c != n || heads(other, n)) {
						n = ""
						break
					}
				}
				if n != "" {
					out[n] = f.ID
				}
			}
		}
	}
	return out
})

// heads reports whether a version's table two has that label.
func heads(f *form.Form, n string) bool {
	for _, line := range f.Table("T2").Grid {
		for _, b := range line {
			if label(b.Text) == n {
				return true
			}
		}
	}
	return false
}

// remarks notes what a person should know about how the report was read.
func remarks(r *annual.Report, doc *extract.Document) {
	if want := form.ForYear(r.Year); r.Year > 0 && want != nil && want != r.Form {
		r.Notes = append(r.Notes, annual.Note{
			Message: i18n.M("annual.read.note.wrong_form", "year", r.Year, "form", r.Form.ID, "want", want.ID, "doc", want.DocNo),
			At:      r.YearAt,
		})
	}
	for _, n := range doc.Notes {
		r.Notes = append(r.Notes, annual.Note{Message: i18n.M(n)})
	}
}
