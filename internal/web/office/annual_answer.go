package office

import (
	"net/http"
	"path/filepath"
	"strconv"
	"strings"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/shelf"
	"gongkai/internal/decimal"
	"gongkai/internal/fault"
	"gongkai/internal/web"
)

// Faults of answers to a report's open cells.
var (
	// ErrCell refuses what a cell of the form cannot hold. R-AR-05.
	ErrCell = &fault.Error{Kind: fault.Invalid, Code: "annual.office.cell"}
	// ErrHalf refuses an answer that leaves a part of a question open.
	ErrHalf = &fault.Error{Kind: fault.Invalid, Code: "annual.office.half"}
)

// mendable reports whether the person can do something about an error on the same page.
func mendable(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict, fault.TooLarge:
		return true
	}
	return false
}

// uploadedName is what the browser calls a file, without folders.
func uploadedName(r *http.Request, name string) string {
	if r.MultipartForm == nil || len(r.MultipartForm.File[name]) == 0 {
		return ""
	}
	return filepath.Base(r.MultipartForm.File[name][0].Filename)
}

// readAnswer reads what a person says to the doubts of a reading. An own entry goes before a
// reading that was ticked.
func readAnswer(f *web.Form, l *shelf.Look) shelf.Answer {
	a := shelf.Answer{Agency: f.Text("agency"), Same: f.Bool("same"), Cells: map[form.Key]annual.Maybe{}}
	if f.Text("year") != "" {
		a.Year = f.Int("year")
	}
	if l.Report == nil {
		return a
	}
	for n, q := range l.Report.Questions {
		prefix := "q" + strconv.Itoa(n)
		if own(f, prefix, len(q.Keys)) {
			readCells(f, l.Report.Form, prefix, q, a.Cells)
			continue
		}
		at, err := strconv.Atoi(f.Text(prefix))
		if err != nil || at < 0 || at >= len(q.Options) {
			continue // this question stays open
		}
		for i, k := range q.Keys {
			a.Cells[k] = q.Options[at][i]
		}
	}
	return a
}

// own reports whether something was entered for one of a question's cells.
func own(f *web.Form, prefix string, n int) bool {
	for i := range n {
		if f.Text(prefix+"_"+strconv.Itoa(i)) != "" {
			return true
		}
	}
	return false
}

// noValue is what people write into a cell that has no value.
const noValue = "/"

// readCells reads own entries, which settle all cells of a question or none: half of it would
// leave the other half to be guessed.
func readCells(f *web.Form, of *form.Form, prefix string, q annual.Question, cells map[form.Key]annual.Maybe) {
	for i, k := range q.Keys {
		name := prefix + "_" + strconv.Itoa(i)
		text := strings.TrimSpace(f.Text(name))
		if text == "" {
			f.Fail(ErrHalf.At(name))
			continue
		}
		if text == noValue {
			cells[k] = annual.Maybe{Blank: true}
			continue
		}
		v, err := decimal.Parse(text)
		kind := of.Cell(k).Kind
		if err != nil || v < 0 && kind != form.Change || (kind == form.Count || kind == form.Change) && !v.IsInt() {
			f.Fail(ErrCell.At(name))
			continue
		}
		cells[k] = annual.Maybe{Value: v}
	}
}
