package paper

import (
	"fmt"
	"strings"
)

// The parts of a Word file that are the same for each document.
const (
	wordSpace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	relSpace  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

	contentTypes = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
		`<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>` +
		`<Override PartName="/word/fontTable.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"/>` +
		`<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>` +
		`<Override PartName="/word/footer2.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
		`<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>`

	packageRels = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + relSpace + `/officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
		`<Relationship Id="rId3" Type="` + relSpace + `/extended-properties" Target="docProps/app.xml"/></Relationships>`

	documentRels = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + relSpace + `/styles" Target="styles.xml"/>` +
		`<Relationship Id="rId2" Type="` + relSpace + `/settings" Target="settings.xml"/>` +
		`<Relationship Id="rId3" Type="` + relSpace + `/fontTable" Target="fontTable.xml"/>` +
		`<Relationship Id="rId4" Type="` + relSpace + `/footer" Target="footer1.xml"/>` +
		`<Relationship Id="rId5" Type="` + relSpace + `/footer" Target="footer2.xml"/></Relationships>`

	appProperties = xmlHead + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>gongkai</Application></Properties>`

	// Punctuation does not shrink: lines then turn at the same place in every program that
	// counts 28 squares.
	docxSettings = xmlHead + `<w:settings xmlns:w="` + wordSpace + `"><w:zoom w:percent="100"/><w:defaultTabStop w:val="640"/>` +
		`<w:evenAndOddHeaders/><w:drawingGridVerticalSpacing w:val="579"/><w:characterSpacingControl w:val="doNotCompress"/>` +
		`<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/><w:doNotExpandShiftReturn/>` +
		`<w:adjustLineHeightInTable/><w:useFELayout/>` +
		`<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>` +
		`<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>`
)

// coreProperties returns title, author and date of the file.
func (d *Document) coreProperties() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"` +
		` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`)
	property := func(name, value string) {
		if value != "" {
			b.WriteString("<" + name + ">" + escape(value) + "</" + name + ">")
		}
	}
	property("dc:title", d.Meta.Title)
	property("dc:subject", d.Meta.Subject)
	property("dc:creator", d.Meta.Author)
	property("dc:language", d.Meta.language())
	if !d.Meta.Created.IsZero() {
		fmt.Fprintf(&b, `<dcterms:created xsi:type="dcterms:W3CDTF">%sT00:00:00Z</dcterms:created>`, d.Meta.Created)
	}
	b.WriteString(`</cp:coreProperties>`)
	return b.String()
}

// The fonts of GB/T 9704 by the names they are sold under.
const (
	faceBody  = "仿宋_GB2312"
	faceHead  = "黑体"
	faceKai   = "楷体_GB2312"
	faceTitle = "方正小标宋简体"
	faceSong  = "宋体"
	faceLatin = "Times New Roman"
)

// docxFonts lists the fonts with what may stand in for each where it is not installed.
func docxFonts() string {
	fonts := []struct{ name, alt, family, pitch string }{
		{faceLatin, "Liberation Serif", "roman", "variable"},
		{faceBody, "仿宋", "modern", "fixed"},
		{faceHead, "SimHei", "modern", "fixed"},
		{faceKai, "楷体", "modern", "fixed"},
		{faceTitle, "方正小标宋_GBK", "script", "variable"},
		{faceSong, "SimSun", "auto", "variable"},
	}
	var b strings.Builder
	b.WriteString(xmlHead + `<w:fonts xmlns:w="` + wordSpace + `">`)
	for _, f := range fonts {
		charset := "86" // GB2312
		if f.name == faceLatin {
			charset = "00"
		}
		fmt.Fprintf(&b, `<w:font w:name="%s"><w:altName w:val="%s"/><w:charset w:val="%s"/><w:family w:val="%s"/><w:pitch w:val="%s"/></w:font>`,
			f.name, f.alt, charset, f.family, f.pitch)
	}
	b.WriteString(`</w:fonts>`)
	return b.String()
}

// docxStyles returns the styles: what a clerk changes once and the whole document follows.
func docxStyles() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:styles xmlns:w="` + wordSpace + `"><w:docDefaults><w:rPrDefault><w:rPr>` +
		faces(faceLatin, faceBody) + sizes(bodySize) + `<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>`)
	exact := fmt.Sprintf(`<w:spacing w:line="%d" w:lineRule="exact"/>`, linePitch)
	indent := fmt.Sprintf(`<w:ind w:firstLineChars="200" w:firstLine="%d"/>`, twips(2*charPitch))
	paragraph := func(id, name, based, ppr, rpr string) {
		b.WriteString(`<w:style w:type="paragraph"`)
		if id == "Normal" {
			b.WriteString(` w:default="1"`)
		}
		fmt.Fprintf(&b, ` w:styleId="%s"><w:name w:val="%s"/>`, id, name)
		if based != "" {
			fmt.Fprintf(&b, `<w:basedOn w:val="%s"/>`, based)
		}
		if id == "Heading1" || id == "Heading2" {
			b.WriteString(`<w:next w:val="BodyText"/>`)
		}
		b.WriteString(`<w:qFormat/><w:pPr>` + ppr + `</w:pPr><w:rPr>` + rpr + `</w:rPr></w:style>`)
	}
	tight := fmt.Sprintf(`<w:spacing w:val="%d"/>`, tightening)
	paragraph("Normal", "Normal", "", `<w:widowControl w:val="0"/><w:snapToGrid w:val="0"/>`+exact+`<w:jc w:val="both"/>`, faces(faceLatin, faceBody)+tight+sizes(bodySize))
	paragraph("BodyText", "Body Text", "Normal", indent, "")
	paragraph("Title", "Title", "Normal", `<w:keepNext/><w:jc w:val="center"/><w:outlineLvl w:val="0"/>`, faces(faceTitle, faceTitle)+`<w:spacing w:val="0"/>`+sizes(titleSize))
	paragraph("Heading1", "heading 1", "Normal", `<w:keepNext/>`+indent+`<w:outlineLvl w:val="0"/>`, faces(faceLatin, faceHead))
	paragraph("Heading2", "heading 2", "Normal", `<w:keepNext/>`+indent+`<w:outlineLvl w:val="1"/>`, faces(faceLatin, faceKai))
	paragraph("Signature", "Signature", "Normal", `<w:jc w:val="right"/>`, "")
	paragraph("Date", "Date", "Normal", `<w:jc w:val="right"/>`, "")
	docxHeadStyles(paragraph)
	paragraph("TableText", "Table Text", "Normal", "", faces(faceLatin, faceSong)+`<w:spacing w:val="0"/>`)
	paragraph("TableHead", "Table Head", "TableText", "", faces(faceLatin, faceHead))
	paragraph("Footer", "footer", "Normal", `<w:spacing w:line="240" w:lineRule="auto"/>`, faces(faceSong, faceSong)+`<w:spacing w:val="0"/>`+sizes(footerSize))
	b.WriteString(`<w:style w:type="character" w:customStyle="1" w:styleId="Lead"><w:name w:val="Lead"/><w:qFormat/><w:rPr>` + faces(faceLatin, faceKai) + `</w:rPr></w:style>`)
	b.WriteString(`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>` +
		`<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>`)
	b.WriteString(`<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(&b, `<w:%s w:val="single" w:sz="4" w:space="0" w:color="auto"/>`, side)
	}
	b.WriteString(`</w:tblBorders></w:tblPr></w:style></w:styles>`)
	return b.String()
}

// faces names the fonts of a run. The hint sets marks that Chinese and Latin share, such as
// “” and …, in the Chinese font.
func faces(latin, han string) string {
	return fmt.Sprintf(`<w:rFonts w:hint="eastAsia" w:ascii="%s" w:hAnsi="%s" w:eastAsia="%s" w:cs="%s"/>`, latin, latin, han, faceLatin)
}

func sizes(points float64) string {
	return fmt.Sprintf(`<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, halves(points), halves(points))
}

// docxFooter returns the foot of a page with its number.
//
// GB/T 9704-2012 7.5: “一般用4号半角宋体阿拉伯数字，编排在公文版心下边缘之下，数字左右各放一条
// 一字线；一字线上距版心下边缘7 mm。单页码居右空一字，双页码居左空一字。”
func docxFooter(side string) string {
	indent := fmt.Sprintf(`<w:ind w:%s="%d"/>`, side, twips(footerSize))
	field := func(kind string) string { return `<w:r><w:fldChar w:fldCharType="` + kind + `"/></w:r>` }
	return xmlHead + `<w:ftr xmlns:w="` + wordSpace + `"><w:p><w:pPr><w:pStyle w:val="Footer"/>` + indent +
		`<w:jc w:val="` + side + `"/></w:pPr><w:r><w:t xml:space="preserve">— </w:t></w:r>` +
		field("begin") + `<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>` + field("separate") +
		`<w:r><w:t>1</w:t></w:r>` + field("end") + `<w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>`
}
