package desk

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/annual/read"
)

// lost is a real report in which two numbers stand for three cells.
func lost(t testing.TB) *annual.Report {
	t.Helper()
	root := os.Getenv("GONGKAI_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	r, err := read.File(t.Context(), filepath.Join(root, "reports", "seed", "S2_集安市民政局_2020.txt"))
	if err != nil {
		t.Fatalf("the corpus is needed; set GONGKAI_CORPUS to where it is: %v", err)
	}
	return r
}

// decisions reads a form and says what was decided and what was no number.
func decisions(r *annual.Report, f url.Values) settlement {
	s := settlement{report: r, typed: newTyped(f)}
	s.read(f)
	return s
}

// Only what a question offers can be chosen; own entries count as typed, blank when ticked.
func TestReadDecisions(t *testing.T) {
	r := lost(t)
	q := r.Questions[0]
	name, first := "q:"+string(q.Keys[0]), string(q.Keys[0])
	own := func(value string) url.Values {
		f := url.Values{name: {"free"}}
		for _, k := range q.Keys {
			f.Set("v:"+string(k), "0")
		}
		f.Set("v:"+first, value)
		return f
	}
	half := url.Values{name: {"free"}, "v:" + first: {"35"}}
	blank := own("")
	blank.Set("b:"+first, "1")
	tests := []struct {
		name         string
		form         url.Values
		edits, wrong int
	}{
		{"nothing", url.Values{}, 0, 0},
		{"a reading offered", url.Values{name: {encode(q.Keys, q.Options[0])}}, len(q.Keys), 0},
		{"a reading not offered", url.Values{name: {first + "=1"}}, 0, 0},
		{"an own entry", own("35"), len(q.Keys), 0},
		{"half an own entry", half, 1, len(q.Keys) - 1},
		{"an own entry left empty", url.Values{name: {"free"}}, 0, len(q.Keys)},
		{"a blank", blank, len(q.Keys), 0},
		{"no number", own("三十五"), len(q.Keys) - 1, 1},
		{"a negative count (R-AR-05)", own("-1"), len(q.Keys) - 1, 1},
		{"a negative count in the whole form (R-AR-05)", url.Values{"c:T3.new.total": {"-1"}}, 0, 1},
		{"half a case (R-AR-05)", url.Values{"c:T3.new.total": {"1.5"}}, 0, 1},
		{"a cell the form does not have", url.Values{"c:T9.a.b": {"1"}}, 0, 0},
		{"a cell as it is", url.Values{"c:" + first: {""}}, 0, 0},
	}
	for _, tt := range tests {
		s := decisions(r, tt.form)
		if len(s.edits) != tt.edits || s.typed.count() != tt.wrong {
			t.Errorf("%s: %d decisions and %d wrong, want %d and %d", tt.name, len(s.edits), s.typed.count(), tt.edits, tt.wrong)
		}
	}
}

// Whatever a form says, only cells of the form are decided, and the report stays as it was.
func FuzzReadDecisions(f *testing.F) {
	f.Add("q:T2.other_mgmt.prev_items=free&v:T2.other_mgmt.prev_items=35")
	f.Add("c:T3.new.total=１２&edit=1")
	f.Add("c:T3.new.total=-9999999999999999999999")
	r := lost(f)
	before := len(r.Cells)
	f.Fuzz(func(t *testing.T, query string) {
		form, err := url.ParseQuery(query)
		if err != nil {
			return // no form: the server refuses it before
		}
		s := decisions(r, form)
		e := (&entry{source: r}).decide(s.edits...)
		for _, x := range s.edits {
			if r.Form.Cell(x.key) == nil {
				t.Errorf("%s is no cell", x.key)
			}
			if got, ok := e.report.Value(x.key); ok == x.value.Blank || got != x.value.Value {
				t.Errorf("%s: %v, want %v", x.key, got, x.value)
			}
		}
		if len(r.Cells) != before {
			t.Error("the source changed")
		}
	})
}
