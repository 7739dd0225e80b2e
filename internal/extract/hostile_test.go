package extract

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// refused fails the test unless data is refused with that fault, in words, and cheaply.
func refused(t *testing.T, name string, data []byte, want *fault.Error) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	started := time.Now()
	d, err := Bytes(t.Context(), name, data)
	took := time.Since(started)
	runtime.ReadMemStats(&after)
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v and %v, want %s", name, d, err, want.Code)
		return
	}
	if text := err.Error(); strings.Contains(text, "⟦") || strings.Contains(text, "{") {
		t.Errorf("%s: message %s", name, text)
	}
	if took > 30*time.Second {
		t.Errorf("%s took %v", name, took)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 2<<30 {
		t.Errorf("%s took %d MB", name, used>>20)
	}
}

// zeros packs n zero bytes as an entry of an Office file.
func zeros(t testing.TB, entry string, n int) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	rels, err := z.Create("_rels/.rels")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rels.Write([]byte(mainWord)); err != nil {
		t.Fatal(err)
	}
	w, err := z.Create(entry)
	if err != nil {
		t.Fatal(err)
	}
	chunk := make([]byte, 1<<20)
	for range n >> 20 {
		if _, err := w.Write(chunk); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestHostileFilesAreRefused(t *testing.T) {
	const laughs = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "哈哈"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]><w:document ` + wordSpace + `><w:body><w:p><w:r><w:t>&c;</w:t></w:r></w:p></w:body></w:document>`
	deep := strings.Repeat("<w:tbl><w:tr><w:tc>", 200) + strings.Repeat("</w:tc></w:tr></w:tbl>", 200)
	many := pack(t, make([]part, limits.Entries+1)...)
	for name, c := range map[string]struct {
		data []byte
		want *fault.Error
	}{
		"zip bomb.docx":           {zeros(t, "word/document.xml", 60<<20), ErrBomb},
		"larger than claims.docx": {lying(t), ErrDamaged},
		"many entries.zip":        {many, ErrBomb},
		"billion laughs.docx":     {pack(t, part{"_rels/.rels", mainWord}, part{"word/document.xml", laughs}), ErrDoctype},
		"external entity.docx":    {pack(t, part{"_rels/.rels", mainWord}, part{"word/document.xml", `<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>`}), ErrDoctype},
		"unknown entity.docx":     {pack(t, part{"_rels/.rels", mainWord}, part{"word/document.xml", `<w:p ` + wordSpace + `>&x;</w:p>`}), ErrDamaged},
		"deep.docx":               {makeDOCX(t, deep), ErrTooDeep},
		"deep.html":               {[]byte("<html><body>" + strings.Repeat("<div>", 100_000)), ErrTooDeep},
		"deep table.html":         {[]byte("<html><body>" + strings.Repeat("<table><tr><td>", 50_000)), ErrTooDeep},
		"wide.docx":               {makeDOCX(t, `<w:tbl>`+wr(wc(`<w:gridSpan w:val="2000000000"/>`, "甲"), wc("", "1"))+`</w:tbl>`), ErrTooMuch},
		"wide.html":               {[]byte("<table><tr>" + strings.Repeat("<td colspan=1000>", 3)), ErrTooMuch},
		"many cells.html":         {[]byte("<table>" + strings.Repeat("<tr>"+strings.Repeat("<td>", 1000), limits.Cells/1000+1)), ErrTooMuch},
		"many tags.html":          {bytes.Repeat([]byte("<p>"), limits.Tags+1), ErrTooMuch},
		"large.html":              {append([]byte("<p>"), bytes.Repeat([]byte("甲"), limits.Page/3)...), ErrTooLarge},
		"bomb.odt":                {odtBomb(t), ErrBomb},
		"many lines.txt":          {bytes.Repeat([]byte("\n甲"), limits.Blocks+1), ErrTooMuch},
		"far cells.xlsx":          {rawXLSX(t, `<worksheet `+sheetSpace+`><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>`), ErrTooMuch},
		"no main part.docx":       {pack(t, part{"_rels/.rels", mainWord}, part{"[Content_Types].xml", "<Types/>"}), ErrDamaged},
		"empty.txt":               {nil, ErrEmpty},
		"blank.txt":               {[]byte(" \r\n\t"), ErrEmpty},
		"binary.doc":              {bytes.Repeat([]byte{1, 2, 3, 0, 255}, 1000), ErrUnsupported},
		"photo.jpg":               {append([]byte("\xFF\xD8\xFF\xE0"), make([]byte, 100)...), ErrImage},
		"files.rar":               {[]byte("Rar!\x1A\x07\x00xxxxxxxx"), ErrArchive},
		"files.zip":               {pack(t, part{"报告.docx", "x"}), ErrArchive},
		"locked.docx":             {locked(), ErrEncrypted},
		"not a pdf.pdf":           {[]byte("%PDF-1.7\n1 0 obj\n<<>>\n%%EOF\n"), ErrDamaged},
		"pages.ofd":               {makeOFD(t, make([]string, limits.Pages+1)...), ErrPages},
		"pictures.ofd":            {makeOFD(t, `<ofd:ImageObject ID="1" Boundary="0 0 210 297" ResourceID="2"/>`), ErrScan},
		"scan.pdf":                {makePDF("q 500 0 0 700 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI Q"), ErrScan},
	} {
		t.Run(name, func(t *testing.T) { refused(t, name, c.data, c.want) })
	}
}

// odtBomb makes an OpenDocument text that unfolds to much.
func odtBomb(t testing.TB) []byte {
	return pack(t, part{"mimetype", "application/vnd.oasis.opendocument.text"}, part{"content.xml", strings.Repeat("\x00", 40<<20)})
}

// lying makes a document whose directory claims a small size for what unfolds to much.
func lying(t testing.TB) []byte {
	data := zeros(t, "word/document.xml", 60<<20)
	return bytes.ReplaceAll(data, []byte{0, 0, 0xC0, 3}, []byte{0, 0, 1, 0}) // 60 MiB as 64 KiB
}

// locked makes the shell of an Office file with a password: an OLE file with a stream of
// that name.
func locked() []byte {
	data := make([]byte, 4096)
	copy(data, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	entry := data[1024:1152]
	copy(entry, utf16LE("EncryptedPackage"))
	entry[64], entry[66] = 34, 2
	return data
}

// makePDF makes a PDF of one page, and a form /X that it may draw.
func makePDF(content string, form ...string) []byte {
	var b bytes.Buffer
	var at []int
	object := func(text string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), text)
	}
	b.WriteString("%PDF-1.4\n")
	object("<</Type/Catalog/Pages 2 0 R>>")
	object("<</Type/Pages/Kids[3 0 R]/Count 1>>")
	object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>>>")
	object(fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content))
	object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
	inner := strings.Join(form, " ")
	object(fmt.Sprintf("<</Type/XObject/Subtype/Form/BBox[0 0 600 900]/Matrix[2 0 0 2 0 0]/Length %d>>\nstream\n%s\nendstream", len(inner), inner))
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, a := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

func TestTheLimitIsCheckedBeforeTheFileIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "大.docx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(limits.Input + 1); err != nil { // takes no room on disk
		t.Fatal(err)
	}
	_, err = File(t.Context(), path)
	var refusal *fault.Error
	if !errors.As(err, &refusal) || !errors.Is(err, ErrTooLarge) {
		t.Fatalf("got %v", err)
	}
	if refusal.Field != "大.docx" || refusal.Kind != fault.TooLarge {
		t.Errorf("fault %+v", refusal)
	}
	for _, words := range []string{"200.1 MB", "200.0 MB"} {
		if !strings.Contains(err.Error(), words) {
			t.Errorf("%q does not say %s", err.Error(), words)
		}
	}
}

func TestFilesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	if _, err := File(t.Context(), filepath.Join(dir, "无")); !errors.Is(err, ErrMissing) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := File(t.Context(), dir); !errors.Is(err, ErrFolder) {
		t.Errorf("folder: %v", err)
	}
}

// What is cut off anywhere is read as far as it goes or refused in words; nothing panics.
func TestTruncatedFiles(t *testing.T) {
	samples := map[string][]byte{
		"R09.docx": corpusFile(t, "reports", "derived", "R09_杭州式_2025.docx"),
		"R09.html": corpusFile(t, "reports", "full", "R09_杭州式_2025.html"),
		"S0.txt":   corpusFile(t, "reports", "seed", "S0_黄石市民政局_2023.txt"),
		"R09.pdf":  corpusFile(t, "reports", "derived", "R09_杭州式_2025.pdf"),
		"a.ofd":    makeOFD(t, ofdText(20, 20, 4, "甲")),
		"a.xlsx":   rawXLSX(t, `<worksheet `+sheetSpace+`><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`),
	}
	for name, data := range samples {
		for i := range 12 {
			cut := data[:len(data)*i/12]
			_, err := Bytes(t.Context(), name, cut)
			var refusal *fault.Error
			if err != nil && !errors.As(err, &refusal) {
				t.Errorf("%s cut at %d: %v is no fault", name, len(cut), err)
			}
			zipped := strings.HasSuffix(name, "x") || strings.HasSuffix(name, "ofd")
			if zipped && i > 0 && !errors.Is(err, ErrTruncated) {
				t.Errorf("%s cut at %d: %v, want %s", name, len(cut), err, ErrTruncated.Code)
			}
			if errors.Is(err, ErrDamaged) && strings.Contains(fmt.Sprint(refusal.Cause), "panic") {
				t.Errorf("%s cut at %d: %v", name, len(cut), refusal.Cause)
			}
		}
	}
	refused(t, "R09.pdf", samples["R09.pdf"][:400], ErrTruncated)
}

func TestXMLPartCutOff(t *testing.T) {
	data := pack(t, part{"_rels/.rels", mainWord}, part{"word/document.xml", `<w:document ` + wordSpace + `><w:body><w:p><w:r><w:t>甲`})
	refused(t, "a.docx", data, ErrTruncated)
}

func TestEncryptedPDF(t *testing.T) {
	data := bytes.Replace(makePDF("BT /F1 12 Tf 72 700 Td (9) Tj ET"), []byte("/Root 1 0 R>>"),
		[]byte("/Root 1 0 R/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<"+strings.Repeat("41", 32)+">/U<"+strings.Repeat("42", 32)+">>>>>"), 1)
	refused(t, "a.pdf", data, ErrEncrypted)
}

func TestEncryptedZipEntry(t *testing.T) {
	data := makeDOCX(t, wp("甲"))
	for i := 0; i+8 < len(data); i++ { // set the flag in the local and central headers
		if bytes.HasPrefix(data[i:], []byte("PK\x03\x04")) {
			data[i+6] |= 1
		}
		if bytes.HasPrefix(data[i:], []byte("PK\x01\x02")) {
			data[i+8] |= 1
		}
	}
	refused(t, "a.docx", data, ErrEncrypted)
}

// Nobody believes a file's name: each content under each name is read as what it is.
func TestMislabelledFiles(t *testing.T) {
	contents := map[string]struct {
		data   []byte
		format Format
		names  []string
	}{
		"text":  {[]byte("某局2024年年报\n"), Text, []string{".txt"}},
		"html":  {[]byte("<html><body><p>某局2024年年报</p></body></html>"), HTML, []string{".html", ".htm"}},
		"bare":  {[]byte("\r\n<table><tr><td>某局2024年年报</td></tr></table>"), HTML, []string{".html", ".htm"}},
		"late":  {[]byte("某局2024年年报<br>" + strings.Repeat("<p></p>", 6)), HTML, []string{".html", ".htm"}},
		"docx":  {makeDOCX(t, wp("某局2024年年报")), DOCX, []string{".docx"}},
		"ofd":   {makeOFD(t, ofdText(20, 20, 4, "某局2024年年报")), OFD, []string{".ofd"}},
		"sheet": {rawXLSX(t, `<worksheet `+sheetSpace+`><sheetData><row><c t="inlineStr"><is><t>某局2024年年报</t></is></c></row></sheetData></worksheet>`), XLSX, []string{".xlsx"}},
	}
	for what, c := range contents {
		for _, suffix := range []string{".txt", ".html", ".htm", ".docx", ".doc", ".wps", ".pdf", ".ofd", ".xlsx", ".xls", ""} {
			d := mustRead(t, "报告"+suffix, c.data)
			if d.Format != c.format || len(d.Blocks) != 1 || d.Blocks[0].Text != "某局2024年年报" {
				t.Errorf("%s as %s: %s", what, suffix, sketch(d))
			}
			told := len(d.Notes) == 1 && d.Notes[0] == NoteMislabelled
			honest := suffix == ""
			for _, n := range c.names {
				honest = honest || n == suffix
			}
			if told == honest {
				t.Errorf("%s as %s: notes %v", what, suffix, d.Notes)
			}
		}
	}
}

func TestTheCallerMayGiveUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Bytes(ctx, "a.docx", makeDOCX(t, wp("甲"))); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestTimeIsLimited(t *testing.T) {
	short := limits
	short.Time = time.Nanosecond
	for name, data := range map[string][]byte{
		"a.docx": makeDOCX(t, wp("甲")), "a.html": []byte("<p>甲</p>"), "a.txt": []byte("甲\n乙"),
		"a.pdf": makePDF("BT /F1 12 Tf 72 700 Td (9) Tj ET"), "a.ofd": makeOFD(t, ofdText(20, 20, 4, "甲")),
	} {
		if _, err := extract(t.Context(), name, data, short); !errors.Is(err, ErrTime) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// A parser's panic is a damaged file; what it said is kept for the log.
func TestPanicsAreDamage(t *testing.T) {
	r := newReading(t.Context(), "a", nil, limits)
	err := r.timed(t.Context(), func() error { panic("index out of range") })
	var refusal *fault.Error
	if !errors.As(err, &refusal) || !errors.Is(err, ErrDamaged) || !strings.Contains(fmt.Sprint(refusal.Cause), "index out of range") {
		t.Errorf("got %v", err)
	}
}

func TestPaste(t *testing.T) {
	if d := Paste("规章\t3\n许可\t5"); d.Format != Text || len(d.Blocks) != 2 || d.Blocks[1].Text != "许可\t5" {
		t.Errorf("text: %s", sketch(d))
	}
	if d := Paste("<table><tr><td>规章</td><td>3</td></tr></table>"); d.Format != HTML || d.Blocks[0].Table == nil {
		t.Errorf("markup: %s", sketch(d))
	}
	if d := Paste("%PDF-1.7 这是什么"); d.Format != Text || len(d.Blocks) != 1 {
		t.Errorf("looks like a file: %s", sketch(d))
	}
	if d := Paste(`{\rtf1 x}`); d.Format != Text || d.Blocks[0].Text != `{\rtf1 x}` {
		t.Errorf("no program is started for a paste: %s", sketch(d))
	}
	if d := Paste(""); d == nil || d.Format != Text {
		t.Errorf("nothing: %v", d)
	}
}

// Every message a document can carry stands in the catalogues.
func TestNotesHaveWords(t *testing.T) {
	for _, key := range []string{NoteMislabelled, NoteHidden, NoteDeleted, NoteMacros, NoteGarbled, NoteConverted, NoteSheets, NoteRows, NoteErrors, NoteAttached, NoteAligned, NoteScanned} {
		for _, lang := range i18n.Langs {
			if text := i18n.To(lang).T(key); strings.Contains(text, "⟦") {
				t.Errorf("%s in %s: %s", key, lang, text)
			}
		}
	}
}
