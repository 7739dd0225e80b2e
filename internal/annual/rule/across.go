package rule

import (
	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// last returns the report on the year before, nil if the context has none.
func (s *Subject) last() *annual.Report {
	p := s.Context.Previous
	if p == nil || !s.readable() || p.Refused != nil || p.Form == nil || p.Year != s.Year-1 {
		return nil
	}
	return p
}

// before points at a cell of last year's report.
func (s *Subject) before(k form.Key) check.Quote {
	p := s.Context.Previous
	c := p.Cells[k]
	text := c.Raw
	if text == "" {
		text = c.Value.String()
	}
	return check.Quote{
		At: c.At, Key: string(k), Text: text,
		Label: i18n.M("rule.at.last_cell", "year", p.Year, "cell", p.Form.Label(k)),
	}
}

// carryOver: what last year carried over is what this year begins with (R-AR-06). 表三第四项
// “结转下年度继续办理” of one year is 第二项“上年结转政府信息公开申请数量” of the next. Equal totals
// in other columns may be applicants put into another class, which is asked.
var carryOver = check.Rule[*Subject]{
	Code: "R-AR-06", Severity: check.Error, Since: unified,
	Cite: statute.AnnualForm2021.Whole("表三"), Title: i18n.M("rule.carry.title"),
	Find: func(s *Subject) []check.Finding {
		p := s.last()
		if p == nil {
			return nil
		}
		in, out := form.Key("T3.carry_in.total"), form.Key("T3.carry_out.total")
		now, known := s.Value(in)
		then, knownThen := p.Value(out)
		if known && knownThen && now != then {
			return []check.Finding{s.carried(i18n.M("rule.carry", "year", p.Year, "then", then, "now", now), in, out, then, now)}
		}
		return s.reclassified(p)
	},
}

// reclassified reports columns that differ under equal totals.
func (s *Subject) reclassified(p *annual.Report) []check.Finding {
	var f check.Finding
	var columns []string
	for _, c := range s.Form.Row("T3.carry_in").Cells {
		out := form.Key("T3.carry_out." + c.Key.Column())
		now, known := s.Value(c.Key)
		then, knownThen := p.Value(out)
		if !known || !knownThen || now == then {
			continue
		}
		columns = append(columns, c.Column)
		f.Places = append(f.Places, s.cell(c.Key), s.before(out))
	}
	if len(columns) == 0 {
		return nil
	}
	f.Severity = check.Warning
	f.Cite = s.formRef("表三")
	f.Message = i18n.M("rule.carry.columns", "year", p.Year, "columns", columns)
	return []check.Finding{f}
}

func (s *Subject) carried(m i18n.Message, in, out form.Key, then, now decimal.Decimal) check.Finding {
	return check.Finding{
		Message: m, Working: unequal(then, now), Cite: s.formRef("表三"),
		Places: []check.Quote{s.cell(in), s.before(out)},
	}
}

func unequal(a, b decimal.Decimal) string { return a.String() + "≠" + b.String() }

// documentRows are the two rows of documents in table two.
var documentRows = []string{"T2.rules", "T2.normdocs"}

// inForce: documents in force are those of last year plus the new less the repealed
// (R-AR-07). Documents that lapse or pass to another body explain a difference, so it asks.
var inForce = check.Rule[*Subject]{
	Code: "R-AR-07", Severity: check.Warning, Since: date.Must(2021, 9, 26),
	Cite: statute.AnnualForm2021.Whole("表二"), Title: i18n.M("rule.in_force.title"),
	Find: func(s *Subject) []check.Finding {
		p := s.last()
		if p == nil || s.Form.ID != p.Form.ID {
			return nil
		}
		var out []check.Finding
		for _, row := range documentRows {
			vs, ok := s.values(form.Key(row+".in_force"), form.Key(row+".issued"), form.Key(row+".repealed"))
			then, known := p.Value(form.Key(row + ".in_force"))
			if !ok || !known {
				continue
			}
			now, issued, repealed := vs[0], vs[1], vs[2]
			if want := then + issued - repealed; now != want {
				out = append(out, check.Finding{
					Message: i18n.M("rule.in_force", "row", s.Form.Row(row).Label, "year", p.Year,
						"then", then, "issued", issued, "repealed", repealed, "want", want, "now", now),
					Working: then.String() + "+" + issued.String() + "-" + repealed.String() + "=" + unequal(want, now),
					Places:  []check.Quote{s.cell(form.Key(row + ".in_force")), s.before(form.Key(row + ".in_force"))},
					Advice:  i18n.M("rule.in_force.advice"),
				})
			}
		}
		return out
	},
}

// values returns the figures in cells, and false unless all are there.
func (s *Subject) values(keys ...form.Key) ([]decimal.Decimal, bool) {
	out := make([]decimal.Decimal, len(keys))
	for i, k := range keys {
		v, ok := s.Value(k)
		if !ok {
			return nil, false
		}
		out[i] = v
	}
	return out, true
}

// inForceBound: what was issued this year and not repealed is in force (R-AR-08).
var inForceBound = check.Rule[*Subject]{
	Code: "R-AR-08", Severity: check.Warning, Since: date.Must(2021, 9, 26),
	Cite: statute.AnnualForm2021.Whole("表二"), Title: i18n.M("rule.issued.title"),
	Find: func(s *Subject) []check.Finding {
		if !s.readable() {
			return nil
		}
		var out []check.Finding
		for _, row := range documentRows {
			vs, ok := s.values(form.Key(row+".issued"), form.Key(row+".repealed"), form.Key(row+".in_force"))
			if !ok || vs[2] >= vs[0]-vs[1] {
				continue
			}
			working := vs[2].String() + "<" + vs[0].String()
			if vs[1] != 0 {
				working += "-" + vs[1].String()
			}
			out = append(out, check.Finding{
				Message: i18n.M("rule.issued", "row", s.Form.Row(row).Label, "issued", vs[0], "repealed", vs[1], "in_force", vs[2]),
				Working: working,
				Places:  []check.Quote{s.cell(form.Key(row + ".in_force")), s.cell(form.Key(row + ".issued"))},
			})
		}
		return out
	},
}

// itemsAcross: in the form of 2019, 上一年项目数量 is last year's number with last year's
// 本年增/减 (R-AR-09).
var itemsAcross = check.Rule[*Subject]{
	Code: "R-AR-09", Severity: check.Warning, Since: unified,
	Cite: statute.AnnualForm2019.Whole("表二"), Title: i18n.M("rule.items.title"),
	Find: func(s *Subject) []check.Finding {
		p := s.last()
		if p == nil || s.Form.ID != "2019" || p.Form.ID != "2019" {
			return nil
		}
		var out []check.Finding
		for _, r := range s.Form.Table("T2").Rows {
			prev, delta := form.Key(r.Key+".prev_items"), form.Key(r.Key+".delta")
			now, ok := s.Value(prev)
			then, had := p.Value(prev)
			change, changed := p.Value(delta)
			if !ok || !had || !changed || now == then+change {
				continue
			}
			out = append(out, check.Finding{
				Message: i18n.M("rule.items", "row", r.Label, "year", p.Year, "then", then, "delta", change, "want", then+change, "now", now),
				Working: then.String() + "+(" + change.String() + ")=" + unequal(then+change, now),
				Places:  []check.Quote{s.cell(prev), s.before(prev), s.before(delta)},
			})
		}
		return out
	},
}

// openBound: in the form of 2019, what was opened this year is part of what is open
// altogether (R-AR-10).
var openBound = check.Rule[*Subject]{
	Code: "R-AR-10", Severity: check.Warning, Since: unified,
	Cite: statute.AnnualForm2019.Whole("表二"), Title: i18n.M("rule.open.title"),
	Find: func(s *Subject) []check.Finding {
		if !s.readable() || s.Form.ID != "2019" {
			return nil
		}
		var out []check.Finding
		for _, row := range documentRows {
			vs, ok := s.values(form.Key(row+".opened"), form.Key(row+".open_total"))
			if !ok || vs[1] >= vs[0] {
				continue
			}
			out = append(out, check.Finding{
				Message: i18n.M("rule.open", "row", s.Form.Row(row).Label, "opened", vs[0], "total", vs[1]),
				Working: vs[1].String() + "<" + vs[0].String(),
				Places:  []check.Quote{s.cell(form.Key(row + ".open_total")), s.cell(form.Key(row + ".opened"))},
			})
		}
		return out
	},
}

// pendingAcross: a case pending at the end of a year is decided or still pending in the next,
// so the next year's total is no smaller (R-AR-11).
var pendingAcross = check.Rule[*Subject]{
	Code: "R-AR-11", Severity: check.Warning, Since: unified,
	Cite: statute.AnnualForm2021.Whole("表四"), Title: i18n.M("rule.pending.title"),
	Find: func(s *Subject) []check.Finding {
		p := s.last()
		if p == nil {
			return nil
		}
		var out []check.Finding
		for _, r := range s.Form.Table("T4").Rows {
			total, pending := form.Key(r.Key+".total"), form.Key(r.Key+".pending")
			now, ok := s.Value(total)
			then, had := p.Value(pending)
			if !ok || !had || now >= then {
				continue
			}
			out = append(out, check.Finding{
				Message: i18n.M("rule.pending", "row", r.Label, "year", p.Year, "then", then, "now", now),
				Working: now.String() + "<" + then.String(), Cite: s.formRef("表四"),
				Places: []check.Quote{s.cell(total), s.before(pending)},
			})
		}
		return out
	},
}

// reviewFirst: who is refused information must apply for review before going to court.
//
// 行政复议法（2023年修订）第二十三条第一款：“有下列情形之一的，申请人应当先向行政复议机关申请行政
// 复议，对行政复议决定不服的，可以再依法向人民法院提起行政诉讼：……（四）申请政府信息公开，行政机关
// 不予公开”. Other causes may go to court at once, so a direct suit is only pointed out (R-AR-12).
var reviewFirst = check.Rule[*Subject]{
	Code: "R-AR-12", Severity: check.Info, Since: date.Must(2024, 1, 1),
	Cite: statute.Reconsideration2023.Art(23, 1, 4), Title: i18n.M("rule.suits.title"),
	Find: func(s *Subject) []check.Finding {
		if !s.readable() || s.Year < 2024 {
			return nil
		}
		total := form.Key("T4.direct.total")
		n, ok := s.Value(total)
		if !ok || n <= 0 {
			return nil
		}
		return []check.Finding{{Message: i18n.M("rule.suits", "n", n), Places: []check.Quote{s.cell(total)}}}
	},
}

// fee: charging for the handling of requests is reported in section six.
//
// 条例第四十二条第一款：“行政机关依申请提供政府信息，不收取费用。但是，申请人申请公开政府信息的数量、
// 频次明显超过合理范围的，行政机关可以收取信息处理费。” Where table three counts unpaid fees, the
// text must say what was charged; else its absence is worth a hint (R-AR-15).
var fee = check.Rule[*Subject]{
	Code: "R-AR-15", Severity: check.Warning, Since: date.Must(2021, 1, 1),
	Cite: statute.OGI2019.Art(42, 1), Title: i18n.M("rule.fee.title"),
	Find: func(s *Subject) []check.Finding {
		if !s.readable() || s.Year < 2021 {
			return nil
		}
		sec := s.Section("s6")
		if sec == nil || sec.Missing || s.says("s6", "处理费", "收费", "收取") {
			return nil
		}
		unpaid := form.Key("T3.done.other.nopay.total")
		at := check.Quote{At: sec.Heading.At, Text: sec.Heading.Text, Label: s.where("s6")}
		if n, ok := s.Value(unpaid); ok && n > 0 {
			return []check.Finding{{Message: i18n.M("rule.fee", "n", n), Places: []check.Quote{at, s.cell(unpaid)}}}
		}
		return []check.Finding{{Severity: check.Info, Message: i18n.M("rule.fee.hint"), Places: []check.Quote{at}}}
	},
}
