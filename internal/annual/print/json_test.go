package print

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gongkai/internal/annual"
	"gongkai/internal/annual/datafile"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/read"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
	"gongkai/internal/place"
)

// everything returns a report that uses each field there is.
func everything(t testing.TB) *annual.Report {
	r := city(t)
	at := place.Place{Block: 3, Page: 2, Table: 1, Row: 4, Col: 5, Start: 1, End: 2}
	why := i18n.M("print.refused")
	r.YearAt, r.Title.At = at, place.Place{Line: 1}
	r.DocNo = annual.Text{Text: "青政办〔2026〕7号", At: place.Place{Sheet: "表一"}}
	r.Cells["T3.new.natural"] = annual.Cell{State: annual.Deduced, Value: decimal.Int(13612), Raw: "1361?", At: at, Why: why}
	r.Cells["T2.fees.amount_wan"] = annual.Cell{State: annual.Settled, Value: decimal.MustParse("7730.28")}
	r.Cells["T2.rules.issued"] = annual.Cell{State: annual.Summed, Value: decimal.Int(12)}
	unsettle(r, "T2.license.decisions")
	r.Questions = append(r.Questions, annual.Question{
		Keys: []form.Key{"T2.penalty.decisions", "T2.coercion.decisions"}, Raw: []string{"35", "212204"},
		Options: []annual.Assignment{{{Value: decimal.Int(35)}, {Blank: true}}, {{Value: decimal.MustParse("-0.5")}, {}}},
		More:    true, At: at,
		Why: i18n.M("print.tags.lacking", "text", "甲", "n", 7, "at", at, "on", date.Must(2026, 1, 9),
			"message", why, "messages", []i18n.Message{why}, "texts", []string{"甲", "乙"}, "nothing", nil),
	})
	delete(r.Cells, "T2.penalty.decisions")
	delete(r.Cells, "T2.coercion.decisions")
	r.Extras = []annual.Text{{Text: "政府信息公开发布总数量：75", At: at}}
	r.Notes = []annual.Note{{Message: why, At: at, Text: "“<&>”"}}
	r.Sections[5].Missing = true
	return r
}

func TestJSONKeepsEverything(t *testing.T) {
	refused := &annual.Report{
		File: "工作总结.txt", Title: annual.Text{Text: "2023年政务信息工作报告"},
		Refused: &annual.Refusal{Reasons: []i18n.Message{i18n.M("print.refused")}, At: place.Place{Line: 3}},
	}
	for name, r := range map[string]*annual.Report{"all fields": everything(t), "refused": refused} {
		t.Run(name, func(t *testing.T) {
			back := again(t, r, JSON)
			if d := cmp.Diff(r, back, cmpopts.EquateEmpty(), cmp.Comparer(func(a, b *form.Form) bool { return a == b }),
				cmp.Comparer(func(a, b date.Date) bool { return a == b })); d != "" {
				t.Error(d)
			}
		})
	}
}

// A JSON file that was changed by hand must not pass for a report.
func TestJSONIsReadStrictly(t *testing.T) {
	whole := string(printed(t, everything(t), JSON, Options{}))
	if _, err := datafile.Read(strings.NewReader(whole)); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new string }{
		{"another shape", `"urn:gongkai:annual-report:1"`, `"urn:gongkai:annual-report:9"`},
		{"an unknown form", `"form": "2021"`, `"form": "2030"`},
		{"no form but cells", `"form": "2021"`, `"form": null`},
		{"an unknown field", `"year": 2025`, `"year": 2025, "jahr": 2025`},
		{"a cell the form lacks", `"T3.new.biz"`, `"T3.new.bank"`},
		{"an unknown state", `"state": "settled"`, `"state": "guessed"`},
		{"a settled blank", `"value": 7730.28`, `"value": null`},
		{"a number in words", `"value": 7730.28`, `"value": "7730.28"`},
		{"more decimals than counted", `"value": 7730.28`, `"value": 7730.2800001`},
		{"an exponent", `"value": 7730.28`, `"value": 7.73028e3`},
		{"an option of another length", "          35,\n          null\n", "          35\n"},
		{"a day the calendar lacks", `"date": "2026-03-20"`, `"date": "2026-02-30"`},
		{"cut short", whole[len(whole)/2:], ""},
		{"text behind", "\n}\n", "\n}\n{}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			changed := strings.Replace(whole, tt.old, tt.new, 1)
			if changed == whole {
				t.Fatalf("nothing to change: %s", tt.old)
			}
			if _, err := datafile.Read(strings.NewReader(changed)); !errors.Is(err, datafile.ErrInvalid) {
				t.Errorf("got %v, want a fault", err)
			}
		})
	}
}

func FuzzReadJSON(f *testing.F) {
	f.Add(printed(f, city(f), JSON, Options{}))
	f.Add([]byte(`{"schema":"urn:gongkai:annual-report:1","form":null}`))
	f.Add([]byte(`{"form":"2021","cells":{"T2":{}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := datafile.Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		if back := again(t, r, JSON); !cmp.Equal(r, back, cmpopts.EquateEmpty(), cmp.Comparer(func(a, b *form.Form) bool { return a == b }),
			cmp.Comparer(func(a, b date.Date) bool { return a == b })) {
			t.Error("a report changes when it is printed and read again")
		}
	})
}

// A data file given to any face is read as the report it holds.
func TestDataFileIsReadAsAnyFile(t *testing.T) {
	want := city(t)
	got, err := read.Bytes(t.Context(), "报告.json", printed(t, want, JSON, Options{}))
	if err != nil || got.Refused != nil {
		t.Fatalf("error %v, refused %v", err, got)
	}
	if len(got.Cells) != len(want.Cells) || got.Title.Text != want.Title.Text || got.File != "报告.json" {
		t.Errorf("%d cells, title %q, file %q", len(got.Cells), got.Title.Text, got.File)
	}
	damaged := bytes.Replace(printed(t, want, JSON, Options{}), []byte(`"year"`), []byte(`"jahr"`), 1)
	got, err = read.Bytes(t.Context(), "报告.json", damaged)
	if err != nil || got.Refused == nil || got.Refused.Reasons[0].Key != "annual.datafile.invalid" {
		t.Errorf("a file changed by hand: error %v, refused %v", err, got.Refused)
	}
}
