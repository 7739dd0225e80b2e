package narrative

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/place"
)

// corpus returns the folder of real reports.
func corpus(t testing.TB) string {
	dir := os.Getenv("GONGKAI_CORPUS")
	if dir == "" {
		dir = "../../../../shared/corpus"
	}
	dir = filepath.Join(dir, "reports")
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("the corpus of real reports is missing; set GONGKAI_CORPUS: %v", err)
	}
	return dir
}

// headings tell where a section of the form begins. The narrative is tested on its own:
// the cells come from the hand-made truth, the text is cut here.
var headings = []struct {
	key string
	re  *regexp.Regexp
}{
	{"s1", regexp.MustCompile(`^[一二三四五六]、总体情况`)},
	{"s2", regexp.MustCompile(`^[一二三四五六]、主动公开政府信息情况`)},
	{"s3", regexp.MustCompile(`^[一二三四五六]、收到和处理`)},
	{"s4", regexp.MustCompile(`^[一二三四五六]、政府信息公开行政复议`)},
	{"s5", regexp.MustCompile(`^[一二三四五六]、存在`)},
	{"s6", regexp.MustCompile(`^[一二三四五六]、其他需要`)},
}

var tableLine = regexp.MustCompile(`[|\t│]|^#|区分处理的|本列数据|^[一二三四]、.*(数量|继续办理)|^（[一二三四五六七]）(予以|部分|不予|无法|其他处理|总计)|^[1-8]\.(属于|其他法律|危及|保护|本机关|没有现成|补正后|信访|重复|要求|无正当|申请人)|公开申请$|政机关不再|再处理其|期不补正`)

// parse cuts the text of a report into sections.
func parse(text string) *annual.Report {
	r := &annual.Report{Cells: map[form.Key]annual.Cell{}}
	var sec *annual.Section
	for n, line := range strings.Split(text, "\n") {
		at := place.Place{Block: n + 1, Line: n + 1}
		trimmed := strings.TrimSpace(line)
		if trimmed == "" || strings.HasPrefix(trimmed, "# meta") {
			continue
		}
		opened := false
		for _, h := range headings {
			if h.re.MatchString(trimmed) {
				r.Sections = append(r.Sections, annual.Section{Key: h.key, Heading: annual.Text{Text: trimmed, At: at}})
				sec, opened = &r.Sections[len(r.Sections)-1], true
			}
		}
		if opened {
			continue
		}
		t := annual.Text{Text: line, At: at}
		switch {
		case sec == nil:
			r.Preface = append(r.Preface, t)
		case tableLine.MatchString(line):
		case sec.Key >= "s2" && sec.Key <= "s4" && !strings.ContainsAny(line, ",，。"):
		default:
			sec.Paragraphs = append(sec.Paragraphs, t)
		}
	}
	return r
}

// setCells fills the cells; a nil value is a printed blank.
func setCells(r *annual.Report, cells map[string]*json.Number) {
	for k, v := range cells {
		c := annual.Cell{State: annual.Blank}
		if v != nil {
			c = annual.Cell{State: annual.Printed, Value: decimal.MustParse(v.String()), Raw: v.String()}
		}
		r.Cells[form.Key(k)] = c
	}
}

// realReports returns every report of the corpus with its true cells.
func realReports(t testing.TB) map[string]*annual.Report {
	dir := corpus(t)
	raw, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth map[string]struct {
		File, Agency, Form string
		Year               int
		Cells              map[string]*json.Number
		Ambiguous          []string
	}
	if err := json.Unmarshal(raw, &truth); err != nil {
		t.Fatal(err)
	}
	all := map[string]*annual.Report{}
	for name, tr := range truth {
		if tr.Form == "" || tr.File == "" || !strings.HasSuffix(tr.File, ".txt") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, "..", tr.File))
		if err != nil {
			t.Fatal(err)
		}
		r := parse(string(text))
		r.Form, r.Year, r.Agency.Text = form.ByID(tr.Form), tr.Year, tr.Agency
		setCells(r, tr.Cells)
		for _, k := range tr.Ambiguous {
			delete(r.Cells, form.Key(k))
		}
		all[name] = r
	}
	openings(t, dir, all)
	return all
}

// openings adds the beginnings of further reports with the cells they reach.
func openings(t testing.TB, dir string, all map[string]*annual.Report) {
	f, err := os.Open(filepath.Join(dir, "openings.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var o struct {
			ID, Agency, Text string
			Year             int
			Facts            struct {
				Norm     []json.Number
				NewTotal *json.Number `json:"new_total"`
				Penalty  *json.Number
				Form     string
			}
		}
		if err := json.Unmarshal(sc.Bytes(), &o); err != nil {
			t.Fatal(err)
		}
		r := parse(o.Text)
		r.Form, r.Year, r.Agency.Text = form.ByID("2021"), o.Year, o.Agency
		if o.Facts.Form != "" {
			r.Form = form.ByID(o.Facts.Form)
		}
		cells := map[string]*json.Number{}
		if len(o.Facts.Norm) == 3 && r.Form.ID == "2021" {
			cells["T2.normdocs.issued"], cells["T2.normdocs.repealed"], cells["T2.normdocs.in_force"] = &o.Facts.Norm[0], &o.Facts.Norm[1], &o.Facts.Norm[2]
		}
		if o.Facts.NewTotal != nil {
			cells["T3.new.total"] = o.Facts.NewTotal
		}
		if o.Facts.Penalty != nil {
			cells["T2.penalty.decisions"] = o.Facts.Penalty
		}
		setCells(r, cells)
		all[o.ID] = r
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}
