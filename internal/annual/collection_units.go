package annual

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// Faults of a list of units.
var (
	ErrNoUnits  = &fault.Error{Kind: fault.Invalid, Code: "merge.units.none", Field: "units"}
	ErrUnitRows = &fault.Error{Kind: fault.Invalid, Code: "merge.units.rows", Field: "units"}
)

// ReadUnits reads a list of units from a file: a worksheet, a table of a document or web
// page, comma- or tab-separated text, or JSON. The first row names the columns; only 名称 is
// required, order does not matter, columns with other names are passed over:
//
//	名称            full name of the body in the year
//	曾用名          former and short names, parted by 、 or ；
//	上级            the body above it in the list; empty: directly under the superior
//	类型            部门 (due 31 January), 政府 (due 31 March) or 其他
//	口径            本级 (its own figures) or 汇总 (with those of the bodies under it)
//	统一社会信用代码
//	设立日期        set up on
//	并入            the body it was merged into
//	撤并日期        merged or dissolved on
//	更名日期        bears its present name since
//	生效日期        for lists with one date: 撤并日期 if 并入 is filled, else 更名日期
//
// JSON is a list of objects with these names as keys. Every faulty row is named in the error.
func ReadUnits(doc *extract.Document) ([]Unit, error) {
	rows, err := unitRows(doc)
	if err != nil {
		return nil, err
	}
	units, faults := parseUnits(rows)
	if len(faults) > 0 {
		return nil, ErrUnitRows.With("faults", faults).At(doc.Name)
	}
	if len(units) == 0 {
		return nil, ErrNoUnits.At(doc.Name)
	}
	return units, nil
}

// row is one line of a list with its number in the file.
type row struct {
	number int
	cells  []string
}

// unitRows finds the rows of the list: those of the first table that has a column 名称, or
// the lines of the text.
func unitRows(doc *extract.Document) ([]row, error) {
	var text strings.Builder
	for _, b := range doc.Blocks {
		if b.Table == nil {
			text.WriteString(b.Text + "\n")
			continue
		}
		if rows := tableRows(b.Table); headerAt(rows) >= 0 {
			return rows, nil
		}
	}
	body := strings.TrimSpace(text.String())
	if strings.HasPrefix(body, "[") {
		return jsonRows(body)
	}
	return textRows(body)
}

func tableRows(t *extract.Table) []row {
	var rows []row
	for n, cells := range t.Rows {
		r := row{number: n + 1, cells: make([]string, t.Columns)}
		for _, c := range cells {
			if c.At.Row > 0 {
				r.number = c.At.Row
			}
			if c.Col < len(r.cells) {
				r.cells[c.Col] = c.Text
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// textRows reads lines parted by tabs, or else commas as spreadsheets save them.
func textRows(body string) ([]row, error) {
	first, _, _ := strings.Cut(body, "\n")
	r := csv.NewReader(strings.NewReader(body))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	switch {
	case strings.Contains(first, "\t"):
		r.Comma = '\t'
	case strings.Contains(first, "，") && !strings.Contains(first, ","):
		r.Comma = '，'
	case strings.Contains(first, "|"):
		r.Comma = '|'
	}
	var rows []row
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, ErrNoUnits.Because(err)
		}
		line, _ := r.FieldPos(0)
		rows = append(rows, row{line, cells})
	}
}

// jsonRows lays a list of objects out as rows under a heading.
func jsonRows(body string) ([]row, error) {
	var objects []map[string]any
	dec := json.NewDecoder(bytes.NewReader([]byte(body)))
	dec.UseNumber()
	if err := dec.Decode(&objects); err != nil {
		return nil, ErrNoUnits.Because(err)
	}
	head := row{cells: columnNames}
	rows := []row{head}
	for n, o := range objects {
		r := row{number: n + 1}
		for _, name := range columnNames {
			r.cells = append(r.cells, jsonText(o[name]))
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func jsonText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case []any:
		parts := make([]string, len(v))
		for i, p := range v {
			parts[i] = jsonText(p)
		}
		return strings.Join(parts, "、")
	}
	return ""
}

// columnNames are the columns of a list as ReadUnits describes them.
var columnNames = []string{
	"名称", "曾用名", "上级", "类型", "口径", "统一社会信用代码", "设立日期", "并入", "撤并日期", "更名日期", "生效日期",
}

// columnAliases are other headings in use for them.
var columnAliases = map[string]string{
	"单位名称": "名称", "单位": "名称", "机关名称": "名称", "公开主体": "名称",
	"别名": "曾用名", "简称": "曾用名", "原名称": "曾用名",
	"上级单位": "上级", "主管单位": "上级", "单位类型": "类型", "报送口径": "口径",
	"代码": "统一社会信用代码", "并入单位": "并入", "承继单位": "并入",
	"撤销日期": "撤并日期", "并入日期": "撤并日期",
}

// headerAt returns which of the first rows names the columns, -1 for none.
func headerAt(rows []row) int {
	for i, r := range rows[:min(len(rows), 5)] {
		if _, ok := columnsOf(r)["名称"]; ok {
			return i
		}
	}
	return -1
}

func columnsOf(r row) map[string]int {
	at := map[string]int{}
	for i, c := range r.cells {
		name := form.Normalize(c)
		if a, ok := columnAliases[name]; ok {
			name = a
		}
		if _, twice := at[name]; !twice {
			at[name] = i
		}
	}
	return at
}

func parseUnits(rows []row) ([]Unit, []i18n.Message) {
	h := headerAt(rows)
	if h < 0 {
		return nil, []i18n.Message{i18n.M("merge.units.no_header")}
	}
	columns := columnsOf(rows[h])
	var units []Unit
	var faults []i18n.Message
	for _, r := range rows[h+1:] {
		p := unitParser{row: r, columns: columns}
		if strings.TrimSpace(strings.Join(r.cells, "")) == "" {
			continue
		}
		units = append(units, p.unit())
		faults = append(faults, p.faults...)
	}
	return units, faults
}

// unitParser reads one row and gathers what is wrong with it.
type unitParser struct {
	row     row
	columns map[string]int
	faults  []i18n.Message
}

func (p *unitParser) text(column string) string {
	if at, ok := p.columns[column]; ok && at < len(p.row.cells) {
		return strings.TrimSpace(strings.ReplaceAll(p.row.cells[at], "\n", ""))
	}
	return ""
}

func (p *unitParser) unit() Unit {
	u := Unit{
		Name: p.text("名称"), Parent: p.text("上级"), Code: p.text("统一社会信用代码"),
		MergedInto: p.text("并入"), Row: p.row.number,
		Kind: p.kind(), Scope: p.scope(),
		Since: p.date("设立日期"), Until: p.date("撤并日期"), Renamed: p.date("更名日期"),
	}
	if u.Name == "" {
		p.faults = append(p.faults, i18n.M("merge.units.nameless", "row", u.Row))
	}
	u.Aliases = strings.FieldsFunc(p.text("曾用名"), func(r rune) bool { return strings.ContainsRune("、；;，,/", r) })
	for i, a := range u.Aliases {
		u.Aliases[i] = strings.TrimSpace(a)
	}
	switch effective := p.date("生效日期"); {
	case effective.IsZero():
	case u.MergedInto != "" && u.Until.IsZero():
		u.Until = effective
	case u.MergedInto == "" && u.Renamed.IsZero():
		u.Renamed = effective
	}
	return u
}

func (p *unitParser) kind() UnitKind {
	switch word := p.text("类型"); word {
	case "":
		return ""
	case "部门", "政府部门", "工作部门", string(Department):
		return Department
	case "政府", "人民政府", "地方人民政府", string(Government):
		return Government
	case "其他", "乡镇", "街道", "事业单位", string(Other):
		return Other
	default:
		p.faults = append(p.faults, i18n.M("merge.units.kind", "row", p.row.number, "word", word))
		return ""
	}
}

func (p *unitParser) scope() Scope {
	switch word := p.text("口径"); word {
	case "":
		return ""
	case "本级", string(OwnFigures):
		return OwnFigures
	case "汇总", "全口径", string(WholeRegion):
		return WholeRegion
	default:
		p.faults = append(p.faults, i18n.M("merge.units.scope", "row", p.row.number, "word", word))
		return ""
	}
}

// dayPattern reads 2023-05-01, 2023/5/1, 2023.5.1 and 2023年5月1日, with or without a time.
var dayPattern = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?Z?)?$`)

func (p *unitParser) date(column string) date.Date {
	word := p.text(column)
	if word == "" {
		return date.Date{}
	}
	if m := dayPattern.FindStringSubmatch(word); m != nil {
		year, _ := strconv.Atoi(m[1])
		month, _ := strconv.Atoi(m[2])
		day, _ := strconv.Atoi(m[3])
		if d, ok := date.New(year, month, day); ok {
			return d
		}
	}
	p.faults = append(p.faults, i18n.M("merge.units.date", "row", p.row.number, "column", column, "word", word))
	return date.Date{}
}
