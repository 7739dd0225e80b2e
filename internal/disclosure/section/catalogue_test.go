package section

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"gongkai/internal/agency"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/fault"
)

func TestParseLimit(t *testing.T) {
	for text, want := range map[string]Duty{
		"自信息形成或变更之日起20个工作日内":                             {Rhythm: Event, N: 20, Unit: Workdays},
		"自该政府信息形成或者变更之日起 20 个工作日内予以公开，法律、法规另有规定的，从其规定":   {},
		"自信息形成或者变更之日起２０个工作日内，法律、法规对政府信息公开的期限另有规定的，从其规定。": {Rhythm: Event, N: 20, Unit: Workdays},
		"制定或获取信息之日起10个工作日内":                              {Rhythm: Event, N: 10, Unit: Workdays},
		"信息形成之日起十五个工作日内公开":                               {Rhythm: Event, N: 15, Unit: Workdays},
		"作出决定之日起7日内":                                     {Rhythm: Event, N: 7, Unit: Days},
		"即时公开":                                           {Rhythm: Event, N: 0, Unit: Workdays},
		"实时更新":                                           {Rhythm: Event, N: 0, Unit: Workdays},
		"每月10日前":                                         {Rhythm: Monthly, Day: 10},
		"每月１０日前更新":                                       {Rhythm: Monthly, Day: 10},
		"每月更新一次":                                         {Rhythm: Monthly, Day: 31},
		"每季度首月15日前公开":                                    {Rhythm: Quarterly, Month: 1, Day: 15},
		"每季度更新":                                          {Rhythm: Quarterly, Month: 3, Day: 31},
		"每年1月31日前":                                       {Rhythm: Yearly, Month: 1, Day: 31},
		"每年三月底前":                                         {Rhythm: Yearly, Month: 3, Day: 31},
		"每年更新":                                           {Rhythm: Yearly, Month: 12, Day: 31},
		"每半年更新一次":                                        {Rhythm: Every, N: 6, Unit: Months},
		"每周更新":                                           {Rhythm: Every, N: 7, Unit: Days},
		"每15天更新一次":                                       {Rhythm: Every, N: 15, Unit: Days},
		"长期公开":                                           {Rhythm: Permanent},
		"及时公开":                                           {},
		"":                                               {},
		"按规定时限公开":                                        {},
		"每月10日前；每年1月31日前":                                {},
		"自信息形成之日起20个工作日内，每月更新一次": {},
		"每月40日前": {},
		"按要求在10个工作日内公开，其中救助对象名单每月公开": {},
	} {
		got, ok := ParseLimit(text)
		if got != want || ok != (want != Duty{}) {
			t.Errorf("%s: got %+v, %v", text, got, ok)
		}
	}
}

// Sentences as national catalogues word them.
func example(l Layout) Catalogue {
	rows := []Row{
		{First: "综合业务", Second: "政策法规文件", Entry: Entry{
			No: "1", Content: "●法律法规\n●部门规章", Basis: "《政府信息公开条例》", Limit: "制定或获取信息之日起10个工作日内", Body: "示范县民政局",
			Channels: []string{"website", "social"}, Audience: []string{"all"}, Modes: []string{"proactive"}, Levels: []string{"county"},
			Duration: "长期", Range: "全社会",
		}},
		{First: "综合业务", Second: "监督检查", Entry: Entry{
			No: "2", Content: "●热线电话", Basis: "《社会救助暂行办法》", Limit: "及时公开", Body: "示范县民政局；乡镇人民政府",
			Channels: []string{"website", "visit", "board"}, Audience: []string{"all", "group"}, Group: "救助对象",
			Modes: []string{"proactive", "request"}, Levels: []string{"county", "township"}, Duration: "长期", Range: "全社会",
		}},
		{First: "公示信息", Entry: Entry{
			No: "3", Content: "=1+1", Basis: "", Limit: "每月10日前", Body: "街道办事处",
			Channels: []string{"other"}, Modes: []string{"request"}, Levels: []string{"township"}, Duration: "7个工作日", Range: "本村",
		}},
	}
	for i := range rows {
		if l == CityLayout {
			rows[i].No, rows[i].Body, rows[i].Audience, rows[i].Group, rows[i].Levels = "", "", nil, "", nil
		} else {
			rows[i].Duration, rows[i].Range = "", ""
		}
	}
	return Catalogue{Title: "社会救助领域基层政务公开标准目录", Layout: l, Rows: rows}
}

func read(t *testing.T, write func(w *bytes.Buffer) error) Catalogue {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	c, err := ReadCatalogue(&b)
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Rows {
		c.Rows[i].Line = 0
	}
	return c
}

func TestACatalogueReadsBackAsItWasWritten(t *testing.T) {
	for _, l := range []Layout{CountyLayout, CityLayout} {
		want := example(l)
		got := read(t, func(w *bytes.Buffer) error { return WriteCatalogue(w, want) })
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", l, d)
		}
	}
}

// sheetOf makes a workbook of rows as people make them, with merged areas.
func sheetOf(rows [][]string, merged ...[2]string) func(w *bytes.Buffer) error {
	return func(w *bytes.Buffer) error {
		book := excelize.NewFile()
		defer book.Close()
		for y, row := range rows {
			for x, v := range row {
				at, err := excelize.CoordinatesToCellName(x+1, y+1)
				if err != nil {
					return err
				}
				if err := book.SetCellStr("Sheet1", at, v); err != nil {
					return err
				}
			}
		}
		for _, m := range merged {
			if err := book.MergeCell("Sheet1", m[0], m[1]); err != nil {
				return err
			}
		}
		return book.Write(w)
	}
}

func TestCataloguesAsPeopleMakeThem(t *testing.T) {
	c := read(t, sheetOf([][]string{
		{"附件1"},
		{"养老服务领域基层政务公开标准目录"},
		{"序号", "公开事项", "", "公开内容\n（要素）", "公开依据", "公开时限", "公开主体", "公开渠道和载体", "公开对象", "", "公开方式", "", "公开层级", ""},
		{"", "一级\n事项", "二级\n事项", "", "", "", "", "", "全社会", "特定群众", "主动", "依申请", "县级", "乡级"},
		{"1", "通用政策", "国家政策", "文件名称", "条例", "20个工作日内", "民政局", "■政府网站 □政府公报\n■两微一端 □其他", "✓", "", "√", "", "√", ""},
		{"2", "", "地方政策", "文件名称", "条例", "及时", "民政局", "■政府网站\n■社区/企事业单位/村公示栏（电子屏）", "", "√老年人", "√", "", "√", "√"},
		{"3", "", "国家政策", "重复了", "条例", "长期", "民政局", "■村口大喇叭", "有", "", "√", "", "", ""},
		{"", "", "", "", "", ""},
		{"4", strings.Repeat("长", 61), "", "", "", "长期", "", "", "", "", "", "", "", ""},
	}, [2]string{"A3", "A4"}, [2]string{"B3", "C3"}, [2]string{"D3", "D4"}, [2]string{"E3", "E4"}, [2]string{"F3", "F4"},
		[2]string{"G3", "G4"}, [2]string{"H3", "H4"}, [2]string{"I3", "J3"}, [2]string{"K3", "L3"}, [2]string{"M3", "N3"},
		[2]string{"B5", "B7"}))
	if len(c.Rows) != 4 || c.Layout != CountyLayout || c.Title != "附件1" {
		t.Fatalf("%d rows, %s, %s", len(c.Rows), c.Layout, c.Title)
	}
	one, two, three, four := c.Rows[0], c.Rows[1], c.Rows[2], c.Rows[3]
	if one.First != "通用政策" || one.Second != "国家政策" || !slices.Equal(one.Channels, []string{"website", "social"}) ||
		!slices.Equal(one.Audience, []string{"all"}) || !slices.Equal(one.Levels, []string{"county"}) || len(one.Wrong) > 0 {
		t.Errorf("%+v", one)
	}
	if two.First != "通用政策" || two.Group != "老年人" || !slices.Equal(two.Audience, []string{"group"}) ||
		!slices.Equal(two.Channels, []string{"website", "board"}) || len(two.Wrong) > 0 {
		t.Errorf("%+v", two)
	}
	for _, want := range []error{ErrRowTwice, ErrRowChannel, ErrRowTick} {
		if !slices.ContainsFunc(three.Wrong, func(e *fault.Error) bool { return errors.Is(e, want) }) {
			t.Errorf("row 3 lacks %v: %v", want, three.Wrong)
		}
	}
	if len(four.Wrong) != 1 || !errors.Is(four.Wrong[0], ErrRowLong) {
		t.Errorf("%v", four.Wrong)
	}
}

func TestAFileThatIsNoCatalogueIsRefused(t *testing.T) {
	if _, err := ReadCatalogue(strings.NewReader("no workbook")); !errors.Is(err, ErrCatalogueFile) {
		t.Errorf("got %v", err)
	}
	var b bytes.Buffer
	if err := sheetOf([][]string{{"姓名", "电话"}, {"示例", "1"}})(&b); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadCatalogue(&b); !errors.Is(err, ErrCatalogueHeader) {
		t.Errorf("got %v", err)
	}
}

func TestImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, dbx *db.DB) {
		d, by, ctx := desk(dbx), officer("a"), t.Context()
		tree := found(t, d, "a", agency.County)
		var root *Section
		for _, s := range tree.All() {
			if s.Item21 == "assistance" {
				root = s
			}
		}
		c := example(CountyLayout)
		plan, err := d.Preview(ctx, by, "a", root.ID, c, nil)
		if err != nil {
			t.Fatal(err)
		}
		if plan.Ready() || plan.Count(Makes) != 3 || !slices.Equal(plan.Asked, []string{"及时公开"}) ||
			!slices.Equal(plan.Groups, []string{"综合业务", "公示信息"}) {
			t.Fatalf("%+v", plan)
		}
		if _, err := d.Import(ctx, by, "a", root.ID, c, nil); !errors.Is(err, ErrCatalogueLimit) {
			t.Errorf("got %v", err)
		}
		answers := map[string]Duty{"及时公开": {Rhythm: Event, N: 5, Unit: Workdays}}
		count := func() (n int) {
			t.Helper()
			update(t, d, func(tx *db.Tx) error {
				all, err := below(tx, root.ID)
				n = len(all) - 1
				return err
			})
			return n
		}
		if n := count(); n != 0 {
			t.Errorf("a preview made %d sections", n)
		}
		if _, err := d.Import(ctx, by, "a", root.ID, c, answers); err != nil {
			t.Fatal(err)
		}
		if n := count(); n != 4 {
			t.Errorf("%d sections, want two groups and two rows", n)
		}
		again, err := d.Import(ctx, by, "a", root.ID, c, answers)
		if err != nil || again.Count(Same) != 3 || count() != 4 {
			t.Errorf("%+v, %v", again, err)
		}
		out, err := d.Export(ctx, by, "a", root.ID, CountyLayout)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.Rows, out.Rows); diff != "" {
			t.Error(diff)
		}
		c.Rows[0].Content = "●新的要素"
		c.Rows = append(c.Rows, Row{First: "公示信息", Second: "低保名单", Entry: Entry{Limit: "每月10日前"}})
		third, err := d.Import(ctx, by, "a", root.ID, c, answers)
		if err != nil || third.Count(Changes) != 1 || third.Count(Makes) != 1 || third.Count(Same) != 2 {
			t.Errorf("%+v, %v", third, err)
		}
		c.Rows[0].Wrong = append(c.Rows[0].Wrong, ErrRowTick)
		if _, err := d.Import(ctx, by, "a", root.ID, c, answers); !errors.Is(err, ErrCatalogueRows) {
			t.Errorf("got %v", err)
		}
		city := example(CityLayout) // has no 公开主体: what is recorded stays
		if _, err := d.Import(ctx, by, "a", root.ID, city, answers); err != nil {
			t.Fatal(err)
		}
		out, err = d.Export(ctx, by, "a", root.ID, CountyLayout)
		if err != nil || out.Rows[0].Body != "示范县民政局" || out.Rows[0].Content != "●法律法规\n●部门规章" {
			t.Errorf("%+v, %v", out.Rows, err)
		}
	})
}

func FuzzParseLimit(f *testing.F) {
	for _, s := range []string{"自信息形成或变更之日起20个工作日内", "每月十日前", "每99999999999999999999天"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, ok := ParseLimit(text); ok && d.check() != nil {
			t.Errorf("%q: %+v", text, d)
		}
	})
}
