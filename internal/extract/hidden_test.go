package extract

import (
	"bytes"
	endian "encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// said lists what is hidden in a file: "kind name: text".
func said(t *testing.T, name string, data []byte) []string {
	t.Helper()
	d, err := Inspect(t.Context(), name, data)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var all []string
	for _, h := range d.Hidden {
		all = append(all, strings.TrimSuffix(fmt.Sprintf("%s %s: %s", h.Kind, h.Name, h.Text()), ": "))
	}
	return all
}

// R-PII-04: what stays in a file although its author believes it gone.
func TestHiddenInWord(t *testing.T) {
	body := wp("公示如下。") +
		`<w:p><w:r><w:t>保留</w:t></w:r><w:del w:author="甲"><w:r><w:delText>删去的张三</w:delText></w:r></w:del></w:p>` +
		`<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏的李四</w:t></w:r></w:p>` +
		`<w:tbl><w:tr><w:trPr><w:del/></w:trPr>` + wc("", "删去的行") + `</w:tr>` + wr(wc("", "留下的行")) + `</w:tbl>`
	inner := makeDOCX(t, wp("内嵌的文字"))
	data := makeDOCX(t, body,
		part{"word/comments.xml", `<w:comments ` + wordSpace + `><w:comment w:id="0" w:author="乙">` + wp("电话待核") + `</w:comment></w:comments>`},
		part{"word/_rels/document.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="h" Type="http://x/header" Target="header1.xml"/>` +
			`<Relationship Id="l" Type="http://x/hyperlink" Target="https://example.cn/" TargetMode="External"/>` +
			`<Relationship Id="t" Type="http://x/attachedTemplate" Target="file:///C:/a.dotm" TargetMode="External"/></Relationships>`},
		part{"word/header1.xml", `<w:hdr ` + wordSpace + `>` + wp("机密★10年") + `</w:hdr>`},
		part{"docProps/core.xml", `<p xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>丙</dc:creator><lastModifiedBy>丁</lastModifiedBy></p>`},
		part{"docProps/app.xml", `<p><Company>某某公司</Company></p>`},
		part{"word/vbaProject.bin", "x"},
		part{"word/embeddings/内.docx", string(inner)},
		part{"word/embeddings/物.bin", "x"},
		part{"word/media/image1.jpeg", string(jpegWithPlace())},
	)
	got := said(t, "a.docx", data)
	for _, want := range []string{
		"deleted 甲: 删去的张三", "text : 隐藏的李四", "deleted : 删去的行", "comment 乙: 电话待核", "margin : 机密★10年",
		"link file:///C:/a.dotm", "property creator: 丙", "property lastModifiedBy: 丁", "property Company: 某某公司",
		"macro vbaproject.bin", "object 内.docx: 内嵌的文字", "object 物.bin", "gps image1.jpeg: N30.50000 E114.25000",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	if n := len(got); n != 15 { // and the camera's make and the thumbnail
		t.Errorf("%d hidden things: %q", n, got)
	}
	plain, err := Bytes(t.Context(), "a.docx", data)
	if err != nil || len(plain.Hidden) != 0 {
		t.Errorf("Bytes collected %v, %v", plain.Hidden, err)
	}
}

func TestHiddenInWorkbook(t *testing.T) {
	sheet := func(inner string) string { return `<worksheet ` + sheetSpace + `>` + inner + `</worksheet>` }
	cell := func(ref, text string) string {
		return `<c r="` + ref + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
	}
	const space = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
	data := pack(t,
		part{"_rels/.rels", `<Relationships ` + space + `><Relationship Id="r" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		part{"xl/workbook.xml", `<workbook ` + sheetSpace + `><sheets><sheet name="公示" sheetId="1" r:id="r1"/><sheet name="底表" sheetId="2" state="veryHidden" r:id="r2"/></sheets></workbook>`},
		part{"xl/_rels/workbook.xml.rels", `<Relationships ` + space + `><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://x/worksheet" Target="worksheets/sheet2.xml"/></Relationships>`},
		part{"xl/worksheets/sheet1.xml", sheet(`<cols><col min="2" max="2" hidden="1"/><col min="5" max="16384" hidden="1"/></cols><sheetData>` +
			`<row r="1">` + cell("A1", "姓名") + cell("B1", "身份证号") + `</row><row r="2" hidden="1">` + cell("A2", "张三") + `</row></sheetData><headerFooter><oddHeader>内部资料</oddHeader></headerFooter>`)},
		part{"xl/worksheets/sheet2.xml", sheet(`<sheetData><row r="1">` + cell("A1", "李四") + cell("B1", "110101199003077002") + `</row></sheetData>`)},
		part{"xl/worksheets/_rels/sheet1.xml.rels", `<Relationships ` + space + `><Relationship Id="c" Type="http://x/comments" Target="../comments1.xml"/></Relationships>`},
		part{"xl/comments1.xml", `<comments ` + sheetSpace + `><commentList><comment ref="A2"><text><r><t>请核对</t></r></text></comment></commentList></comments>`},
		part{"xl/pivotCache/pivotCacheDefinition1.xml", `<p ` + sheetSpace + `><sharedItems><s v="王五"/><s v="赵六"/></sharedItems></p>`},
	)
	got := said(t, "a.xlsx", data)
	want := []string{
		"margin 公示: 内部资料", "rows 公示!B", "rows 公示!2", "sheet 底表: 李四\t110101199003077002",
		"sheet pivotcachedefinition1.xml: 王五\t赵六", "comment 公示!A2: 请核对",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// Text under a bar drawn later is found; text on a bar, under a background or beside it is not.
func TestCoveredTextInPDF(t *testing.T) {
	text := func(x, y int, words string) string {
		return fmt.Sprintf("BT /F1 12 Tf %d %d Td (%s) Tj ET\n", x, y, words)
	}
	bar := func(x, y, w, h int) string { return fmt.Sprintf("0 0 0 rg %d %d %d %d re f\n", x, y, w, h) }
	tests := []struct{ name, content, want string }{
		{"whole line", text(100, 700, "SECRET") + bar(95, 695, 80, 20), "SECRET"},
		{"half a line", text(100, 700, "OPEN SECRET") + bar(139, 695, 80, 20), "SECRET"},
		{"on a bar", bar(95, 695, 80, 20) + "1 1 1 rg " + text(100, 700, "TITLE"), ""},
		{"beside a bar", text(100, 700, "OPEN") + bar(200, 695, 80, 20), ""},
		{"background of the page", text(100, 700, "OPEN") + bar(0, 0, 595, 842), ""},
		{"a line through", text(100, 700, "OPEN") + bar(95, 703, 80, 1), ""},
		{"an outline", text(100, 700, "OPEN") + "95 695 80 20 re S\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := []string{"covered : " + tt.want}
			if tt.want == "" {
				want = nil
			}
			if got := said(t, "a.pdf", makePDF(text(50, 50, "page")+tt.content)); !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestAnnotationsInPDF(t *testing.T) {
	data := bytes.Replace(makePDF("BT /F1 12 Tf 100 700 Td (page) Tj ET"), []byte("/Type/Page/Parent"),
		[]byte("/Type/Page/Annots[<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/T(Li)/Contents(call 110)>><</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Contents(x)>>]/Parent"), 1)
	if got := said(t, "a.pdf", data); !slices.Equal(got, []string{"annotation Li: call 110"}) {
		t.Errorf("got %q", got)
	}
}

// jpegWithPlace makes the head of a JPEG taken at 30°30′ N, 114°15′ E, with a thumbnail.
func jpegWithPlace() []byte {
	var b bytes.Buffer
	le := endian.LittleEndian
	put := func(values ...any) {
		for _, v := range values {
			if err := endian.Write(&b, le, v); err != nil {
				panic(err)
			}
		}
	}
	entry := func(tag, kind uint16, n, value uint32) { put(tag, kind, n, value) }
	b.WriteString("II*\x00")
	put(uint32(8), uint16(2)) // first directory at 8, two entries
	entry(0x010F, 2, 4, le.Uint32([]byte("Cam\x00")))
	entry(0x8825, 4, 1, 38)
	put(uint32(140), uint16(4)) // the thumbnail's directory; the place's at 38, four entries
	entry(1, 2, 2, 'N')
	entry(2, 5, 3, 92)
	entry(3, 2, 2, 'E')
	entry(4, 5, 3, 116)
	put(uint32(0))
	put(uint32(30), uint32(1), uint32(30), uint32(1), uint32(0), uint32(1))  // at 92
	put(uint32(114), uint32(1), uint32(15), uint32(1), uint32(0), uint32(1)) // at 116
	put(uint16(1))                                                           // at 140
	entry(0x0201, 4, 1, 200)
	put(uint32(0))
	exif := append([]byte("Exif\x00\x00"), b.Bytes()...)
	size := len(exif) + 2
	return append(append([]byte{0xFF, 0xD8, 0xFF, 0xE1, byte(size >> 8), byte(size)}, exif...), 0xFF, 0xD9)
}

func TestHiddenInPictures(t *testing.T) {
	chunk := func(kind, body string) string {
		return string(endian.BigEndian.AppendUint32(nil, uint32(len(body)))) + kind + body + "\x00\x00\x00\x00"
	}
	tests := []struct {
		name string
		data []byte
		want []string
	}{
		{"a.jpg", jpegWithPlace(), []string{"picture Make: Cam", "gps a.jpg: N30.50000 E114.25000", "thumbnail a.jpg"}},
		{"a.png", []byte("\x89PNG\r\n\x1A\n" + chunk("tEXt", "Author\x00Zhang") + chunk("iTXt", "Title\x00\x00\x00\x00\x00张三的证件") + chunk("IEND", "")), []string{"picture Author: Zhang", "picture Title: 张三的证件"}},
		{"cut.png", []byte("\x89PNG\r\n\x1A\n\xFF\xFF\xFF\xFFtEXtAuthor"), nil},
		{"cut.jpg", jpegWithPlace()[:60], nil},
		{"b.gif", []byte("GIF89a\x01\x00"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := said(t, tt.name, tt.data); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// What hides without end is refused or cut, and nothing panics.
func TestHostileHiddenThings(t *testing.T) {
	many := makeDOCX(t, strings.Repeat(`<w:p><w:del w:author="甲"><w:r><w:delText>删</w:delText></w:r></w:del></w:p>`, limits.Hidden+10))
	if got := said(t, "many.docx", many); len(got) != limits.Hidden {
		t.Errorf("%d hidden things", len(got))
	}
	nested := makeDOCX(t, wp("最里"))
	for range 5 {
		nested = makeDOCX(t, wp("外"), part{"word/embeddings/x.docx", string(nested)})
	}
	if got := said(t, "nested.docx", nested); !slices.Equal(got, []string{"object x.docx: 外"}) {
		t.Errorf("nested: %q", got)
	}
	loop := []byte("II*\x00\x08\x00\x00\x00\x01\x00\x25\x88\x04\x00\x01\x00\x00\x00\x08\x00\x00\x00\x08\x00\x00\x00")
	if got := said(t, "loop.tif", loop); len(got) != 0 {
		t.Errorf("loop: %q", got)
	}
}

func FuzzInspectPicture(f *testing.F) {
	f.Add(jpegWithPlace())
	f.Add([]byte("\x89PNG\r\n\x1A\n\x00\x00\x00\x04zTXta\x00\x00b1234"))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPEXIF\x08\x00\x00\x00II*\x00\x08\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := newReading(t.Context(), "x", data, limits)
		r.inspected = true
		inspectPicture(r, "x", data)
	})
}
