package desk

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/annual/print"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// listPage lists the files of a batch.
type listPage struct {
	web.Page
	Self     string
	Problem  string // why the last upload was cut short
	Sum      string
	Rows     []rowView
	Reports  int // files that hold a report
	Faulty   int // reports with errors
	Broken   int // files that are no report
	Orders   []orderView
	Formats  []download
	Results  []download // the findings
	Left     string
	FileSize string
	Start    string
}

// rowView is one file of the list.
type rowView struct {
	i18n.Printer
	No      int
	Name    string
	Href    string
	Title   string
	Agency  string
	Year    string
	Form    string
	Verdict verdictView
	Reasons []string // why it is no report
	Usable  bool
}

// orderView is a way to sort the list.
type orderView struct {
	Href, Text string
	On         bool
}

// orders are the ways to sort, the first by default.
var orders = []struct {
	key     string
	text    i18n.Message
	compare func(a, b *entry) int
}{
	{"gravity", i18n.M("desk.order.gravity"), gravity},
	{"agency", i18n.M("desk.order.agency"), byAgency},
	{"added", i18n.M("desk.order.added"), func(a, b *entry) int { return cmp.Compare(a.no, b.no) }},
}

func byAgency(a, b *entry) int {
	key := func(e *entry) (string, int) {
		if !e.usable() {
			return "", 0
		}
		return e.report.Agency.Text, e.report.Year
	}
	na, ya := key(a)
	nb, yb := key(b)
	return cmp.Or(cmp.Compare(na, nb), cmp.Compare(ya, yb), cmp.Compare(a.no, b.no))
}

// sorted returns es in the order called key.
func sorted(es []*entry, key string) []*entry {
	order := orders[0].compare
	for _, o := range orders {
		if o.key == key {
			order = o.compare
		}
	}
	slices.SortFunc(es, order)
	return es
}

// listAgain leads to the list, which says what went wrong; it may be loaded anew.
func (d *desk) listAgain(w http.ResponseWriter, r *http.Request, b *batch, problem error) error {
	b.fail(problem)
	return d.goTo(w, r, "/desk/%s/?problem", b.id)
}

func (d *desk) showBatch(w http.ResponseWriter, r *http.Request, b *batch) error {
	p := listPage{
		Page: d.page(r, printer(r).T("desk.list.title")), Self: d.path(r, "/desk/%s/", b.id),
		Left: span(printer(r), d.Limits.Idle), FileSize: megabytes(d.Limits.File), Start: d.path(r, "/"),
	}
	if problem := b.failure(); problem != nil && r.URL.Query().Has("problem") {
		p.Problem = p.Text(messageOf(problem))
	}
	chosen := r.URL.Query().Get("order")
	for i, o := range orders {
		p.Orders = append(p.Orders, orderView{
			Href: "?order=" + o.key, Text: p.Text(o.text), On: o.key == chosen || chosen == "" && i == 0,
		})
	}
	for _, e := range sorted(b.list(), chosen) {
		p.add(d, r, b, e)
	}
	p.Sum = p.sum()
	for _, f := range print.Formats {
		p.Formats = append(p.Formats, download{p.Text(labels[f]), string(f)})
	}
	p.Results = findingDownloads(p.Printer, "")
	return d.pages.Write(w, r, http.StatusOK, "list", p)
}

// sum says what the batch holds, without what it does not hold.
func (p *listPage) sum() string {
	var parts []string
	switch {
	case p.Faulty > 0:
		parts = append(parts, p.T("desk.list.reports_faulty", "n", p.Reports, "faulty", p.Faulty))
	case p.Reports > 0:
		parts = append(parts, p.T("desk.list.reports", "n", p.Reports))
	}
	if p.Broken > 0 {
		parts = append(parts, p.T("desk.list.broken", "n", p.Broken))
	}
	return p.T("desk.list.sum", "files", len(p.Rows), "parts", strings.Join(parts, p.T("desk.list.and")))
}

// add puts a file on the list and into its sums.
func (p *listPage) add(d *desk, r *http.Request, b *batch, e *entry) {
	h := head(p.Printer, e)
	v := rowView{
		Printer: p.Printer, No: e.no, Name: e.name, Href: d.path(r, "/desk/%s/%d/", b.id, e.no),
		Title: h.Title, Agency: h.Agency, Year: h.Year, Form: h.Form, Verdict: h.Verdict, Usable: e.usable(),
	}
	switch h.Verdict.State {
	case "broken":
		v.Reasons = []string{broken(p.Printer, e)}
	case "refused":
		for _, m := range e.report.Refused.Reasons {
			v.Reasons = append(v.Reasons, p.Text(m))
		}
	}
	p.Rows = append(p.Rows, v)
	switch {
	case !e.usable():
		p.Broken++
	case h.Verdict.Errors > 0:
		p.Faulty++
		fallthrough
	default:
		p.Reports++
	}
}

// removeFiles takes the chosen files out of the batch.
func (d *desk) removeFiles(w http.ResponseWriter, r *http.Request, b *batch) error {
	r.Body = http.MaxBytesReader(w, r.Body, formSize)
	if err := r.ParseForm(); err != nil {
		return uploadFault(err)
	}
	nos := numbers(r.PostForm["f"])
	if len(nos) == 0 {
		return d.listAgain(w, r, b, ErrNothingTicked)
	}
	b.remove(d.today(), nos)
	return d.goTo(w, r, "/desk/%s/", b.id)
}

// numbers reads file numbers; what is none is left out.
func numbers(ss []string) []int {
	var ns []int
	for _, s := range ss {
		if n, err := strconv.Atoi(s); err == nil {
			ns = append(ns, n)
		}
	}
	return ns
}

// chosen returns the reports whose numbers the query lists, all of them for none.
func (b *batch) chosen(r *http.Request) []*entry {
	nos := numbers(r.URL.Query()["f"])
	return slices.DeleteFunc(b.list(), func(e *entry) bool {
		return !e.usable() || len(nos) > 0 && !slices.Contains(nos, e.no)
	})
}

// messageOf returns what a user may read of err.
func messageOf(err error) i18n.Message {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Message()
	}
	return ErrBroken.Message()
}
