package richtext

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/extract"
)

const space = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`

const relation = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`

// word makes a Word file of a body and more parts, name and content in turn.
func word(t testing.TB, body string, more ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	add := func(name, text string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add("_rels/.rels", `<Relationships><Relationship Id="r1" Type="`+relation+`officeDocument" Target="word/document.xml"/></Relationships>`)
	add("word/document.xml", `<w:document `+space+`><w:body>`+body+`</w:body></w:document>`)
	for i := 0; i < len(more); i += 2 {
		add(more[i], more[i+1])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const numberingPart = `<w:numbering ` + space + `>
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="l"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num></w:numbering>`

func np(num, level int, text string) string {
	return fmt.Sprintf(`<w:p><w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>`, level, num, text)
}

func p(properties, text string) string {
	return `<w:p><w:pPr>` + properties + `</w:pPr><w:r><w:t xml:space="preserve">` + text + `</w:t></w:r></w:p>`
}

func tc(properties, text string) string {
	return `<w:tc><w:tcPr>` + properties + `</w:tcPr>` + p("", text) + `</w:tc>`
}

const png = "\x89PNG\r\n\x1a\n0000"

func TestFromDOCX(t *testing.T) {
	rels := func(more string) []string {
		return []string{"word/_rels/document.xml.rels", `<Relationships>` + more + `</Relationships>`}
	}
	picture := `<w:r><w:drawing><wp:inline><wp:extent cx="2857500" cy="100"/><wp:docPr id="1" name="图片 1" descr="流程图"/><a:blip r:embed="rId5"/></wp:inline></w:drawing></w:r>`
	imageRel := `<Relationship Id="rId5" Type="` + relation + `image" Target="media/image1.png"/>`
	tests := []struct {
		name, body string
		more       []string
		title      string
		want       string
	}{
		{"alignment, indent, marks", p(`<w:ind w:firstLineChars="200"/>`, "甲") + p(`<w:jc w:val="right"/>`, "乙") +
			`<w:p><w:r><w:rPr><w:b/><w:i w:val="0"/></w:rPr><w:t>粗</w:t></w:r><w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t>线</w:t></w:r><w:r><w:rPr><w:u w:val="none"/><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r></w:p>`, nil, "",
			`<p class="indent">甲</p><p class="align-right">乙</p><p><strong>粗</strong><u>线</u><sup>2</sup></p>`},
		{"headings by style and by outline", p(`<w:pStyle w:val="1"/>`, "总则") + p(`<w:outlineLvl w:val="1"/>`, "细则") + p("", "甲"),
			[]string{"word/styles.xml", `<w:styles ` + space + `><w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr></w:style></w:styles>`}, "",
			`<h2>总则</h2><h3>细则</h3><p>甲</p>`},
		{"the title is taken off", p(`<w:jc w:val="center"/>`, "示范区人民政府") + p(`<w:jc w:val="center"/>`, "关于示例的通知") + p("", "甲。"), nil, "示范区人民政府关于示例的通知", `<p>甲。</p>`},
		{"a heading above all others is the title", p(`<w:outlineLvl w:val="0"/>`, "示范区关于示例的通知") + p("", "甲。") + p(`<w:outlineLvl w:val="1"/>`, "安排") + p(`<w:outlineLvl w:val="2"/>`, "细节") + p("", "乙。"), nil, "示范区关于示例的通知",
			`<p>甲。</p><h2>安排</h2><h3>细节</h3><p>乙。</p>`},
		{"a chapter's heading is none", p(`<w:outlineLvl w:val="0"/>`, "一、总体工作情况") + p("", "甲。") + p(`<w:outlineLvl w:val="1"/>`, "安排"), nil, "",
			`<h2>一、总体工作情况</h2><p>甲。</p><h3>安排</h3>`},
		{"the numerals of official documents are words", np(1, 0, "总体要求") + np(1, 1, "目标") + np(1, 1, "任务") + np(1, 0, "保障措施"), []string{"word/numbering.xml", numberingPart}, "",
			`<h2>一、总体要求</h2><h3>（一）目标</h3><h3>（二）任务</h3><h2>二、保障措施</h2>`},
		{"Arabic numbers and bullets are lists", np(2, 0, "甲") + np(2, 1, "乙") + np(2, 0, "丙") + p("", "中断") + np(2, 0, "丁") + np(3, 0, "戊"), []string{"word/numbering.xml", numberingPart}, "",
			`<ol><li><p>甲</p><ol type="a"><li><p>乙</p></li></ol></li><li><p>丙</p></li></ol><p>中断</p><ol start="3"><li><p>丁</p></li></ol><ul><li><p>戊</p></li></ul>`},
		{"typed headings", p("", "一、总体情况") + p("", "全年平稳，共受理申请12件。") + p("", "（一）做法"), nil, "", `<h2>一、总体情况</h2><p>全年平稳，共受理申请12件。</p><h3>（一）做法</h3>`},
		{"tracked changes as if accepted", `<w:p><w:r><w:t>甲</w:t></w:r><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins></w:p>`, nil, "", `<p>甲新</p>`},
		{"a table with merged cells and a head", `<w:tbl><w:tblGrid><w:gridCol w:w="1000"/><w:gridCol w:w="1000"/><w:gridCol w:w="3000"/></w:tblGrid><w:tr><w:trPr><w:tblHeader/></w:trPr>` + tc("", "项目") + tc("", "数量") + tc("", "备注") + `</w:tr><w:tr>` +
			tc(`<w:vMerge w:val="restart"/>`, "甲") + tc(`<w:gridSpan w:val="2"/>`, "1") + `</w:tr><w:tr>` + tc(`<w:vMerge/>`, "") + tc("", "2") + tc("", "3") + `</w:tr></w:tbl>`, nil, "",
			`<table><tbody><tr><th class="w-20" scope="col"><p>项目</p></th><th class="w-20" scope="col"><p>数量</p></th><th class="w-60" scope="col"><p>备注</p></th></tr><tr><td rowspan="2"><p>甲</p></td><td colspan="2"><p>1</p></td></tr><tr><td><p>2</p></td><td><p>3</p></td></tr></tbody></table>`},
		{"footnotes stand where they are called", `<w:p><w:r><w:t>甲</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>乙</w:t></w:r></w:p>`, []string{"word/footnotes.xml", `<w:footnotes ` + space + `><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>见某条</w:t></w:r></w:p></w:footnote></w:footnotes>`}, "",
			`<p>甲<span class="footnote">见某条</span>乙</p>`},
		{"a picture with its words", `<w:p>` + picture + `</w:p>`, append(rels(imageRel), "word/media/image1.png", png), "", `<figure><img src="attachment:docx-1" alt="流程图" width="300"><figcaption></figcaption></figure>`},
		{"a picture that browsers cannot show leaves its place", `<w:p><w:r><w:t>甲</w:t></w:r>` + picture + `</w:p>`, append(rels(imageRel), "word/media/image1.png", "\x01\x00\x00\x00 EMF"), "", `<p>甲<img src="attachment:pending" alt="流程图" width="300"></p>`},
		{"a picture elsewhere is not fetched", `<w:p><w:r><w:t>甲</w:t></w:r>` + picture + `</w:p>`, rels(`<Relationship Id="rId5" TargetMode="External" Type="x/image" Target="https://example.test/x.png"/>`), "", `<p>甲<img src="attachment:pending" alt="流程图" width="300"></p>`},
		{"links", `<w:p><w:hyperlink r:id="h1"><w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t>网页</w:t></w:r></w:hyperlink><w:hyperlink r:id="h2"><w:r><w:t>坏</w:t></w:r></w:hyperlink></w:p>`,
			rels(`<Relationship Id="h1" TargetMode="External" Type="x" Target="https://example.test/a"/><Relationship Id="h2" TargetMode="External" Type="x" Target="javascript:alert(1)"/>`), "", `<p><a href="https://example.test/a">网页</a>坏</p>`},
		{"hidden text stays out, typed indents become one", `<w:p><w:r><w:t xml:space="preserve">　　甲</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r></w:p>`, nil, "", `<p class="indent">甲</p>`},
		{"markup in words stays words", p("", `&lt;script&gt;alert(1)&lt;/script&gt;`), nil, "", `<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := FromDOCX(t.Context(), "a.docx", word(t, tt.body, tt.more...))
			if err != nil {
				t.Fatal(err)
			}
			if d.HTML != tt.want || d.Title != tt.title {
				t.Errorf("title %q\n got %s\nwant %s", d.Title, d.HTML, tt.want)
			}
			if again, _ := Sanitise(d.HTML); again != d.HTML {
				t.Errorf("not canonical: %s", again)
			}
		})
	}
}

func TestPicturesOfAWordFileAreKeptUnderTheirNewIDs(t *testing.T) {
	html := Replace(`<p><img src="attachment:docx-1" alt="图"><img src="attachment:pending" alt=""></p>`, func(id string) string {
		return map[string]string{"docx-1": "0199"}[id]
	})
	if want := `<p><img src="attachment:0199" alt="图"><img src="attachment:pending" alt=""></p>`; html != want {
		t.Errorf("got %s, want %s", html, want)
	}
	if got := strings.Join(Refs(html), " "); got != "0199 pending" {
		t.Errorf("refs %s", got)
	}
}

// Files made to hurt are refused or read within bounds.
func TestHostileDOCX(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		err  error // nil: it is read
	}{
		{"no archive", []byte("hello"), extract.ErrTruncated},
		{"Word 97", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1xxxx"), extract.ErrUnsupported},
		{"nested past any document", word(t, strings.Repeat("<w:sdt><w:sdtContent>", 300)+strings.Repeat("</w:sdtContent></w:sdt>", 300)), extract.ErrTooDeep},
		{"a bomb", word(t, p("", strings.Repeat("0", 40<<20))), extract.ErrBomb},
		{"a note that calls itself", word(t, `<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>`, "word/footnotes.xml", `<w:footnotes `+space+`><w:footnote w:id="1"><w:p><w:r><w:t>甲</w:t><w:footnoteReference w:id="1"/></w:r></w:p></w:footnote></w:footnotes>`), nil},
		{"styles based on each other", word(t, p(`<w:pStyle w:val="a"/>`, "甲"), "word/styles.xml", `<w:styles `+space+`><w:style w:styleId="a"><w:basedOn w:val="b"/></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>`), nil},
		{"a picture that climbs out", word(t, `<w:p><w:r><w:pict><v:imagedata xmlns:v="v" r:id="i"/></w:pict></w:r></w:p>`, "word/_rels/document.xml.rels", `<Relationships><Relationship Id="i" Type="image" Target="../../../../etc/passwd"/></Relationships>`), nil},
		{"cells that span a million columns", word(t, `<w:tbl><w:tr>`+tc(`<w:gridSpan w:val="99999999"/>`, "甲")+`</w:tr></w:tbl>`), nil},
		{"rows of nothing", word(t, `<w:tbl>`+strings.Repeat(`<w:tr/>`, 5000)+`</w:tbl>`), nil},
		{"a cell that goes on from nowhere", word(t, `<w:tbl><w:tr>`+tc(`<w:vMerge/>`, "甲")+`</w:tr></w:tbl>`), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := FromDOCX(t.Context(), "a.docx", tt.data)
			if !errors.Is(err, tt.err) {
				t.Fatalf("got %v, want %v", err, tt.err)
			}
			harmless(t, tt.name, d.HTML)
		})
	}
}

func TestADocumentTypeIsRefused(t *testing.T) {
	data := word(t, "", "word/styles.xml", `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:styles `+space+`>&b;</w:styles>`)
	if _, err := FromDOCX(t.Context(), "a.docx", data); !errors.Is(err, extract.ErrDoctype) {
		t.Errorf("got %v", err)
	}
}

// The files of the corpus, read as drafts, say what extract reads in them.
func TestDOCXOfTheCorpus(t *testing.T) {
	root := os.Getenv("GONGKAI_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	for _, name := range []string{"blank-form-2021.docx", "derived/R09_杭州式_2025.docx"} {
		data, err := os.ReadFile(filepath.Join(root, "reports", name))
		if err != nil {
			t.Fatalf("corpus file missing (set GONGKAI_CORPUS to the corpus folder): %v", err)
		}
		d, err := FromDOCX(t.Context(), name, data)
		if err != nil {
			t.Fatal(err)
		}
		want, err := extract.Bytes(t.Context(), name, data)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := squeeze(d.Title+Text(d.HTML)), squeeze(Text(FromExtract(want).HTML)); a != b {
			t.Errorf("%s: as a draft\n%s\nas extract reads it\n%s", name, a, b)
		}
		if strings.Count(d.HTML, "<table>") != 3 {
			t.Errorf("%s: %d tables", name, strings.Count(d.HTML, "<table>"))
		}
	}
}

func squeeze(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(c rune) bool { return c <= ' ' || c == '　' || c == 0xA0 }), "")
}

// A file as LibreOffice writes it comes back as the text it was made of.
func TestDOCXOfLibreOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Fatal("soffice is not installed; run make test, which installs what the tests need")
	}
	text := `<h2>总体要求</h2><p>依据<strong>条例</strong>和<em>办法</em>，制定H<sub>2</sub>O标准。</p><ol><li><p>甲</p></li><li><p>乙</p></li></ol><ul><li><p>丙</p></li></ul>` +
		`<table><tbody><tr><td rowspan="2"><p>项目</p></td><td colspan="2"><p>数量</p></td></tr><tr><td><p>1</p></td><td><p>2</p></td></tr></tbody></table><p>完毕</p>`
	dir := t.TempDir()
	page := `<html><head><meta charset="utf-8"></head><body>` + strings.Replace(strings.Replace(text, "<h2>", "<h1>", 1), "</h2>", "</h1>", 1) + `</body></html>`
	if err := os.WriteFile(filepath.Join(dir, "a.html"), []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(soffice, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--infilter=HTML (StarWriter)", "--convert-to", "docx:MS Word 2007 XML", "--outdir", dir, filepath.Join(dir, "a.html")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	data, err := os.ReadFile(filepath.Join(dir, "a.docx"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := FromDOCX(t.Context(), "a.docx", data)
	if err != nil {
		t.Fatal(err)
	}
	if d.HTML != text {
		t.Errorf("\n got %s\nwant %s", d.HTML, text)
	}
}

func FuzzFromDOCX(f *testing.F) {
	f.Add(np(2, 0, "甲") + p("", "乙"))
	f.Add(`<w:tbl><w:tr>` + tc(`<w:vMerge w:val="restart"/>`, "甲") + `</w:tr></w:tbl>`)
	f.Fuzz(func(t *testing.T, body string) {
		d, err := FromDOCX(t.Context(), "a.docx", word(t, body, "word/numbering.xml", numberingPart))
		if err == nil {
			harmless(t, body, d.HTML)
		}
	})
}
