package section

import (
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"

	"gongkai/internal/disclosure/class"
)

// Bounds of a catalogue file: the longest of the national ones has some 300 rows.
const (
	mostUnzipped = 64 << 20
	mostRows     = 5000
	mostColumns  = 60
)

// ReadCatalogue reads a catalogue from an XLSX file: the first sheet that has its columns.
// Rows that are wrong are read with what is wrong in them.
func ReadCatalogue(r io.Reader) (Catalogue, error) {
	book, err := excelize.OpenReader(r, excelize.Options{UnzipSizeLimit: mostUnzipped, UnzipXMLSizeLimit: mostUnzipped})
	if err != nil {
		return Catalogue{}, ErrCatalogueFile.Because(err)
	}
	defer book.Close()
	for _, name := range book.GetSheetList() {
		g, err := readGrid(book, name)
		if err != nil {
			return Catalogue{}, err
		}
		if h, found := g.header(); found {
			return g.catalogue(h), nil
		}
	}
	return Catalogue{}, ErrCatalogueHeader
}

// grid is a sheet's texts; each cell of a merged area has the area's text.
type grid [][]string

func readGrid(book *excelize.File, sheet string) (grid, error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, ErrCatalogueFile.Because(err)
	}
	defer rows.Close()
	var g grid
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return nil, ErrCatalogueFile.Because(err)
		}
		if len(g) >= mostRows {
			return nil, ErrCatalogueLong.With("most", mostRows)
		}
		g = append(g, cells[:min(len(cells), mostColumns)])
	}
	merged, err := book.GetMergeCells(sheet)
	if err != nil {
		return nil, ErrCatalogueFile.Because(err)
	}
	for _, m := range merged {
		g.spread(m)
	}
	return g, nil
}

func (g grid) spread(m excelize.MergeCell) {
	left, top, err := excelize.CellNameToCoordinates(m.GetStartAxis())
	if err != nil {
		return
	}
	right, bottom, err := excelize.CellNameToCoordinates(m.GetEndAxis())
	if err != nil {
		return
	}
	text := m.GetCellValue()
	for y := top; y <= min(bottom, len(g)); y++ {
		for x := left; x <= min(right, mostColumns); x++ {
			for len(g[y-1]) < x {
				g[y-1] = append(g[y-1], "")
			}
			g[y-1][x-1] = text
		}
	}
}

func (g grid) at(y, x int) string {
	if y < 0 || y >= len(g) || x >= len(g[y]) {
		return ""
	}
	return strings.TrimSpace(g[y][x])
}

// label is a heading without spaces, line breaks and brackets' width.
func label(s string) string { return strings.Join(strings.Fields(norm.NFKC.String(s)), "") }

// header is where a sheet's columns are named.
type header struct {
	top, bottom int // rows, bottom the last
	fields      []field
}

// field is what a column holds.
type field struct {
	kind string // "no", "first", …, "channel", "channels"
	key  string // of a column with ticks: what it ticks
}

// header finds the rows that name the columns: from the one with 公开事项 and 公开内容 on, as
// long as the heading over 公开内容 reaches down.
func (g grid) header() (header, bool) {
	for y := range g {
		content := -1
		matter := false
		for x := range g[y] {
			l := label(g[y][x])
			matter = matter || strings.HasPrefix(l, "公开事项")
			if strings.HasPrefix(l, "公开内容") {
				content = x
			}
		}
		if !matter || content < 0 {
			continue
		}
		bottom := y
		for bottom+1 < len(g) && bottom < y+3 && g.names(bottom+1, content) {
			bottom++
		}
		return g.columns(y, bottom), true
	}
	return header{}, false
}

// names reports whether a row below the first of a header names columns, too.
func (g grid) names(y, content int) bool {
	c := label(g.at(y, content))
	if strings.HasPrefix(c, "公开内容") {
		return true
	}
	if c != "" {
		return false
	}
	return slices.ContainsFunc(g[y], func(s string) bool { return leaf(label(s)).kind != "" })
}

func (g grid) columns(top, bottom int) header {
	h := header{top: top, bottom: bottom}
	width := 0
	for y := top; y <= bottom; y++ {
		width = max(width, len(g[y]))
	}
	over := "" // a heading over several columns that is not merged
	for x := range width {
		var labels []string
		for y := top; y <= bottom; y++ {
			if l := label(g.at(y, x)); l != "" && !slices.Contains(labels, l) {
				labels = append(labels, l)
			}
		}
		if t := label(g.at(top, x)); t != "" {
			over = t
		}
		h.fields = append(h.fields, fieldOf(over, labels))
	}
	return h
}

// fieldOf tells what a column holds from its headings, the topmost first.
func fieldOf(over string, labels []string) field {
	if len(labels) == 0 {
		return field{}
	}
	last := labels[len(labels)-1]
	switch {
	case strings.HasPrefix(over, "公开渠道"):
		if key := channelOf(last); key != "" && last != over {
			return field{"channel", key}
		}
		return field{kind: "channels"}
	case strings.HasPrefix(over, "公开方式") && last == over:
		return field{kind: "modes"}
	}
	if f := leaf(last); f.kind != "" {
		return f
	}
	return heads[strings.TrimRight(strings.SplitN(last, "(", 2)[0], ":")]
}

// heads are the columns that hold text, by their headings without what stands in brackets.
var heads = map[string]field{
	"序号": {kind: "no"}, "公开事项": {kind: "first"}, "公开内容": {kind: "content"}, "公开依据": {kind: "basis"},
	"公开时限": {kind: "limit"}, "公开时长": {kind: "duration"}, "公开主体": {kind: "body"}, "公开范围": {kind: "range"},
}

// leaf tells what a lower heading names.
func leaf(l string) field {
	switch {
	case strings.HasPrefix(l, "一级"):
		return field{kind: "first"}
	case strings.HasPrefix(l, "二级"):
		return field{kind: "second"}
	case strings.HasPrefix(l, "全社会"):
		return field{"audience", "all"}
	case strings.HasPrefix(l, "特定群"):
		return field{"audience", "group"}
	case strings.HasPrefix(l, "主动"):
		return field{"mode", "proactive"}
	case strings.HasPrefix(l, "依申请"):
		return field{"mode", "request"}
	case strings.HasPrefix(l, "县"):
		return field{"level", "county"}
	case strings.HasPrefix(l, "乡"):
		return field{"level", "township"}
	}
	return field{}
}

// channelOf returns the key of the channel a text names, "" for none.
func channelOf(name string) string {
	name = strings.NewReplacer("/", "", "、", "", "(电子屏)", "", "(", "", ")", "").Replace(label(name))
	for _, c := range class.Channels() {
		full := strings.NewReplacer("/", "", "、", "", "（电子屏）", "").Replace(c.ZH)
		if name == full || name == label(c.ZH) || strings.HasPrefix(full, name) && utf8.RuneCountInString(name) >= 4 ||
			strings.HasPrefix(name, full) {
			return c.Key
		}
	}
	return ""
}

// catalogue reads the rows below a header.
func (g grid) catalogue(h header) Catalogue {
	c := Catalogue{Layout: CityLayout}
	for y := range h.top {
		if t := g.at(y, 0); t != "" && c.Title == "" {
			c.Title = t
		}
	}
	for _, f := range h.fields {
		if f.kind == "body" || f.kind == "level" || f.kind == "no" {
			c.Layout = CountyLayout
		}
	}
	seen := map[string]int{}
	first := ""
	for y := h.bottom + 1; y < len(g); y++ {
		if blank(g[y]) {
			continue
		}
		r := g.row(y, h)
		if r.First == "" && r.Second != "" { // the first-level item stands at the first of its rows only
			r.First = first
		}
		first = r.First
		r.judge(seen)
		c.Rows = append(c.Rows, r)
	}
	return c
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(s string) bool { return strings.TrimSpace(s) != "" })
}

// judge notes what is wrong with a row as a whole.
func (r *Row) judge(seen map[string]int) {
	for _, name := range []string{r.First, r.Second} {
		if utf8.RuneCountInString(name) > longest {
			r.Wrong = append(r.Wrong, ErrRowLong.With("most", longest).With("name", string([]rune(name)[:20])+"…"))
		}
	}
	if r.First == "" {
		r.Wrong = append(r.Wrong, ErrRowName)
		return
	}
	if other, twice := seen[r.id()]; twice {
		r.Wrong = append(r.Wrong, ErrRowTwice.With("line", other))
		return
	}
	seen[r.id()] = r.Line
}

// row reads a line by its columns.
func (g grid) row(y int, h header) Row {
	r := Row{Line: y + 1}
	for x, f := range h.fields {
		text := g.at(y, x)
		switch f.kind {
		case "no":
			r.No = text
		case "first":
			r.First = strings.Join(strings.Fields(text), "")
		case "second":
			r.Second = strings.Join(strings.Fields(text), "")
		case "content":
			r.Content = text
		case "basis":
			r.Basis = text
		case "limit":
			r.Limit = text
		case "duration":
			r.Duration = text
		case "body":
			r.Body = text
		case "range":
			r.Range = text
		case "channels":
			r.readChannels(text)
		case "modes":
			r.readModes(text)
		case "channel", "audience", "mode", "level":
			r.tick(f, text)
		}
	}
	r.Channels = inOrder(r.Channels)
	if r.Second == r.First { // one cell over both columns
		r.Second = ""
	}
	return r
}

// inOrder sorts channels as the tick-list has them, so that both layouts record the same.
func inOrder(keys []string) (sorted []string) {
	for _, c := range class.Channels() {
		if slices.Contains(keys, c.Key) {
			sorted = append(sorted, c.Key)
		}
	}
	return sorted
}

// ticks and noTicks are how people mark a box, and leave it unmarked.
var (
	ticks   = []string{"√", "✓", "✔", "☑", "■", "●", "是", "v", "V"}
	noTicks = []string{"", "□", "☐", "×", "✗", "-", "—", "–", "/", "否", "无"}
)

// tick reads a box.
func (r *Row) tick(f field, text string) {
	t := label(text)
	marked := slices.Contains(ticks, t)
	if !marked && slices.Contains(noTicks, t) {
		return
	}
	switch {
	case f.kind == "audience" && f.key == "group" && !marked: // names the people
		r.Group = strings.Trim(strings.TrimLeft(t, strings.Join(ticks[:6], "")), "()")
	case !marked:
		r.Wrong = append(r.Wrong, ErrRowTick.With("text", clip(text)))
		return
	}
	switch f.kind {
	case "channel":
		r.Channels = append(r.Channels, f.key)
	case "audience":
		r.Audience = append(r.Audience, f.key)
	case "mode":
		r.Modes = append(r.Modes, f.key)
	case "level":
		r.Levels = append(r.Levels, f.key)
	}
}

// readChannels reads a list of channels in one cell: ticked ones where there are ticks, else
// all that are named.
func (r *Row) readChannels(text string) {
	marked := strings.ContainsAny(text, "■√✓✔☑")
	t := strings.NewReplacer("■", "\n■", "√", "\n■", "✓", "\n■", "✔", "\n■", "☑", "\n■", "□", "\n□", "☐", "\n□",
		"；", "\n", ";", "\n", "，", "\n", ",", "\n").Replace(text)
	if !marked {
		t = strings.ReplaceAll(t, "、", "\n")
	}
	for _, part := range strings.Split(t, "\n") {
		part = strings.TrimSpace(part)
		on := strings.HasPrefix(part, "■") || !marked
		part = strings.TrimLeft(part, "■□ ")
		if part == "" || !on || strings.Contains(t, "□"+part) {
			continue
		}
		key := channelOf(part)
		if key == "" {
			r.Wrong = append(r.Wrong, ErrRowChannel.With("text", clip(part)))
			continue
		}
		if !slices.Contains(r.Channels, key) {
			r.Channels = append(r.Channels, key)
		}
	}
}

// readModes reads 主动公开, 依申请公开 or both in one cell.
func (r *Row) readModes(text string) {
	t := label(text)
	if strings.Contains(t, "主动") {
		r.Modes = append(r.Modes, "proactive")
	}
	if strings.Contains(t, "依申请") {
		r.Modes = append(r.Modes, "request")
	}
	if t != "" && len(r.Modes) == 0 {
		r.Wrong = append(r.Wrong, ErrRowTick.With("text", clip(text)))
	}
}

// clip is a cell's text as a message names it.
func clip(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return string(r)
}
