package extract

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// part is one file of an archive that a test makes.
type part struct{ name, text string }

// pack makes a zip.
func pack(t testing.TB, parts ...part) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(p.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const (
	wordSpace  = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"`
	mainWord   = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	sheetSpace = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
)

// makeDOCX makes a document of a body, with more parts if need be.
func makeDOCX(t testing.TB, body string, more ...part) []byte {
	return pack(t, append([]part{
		{"[Content_Types].xml", "<Types/>"},
		{"_rels/.rels", mainWord},
		{"word/document.xml", `<w:document ` + wordSpace + `><w:body>` + body + `</w:body></w:document>`},
	}, more...)...)
}

// wp makes a paragraph.
func wp(text string) string { return `<w:p><w:r><w:t>` + text + `</w:t></w:r></w:p>` }

// wc makes a table cell with properties.
func wc(properties, text string) string {
	return `<w:tc><w:tcPr>` + properties + `</w:tcPr>` + wp(text) + `</w:tc>`
}

// wr makes a table row.
func wr(cells ...string) string { return `<w:tr>` + strings.Join(cells, "") + `</w:tr>` }

// ofdText makes a text object of characters that stand one em apart, its base line at y.
func ofdText(x, y, size float64, text string) string {
	n := len([]rune(text))
	return fmt.Sprintf(`<ofd:TextObject ID="1" Boundary="%g %g 200 %g" Font="1" Size="%g"><ofd:TextCode X="0" Y="%g" DeltaX="g %d %g">%s</ofd:TextCode></ofd:TextObject>`, x, y-size, size*1.2, size, size, n-1, size, text)
}

// ofdLine makes a ruling line.
func ofdLine(x0, y0, x1, y1 float64) string {
	return fmt.Sprintf(`<ofd:PathObject ID="2" Boundary="%g %g %g %g" LineWidth="0.25"><ofd:AbbreviatedData>M 0 0 L %g %g</ofd:AbbreviatedData></ofd:PathObject>`, x0, y0, max(x1-x0, 0.25), max(y1-y0, 0.25), x1-x0, y1-y0)
}

// ofdRules makes all the lines of a table.
func ofdRules(xs, ys []float64) string {
	var b strings.Builder
	for _, x := range xs {
		b.WriteString(ofdLine(x, ys[0], x, ys[len(ys)-1]))
	}
	for _, y := range ys {
		b.WriteString(ofdLine(xs[0], y, xs[len(xs)-1], y))
	}
	return b.String()
}

// makeOFD makes an OFD document of pages.
func makeOFD(t testing.TB, pages ...string) []byte {
	const space = `xmlns:ofd="http://www.ofdspec.org/2016"`
	list := ""
	parts := []part{{"OFD.xml", `<?xml version="1.0" encoding="UTF-8"?><ofd:OFD ` + space + ` Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:Title>某市某局2024年政府信息公开工作年度报告</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`}}
	for i, p := range pages {
		list += fmt.Sprintf(`<ofd:Page ID="%d" BaseLoc="Pages/Page_%d/Content.xml"/>`, i+10, i)
		parts = append(parts, part{fmt.Sprintf("Doc_0/Pages/Page_%d/Content.xml", i), `<ofd:Page ` + space + `><ofd:Content><ofd:Layer ID="3">` + p + `</ofd:Layer></ofd:Content></ofd:Page>`})
	}
	parts = append(parts, part{"Doc_0/Document.xml", `<ofd:Document ` + space + `><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>` + list + `</ofd:Pages></ofd:Document>`})
	return pack(t, parts...)
}
