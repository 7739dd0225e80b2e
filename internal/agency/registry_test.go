package agency_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

var sysadmin = actor.Actor{ID: "sys", Name: "甲某", Grants: []actor.Grant{{Role: actor.SysAdmin}}}

// today is the day the test databases' clocks show.
var today = date.Must(2026, 11, 23)

type fixture struct {
	*agency.Registry
	t *testing.T
}

func (f fixture) create(name string, kind agency.Kind, parent string) *agency.Agency {
	f.t.Helper()
	a, err := f.Create(f.t.Context(), sysadmin, agency.New{Since: date.Must(2020, 1, 1), Facts: agency.Facts{
		Name: name, Kind: kind, Level: agency.County, Parent: parent}})
	if err != nil {
		f.t.Fatalf("%s: %v", name, err)
	}
	return a
}

func (f fixture) load(id string) (a *agency.Agency) {
	f.t.Helper()
	if err := f.DB.View(f.t.Context(), func(tx *db.Tx) (err error) {
		a, err = agency.Load(tx, id)
		return err
	}); err != nil {
		f.t.Fatal(err)
	}
	return a
}

func (f fixture) below(id string) []string {
	f.t.Helper()
	var names []string
	if err := f.DB.View(f.t.Context(), func(tx *db.Tx) error {
		below, err := agency.Below(tx, id)
		if err != nil {
			return err
		}
		byID, err := agency.Names(tx, keys(below))
		for _, n := range byID {
			names = append(names, n)
		}
		return err
	}); err != nil {
		f.t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

func keys(m map[string]bool) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	return all
}

func (f fixture) audits() (n int) {
	f.t.Helper()
	if err := f.DB.View(f.t.Context(), func(tx *db.Tx) (err error) {
		n, err = tx.Count("SELECT count(*) FROM audit_entry")
		return err
	}); err != nil {
		f.t.Fatal(err)
	}
	return n
}

func each(t *testing.T, test func(t *testing.T, f fixture)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, fixture{&agency.Registry{DB: d}, t}) })
}

// county is a city with a county, each with its office and a department.
func (f fixture) county() (city, cityOffice, county, countyOffice, bureau, town *agency.Agency) {
	f.t.Helper()
	city = f.create("虚构市人民政府", agency.Government, "")
	cityOffice = f.create("虚构市人民政府办公室", agency.Department, city.ID)
	f.office(city, cityOffice)
	county = f.create("虚构县人民政府", agency.Government, city.ID)
	countyOffice = f.create("虚构县人民政府办公室", agency.Department, county.ID)
	f.office(county, countyOffice)
	bureau = f.create("虚构县民政局", agency.Department, county.ID)
	town = f.create("虚构镇人民政府", agency.Township, county.ID)
	return city, cityOffice, county, countyOffice, bureau, town
}

func (f fixture) office(gov, office *agency.Agency) {
	f.t.Helper()
	facts := gov.Facts
	facts.Office = office.ID
	now, err := f.Change(f.t.Context(), sysadmin, gov.ID, agency.Change{Version: gov.Version, Facts: facts})
	if err != nil {
		f.t.Fatal(err)
	}
	*gov = *now
}

// 条例第三条第三款、第四款.
func TestWhoIsInChargeOfWhom(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		_, cityOffice, county, countyOffice, bureau, town := f.county()
		inCounty := []string{"虚构县民政局", "虚构镇人民政府"}
		if got := f.below(countyOffice.ID); !slices.Equal(got, inCounty) {
			t.Errorf("below the county's office: %v", got)
		}
		inCity := append([]string{"虚构县人民政府", "虚构县人民政府办公室"}, inCounty...)
		if got := f.below(cityOffice.ID); !slices.Equal(got, inCity) {
			t.Errorf("below the city's office: %v", got)
		}
		if got := f.below(bureau.ID); len(got) != 0 {
			t.Errorf("below a bureau: %v", got)
		}
		tax := f.create("虚构县税务局", agency.Department, county.ID)
		facts := tax.Facts
		facts.Supervisor = cityOffice.ID
		if _, err := f.Change(t.Context(), sysadmin, tax.ID, agency.Change{Version: tax.Version, Facts: facts}); err != nil {
			t.Fatal(err)
		}
		if got := f.below(countyOffice.ID); !slices.Equal(got, inCounty) {
			t.Errorf("under vertical leadership it is still below the county's office: %v", got)
		}
		// In charge of each other: no.
		facts = f.load(countyOffice.ID).Facts
		facts.Supervisor = town.ID
		_, err := f.Change(t.Context(), sysadmin, countyOffice.ID, agency.Change{Version: f.load(countyOffice.ID).Version, Facts: facts})
		if !errors.Is(err, agency.ErrSupervisor) {
			t.Errorf("in charge of each other: %v", err)
		}
	})
}

// The same installation read at two dates.
func TestARenamingKeepsWhatWas(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		_, _, county, _, bureau, _ := f.county()
		rename := func(name, basis string, since date.Date) error {
			_, err := f.Rename(t.Context(), sysadmin, bureau.ID, f.load(bureau.ID).Version, name, "", since, basis)
			return err
		}
		if err := rename("虚构县社会事务局", "", date.Must(2025, 3, 1)); !errors.Is(err, agency.ErrBasis) {
			t.Errorf("without a document: %v", err)
		}
		if err := rename("虚构县社会事务局", "虚政发〔2025〕1号", today.Plus(1)); !errors.Is(err, agency.ErrFuture) {
			t.Errorf("tomorrow: %v", err)
		}
		if err := rename("虚构县社会事务局", "虚政发〔2025〕1号", date.Must(2019, 12, 31)); !errors.Is(err, agency.ErrBefore) {
			t.Errorf("before it was: %v", err)
		}
		if err := rename("虚构县社会事务局", "虚政发〔2025〕1号", date.Must(2025, 3, 1)); err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			on   date.Date
			name string
		}{
			{date.Must(2019, 12, 31), ""},
			{date.Must(2020, 1, 1), "虚构县民政局"},
			{date.Must(2025, 2, 28), "虚构县民政局"},
			{date.Must(2025, 3, 1), "虚构县社会事务局"},
			{today, "虚构县社会事务局"},
		} {
			tree, err := f.Tree(t.Context(), sysadmin, test.on)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if a := tree.Get(bureau.ID); a != nil {
				got = a.Name
			}
			if got != test.name {
				t.Errorf("on %v: %q, want %q", test.on, got, test.name)
			}
		}
		found, err := f.Search(t.Context(), sysadmin, agency.Query{Text: "县民政局"})
		if err != nil || len(found) != 1 || found[0].Name != "虚构县社会事务局" {
			t.Errorf("searched by its former name: %v %v", found, err)
		}
		f.create("虚构县民政局", agency.Department, county.ID) // the name is free again
	})
}

func TestMergingAndSplitting(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		_, _, county, _, bureau, town := f.county()
		station := f.create("虚构县救助站", agency.Authorised, bureau.ID)
		health := f.create("虚构县卫生健康局", agency.Department, county.ID)
		before := f.audits()
		c := agency.Closing{On: date.Must(2026, 6, 1), Basis: "虚政发〔2026〕2号"}
		if _, err := f.Merge(t.Context(), sysadmin, []string{bureau.ID}, health.ID, c); err != nil {
			t.Fatal(err)
		}
		if n := f.audits() - before; n != 1 {
			t.Errorf("%d audit entries of one act", n)
		}
		gone := f.load(bureau.ID)
		if gone.Active() || gone.Ending != agency.Merged || !slices.Equal(gone.Successors, []string{health.ID}) || gone.Until != c.On {
			t.Errorf("got %+v", gone)
		}
		if got := f.load(station.ID).Parent; got != health.ID {
			t.Errorf("what was under it stands under %q", got)
		}
		then, err := f.Tree(t.Context(), sysadmin, date.Must(2026, 5, 31))
		if err != nil || then.Get(bureau.ID) == nil || then.Get(station.ID).Parent != bureau.ID {
			t.Errorf("the day before it was there: %v", err)
		}
		_, err = f.Change(t.Context(), sysadmin, bureau.ID, agency.Change{Version: gone.Version, Facts: gone.Facts})
		if !errors.Is(err, agency.ErrEnded) {
			t.Errorf("changed after its end: %v", err)
		}
		end := func(id string, c agency.Closing) error {
			c.Version = f.load(id).Version
			_, err := f.End(t.Context(), sysadmin, id, c)
			return err
		}
		split := agency.Closing{Ending: agency.Split, Successors: []string{town.ID}, Basis: "x"}
		if err := end(health.ID, split); !errors.Is(err, agency.ErrSuccessor) {
			t.Errorf("split into one: %v", err)
		}
		split.Successors = []string{town.ID, bureau.ID}
		if err := end(health.ID, split); !errors.Is(err, agency.ErrSuccessor) {
			t.Errorf("into one that is no more: %v", err)
		}
		split.Successors = []string{town.ID, county.ID}
		if err := end(health.ID, split); !errors.Is(err, agency.ErrHasChildren) {
			t.Errorf("with a body under it: %v", err)
		}
		if err := end(station.ID, agency.Closing{Ending: agency.Abolished}); !errors.Is(err, agency.ErrBasis) {
			t.Errorf("without a document: %v", err)
		}
		if err := end(station.ID, agency.Closing{Ending: agency.Abolished, Basis: "x"}); err != nil {
			t.Error(err)
		}
		if err := end(health.ID, split); err != nil {
			t.Error(err)
		}
	})
}

// R-IDX-05, R-WEB-02. The codes are vectors of the standards with one character changed.
func TestCodesAndNamesAreCheckedAndTakenOnce(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		ok := agency.Facts{Name: "虚构市人民政府", Kind: agency.Government, Level: agency.City,
			CreditCode: "11441700007280420y", SiteCode: "4207000016", Region: "420700"}
		a, err := f.Create(t.Context(), sysadmin, agency.New{Facts: ok})
		if err != nil {
			t.Fatal(err)
		}
		if a.OrgCode != "007280420" || a.CreditCode != "11441700007280420Y" {
			t.Errorf("codes %q %q", a.OrgCode, a.CreditCode)
		}
		for _, test := range []struct {
			name   string
			change func(x *agency.Facts)
			want   *fault.Error
		}{
			{"the same name, spaced", func(x *agency.Facts) { x.Name = "虚构市 人民政府" }, agency.ErrNameTaken},
			{"the same credit code", func(x *agency.Facts) { x.CreditCode = "11441700007280420Y" }, agency.ErrOrgTaken},
			{"the same organisation code", func(x *agency.Facts) { x.OrgCode = "00728042-0" }, agency.ErrOrgTaken},
			{"a wrong check digit", func(x *agency.Facts) { x.CreditCode = "11441700007280420X" }, agency.ErrCreditCode},
			{"a wrong organisation code", func(x *agency.Facts) { x.OrgCode = "000014348" }, agency.ErrOrgCode},
			{"codes of two bodies", func(x *agency.Facts) { x.CreditCode, x.OrgCode = "11341702486344515H", "000014349" }, agency.ErrCodesDiffer},
			{"the same site", func(x *agency.Facts) { x.SiteCode = "4207000016" }, agency.ErrSiteTaken},
			{"a site that is no public body's", func(x *agency.Facts) { x.SiteCode = "N000000672" }, agency.ErrSiteCode},
			{"a department's site of seven digits", func(x *agency.Facts) { x.SiteCode = "bm1234567" }, agency.ErrSiteCode},
			{"a region of five digits", func(x *agency.Facts) { x.Region = "42070" }, agency.ErrRegion},
			{"no name", func(x *agency.Facts) { x.Name = " " }, agency.ErrName},
			{"no kind", func(x *agency.Facts) { x.Kind = "" }, agency.ErrKind},
			{"no level", func(x *agency.Facts) { x.Level = "" }, agency.ErrLevel},
			{"an unknown parent", func(x *agency.Facts) { x.Parent = "nobody" }, agency.ErrParent},
			{"an office that is not its own", func(x *agency.Facts) { x.Office = a.ID }, agency.ErrOffice},
		} {
			x := agency.Facts{Name: "虚构县人民政府", Kind: agency.Government, Level: agency.County}
			test.change(&x)
			if _, err := f.Create(t.Context(), sysadmin, agency.New{Facts: x}); !errors.Is(err, test.want) {
				t.Errorf("%s: %v", test.name, err)
			}
		}
		if n := f.audits(); n != 1 {
			t.Errorf("%d audit entries of one act that was done", n)
		}
	})
}

// Two people put two bodies under each other at the same time: one of them is refused.
func TestNoRingComesAboutTogether(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		a, b := f.create("虚构甲局", agency.Department, ""), f.create("虚构乙局", agency.Department, "")
		errs := make([]error, 2)
		var all sync.WaitGroup
		for i, pair := range [][2]*agency.Agency{{a, b}, {b, a}} {
			all.Go(func() {
				facts := pair[0].Facts
				facts.Parent = pair[1].ID
				_, errs[i] = f.Change(t.Context(), sysadmin, pair[0].ID, agency.Change{Version: 1, Facts: facts})
			})
		}
		all.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), agency.ErrCycle) {
			t.Errorf("got %v", errs)
		}
	})
}

// A ring in the past is one, too: on 2026-03-03 each would stand under the other.
func TestNoRingComesAboutInThePast(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		a := f.create("虚构甲局", agency.Department, "")
		b := f.create("虚构乙局", agency.Department, "")
		move := func(id, parent string, since date.Date) error {
			x := f.load(id)
			facts := x.Facts
			facts.Parent = parent
			_, err := f.Change(t.Context(), sysadmin, id, agency.Change{Version: x.Version, Facts: facts, Since: since, Basis: "x"})
			return err
		}
		if err := move(a.ID, b.ID, date.Must(2026, 1, 1)); err != nil {
			t.Fatal(err)
		}
		if err := move(a.ID, "", date.Must(2026, 3, 5)); err != nil {
			t.Fatal(err)
		}
		if err := move(b.ID, a.ID, date.Must(2026, 3, 2)); !errors.Is(err, agency.ErrCycle) {
			t.Errorf("got %v", err)
		}
		if err := move(b.ID, a.ID, date.Must(2026, 3, 5)); err != nil {
			t.Error(err)
		}
	})
}

// 条例第十二条第二款, R-GDE-01, R-GDE-03.
func TestTheContactCard(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		a := f.create("虚构市人民政府", agency.Government, "")
		officer := actor.Actor{ID: "o", Grants: []actor.Grant{{Role: actor.Officer, Agency: a.ID}}}
		card := agency.Contact{Agency: a.ID, Office: "虚构市政务公开科", Address: "虚构市虚构路 1 号", Hours: "工作日 8:30—12:00",
			Phone: "0710-0000000", Fax: "无", Online: "网站“依申请公开”栏目", Email: "gk@example.com", Postcode: "435000"}
		saved, err := f.SetContact(t.Context(), officer, card)
		if err != nil {
			t.Fatal(err)
		}
		if !saved.ChangedAt.Equal(dbtest.Noon) || len(saved.Missing()) != 0 {
			t.Errorf("got %+v", saved)
		}
		if _, err := f.SetContact(t.Context(), officer, card); !errors.Is(err, agency.ErrStale) {
			t.Errorf("the card as it was: %v", err)
		}
		before := f.audits()
		again, err := f.SetContact(t.Context(), officer, *saved)
		if err != nil || again.Version != saved.Version || f.audits() != before {
			t.Errorf("nothing changed: %v, version %d", err, again.Version)
		}
		for _, test := range []struct {
			name   string
			change func(c *agency.Contact)
			field  string
		}{
			{"no address", func(c *agency.Contact) { c.Address = " " }, "address"},
			{"no fax and no word on it", func(c *agency.Contact) { c.Fax = "" }, "fax"},
			{"words for a number", func(c *agency.Contact) { c.Phone = "见网站" }, "phone"},
			{"a postcode of five", func(c *agency.Contact) { c.Postcode = "43500" }, "postcode"},
			{"an address that is none", func(c *agency.Contact) { c.Email = "a b@example.com" }, "email"},
		} {
			c := *saved
			test.change(&c)
			var e *fault.Error
			if _, err := f.SetContact(t.Context(), officer, c); !errors.As(err, &e) || e.Field != test.field {
				t.Errorf("%s: %v", test.name, err)
			}
		}
		other := f.create("虚构县人民政府", agency.Government, a.ID)
		card.Agency = other.ID
		if _, err := f.SetContact(t.Context(), officer, card); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("another body's card: %v", err)
		}
	})
}

func TestTheTableGoesOutAndComesIn(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.county()
		rows, err := f.Table(t.Context(), sysadmin, i18n.To(i18n.Chinese))
		if err != nil {
			t.Fatal(err)
		}
		data := table(rows)
		kept, err := f.Import(t.Context(), sysadmin, data, agency.Write)
		if err != nil || kept.Kept != 6 || kept.Created != 0 || kept.Done {
			t.Errorf("what is there is passed over: %+v %v", kept, err)
		}
		fresh := fixture{&agency.Registry{DB: dbtest.SQLite(t)}, t}
		slices.Reverse(rows[1:]) // children before parents
		if _, err := fresh.Import(t.Context(), sysadmin, table(rows), agency.Try); err != nil {
			t.Fatal(err)
		}
		if n := fresh.audits(); n != 0 {
			t.Errorf("a trial wrote %d entries", n)
		}
		done, err := fresh.Import(t.Context(), sysadmin, table(rows), agency.Write)
		if err != nil || !done.Done || done.Created != 6 || fresh.audits() != 1 {
			t.Fatalf("got %+v %v", done, err)
		}
		again, err := fresh.Table(t.Context(), sysadmin, i18n.To(i18n.Chinese))
		if err != nil {
			t.Fatal(err)
		}
		byName := func(a, b []string) int { return strings.Compare(a[0], b[0]) }
		slices.SortFunc(rows[1:], byName)
		slices.SortFunc(again[1:], byName)
		if !bytes.Equal(table(rows), table(again)) {
			t.Errorf("went out as\n%s\ncame back as\n%s", table(rows), table(again))
		}
	})
}

func table(rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.WriteAll(rows) // a buffer takes all
	return b.Bytes()
}

func TestAWrongRowKeepsTheWholeTableOut(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.create("虚构市人民政府", agency.Government, "")
		text := "单位名称,类别,层级,上级单位,组织机构代码,设立日期\n" +
			"虚构甲局,部门,市级,虚构市人民政府,,2020-01-01\n" +
			"虚构甲局,部门,市级,虚构市人民政府,,\n" +
			"虚构乙局,部门,市级,虚构省人民政府,,\n" +
			"虚构丙局,部门,市级,,000014348,\n" +
			"虚构丁局,部,市级,,,\n" +
			"虚构戊局,部门,市级,,,二〇二〇年\n" +
			"虚构己局,部门,市级,虚构庚局,,\n" +
			"虚构庚局,部门,市级,虚构己局,,\n"
		im, err := f.Import(t.Context(), sysadmin, []byte(text), agency.Write)
		if err != nil {
			t.Fatal(err)
		}
		want := map[int]error{3: agency.ErrTwice, 4: agency.ErrNoParent, 5: agency.ErrOrgCode, 6: agency.ErrKind, 7: agency.ErrBadDate}
		for _, row := range im.Rows {
			if !errors.Is(row.Err, want[row.N]) || row.Err != nil && want[row.N] == nil {
				t.Errorf("row %d: %v, want %v", row.N, row.Err, want[row.N])
			}
		}
		if im.Done || im.Wrong != 5 || f.audits() != 1 {
			t.Errorf("got %+v", im)
		}
		ring := "单位名称,类别,层级,上级单位\n虚构己局,部门,市级,虚构庚局\n虚构庚局,部门,市级,虚构己局\n"
		im, err = f.Import(t.Context(), sysadmin, []byte(ring), agency.Write)
		if err != nil || im.Done || im.Wrong != 1 {
			t.Errorf("a ring: %+v %v", im, err)
		}
		for _, bad := range []string{"", "名称\n甲\n", "PK\x03\x04 no spreadsheet", "a,\"b\n"} {
			if _, err := f.Import(t.Context(), sysadmin, []byte(bad), agency.Try); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}

func TestHundredsUnderOneRoof(t *testing.T) {
	f := fixture{&agency.Registry{DB: dbtest.SQLite(t)}, t}
	var b strings.Builder
	b.WriteString("单位名称,类别,层级,上级单位\n虚构市人民政府,人民政府,市级,\n")
	for i := range 500 {
		fmt.Fprintf(&b, "虚构第%d局,部门,市级,虚构市人民政府\n", i)
	}
	if im, err := f.Import(t.Context(), sysadmin, []byte(b.String()), agency.Write); err != nil || im.Created != 501 {
		t.Fatalf("%+v %v", im, err)
	}
	tree, err := f.Tree(t.Context(), sysadmin, date.Date{})
	if err != nil || len(tree.All) != 501 || tree.Depth(tree.All[500].ID) != 1 {
		t.Fatalf("%d bodies, %v", len(tree.All), err)
	}
	if got := f.below(tree.All[0].ID); len(got) != 500 {
		t.Errorf("%d below", len(got))
	}
}
