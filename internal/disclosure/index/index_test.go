package index

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/i18n"

	"pgregory.net/rapid"
)

// fields are those of published pages; the codes have right check digits.
var fields = Fields{Org: "014225972", Credit: "11441700007280420Y", Region: "610728", Dept: "003", Category: "07", Date: date.Must(2021, 10, 8)}

// The layouts observed on published pages, specification §8.1.
func TestFormatAndParse(t *testing.T) {
	tests := []struct {
		template string
		serial   int64
		want     string
	}{
		{"{org9}/{yyyy}-{seq:5}", 1, "014225972/2021-00001"},
		{"{uscc}/{yyyy}-{seq:5}", 50, "11441700007280420Y/2021-00050"},
		{"{uscc}/{yyyymm}-{seq:5}", 13, "11441700007280420Y/202110-00013"},
		{"{uscc}/{yyyy}-{seq:7}", 5135380, "11441700007280420Y/2021-5135380"},
		{"{region6}0000/{yyyy}-{seq:6}", 1005, "6107280000/2021-001005"},
		{"{org9}-{yyyy}-{seq:6}", 153077, "014225972-2021-153077"},
		{"{region6}{dept:3}{cat:2}{yyyy}{seq:6}", 42, "610728003072021000042"},
		{"{region6}-{dept}-{cat}-{yyyymm}-{seq:4}", 9999, "610728-003-07-202110-9999"},
	}
	for _, tt := range tests {
		tpl, err := ParseTemplate(tt.template)
		if err != nil {
			t.Errorf("%s: %v", tt.template, err)
			continue
		}
		got, err := tpl.Format(fields, tt.serial)
		if got != tt.want || err != nil {
			t.Errorf("%s: %q, %v; want %q", tt.template, got, err, tt.want)
		}
		p, ok := tpl.Parse(tt.want)
		if !ok || p.Serial != tt.serial || p.Fields.Date.Year() != 2021 {
			t.Errorf("%s: %q reads as %+v, %v", tt.template, tt.want, p, ok)
		}
		if _, ok := tpl.Parse(tt.want + "0x"); ok {
			t.Errorf("%s reads more than its own", tt.template)
		}
	}
}

func TestFaultyTemplates(t *testing.T) {
	tests := []struct {
		name, template string
		want           error
	}{
		{"empty", "", ErrSerial},
		{"no serial", "{org9}/{yyyy}", ErrSerial},
		{"no length of the serial", "{org9}/{yyyy}-{seq}", ErrWidth},
		{"a serial of ten digits", "{org9}/{yyyy}-{seq:10}", ErrWidth},
		{"a serial of none", "{org9}/{yyyy}-{seq:0}", ErrWidth},
		{"a length where it is fixed", "{org9:8}/{yyyy}-{seq:5}", ErrWidth},
		{"an unknown token", "{code}/{yyyy}-{seq:5}", ErrToken},
		{"an open brace", "{org9/{yyyy}-{seq:5}", ErrBrace},
		{"a brace never closed", "{org9}/{yyyy}-{seq:5", ErrBrace},
		{"a lone closing brace", "{org9}}/{yyyy}-{seq:5}", ErrBrace},
		{"no year", "{org9}-{seq:5}", ErrYear},
		{"year and month apart", "{org9}/{yyyy}{yyyymm}-{seq:5}", ErrYear},
		{"no body", "{cat:2}/{yyyy}-{seq:5}", ErrOwner},
		{"a token twice", "{org9}/{org9}-{yyyy}-{seq:5}", ErrTwice},
		{"open next to a token", "{region6}{dept}{yyyy}{seq:5}", ErrBorder},
		{"open next to a letter", "{region6}{dept}A{yyyy}{seq:5}", ErrBorder},
		{"a space", "{org9} {yyyy}-{seq:5}", ErrLiteral},
		{"Chinese", "{org9}号{yyyy}-{seq:5}", ErrLiteral},
		{"too long", "{org9}/{yyyy}-{seq:5}" + string(slices.Repeat([]byte{'-'}, 80)), ErrLong},
	}
	for _, tt := range tests {
		if _, err := ParseTemplate(tt.template); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestValuesANumberCannotHold(t *testing.T) {
	tpl := MustTemplate("{uscc}/{yyyy}-{seq:3}")
	tests := []struct {
		name   string
		f      Fields
		serial int64
		want   error
	}{
		{"the last serial", fields, 999, nil},
		{"one more", fields, 1000, ErrFull},
		{"none", fields, 0, ErrFull},
		{"no code", Fields{Date: fields.Date}, 1, ErrMissing},
		{"no date", Fields{Credit: fields.Credit}, 1, ErrMissing},
		{"a wrong check digit", Fields{Credit: "11441700007280420X", Date: fields.Date}, 1, ErrValue},
	}
	for _, tt := range tests {
		if _, err := tpl.Format(tt.f, tt.serial); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	if got, err := MustTemplate("{org9}/{yyyy}-{seq:5}").Format(Fields{Credit: "11441700007280420Y", Date: fields.Date}, 7); got != "007280420/2021-00007" {
		t.Errorf("the code inside the credit code: %q, %v", got, err)
	}
}

// R-IDX-02 to R-IDX-05; seed 0 is a real page whose code is the State Council General Office's.
func TestRules(t *testing.T) {
	org, credit := MustTemplate("{org9}/{yyyy}-{seq:5}"), MustTemplate("{uscc}/{yyyy}-{seq:5}")
	own := Fields{Org: "014225972", Credit: "11441700007280420Y"}
	in2024 := date.Must(2024, 1, 29)
	tests := []struct {
		name string
		s    Subject
		want []string
	}{
		{"the body's own", Subject{"014225972/2024-00001", org, own, in2024, in2024}, nil},
		{"a code copied from a template", Subject{"000014349/2024-06676", Template{}, own, in2024, in2024}, []string{"R-IDX-04"}},
		{"the same where no code of the body is known", Subject{"000014349/2024-06676", org, Fields{}, in2024, in2024}, []string{"R-IDX-04"}},
		{"another body's", Subject{"014416330/2024-00001", org, own, in2024, in2024}, []string{"R-IDX-04"}},
		{"a wrong check digit", Subject{"000000001/2024-00001", org, Fields{}, in2024, in2024}, []string{"R-IDX-05"}},
		{"another layout", Subject{"014225972/2024-1", org, own, in2024, in2024}, []string{"R-IDX-02"}},
		{"the year of publication", Subject{"014225972/2024-00001", org, own, date.Must(2023, 12, 28), in2024}, nil},
		{"the year of neither", Subject{"014225972/2022-00001", org, own, date.Must(2023, 12, 28), in2024}, []string{"R-IDX-03"}},
		{"a credit code", Subject{"11441700007280420Y/2024-00050", credit, own, in2024, in2024}, nil},
		{"another's credit code", Subject{"11341702486344515H/2024-00050", credit, own, in2024, in2024}, []string{"R-IDX-04"}},
		{"local numbering of an unknown body", Subject{"LY-2024-1", Template{}, own, in2024, in2024}, nil},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range check.Run(Rules, tt.s) {
			got = append(got, f.Code)
			if i18n.To(i18n.Chinese).Text(f.Message) == "" || len(f.Places) == 0 {
				t.Errorf("%s: %s says nothing", tt.name, f.Code)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// Hundreds at a time, a fifth of them rolled back: every number once, none missing.
func TestConcurrentAllocationLeavesNoGapAndRepeatsNothing(t *testing.T) {
	tpl := MustTemplate("{uscc}/{yyyy}-{seq:5}")
	rolledBack := errors.New("rolled back")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const acts = 400
		numbers := make([]string, acts)
		var all sync.WaitGroup
		for i := range acts {
			all.Go(func() {
				err := d.Update(t.Context(), func(tx *db.Tx) error {
					n, err := Allocate(tx, "agency", tpl, fields)
					if err != nil {
						return err
					}
					if i%5 == 0 {
						return rolledBack
					}
					numbers[i] = n
					return nil
				})
				if err != nil && err != rolledBack {
					t.Error(err)
				}
			})
		}
		all.Wait()
		var given []string
		for _, n := range numbers {
			if n != "" {
				given = append(given, n)
			}
		}
		slices.Sort(given)
		if len(given) != 320 {
			t.Fatalf("%d numbers given, want 320", len(given))
		}
		for i, n := range given {
			if want := fmt.Sprintf("11441700007280420Y/2021-%05d", i+1); n != want {
				t.Fatalf("number %d is %s, want %s", i+1, n, want)
			}
		}
	})
}

func TestSeries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		take := func(tpl string, f Fields) string {
			t.Helper()
			var n string
			err := d.Update(t.Context(), func(tx *db.Tx) (err error) {
				n, err = Allocate(tx, "agency", MustTemplate(tpl), f)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		next, other := fields, fields
		next.Date, other.Category = date.Must(2022, 1, 4), "08"
		november := fields
		november.Date = date.Must(2021, 11, 1)
		for _, tt := range []struct {
			name, got, want string
		}{
			{"the first", take("{org9}-{cat}-{yyyy}-{seq:4}", fields), "014225972-07-2021-0001"},
			{"the second", take("{org9}-{cat}-{yyyy}-{seq:4}", fields), "014225972-07-2021-0002"},
			{"another category begins anew", take("{org9}-{cat}-{yyyy}-{seq:4}", other), "014225972-08-2021-0001"},
			{"another year begins anew", take("{org9}-{cat}-{yyyy}-{seq:4}", next), "014225972-07-2022-0001"},
			{"a month", take("{org9}/{yyyymm}-{seq:5}", fields), "014225972/202110-00001"},
			{"the next month goes on: the series is the year's", take("{org9}/{yyyymm}-{seq:5}", november), "014225972/202111-00002"},
		} {
			if tt.got != tt.want {
				t.Errorf("%s: %s, want %s", tt.name, tt.got, tt.want)
			}
		}
	})
}

func TestAdoptedNumbersAreNeverGivenAgain(t *testing.T) {
	tpl := MustTemplate("{org9}/{yyyy}-{seq:5}")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		adopt := func(n string) error {
			return d.Update(t.Context(), func(tx *db.Tx) error { return Adopt(tx, "agency", tpl, n) })
		}
		for _, n := range []string{"014225972/2021-00041", "014225972/2021-00007", "旧-2003-1"} {
			if err := adopt(n); err != nil {
				t.Fatal(err)
			}
		}
		if err := adopt("014225972/2021-00007"); !errors.Is(err, ErrTaken) {
			t.Errorf("adopted twice: %v", err)
		}
		var n string
		err := d.Update(t.Context(), func(tx *db.Tx) (err error) {
			n, err = Allocate(tx, "agency", tpl, fields)
			return err
		})
		if n != "014225972/2021-00042" || err != nil {
			t.Errorf("the next is %s, %v; want …00042", n, err)
		}
	})
}

func TestSet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk := &Desk{d}
		officer := actor.Actor{ID: "p1", Name: "甲某", Grants: []actor.Grant{{Role: actor.Officer, Agency: "a"}}}
		set := func(s Setting) error {
			_, err := desk.Set(t.Context(), officer, s)
			return err
		}
		if err := set(Setting{"a", "{org9}/{yyyy}-{seq:5}", Written, 0}); err != nil {
			t.Fatal(err)
		}
		tests := []struct {
			name string
			s    Setting
			want error
		}{
			{"someone set it before", Setting{"a", "{uscc}/{yyyy}-{seq:5}", Written, 0}, ErrStale},
			{"another body", Setting{"b", "{uscc}/{yyyy}-{seq:5}", Written, 0}, actor.ErrForbidden},
			{"a faulty template", Setting{"a", "{uscc}", Written, 1}, ErrSerial},
			{"no such date", Setting{"a", "{uscc}/{yyyy}-{seq:5}", "someday", 1}, ErrDated},
			{"changed", Setting{"a", "{uscc}/{yyyy}-{seq:5}", Shown, 1}, nil},
		}
		for _, tt := range tests {
			if err := set(tt.s); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
			}
		}
		s, err := desk.Setting(t.Context(), officer, "a")
		if err != nil || s.Text != "{uscc}/{yyyy}-{seq:5}" || s.Version != 2 {
			t.Fatalf("%+v, %v", s, err)
		}
		if day := s.Day(date.Must(2023, 12, 28), date.Must(2024, 1, 3)); day.Year() != 2024 {
			t.Errorf("the year of publication is asked for, got %s", day)
		}
	})
}

func TestANumberReadsAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tpl := rapid.SampledFrom(Presets).Draw(t, "template")
		f := fields
		f.Date = date.Must(2007, 1, 1).Plus(rapid.IntRange(0, 9000).Draw(t, "day"))
		serial := rapid.Int64Range(1, 99999).Draw(t, "serial")
		text, err := tpl.Format(f, serial)
		if err != nil {
			t.Fatal(err)
		}
		p, ok := tpl.Parse(text)
		if !ok || p.Serial != serial {
			t.Fatalf("%s reads as %+v", text, p)
		}
		p.Fields.Date = f.Date
		if again, err := tpl.Format(p.Fields, p.Serial); again != text {
			t.Fatalf("%s written again: %s, %v", text, again, err)
		}
	})
}
