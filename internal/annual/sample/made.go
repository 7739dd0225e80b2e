package sample

import (
	_ "embed"
	"fmt"
	"hash/fnv"
	"strings"

	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
)

//go:embed made.txt
var madeText string

// Made makes up a body's report on a year from 2019 on: every sum closes, each year hands on to
// the next what it carries over, and the text says what the tables say. size is how many
// requests a year brings about.
func Made(body string, year, size int) *annual.Report {
	f := form.ForYear(year)
	m := &maker{body: body, year: year, size: size, report: &annual.Report{
		Form: f, Year: year, Agency: annual.Text{Text: body}, Title: annual.Text{Text: f.Title(body, year)},
		Signature: annual.Text{Text: body}, Signed: annual.Day{Date: date.Must(year+1, 1, 14)}, Cells: map[form.Key]annual.Cell{},
	}}
	for _, c := range f.Cells() {
		m.set(c.Key, 0)
	}
	m.requests()
	m.disputes()
	m.proactive()
	m.text()
	return m.report
}

// maker makes one report.
type maker struct {
	body       string
	year, size int
	report     *annual.Report
}

func (m *maker) set(k form.Key, n int) {
	if m.report.Form.Cell(k) != nil {
		m.report.Cells[k] = annual.Cell{State: annual.Printed, Value: decimal.Int(int64(n)), Raw: fmt.Sprint(n)}
	}
}

func (m *maker) get(k form.Key) int {
	v, _ := m.report.Value(k)
	return int(v.Float())
}

// draw is a number below n that depends on the body, the year and a word alone.
func (m *maker) draw(word string, year, n int) int {
	h := fnv.New32a()
	fmt.Fprint(h, m.body, year, word)
	return int(h.Sum32() % uint32(max(n, 1)))
}

// applicants are the columns that have requests, with their part of a year's in per cent.
var applicants = []struct {
	column string
	part   int
}{{"natural", 82}, {"biz", 9}, {"npo", 2}, {"legal", 5}, {"other", 2}}

// outcomes are how requests end, in per cent; the rest is disclosed.
var outcomes = []struct {
	row  string
	part int
}{
	{"partial", 13}, {"deny.third", 4}, {"deny.internal", 3}, {"deny.process", 3}, {"deny.casefile", 4}, {"deny.query", 3},
	{"unable.nohold", 16}, {"unable.make", 3}, {"unable.unclear", 2}, {"noproc.petition", 4}, {"noproc.repeat", 2},
	{"other.misc", 3}, {"other", 3},
}

// requests fills table three.
func (m *maker) requests() {
	for _, a := range applicants {
		column := func(row string) form.Key { return form.Key("T3." + row + "." + a.column) }
		in, out := m.carried(a.column, a.part, m.year-1), m.carried(a.column, a.part, m.year)
		fresh := max(m.size*a.part*(100+9*(m.year-2019))/10000+m.draw(a.column, m.year, m.size*a.part/400+1), out-in)
		m.set(column("new"), fresh)
		m.set(column("carry_in"), in)
		m.set(column("carry_out"), out)
		done := fresh + in - out
		m.set(column("done.total"), done)
		rest := done
		for _, o := range outcomes {
			if m.report.Form.Cell(column("done."+o.row)) != nil {
				n := done * o.part / 100
				m.set(column("done."+o.row), n)
				rest -= n
			}
		}
		m.set(column("done.open"), rest)
	}
	for _, row := range m.report.Form.Table("T3").Rows {
		sum := 0
		for _, c := range row.Cells[:len(row.Cells)-1] {
			sum += m.get(c.Key)
		}
		m.set(form.Key(row.Key+".total"), sum)
	}
}

// carried is what a year hands to the next.
func (m *maker) carried(column string, part, year int) int {
	return m.draw("carried "+column, year, m.size*part/1500+1)
}

// disputes fills table four.
func (m *maker) disputes() {
	for group, part := range map[string]int{"review": 40, "direct": 90, "after": 120} {
		sum := 0
		for i, c := range []string{"upheld", "corrected", "other", "pending"} {
			n := m.draw(group+c, m.year, m.size/part/(i+1)+1)
			m.set(form.Key("T4."+group+"."+c), n)
			sum += n
		}
		m.set(form.Key("T4."+group+".total"), sum)
	}
}

// proactive fills table two. The documents in force are counted from 2018 on.
func (m *maker) proactive() {
	force := 12 + m.draw("force", 0, 20)
	for y := 2019; y <= m.year; y++ {
		issued, repealed := m.draw("issued", y, 6), m.draw("repealed", y, 4)
		force += issued - repealed
		m.set("T2.normdocs.issued", issued)
		m.set("T2.normdocs.repealed", repealed)
		m.set("T2.normdocs.made", issued)
		m.set("T2.normdocs.opened", issued)
	}
	m.set("T2.normdocs.in_force", force)
	m.set("T2.normdocs.open_total", force)
	m.set("T2.license.decisions", 4*m.size+m.draw("license", m.year, m.size))
	m.set("T2.penalty.decisions", m.size/2+m.draw("penalty", m.year, m.size/4+1))
	m.set("T2.license.prev_items", 18)
	m.set("T2.services.prev_items", 31)
	m.set("T2.penalty.prev_items", 44)
	m.set("T2.procurement.projects", 6)
	m.set("T2.procurement.amount", 210+m.draw("amount", m.year, 90))
}

// text fills the parts with made.txt, whose figures are those of the tables.
func (m *maker) text() {
	words := []string{"{body}", m.body, "{year}", fmt.Sprint(m.year)}
	for name, key := range map[string]form.Key{
		"{new}": "T3.new.total", "{carry_in}": "T3.carry_in.total", "{carry_out}": "T3.carry_out.total",
		"{done}": "T3.done.total.total", "{license}": "T2.license.decisions", "{penalty}": "T2.penalty.decisions",
	} {
		words = append(words, name, fmt.Sprint(m.get(key)))
	}
	part, parts := "", map[string][]annual.Text{}
	for line := range strings.Lines(strings.NewReplacer(words...).Replace(madeText)) {
		line = strings.TrimSpace(line)
		if name, heading := strings.CutPrefix(line, "# "); heading {
			part = name
			continue
		}
		parts[part] = append(parts[part], annual.Text{Text: line})
	}
	m.report.Preface = parts["preface"]
	for _, s := range m.report.Form.Sections {
		paragraphs := parts[s.Key]
		if s.Key == "s1" && agency.KindOf(m.body) == agency.Government {
			paragraphs = append(paragraphs, parts["government"]...)
		}
		m.report.Sections = append(m.report.Sections, annual.Section{Key: s.Key, Heading: annual.Text{Text: s.Full}, Paragraphs: paragraphs})
	}
}
