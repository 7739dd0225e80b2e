package print

import (
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/annual"
	"gongkai/internal/annual/rule"
	"gongkai/internal/check"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/paper"
	"gongkai/internal/place"
	"gongkai/internal/statute"
)

// Checked is a report and what its check found (核查结果).
type Checked struct {
	Report   *annual.Report
	Audit    rule.Audit
	Previous *annual.Report // the report on the year before it was compared with, if any
}

// FindingFormats lists the formats findings are printed in, as Formats does for reports.
var FindingFormats = []Format{DOCX, PDF, XLSX, HTML, TXT}

// ErrFindingFormat is the error for a format findings are not printed in.
var ErrFindingFormat = &fault.Error{Kind: fault.Invalid, Code: "print.findings.format", Field: "to"}

// WriteFindings prints what the check of one or many reports found as f: as a document for
// those who must answer it, or, as XLSX, a row for each finding. A refused report stands
// there with the reasons.
func WriteFindings(w io.Writer, checked []Checked, f Format, o Options) error {
	if !slices.Contains(FindingFormats, f) {
		return ErrFindingFormat.With("format", string(f))
	}
	a := account{p: i18n.To(i18n.ParseLang(string(o.Lang)))}
	switch f {
	case DOCX:
		return paper.WriteDOCX(w, a.document(checked))
	case XLSX:
		return a.writeXLSX(w, checked)
	case HTML:
		return paper.WriteHTML(w, a.document(checked), nil)
	case TXT:
		return paper.WriteText(w, a.document(checked))
	}
	return writePDF(w, a.document(checked), o)
}

// account words findings in one language.
type account struct{ p i18n.Printer }

// document returns the findings as an official document.
func (a account) document(checked []Checked) *paper.Document {
	d := &paper.Document{Title: a.title(checked)}
	d.Meta = paper.Meta{Title: d.Title, Lang: string(a.p.Lang())}
	if len(checked) == 1 {
		d.Body = a.report(checked[0])
		return d
	}
	d.Body = []paper.Block{{Text: a.overall(checked)}}
	for i, c := range checked {
		no := strconv.Itoa(i + 1)
		if a.p.Lang() == i18n.Chinese {
			no = statute.Numeral(i + 1)
		}
		d.Body = append(d.Body, paper.Block{Style: paper.Heading, Text: a.p.T("print.findings.heading", "no", no, "report", a.bodyYear(c.Report))})
		d.Body = append(d.Body, a.report(c)...)
	}
	return d
}

// title names the report, or how many there are.
func (a account) title(checked []Checked) string {
	if len(checked) != 1 {
		return a.p.T("print.findings.title_many", "n", len(checked))
	}
	inner := strings.NewReplacer("《", "〈", "》", "〉")
	return a.p.T("print.findings.title", "report", inner.Replace(a.name(checked[0].Report)))
}

// name is what a report is called: by its title, its file, or neither.
func (a account) name(r *annual.Report) string {
	switch {
	case r.Title.Text != "":
		return flat(r.Title.Text)
	case r.Form != nil && r.Agency.Text != "" && r.Year > 0:
		return title(r)
	case r.File != "":
		return file(r)
	}
	return a.p.T("print.findings.unnamed")
}

// bodyYear names a report among others by whose and of which year it is.
func (a account) bodyYear(r *annual.Report) string {
	if r.Agency.Text == "" || r.Year == 0 {
		return a.name(r)
	}
	return a.p.T("print.findings.body_year", "agency", flat(r.Agency.Text), "year", r.Year)
}

// file returns the name of the file a report was read from, without the folders it lay in.
func file(r *annual.Report) string {
	if r.File == "" {
		return ""
	}
	return path.Base(strings.ReplaceAll(r.File, `\`, "/"))
}

// tally counts a report's findings; that of a refused one is only that it is no report.
func (c Checked) tally() rule.Tally {
	if c.Report.Refused != nil {
		return rule.Tally{}
	}
	return rule.Count(c.Report, c.Audit.Findings)
}

// counts says a tally in words.
func (a account) counts(t rule.Tally) string {
	var parts []string
	for _, m := range t.Counts() {
		parts = append(parts, a.p.Text(m))
	}
	return strings.Join(parts, a.p.T("print.findings.comma"))
}

// overall sums up many reports.
func (a account) overall(checked []Checked) string {
	var sum rule.Tally
	refused := 0
	for _, c := range checked {
		sum = sum.Add(c.tally())
		if c.Report.Refused != nil {
			refused++
		}
	}
	text := a.p.T("print.findings.verdict_many", "n", len(checked)-refused, "counts", a.counts(sum))
	if refused > 0 {
		text += a.apart() + a.p.T("print.findings.refused_many", "n", refused)
	}
	return text
}

// apart stands between two sentences.
func (a account) apart() string {
	if a.p.Lang() == i18n.English {
		return " "
	}
	return ""
}

// report returns what is said of one report.
func (a account) report(c Checked) []paper.Block {
	blocks := []paper.Block{{Text: a.facts(c)}}
	if c.Report.Refused != nil {
		return append(blocks, paper.Block{Text: a.p.T("print.findings.refused", "reasons", a.reasons(c.Report))})
	}
	blocks = append(blocks, paper.Block{Text: a.p.T("print.findings.verdict", "counts", a.counts(c.tally()))})
	for i, f := range c.Audit.Findings {
		blocks = append(blocks, a.finding(i+1, c.Report, f)...)
	}
	if n := len(c.Audit.Verified); n > 0 {
		blocks = append(blocks, paper.Block{Text: a.p.T("print.findings.verified", "n", n)})
	}
	return blocks
}

// facts says whose report it is, of which year and from which file.
func (a account) facts(c Checked) string {
	r := c.Report
	var parts []string
	if r.Agency.Text != "" {
		parts = append(parts, a.p.T("print.findings.facts.agency", "agency", flat(r.Agency.Text)))
	}
	if r.Year > 0 {
		parts = append(parts, a.p.T("print.findings.facts.year", "year", r.Year))
	}
	if r.File != "" {
		parts = append(parts, a.p.T("print.findings.facts.file", "file", file(r)))
	}
	if c.Previous != nil {
		parts = append(parts, a.previous(c.Previous))
	}
	return strings.Join(parts, a.p.T("print.findings.semicolon"))
}

// previous says with which report on the year before a report was compared.
func (a account) previous(r *annual.Report) string {
	return a.p.T("print.findings.facts.previous", "agency", flat(r.Agency.Text), "year", r.Year, "file", file(r))
}

// reasons lists why a source is no report.
func (a account) reasons(r *annual.Report) string {
	var parts []string
	for _, m := range r.Refused.Reasons {
		parts = append(parts, strings.TrimRight(a.p.Text(m), "。."))
	}
	return strings.Join(parts, a.p.T("print.findings.semicolon"))
}

// finding returns a numbered finding: what is wrong, the arithmetic, where, on what ground,
// what to do.
func (a account) finding(no int, r *annual.Report, f check.Finding) []paper.Block {
	blocks := []paper.Block{{Style: paper.Subheading, Text: a.p.T("print.findings.item",
		"no", no, "severity", a.severity(r, f), "message", a.message(f), "code", f.Code)}}
	add := func(m i18n.Message) { blocks = append(blocks, paper.Block{Text: a.p.Text(m)}) }
	if f.Working != "" {
		add(i18n.M("print.findings.working", "text", f.Working))
	}
	for i, q := range f.Places {
		if len(f.Places) == 1 {
			add(i18n.M("print.findings.place", "text", a.place(q)))
			continue
		}
		add(i18n.M("print.findings.place_of", "no", i+1, "text", a.place(q)))
	}
	if cite := a.cite(f.Cite); cite != "" {
		add(i18n.M("print.findings.ground", "text", cite))
	}
	if !f.Advice.IsZero() {
		add(i18n.M("print.findings.advice", "text", flat(a.p.Text(f.Advice))))
	}
	return blocks
}

// message says what is wrong.
func (a account) message(f check.Finding) string { return flat(a.p.Text(f.Message)) }

// severity is the word for a finding's gravity.
func (a account) severity(r *annual.Report, f check.Finding) string {
	switch {
	case rule.Waits(r, f):
		return a.p.T("print.findings.unsettled")
	case f.Severity == check.Error:
		return a.p.T("print.findings.error")
	case f.Severity == check.Warning:
		return a.p.T("print.findings.warning")
	}
	return a.p.T("print.findings.info")
}

// place cites where a finding rests and the words that stand there.
func (a account) place(q check.Quote) string {
	where := a.where(q)
	switch {
	case q.Text == "":
		return where
	case where == "":
		return a.p.T("print.findings.quote", "text", inner(q.Text))
	}
	return a.p.T("print.findings.quoted", "place", where, "text", inner(q.Text))
}

// where cites a place by its line, page or cell and by what the form calls it.
func (a account) where(q check.Quote) string {
	var parts []string
	if at := a.at(q.At); at != "" {
		parts = append(parts, at)
	}
	if label := flat(a.p.Text(q.Label)); label != "" {
		parts = append(parts, label)
	}
	return strings.Join(parts, a.p.T("print.findings.comma"))
}

func (a account) at(p place.Place) string {
	if a.p.Lang() == i18n.English {
		return p.English()
	}
	return p.String()
}

func (a account) cite(r statute.Ref) string {
	if a.p.Lang() == i18n.English {
		return r.English()
	}
	return r.String()
}

// flat puts words of a source on one line.
func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

// inner makes words fit between quotation marks: GB/T 15834-2011 4.8.3.2: “当引号中还需要
// 使用引号时，外面一层用双引号，里面一层用单引号。”
func inner(text string) string {
	return strings.NewReplacer("“", "‘", "”", "’", `"`, "'").Replace(flat(text))
}
