package desk

import (
	"archive/zip"
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strings"

	"gongkai/internal/annual/print"
	"gongkai/internal/i18n"
)

// download is a link to a format.
type download struct{ Label, Href string }

// labels names the formats.
var labels = map[print.Format]i18n.Message{
	print.DOCX: i18n.M("desk.format.docx"),
	print.PDF:  i18n.M("desk.format.pdf"),
	print.XLSX: i18n.M("desk.format.xlsx"),
	print.HTML: i18n.M("desk.format.html"),
	print.TXT:  i18n.M("desk.format.txt"),
	print.JSON: i18n.M("desk.format.json"),
}

// sendReport sends one report in the format asked for.
func (d *desk) sendReport(w http.ResponseWriter, r *http.Request, _ *batch, e *entry) error {
	format, err := print.ParseFormat(r.PathValue("format"))
	if err != nil {
		return err
	}
	if !e.usable() {
		return ErrNoReport
	}
	var b bytes.Buffer
	if err := print.Write(&b, e.report, format, print.Options{}); err != nil {
		return err
	}
	return send(w, plainName(e)+"."+string(format), format.MediaType(), b.Bytes())
}

// send offers data as a file to save; it is never shown in the page's own origin.
func send(w http.ResponseWriter, name, kind string, data []byte) error {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Length", fmt.Sprint(len(data)))
	_, _ = w.Write(data) // the browser may leave at any time
	return nil
}

// plainName is what a report's files are called: its title, or the name of its source.
func plainName(e *entry) string {
	if t := e.report.Title.Text; t != "" {
		return safeName(t)
	}
	return safeName(strings.TrimSuffix(e.name, path.Ext(e.name)))
}

// safeName makes a name that every file system takes and that leads nowhere else.
func safeName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, strings.Join(strings.Fields(s), ""))
	s = strings.Trim(s, ". ")
	if runes := []rune(s); len(runes) > 80 { // 240 bytes; file systems take 255
		s = string(runes[:80])
	}
	if s == "" {
		return "_"
	}
	return s
}

// sendZip sends the chosen reports in one format, with a list of all files and verdicts.
func (d *desk) sendZip(w http.ResponseWriter, r *http.Request, b *batch) error {
	format, err := print.ParseFormat(r.URL.Query().Get("format"))
	if err != nil {
		return err
	}
	chosen := b.chosen(r)
	if len(chosen) == 0 {
		return ErrNothingChosen
	}
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	names := map[string]bool{}
	for _, e := range chosen {
		f, err := z.CreateHeader(&zip.FileHeader{
			Name: freeName(names, plainName(e), "."+string(format)), Method: zip.Deflate, Modified: d.Now(),
		})
		if err != nil {
			return err
		}
		if err := print.Write(f, e.report, format, print.Options{}); err != nil {
			return err
		}
	}
	if err := d.zipFindings(z, printer(r), findingFormat(format), chosen); err != nil {
		return err
	}
	f, err := z.CreateHeader(&zip.FileHeader{
		Name: printer(r).T("desk.zip.list") + ".txt", Method: zip.Deflate, Modified: d.Now(),
	})
	if err != nil {
		return err
	}
	if _, err := f.Write([]byte(verdicts(printer(r), sorted(b.list(), "")))); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return send(w, printer(r).T("desk.zip.name")+".zip", "application/zip", buf.Bytes())
}

// zipFindings adds what was found in the chosen reports, as one file.
func (d *desk) zipFindings(z *zip.Writer, p i18n.Printer, format print.Format, es []*entry) error {
	f, err := z.CreateHeader(&zip.FileHeader{
		Name: p.T("desk.findings.files") + "." + string(format), Method: zip.Deflate, Modified: d.Now(),
	})
	if err != nil {
		return err
	}
	return print.WriteFindings(f, checked(es), format, print.Options{Lang: p.Lang()})
}

// freeName numbers a name that is taken.
func freeName(taken map[string]bool, name, ext string) string {
	free := name + ext
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s（%d）%s", name, n, ext)
	}
	taken[free] = true
	return free
}

// verdicts lists every file and what was found, one to a line.
func verdicts(p i18n.Printer, es []*entry) string {
	var b strings.Builder
	b.WriteString("\ufeff") // so that Notepad and Excel read it as UTF-8
	for _, e := range es {
		h := head(p, e)
		b.WriteString(e.name + "\t" + h.Agency + "\t" + h.Year + "\t" + h.Verdict.Line() + "\r\n")
	}
	return b.String()
}

// Line is the verdict in words.
func (v verdictView) Line() string {
	if v.OnlyNotes() {
		return v.T("desk.verdict.ok_notes", "n", v.Infos)
	}
	switch v.State {
	case "broken":
		return v.T("desk.verdict.broken")
	case "refused":
		return v.T("desk.verdict.refused")
	case "ok":
		return v.T("desk.verdict.ok")
	}
	var parts []string
	add := func(key string, n int) {
		if n > 0 {
			parts = append(parts, v.Text(i18n.Message{Key: key, Args: map[string]any{"n": n}}))
		}
	}
	add("desk.verdict.errors", v.Errors)
	add("desk.verdict.questions", v.Questions)
	add("desk.verdict.warnings", v.Warnings)
	add("desk.verdict.infos", v.Infos)
	return v.List(parts)
}
