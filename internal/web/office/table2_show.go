package office

import (
	"net/http"
	"strconv"
	"strings"

	"gongkai/internal/annual/compile"
	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

// yearOf is the report year the address asks for: last year if none, as reports are made in January.
func (o *Office) yearOf(r *http.Request) int {
	if y, err := strconv.Atoi(r.URL.Query().Get("year")); err == nil {
		return y
	}
	return o.today().Year() - 1
}

func (o *Office) showTable2(w http.ResponseWriter, r *http.Request) error {
	p, err := o.table2Page(r, o.yearOf(r))
	if err != nil {
		return err
	}
	return o.show(w, r, "record", p)
}

// table2Page is table two as the form prints it, each figure a link to its records.
func (o *Office) table2Page(r *http.Request, year int) (*RecordPage, error) {
	t, err := compile.Compile(r.Context(), o.Normative.DB, o.Actor(r), o.Body(r), year)
	if err != nil {
		return nil, err
	}
	p := &RecordPage{Page: o.page(r, printer(r).T("law.table2.of", "year", year)), Lead: printer(r).T("law.table2.lead")}
	p.Tabs = &Tabs{Label: p.T("law.year")}
	for y := o.today().Year(); y >= max(2021, o.today().Year()-4); y-- {
		p.Tabs.Tabs = append(p.Tabs.Tabs, Tab{Text: strconv.Itoa(y), Href: o.path(r, "/office/table2") + "?year=" + strconv.Itoa(y), On: y == year})
	}
	for _, row := range form.ForYear(year).Table("T2").Rows {
		p.Cards = append(p.Cards, o.figureCard(r, p.Printer, t, row))
	}
	for _, b := range t.Balances {
		if b != (compile.Balance{Kind: b.Kind}) { // most bodies make no rules
			p.Side = append(p.Side, balanceCard(p.Printer, b))
		}
	}
	p.Lists, p.Forms = []*List{feeList(p.Page, t)}, []Section{feeForm(p.Page, year)}
	return p, nil
}

func (o *Office) figureCard(r *http.Request, p i18n.Printer, t *compile.Table, row *form.Row) Card {
	c := Card{ID: strings.ReplaceAll(row.Key, ".", "-"), Title: row.Label, Note: row.Block}
	for _, cell := range row.Cells {
		f, ok := t.Figure(cell.Key)
		if !ok {
			continue
		}
		c.Facts = append(c.Facts, Fact{Label: cell.Column, Value: f.Value.String(),
			Href: o.path(r, "/office/table2/%s", string(f.Key)) + "?year=" + strconv.Itoa(t.Year)})
	}
	return c
}

// balanceCard explains the three figures of documents against the year before. R-AR-07.
func balanceCard(p i18n.Printer, b compile.Balance) Card {
	c := Card{ID: "balance-" + string(b.Kind), Title: p.T("law.table2.balance", "kind", stateWord(b.Kind)), Note: p.T("law.table2.uneven")}
	if b.Even() {
		c.Note = p.T("law.table2.even")
	}
	for _, f := range []struct {
		key    string
		n      int
		reason bool
	}{
		{"law.table2.before", b.Before, false}, {"law.table2.issued", b.Issued, false}, {"law.table2.repealed", b.Repealed, false},
		{"law.table2.expired", b.Expired, true}, {"law.table2.invalidated", b.Invalidated, true}, {"law.table2.later", b.Later, true},
		{"law.table2.earlier", b.Earlier, true}, {"law.table2.in_force", b.InForce, false},
	} {
		if f.n > 0 || !f.reason {
			c.Facts = append(c.Facts, Fact{Label: p.T(f.key), Value: strconv.Itoa(f.n)})
		}
	}
	return c
}

func feeList(p Page, t *compile.Table) *List {
	columns := []Column{{Key: "name", Text: p.T("law.fee.name")}, {Key: "basis", Text: p.T("law.fee.basis"), Wide: true}, {Key: "amount", Text: p.T("law.fee.amount"), Num: true, Slim: true}}
	l := NewList(p, p.T("law.fee.title"), columns, ListQuery{})
	for _, f := range t.Fees {
		l.Rows = append(l.Rows, Row{ID: f.ID, Name: f.Name, Cells: []Cell{{Text: f.Name, Lang: "zh-CN"}, {Text: f.Basis, Lang: "zh-CN"}, {Text: f.Amount.String()}}})
	}
	l.Export, l.Empty = false, p.T("law.fee.none")
	return l
}

func feeForm(p Page, year int) Section {
	f := NewForm(p, "", Group{Fields: []Field{
		{Name: "name", Label: p.T("law.fee.name"), Required: true, Half: true, Most: 100, Lang: "zh-CN"},
		{Name: "amount", Label: p.T("law.fee.amount"), Required: true, Half: true, Most: 20, Help: HelpOn(p.Printer, "law.help.fee", statute.OGI2019.Art(20, 0, 8))},
		{Name: "basis", Label: p.T("law.fee.basis"), Half: true, Most: 200, Lang: "zh-CN"},
		{Name: "standard", Label: p.T("law.fee.standard"), Half: true, Most: 200, Lang: "zh-CN"},
	}})
	f.Hidden, f.Buttons = []Field{{Name: "year", Value: strconv.Itoa(year)}}, []Button{{Text: p.T("law.fee.add"), Tone: "primary"}}
	return Section{ID: "fee", Title: p.T("law.fee.add"), Form: f, Folded: true}
}

// collectFee enters what was collected of a fee.
func (o *Office) collectFee(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	amount, wrong := decimal.Parse(f.Need("amount"))
	if wrong != nil {
		f.Fail(credit.ErrFeeAmount)
	}
	in := credit.Fee{Agency: o.Body(r), Year: f.Int64("year"), Name: f.Need("name"), Basis: f.Text("basis"), Standard: f.Text("standard"), Amount: amount}
	err := f.Err()
	if err == nil {
		_, err = o.Credit.Collect(r.Context(), o.Actor(r), in)
	}
	if err == nil {
		http.Redirect(w, r, o.path(r, "/office/table2")+"?year="+strconv.FormatInt(in.Year, 10), http.StatusSeeOther)
		return nil
	}
	if fault.KindOf(err) != fault.Invalid {
		return err
	}
	p, broken := o.table2Page(r, int(in.Year))
	if broken != nil {
		return broken
	}
	return o.answerRecord(w, r, p, "fee", err)
}

// figurePage limits the records a page lists behind a figure.
const figurePage = 200

// showFigure lists the records behind one figure.
func (o *Office) showFigure(w http.ResponseWriter, r *http.Request) error {
	t, err := compile.Compile(r.Context(), o.Normative.DB, o.Actor(r), o.Body(r), o.yearOf(r))
	if err != nil {
		return err
	}
	f, ok := t.Figure(form.Key(r.PathValue("key")))
	if !ok {
		return web.ErrNoPage
	}
	p := ListPage{Page: o.page(r, printer(r).T("law.table2.behind", "value", f.Value.String()))}
	p.Crumb(p.T("law.table2.of", "year", t.Year), o.path(r, "/office/table2")+"?year="+strconv.Itoa(t.Year))
	columns := []Column{{Key: "title", Text: p.T("law.column.title")}, {Key: "no", Text: p.T("law.column.doc_no"), Slim: true}, {Key: "day", Text: p.T("law.column.day"), Slim: true}, {Key: "state", Text: p.T("law.column.state"), Slim: true}}
	l := NewList(p.Page, p.Title, columns, ListQuery{})
	for _, id := range f.Records[:min(len(f.Records), figurePage)] {
		row, err := o.figureRow(r, p.Printer, f.Source, id, t)
		if err != nil {
			return err
		}
		l.Rows = append(l.Rows, row)
	}
	l.Export, l.Total, l.Empty = false, p.T("law.total", "n", len(f.Records)), p.T("law.table2.nothing")
	p.List = l
	return o.show(w, r, "list", &p)
}

func (o *Office) figureRow(r *http.Request, p i18n.Printer, s compile.Source, id string, t *compile.Table) (Row, error) {
	switch s {
	case compile.Normative:
		n, err := o.Normative.Load(r.Context(), o.Actor(r), id)
		if err != nil {
			return Row{}, err
		}
		return Row{ID: id, Cells: []Cell{{Text: n.Title, Href: o.path(r, "/office/normative/%s", id), Lang: "zh-CN"}, {Text: n.DocNo, Lang: "zh-CN"}, {Text: n.IssuedOn.String()}, {Badge: normativeState(p, n.State)}}}, nil
	case compile.Credit:
		d, err := o.Credit.Load(r.Context(), o.Actor(r), id)
		if err != nil {
			return Row{}, err
		}
		return Row{ID: id, Cells: []Cell{{Text: d.Masked(), Href: o.path(r, "/office/credit/%s", id), Lang: "zh-CN"}, {Text: d.No, Lang: "zh-CN"}, {Text: d.DecidedOn.String()}, {Badge: creditState(p, d.State)}}}, nil
	}
	for _, f := range t.Fees {
		if f.ID == id {
			return Row{ID: id, Cells: []Cell{{Text: f.Name, Sub: f.Basis, Lang: "zh-CN"}, {Text: f.Amount.String()}, {Text: strconv.Itoa(t.Year)}, {}}}, nil
		}
	}
	return Row{}, normative.ErrNone
}
