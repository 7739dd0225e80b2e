package paper

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// GB/T 9704-2012 7.3.3: 一、 is set in 黑体 by its caller; （一） is found by its number, as a
// heading of its own or run in with its paragraph.
func TestParagraph(t *testing.T) {
	tests := []struct {
		text  string
		style Style
		lead  string
	}{
		{"（一）主动公开", Subheading, ""},
		{"（一）主动公开。", Subheading, ""},
		{"(十二)监督保障。", Subheading, ""},
		{"（一）主动公开。全年公开信息657条。", Body, "（一）主动公开。"},
		{"（一）全年公开信息657条，其中政策文件12件；", Body, ""},
		{"（含延期）答复657件。", Body, ""},
		{"全年公开信息657条。", Body, ""},
		{"1.强化监督。", Body, ""},
		{"", Body, ""},
	}
	for _, tt := range tests {
		b := Paragraph(tt.text)
		if b.Style != tt.style || b.Text != tt.text || b.Text[:b.Lead] != tt.lead {
			t.Errorf("%q: style %d, lead %q; want %d, %q", tt.text, b.Style, b.Text[:b.Lead], tt.style, tt.lead)
		}
	}
}

// GB/T 9704-2012 7.3.1: “回行时，要做到词意完整，排列对称，长短适宜”. Twenty squares of 22 pt
// fit in 156 mm.
func TestTitleTurnsAtPhrases(t *testing.T) {
	tests := []struct{ title, want string }{
		{"青禾市水利局2025年政府信息公开工作年度报告", "青禾市水利局2025年/政府信息公开工作年度报告"},
		{"青禾市2025年政府信息公开工作报告", "青禾市2025年政府信息公开工作报告"},
		{"青禾市人民政府2025年政府信息公开工作年度报告", "青禾市人民政府2025年/政府信息公开工作年度报告"},
		{"2024年青禾市科委政府信息公开工作年度报告", "2024年青禾市科委/政府信息公开工作年度报告"},
		{"青禾市白鹭新区城市管理综合行政执法局2025年政府信息公开工作年度报告", "青禾市白鹭新区城市管理综合行政执法局/2025年政府信息公开工作年度报告"},
		{"《青禾市水利局2025年政府信息公开工作年度报告》核查结果", "《青禾市水利局2025年/政府信息公开工作年度报告》核查结果"},
		{"青禾市人民政府关于2025年度法治政府建设情况的报告", "青禾市人民政府/关于2025年度法治政府建设情况的报告"},
		{"Findings on the annual reports of every body in the county", "Findings on the annual reports /of every body in the county"},
		{"云岭省青禾市白鹭新区政务服务和大数据管理局2025年政府信息公开工作年度报告", "云岭省青禾市白鹭新区/政务服务和大数据管理局2025年/政府信息公开工作年度报告"},
	}
	for _, tt := range tests {
		if got := strings.Join(titleLines(tt.title), "/"); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.title, got, tt.want)
		}
	}
}

// GB/T 9704-2012 5.2.3: “一般每面排22行，每行排28个字”. A paragraph of 614 characters, indented
// by two, fills the page; one more turns it.
func TestPageHolds22LinesOf28Characters(t *testing.T) {
	for n, pages := range map[int]int{28*22 - 2: 1, 28*22 - 1: 2} {
		d := &Document{Body: []Block{{Text: strings.Repeat("公", n)}}}
		if got := len(set(d).pages); got != pages {
			t.Errorf("%d characters: %d pages, want %d", n, got, pages)
		}
	}
}

// No line starts with a closing mark or ends with an opening one, none is wider than the
// page, and together they say what the text says.
func TestLinesKeepTheRulesOfPunctuation(t *testing.T) {
	s := bodySetting(bodyFaces)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("公开政府信息，。、；：！？（）《》“”〔〕 12345abc-/%…—")), 1, 300, -1).Draw(t, "text")
		back := ""
		ls := s.lines(s.glyphs(text, map[rune]bool{}), 2*charPitch, textRoom)
		for i, l := range ls {
			said := ""
			for _, g := range l.glyphs {
				said += string(g.r)
			}
			back += said
			if l.width > textRoom+0.1 {
				t.Errorf("line %d is %.1f pt wide: %s", i, l.width, said)
			}
		}
		if back != text {
			t.Errorf("lines say %q", back)
		}
	})
	words := []string{"政府信息公开工作，", "《条例》", "（含延期）", "“公开”。", "2025年；"}
	rapid.Check(t, func(t *rapid.T) {
		text := "公开" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 60).Draw(t, "words"), "")
		for i, l := range s.lines(s.glyphs(text, map[rune]bool{}), 2*charPitch, textRoom) {
			first, last := l.glyphs[0].r, l.glyphs[len(l.glyphs)-1].r
			if i > 0 && strings.ContainsRune(neverFirst, first) || strings.ContainsRune(neverLast, last) {
				t.Errorf("line %d starts with %c and ends with %c", i, first, last)
			}
		}
	})
}

// Names hold characters beyond GB 2312; none may be lost in silence.
func TestFontsHaveTheCharactersOfNames(t *testing.T) {
	text := "镕喆堃赟昇玥祎旻昉珺琤濛堉烜燊翀頔淼垚囍〇㈠①Ⅱ℃‰·—…“”‘’〔〕￥％ÀÉßμΩ"
	for name, c := range map[string]chain{"text": bodyFaces, "headings": headFaces, "subheadings": kaiFaces, "title": titleFaces, "tables": songFaces} {
		for _, r := range text {
			if _, shown := c.find(r); shown != r {
				t.Errorf("%s: no face has %c", name, r)
			}
		}
	}
	for high := byte(0xB0); high < 0xF8; high++ {
		for low := byte(0xA1); low < 0xFF; low++ {
			r := fromGB2312(high, low)
			if r == 0 {
				continue
			}
			for name, c := range map[string]chain{"text": bodyFaces, "title": titleFaces} {
				if _, shown := c.find(r); shown != r {
					t.Fatalf("%s: no face has %c of GB 2312", name, r)
				}
			}
		}
	}
	var b bytes.Buffer
	lacking, err := WritePDF(&b, &Document{Body: []Block{{Text: "笑😀脸𬱖"}}})
	if err != nil || !strings.Contains(lacking, "😀") {
		t.Errorf("lacking %q, %v; want 😀 among them", lacking, err)
	}
}

// sample is a document with each part a document can have.
func sample() *Document {
	cell := func(text string, role Role, row, col, rows, cols int) Cell {
		return Cell{Text: text, Role: role, Row: row, Col: col, RowSpan: rows, ColSpan: cols}
	}
	return &Document{
		Facts: []Fact{{"索引号", "A/1"}, {"发布机构", "青禾市水利局"}, {"文号", "青水〔2026〕7号"}},
		Title: "关于“节水”的<通知>",
		Body: []Block{
			{Style: Heading, Text: "一、总体情况"},
			Paragraph("（一）主动公开。全年公开7条。"),
			{Table: &Table{
				Name: "表一", Widths: []float64{2, 1, 1}, Head: 2, Size: 12,
				Rows: [][]Cell{
					{cell("事项", ColumnHead, 0, 0, 2, 1), cell("件数", ColumnHead, 0, 1, 1, 2)},
					{cell("本年", ColumnHead, 1, 1, 1, 1), cell("上年", ColumnHead, 1, 2, 1, 1)},
					{cell("许可", RowHead, 2, 0, 1, 1), cell("7", Value, 2, 1, 1, 1), {Text: "（待确定）", Mark: true, Row: 2, Col: 2, RowSpan: 1, ColSpan: 1}},
				},
			}},
		},
		Signature: "青禾市水利局", Date: "2026年1月9日",
		Meta: Meta{Title: "通知", Author: "青禾市水利局"},
	}
}

// part returns a part of a document as DOCX.
func part(t *testing.T, d *Document, name string) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteDOCX(&b, d); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The measures of GB/T 9704-2012 in twentieths of a point, counted by hand: 37 mm = 2098,
// 35 mm = 1984, 28 mm = 1587, 26 mm = 1474, 16 pt = 32 halves, 22 pt = 44 halves.
func TestDOCXHasTheLayoutOfTheStandard(t *testing.T) {
	body := part(t, sample(), "word/document.xml")
	for _, want := range []string{
		`<w:pgSz w:w="11906" w:h="16838"/>`,
		`<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"`,
		`<w:docGrid w:type="linesAndChars" w:linePitch="579" w:charSpace="-848"/>`,
		`<w:footerReference w:type="default"`, `<w:footerReference w:type="even"`,
		`<w:t xml:space="preserve">关于“节水”的&lt;通知&gt;</w:t>`,
		`<w:gridSpan w:val="2"/>`, `<w:vMerge w:val="restart"/>`, `<w:vMerge/>`, `<w:tblHeader/>`, `<w:cantSplit/>`,
		`<w:rStyle w:val="Lead"/></w:rPr><w:t xml:space="preserve">（一）主动公开。</w:t>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
	if n := strings.Count(body, `<w:tblHeader/>`); n != 2 {
		t.Errorf("%d repeated rows, want 2", n)
	}
	styles := part(t, sample(), "word/styles.xml")
	for _, want := range []string{
		`w:eastAsia="仿宋_GB2312"`, `w:eastAsia="方正小标宋简体"`, `w:eastAsia="黑体"`, `w:eastAsia="楷体_GB2312"`,
		`<w:spacing w:line="579" w:lineRule="exact"/>`, `<w:ind w:firstLineChars="200"`, `<w:sz w:val="32"/>`, `<w:sz w:val="44"/>`,
	} {
		if !strings.Contains(styles, want) {
			t.Errorf("no %s", want)
		}
	}
	if settings := part(t, sample(), "word/settings.xml"); !strings.Contains(settings, "<w:evenAndOddHeaders/>") {
		t.Error("odd and even pages have one footer")
	}
}

// The same document always gives the same bytes, so that a copy can be told from a change.
func TestPrintsAreReproducible(t *testing.T) {
	writers := map[string]func(io.Writer) error{
		"docx": func(w io.Writer) error { return WriteDOCX(w, sample()) },
		"pdf":  func(w io.Writer) error { _, err := WritePDF(w, sample()); return err },
		"html": func(w io.Writer) error { return WriteHTML(w, sample(), nil) },
		"txt":  func(w io.Writer) error { return WriteText(w, sample()) },
	}
	for name, write := range writers {
		var a, b bytes.Buffer
		if err := write(&a); err != nil {
			t.Fatal(err)
		}
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s differs from print to print", name)
		}
	}
}

func TestText(t *testing.T) {
	var b bytes.Buffer
	if err := WriteText(&b, sample()); err != nil {
		t.Fatal(err)
	}
	want := `| 索引号 | A/1 | 发布机构 | 青禾市水利局 |
| 文号   | 青水〔2026〕7号               |

关于“节水”的<通知>

一、总体情况
　　（一）主动公开。全年公开7条。

| 事项 | 件数              |
       | 本年 | 上年       |
| 许可 | 7    | （待确定） |

青禾市水利局
2026年1月9日
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A screen reader says of the figure 7: 件数, 本年, 许可.
func TestHTMLNamesTheHeadsOfFigures(t *testing.T) {
	var b bytes.Buffer
	if err := WriteHTML(&b, sample(), []Tag{{"ArticleTitle", `a"b`}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<html lang="zh-CN">`, `<meta name="ArticleTitle" content="a&quot;b">`,
		`<th id="t1r1c2" scope="colgroup" colspan="2">件数</th>`,
		`<td headers="t1r1c2 t1r2c2 t1r3c1">7</td>`, `<mark>（待确定）</mark>`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s", want)
		}
	}
}

// column is a table of one column of figures under a head, its last two rows a group that
// stays together.
func column(rows int) *Table {
	cell := func(text string, role Role, row int) []Cell {
		return []Cell{{Text: text, Role: role, Row: row, RowSpan: 1, ColSpan: 1}}
	}
	t := &Table{Name: "表一", Widths: []float64{1}, Head: 1, Size: 12, Rows: [][]Cell{cell("件数", ColumnHead, 0)}}
	for i := 1; i < rows; i++ {
		t.Rows = append(t.Rows, cell("7", Value, i))
	}
	if rows > 3 {
		t.Rows[rows-2] = cell("第四项", GroupHead, rows-2)
	}
	return t
}

// lines is a paragraph that fills so many lines.
func lines(n int) Block { return Block{Text: strings.Repeat("公", 28*n-2)} }

// marks counts the places where a page says text.
func marks(pages []*page, text string) int {
	n := 0
	for _, p := range pages {
		for _, m := range p.texts {
			if m.text == text {
				n++
			}
		}
	}
	return n
}

// A table that fits on a page is not cut: it moves to the next one with its heading. A longer
// one is cut between rows, with its head on each page, and starts where the text before ends:
// what moves is its last rows, not the table.
func TestTablesOverPages(t *testing.T) {
	tests := []struct {
		name  string
		lines int
		rows  int
		pages int
		moved bool
		heads int
	}{
		{"room for all", 4, 10, 1, false, 1},
		{"moved whole", 14, 20, 2, true, 1},
		{"moved whole, though most of a page stays empty", 6, 25, 2, true, 1},
		{"longer than a page", 14, 60, 3, false, 3},
	}
	for _, tt := range tests {
		d := &Document{Body: []Block{lines(tt.lines), {Style: Heading, Text: "二、表"}, {Table: column(tt.rows)}}}
		l := set(d)
		if heads := marks(l.pages, "件数"); len(l.pages) != tt.pages || l.breaks[1] != tt.moved || heads != tt.heads {
			t.Errorf("%s: %d pages, moved %v, %d heads; want %d, %v, %d", tt.name, len(l.pages), l.breaks[1], heads, tt.pages, tt.moved, tt.heads)
		}
		breaks := strings.Count(part(t, d, "word/document.xml"), "<w:pageBreakBefore/>")
		if want := map[bool]int{true: 1}[tt.moved]; breaks != want {
			t.Errorf("%s: %d page breaks in the DOCX, want %d", tt.name, breaks, want)
		}
	}
}

// A table cut after any of its rows starts no page in the DOCX: 20 lines of text before, and
// a table of any length behind.
func TestOnlyWholeTablesMove(t *testing.T) {
	for rows := 25; rows < 90; rows++ {
		l := set(&Document{Body: []Block{lines(20), {Style: Heading, Text: "二、表"}, {Table: column(rows)}}})
		whole := len(l.pages) == 2
		if l.breaks[1] != whole || l.breaks[2] {
			t.Errorf("%d rows on %d pages: breaks before %v", rows, len(l.pages), l.breaks)
		}
	}
}

// A label beside rows on two pages stands on both, with room for its letters on each.
func TestLabelsStandAgainOnTheNextPage(t *testing.T) {
	cell := func(text string, role Role, row, col, rows int) Cell {
		return Cell{Text: text, Role: role, Row: row, Col: col, RowSpan: rows, ColSpan: 1}
	}
	for rows := 28; rows < 60; rows++ { // the label begins and ends at any distance from the page's end
		for first := 20; first < 28; first++ {
			tb := &Table{Name: "表三", Widths: []float64{1, 9}, Size: 12}
			for i := range rows {
				tb.Rows = append(tb.Rows, []Cell{cell("7", Value, i, 1, 1)})
			}
			tb.Rows[0] = append([]Cell{cell("甲", SideHead, 0, 0, first)}, tb.Rows[0]...)
			tb.Rows[first] = append([]Cell{cell("本年度办理结果", SideHead, first, 0, rows-first)}, tb.Rows[first]...)
			l := set(&Document{Body: []Block{{Table: tb}}})
			for n, p := range l.pages {
				bottom, foot, told := 0.0, 0.0, ""
				for _, r := range p.rules {
					bottom = max(bottom, r.y2)
				}
				for _, m := range p.texts {
					if m.x < left+width/10 && m.y < top+height {
						told += m.text
						foot = max(foot, m.y)
					}
				}
				rest := strings.Replace(strings.Replace(told, "甲", "", 1), "本年度办理结果", "", 1)
				if told == "" || rest != "" || foot > bottom {
					t.Errorf("%d rows, label from %d: page %d says %q, down to %.0f of %.0f", rows, first, n+1, told, foot, bottom)
				}
			}
		}
	}
}

// A heading stands on the page of what it heads, be it text or a table.
func TestHeadingsAreNeverLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &Document{Title: "通知"}
		for range rapid.IntRange(1, 12).Draw(t, "parts") {
			switch rapid.SampledFrom([]string{"heading", "text", "table"}).Draw(t, "part") {
			case "heading":
				d.Body = append(d.Body, Block{Style: Heading, Text: "题"}, lines(1))
			case "text":
				d.Body = append(d.Body, lines(rapid.IntRange(1, 25).Draw(t, "lines")))
			default:
				d.Body = append(d.Body, Block{Style: Heading, Text: "题"}, Block{Table: column(rapid.IntRange(2, 70).Draw(t, "rows"))})
			}
		}
		for n, p := range set(d).pages {
			heading, last := 0.0, 0.0
			for _, m := range p.texts {
				if m.text == "题" {
					heading = m.y
				}
				if m.y < top+height {
					last = max(last, m.y)
				}
			}
			if heading > 0 && heading == last {
				t.Errorf("page %d ends with a heading", n+1)
			}
		}
	})
}

// Many people print at once: what documents share is only read.
func TestPDFsAreWrittenAtOnce(t *testing.T) {
	var want bytes.Buffer
	if _, err := WritePDF(&want, sample()); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			var got bytes.Buffer
			if _, err := WritePDF(&got, sample()); err != nil || !bytes.Equal(got.Bytes(), want.Bytes()) {
				t.Errorf("another PDF: %v", err)
			}
		})
	}
	wait.Wait()
}
