package desk

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"gongkai/internal/annual/print"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// findingDownloads lists the formats in which findings can be taken away, each at base plus
// its name.
func findingDownloads(p i18n.Printer, base string) []download {
	var out []download
	for _, f := range print.FindingFormats {
		out = append(out, download{p.Text(labels[f]), base + string(f)})
	}
	return out
}

// checked returns what can be said of es: files that could be read, reports or not.
func checked(es []*entry) []print.Checked {
	var out []print.Checked
	for _, e := range es {
		if e.report != nil {
			out = append(out, print.Checked{Report: e.report, Audit: e.audit})
		}
	}
	return out
}

// sendFindings sends the findings on one report.
func (d *desk) sendFindings(w http.ResponseWriter, r *http.Request, _ *batch, e *entry) error {
	name := printer(r).T("desk.findings.file", "report", reportName(printer(r), e))
	return sendChecked(w, r, name, r.PathValue("format"), []*entry{e})
}

// sendAllFindings sends the findings on the chosen files, on all for none.
func (d *desk) sendAllFindings(w http.ResponseWriter, r *http.Request, b *batch) error {
	nos := numbers(r.URL.Query()["f"])
	es := slices.DeleteFunc(sorted(b.list(), ""), func(e *entry) bool {
		return len(nos) > 0 && !slices.Contains(nos, e.no)
	})
	return sendChecked(w, r, printer(r).T("desk.findings.files"), r.URL.Query().Get("format"), es)
}

func sendChecked(w http.ResponseWriter, r *http.Request, name, format string, es []*entry) error {
	f, err := print.ParseFormat(format)
	if err != nil {
		return err
	}
	all := checked(es)
	if len(all) == 0 {
		return ErrNothingChosen
	}
	var b bytes.Buffer
	if err := print.WriteFindings(&b, all, f, print.Options{Lang: web.LanguageOf(r)}); err != nil {
		return err
	}
	return send(w, safeName(name)+"."+string(f), f.MediaType(), b.Bytes())
}

// findingFormat is the format of the findings that go along with reports printed as f.
func findingFormat(f print.Format) print.Format {
	if slices.Contains(print.FindingFormats, f) {
		return f
	}
	return print.XLSX
}

// reportName is what a report is called where nobody has opened it yet: by its title, by its
// body and year where that is not there, or else by its file.
func reportName(p i18n.Printer, e *entry) string {
	switch r := e.report; {
	case r == nil || r.Refused != nil:
		return e.name
	case strings.TrimSpace(r.Title.Text) != "":
		return r.Title.Text
	case r.Agency.Text != "" && r.Year > 0:
		return p.T("desk.head.untitled", "body", r.Agency.Text, "year", r.Year)
	}
	return e.name
}
