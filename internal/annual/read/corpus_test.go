package read

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/extract"
)

// corpus returns a path in the folder of real reports that lies beside the checkout.
func corpus(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("GONGKAI_CORPUS")
	if dir == "" {
		dir = "../../../../shared/corpus"
	}
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("the corpus of real reports is missing: set GONGKAI_CORPUS (%v)", err)
	}
	return filepath.Join(dir, name)
}

// truth is what a person read off one report of the corpus.
type truth struct {
	File      string
	Agency    string
	Year      int
	Form      string
	Reject    string
	Cells     map[form.Key]*decimal.Decimal
	Ambiguous []form.Key
}

func truths(t testing.TB) map[string]truth {
	b, err := os.ReadFile(corpus(t, "reports/truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]truth{}
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// score counts cells against the truth.
type score struct{ right, wrong, unsettled int }

// TestAccuracy reads every report of the corpus and prints, per file, the cells that came
// out right, wrong and unsettled. Every cell must be right, or unsettled where the source
// is marked ambiguous.
func TestAccuracy(t *testing.T) {
	all := truths(t)
	files := map[string][]string{}
	for id, tr := range all {
		files[id] = append(files[id], tr.File)
	}
	for _, ext := range []string{"docx", "pdf", "doc"} {
		files["R09"] = append(files["R09"], "reports/derived/R09_杭州式_2025."+ext)
	}
	ids := make([]string, 0, len(files))
	for id := range files {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	t.Logf("%-44s %6s %6s %10s", "file", "right", "wrong", "unsettled")
	for _, id := range ids {
		for _, file := range files[id] {
			tr := all[id]
			r, err := File(context.Background(), corpus(t, file))
			if err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			if tr.Reject != "" {
				if r.Refused == nil {
					t.Errorf("%s: read as a report; it is %s", file, tr.Reject)
				} else {
					t.Logf("%-44s refused, as it should be", filepath.Base(file))
				}
				continue
			}
			if r.Refused != nil {
				t.Errorf("%s: refused: %v", file, r.Refused.Reasons)
				continue
			}
			if r.Form.ID != tr.Form || r.Year != tr.Year {
				t.Errorf("%s: form %s, year %d; want %s, %d", file, r.Form.ID, r.Year, tr.Form, tr.Year)
			}
			s := compareCells(t, file, r, tr)
			t.Logf("%-44s %6d %6d %10d", filepath.Base(file), s.right, s.wrong, s.unsettled)
		}
	}
}

func compareCells(t *testing.T, file string, r *annual.Report, tr truth) score {
	var s score
	unsettled := r.Unsettled()
	for k, want := range tr.Cells {
		_, asked := unsettled[k]
		c, have := r.Cells[k]
		ambiguous := slices.Contains(tr.Ambiguous, k)
		switch {
		case asked && ambiguous:
			s.unsettled++
		case asked:
			s.unsettled++
			t.Errorf("%s: %s unsettled, want %s", file, k, show(want))
		case ambiguous:
			s.wrong++
			t.Errorf("%s: %s settled without ground", file, k)
		case !have:
			s.wrong++
			t.Errorf("%s: %s missing, want %s", file, k, show(want))
		case (want == nil) != (c.State == annual.Blank) || want != nil && c.Value != *want:
			s.wrong++
			t.Errorf("%s: %s is %s (%s), want %s", file, k, c.Value, c.State, show(want))
		default:
			s.right++
		}
	}
	return s
}

func show(d *decimal.Decimal) string {
	if d == nil {
		return "blank"
	}
	return d.String()
}

// excerpt is the beginning of a real report, with facts to be found in it.
type excerpt struct {
	ID, Agency, Text string
	Year             int
	Facts            map[string]any
}

func openings(t testing.TB) []excerpt {
	f, err := os.Open(corpus(t, "reports/openings.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []excerpt
	for dec := json.NewDecoder(f); dec.More(); {
		var o excerpt
		if err := dec.Decode(&o); err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
	return all
}

// The openings break off in the middle of a table; what they hold is read, what they lack
// is neither blank nor zero.
func TestOpenings(t *testing.T) {
	rows := map[string]string{"norm": "T2.normdocs", "reg": "T2.rules"}
	cells := map[string]form.Key{
		"new_total": "T3.new.total", "penalty": "T2.penalty.decisions", "carried_in_total": "T3.carry_in.total",
		"granted_total": "T3.done.open.total", "partial_total": "T3.done.partial.total",
	}
	for _, o := range openings(t) {
		r := Document(extract.Paste(o.Text))
		if r.Refused != nil {
			t.Errorf("%s: refused: %v", o.ID, r.Refused.Reasons)
			continue
		}
		if want, ok := o.Facts["form"]; ok && r.Form.ID != want {
			t.Errorf("%s: form %s, want %s", o.ID, r.Form.ID, want)
		}
		if r.Year != o.Year && o.ID != "E05" { // E05 names no year

			t.Errorf("%s: year %d, want %d", o.ID, r.Year, o.Year)
		}
		for fact, v := range o.Facts {
			if row := rows[fact]; row != "" {
				for i, c := range r.Form.Row(row).Cells {
					sameFact(t, o.ID, r, c.Key, v.([]any)[i])
				}
			}
			if k := cells[fact]; k != "" {
				sameFact(t, o.ID, r, k, v)
			}
		}
		if n := len(r.Unsettled()); n > 0 {
			t.Errorf("%s: %d cells unsettled: %v", o.ID, n, r.Questions)
		}
		t.Logf("%s %s: %d cells read, %d not in the source", o.ID, o.Agency, len(r.Cells), len(r.Missing()))
	}
}

func sameFact(t *testing.T, id string, r *annual.Report, k form.Key, want any) {
	c, ok := r.Cells[k]
	if !ok {
		t.Errorf("%s: %s missing, want %v", id, k, want)
		return
	}
	if s, isText := want.(string); isText {
		if c.State != annual.Blank || c.Raw != s {
			t.Errorf("%s: %s is %s %q, want a blank printed %q", id, k, c.State, c.Raw, s)
		}
		return
	}
	if fmt.Sprint(want) != c.Value.String() || c.State == annual.Blank {
		t.Errorf("%s: %s is %s (%s), want %v", id, k, c.Value, c.State, want)
	}
}
