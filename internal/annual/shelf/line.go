package shelf

import (
	"strings"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
)

// Line is a figure by which years are set beside each other.
type Line struct {
	Key  string
	Name i18n.Message
	Sub  bool     // a part of the one above it
	rows []string // beginnings of the rows it adds up
	cell string   // the column in them
}

// Lines are the figures of a report that people ask for, in the order of its tables.
func Lines() []Line {
	t3 := func(key string, name i18n.Message, sub bool, rows ...string) Line {
		return Line{Key: key, Name: name, Sub: sub, rows: rows, cell: "total"}
	}
	return []Line{
		t3("new", i18n.M("shelf.line.new"), false, "T3.new"),
		t3("carry_in", i18n.M("shelf.line.carry_in"), false, "T3.carry_in"),
		t3("done", i18n.M("shelf.line.done"), false, "T3.done.total"),
		t3("open", i18n.M("shelf.line.open"), true, "T3.done.open"),
		t3("partial", i18n.M("shelf.line.partial"), true, "T3.done.partial"),
		t3("deny", i18n.M("shelf.line.deny"), true, "T3.done.deny."),
		t3("unable", i18n.M("shelf.line.unable"), true, "T3.done.unable."),
		t3("noproc", i18n.M("shelf.line.noproc"), true, "T3.done.noproc."),
		t3("other", i18n.M("shelf.line.other"), true, "T3.done.other"),
		t3("carry_out", i18n.M("shelf.line.carry_out"), false, "T3.carry_out"),
		{Key: "review", Name: i18n.M("shelf.line.review"), rows: []string{"T4.review"}, cell: "total"},
		{Key: "review_corrected", Name: i18n.M("shelf.line.corrected"), Sub: true, rows: []string{"T4.review"}, cell: "corrected"},
		{Key: "suit", Name: i18n.M("shelf.line.suit"), rows: []string{"T4.direct", "T4.after"}, cell: "total"},
		{Key: "suit_corrected", Name: i18n.M("shelf.line.corrected"), Sub: true, rows: []string{"T4.direct", "T4.after"}, cell: "corrected"},
		{Key: "documents", Name: i18n.M("shelf.line.documents"), rows: []string{"T2.normdocs"}, cell: "in_force"},
		{Key: "licence", Name: i18n.M("shelf.line.licence"), rows: []string{"T2.license"}, cell: "decisions"},
		{Key: "penalty", Name: i18n.M("shelf.line.penalty"), rows: []string{"T2.penalty"}, cell: "decisions"},
	}
}

// Of returns the figure in a report, and false where the report states none of its cells. Bodies
// leave cells without cases blank: beside figures a blank adds nothing.
func (l Line) Of(r *annual.Report) (sum decimal.Decimal, known bool) {
	if r == nil || r.Form == nil {
		return 0, false
	}
	for _, t := range r.Form.Tables {
		for _, row := range t.Rows {
			if !l.counts(row.Key) {
				continue
			}
			if v, ok := r.Value(form.Key(row.Key + "." + l.cell)); ok {
				sum, known = sum+v, true
			}
		}
	}
	return sum, known
}

func (l Line) counts(row string) bool {
	for _, begin := range l.rows {
		if row == begin || strings.HasSuffix(begin, ".") && strings.HasPrefix(row, begin) || l.Key == "other" && strings.HasPrefix(row, begin+".") {
			return true
		}
	}
	return false
}
