package rule

import (
	"testing"

	"pgregory.net/rapid"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
	"gongkai/internal/place"
)

// balanced draws a report whose table three adds up.
func balanced(t *rapid.T, id string) *annual.Report {
	r := filled(id, nil)
	put := func(k form.Key, n int64) {
		c := r.Cells[k]
		c.Value = decimal.Int(n)
		c.Raw = c.Value.String()
		r.Cells[k] = c
	}
	columns := []string{"natural", "biz", "sci", "npo", "legal", "other"}
	totals := map[string]int64{}
	leaf := func(row, column string) int64 {
		n := rapid.Int64Range(0, 50).Draw(t, row+"."+column)
		put(form.Key(row+"."+column), n)
		totals[row] += n
		return n
	}
	for _, c := range columns {
		var done int64
		for _, row := range r.Form.Table("T3").Rows {
			switch row.Key {
			case "T3.new", "T3.carry_in", "T3.done.total", "T3.carry_out":
			default:
				done += leaf(row.Key, c)
			}
		}
		out := leaf("T3.carry_out", c)
		put(form.Key("T3.done.total."+c), done)
		totals["T3.done.total"] += done
		in := rapid.Int64Range(0, done+out).Draw(t, "in."+c)
		put(form.Key("T3.carry_in."+c), in)
		totals["T3.carry_in"] += in
		put(form.Key("T3.new."+c), done+out-in)
		totals["T3.new"] += done + out - in
	}
	for row, n := range totals {
		put(form.Key(row+".total"), n)
	}
	return r
}

// A report that adds up has no arithmetic fault; one cell put wrong is found, and named with
// the value it had.
func TestOneWrongCellIsNamed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom([]string{"2019", "2021"}).Draw(t, "form")
		r := balanced(t, id)
		if fs := only(Check(r, Context{}).Findings, "R-AR-01", "R-AR-02", "R-AR-03"); len(fs) != 0 {
			t.Fatalf("balanced, yet: %s", text(fs[0]))
		}
		var keys []form.Key
		for _, c := range r.Form.Cells() {
			if c.Row.Table == "T3" {
				keys = append(keys, c.Key)
			}
		}
		k := rapid.SampledFrom(keys).Draw(t, "cell")
		c := r.Cells[k]
		was := c.Value
		c.Value += decimal.Int(rapid.Int64Range(1, 9).Draw(t, "by"))
		r.Cells[k] = c
		fs := only(Check(r, Context{}).Findings, "R-AR-01", "R-AR-02", "R-AR-03")
		if len(fs) < 2 {
			t.Fatalf("%s is wrong, but %d sums fail", k, len(fs))
		}
		want := i18n.To(i18n.Chinese).Text(i18n.M("rule.sum.repair", "cell", r.Form.Label(k), "from", c.Value, "to", was))
		for _, f := range fs {
			if got := i18n.To(i18n.Chinese).Text(f.Advice); got != want {
				t.Fatalf("%s: advice %q, want %q", f.Code, got, want)
			}
		}
	})
}

// Whatever a report holds, it is checked without a panic, every finding has a place, and the
// order is the same each time.
func TestAnyReport(t *testing.T) {
	pieces := []string{
		"2022年", "2023年", "统计期限", "1月1日", "12月31日", "《", "》", "公开", "贯彻", "落实", "××", "截止", "点击查看",
		"[bookmark:", "。", "，，", "的的", "资金资金", " ", "第", "一、", "总体情况", "国办公开办函〔2019〕60号", "\xff", "𠀀", "",
	}
	words := rapid.Custom(func(t *rapid.T) string {
		s := ""
		for _, p := range rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "pieces") {
			s += p
		}
		return s
	})
	rapid.Check(t, func(t *rapid.T) {
		r := filled(rapid.SampledFrom([]string{"2019", "2021"}).Draw(t, "form"), nil)
		r.Year = rapid.IntRange(0, 2030).Draw(t, "year")
		r.Title.Text, r.Agency.Text, r.IndexNo.Text = words.Draw(t, "title"), words.Draw(t, "agency"), words.Draw(t, "index")
		for i, s := range r.Form.Sections {
			sec := annual.Section{Key: s.Key, Missing: rapid.Bool().Draw(t, "missing"), Heading: annual.Text{Text: words.Draw(t, "heading")}}
			for range rapid.IntRange(0, 3).Draw(t, "paragraphs") {
				sec.Paragraphs = append(sec.Paragraphs, annual.Text{Text: words.Draw(t, "words"), At: place.Place{Block: i + 1}})
			}
			r.Sections = append(r.Sections, sec)
		}
		cells := r.Form.Cells()
		for range rapid.IntRange(0, 20).Draw(t, "edits") {
			k := cells[rapid.IntRange(0, len(cells)-1).Draw(t, "cell")].Key
			set(r, string(k), rapid.SampledFrom([]string{"", "?", "-1.5", "7"}).Draw(t, "value"))
		}
		first := Check(r, Context{Previous: r, Neighbours: []*annual.Report{r, nil}}).Findings
		for _, f := range first {
			if len(f.Places) == 0 || f.Message.IsZero() || f.Cite.IsZero() {
				t.Fatalf("%s is not whole: %+v", f.Code, f)
			}
		}
		if again := all(Check(r, Context{Previous: r, Neighbours: []*annual.Report{r, nil}}).Findings); again != all(first) {
			t.Fatal("the order changes")
		}
	})
}
