package redact

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
)

// What cannot be done is refused with what to do.
func TestRefusals(t *testing.T) {
	var two bytes.Buffer // a TIFF whose first directory names a second
	two.WriteString("II*\x00\x08\x00\x00\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"a.doc":  {[]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old"), ErrOld},
		"a.rtf":  {[]byte(`{\rtf1 text}`), ErrOld},
		"a.html": {[]byte("<html><body><p>字</p></body></html>"), ErrFormat},
		"a.png":  {[]byte("\x89PNG\r\n\x1A\n broken"), ErrPicture},
		"a.tif":  {two.Bytes(), ErrPicture},
		"a.pdf":  {[]byte("%PDF-1.7\nnothing"), extract.ErrTruncated},
		"a.docx": {[]byte("PK\x03\x04 broken"), extract.ErrTruncated},
		"a.docm": {packed(t, entry{"[Content_Types].xml", "<Types/>"}, entry{"word/document.xml", `<w:document ` + wordSpaces + `><w:body/></w:document>`}, entry{"word/vbaProject.bin", "x"}), ErrMacros},
		"a.ofd":  {packed(t, entry{"OFD.xml", "<x/>"}), nil},
		"empty":  {nil, extract.ErrEmpty},
	} {
		_, err := Open(t.Context(), name, c.data)
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
		if fault.KindOf(err) == fault.Internal {
			t.Errorf("%s: %v is no answer for a user", name, err)
		}
	}
}

// Marks without a ground, or beside the file, are refused.
func TestRefusedMarks(t *testing.T) {
	f := opened(t, "a.txt", []byte("申请人钱小样，电话13800138000。\n"))
	for name, c := range map[string]struct {
		marks []Mark
		want  error
	}{
		"none":         {nil, ErrNothing},
		"no ground":    {[]Mark{{Place: Place{Passage: 1, Start: 3, End: 6}}}, ErrGround},
		"wrong ground": {[]Mark{{Place: Place{Passage: 1, Start: 3, End: 6}, Ground: "open"}}, ErrGround},
		"past the end": {[]Mark{{Place: Place{Passage: 1, Start: 3, End: 99}, Ground: privacy}}, ErrPlace},
		"no passage":   {[]Mark{{Place: Place{Passage: 9, Start: 0, End: 1}, Ground: privacy}}, ErrPlace},
		"an area":      {[]Mark{{Place: Place{Page: 1, Box: Box{0, 0, 9, 9}}, Ground: privacy}}, ErrPlace},
	} {
		if _, err := f.Apply(t.Context(), c.marks); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

// Names handed in, numbers with a right check digit, phones, mail, plates and names after words
// such as 联系人 are proposed.
func TestFind(t *testing.T) {
	f := opened(t, "a.txt", []byte("申请人：李 示例，身份证号码 11010519491231002X，\n手机13800138000，邮箱 a.b@example.cn，\n车牌京A12345。联系人：王样本电话见上，\n业主代表有意见，住址：甲市乙区丙路3号2栋101室。订单号2023010112345678。\n李示例、王样本已到。"))
	got := map[Kind][]string{}
	for _, p := range f.Find(Wanted{Names: []string{"李示例"}, Today: date.Must(2026, 11, 23)}) {
		got[p.Kind] = append(got[p.Kind], squeeze(p.Words))
	}
	want := map[Kind][]string{
		Name: {"李示例", "李示例"}, Identity: {"11010519491231002x"}, Phone: {"13800138000"}, Mail: {"a.b@example.cn"},
		Plate: {"京a12345"}, Person: {"王样本", "王样本"}, Address: {"甲市乙区丙路3号2栋101室"},
	}
	for kind, words := range want {
		if strings.Join(got[kind], " ") != strings.Join(words, " ") {
			t.Errorf("%s: got %q, want %q", kind, got[kind], words)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %q", got)
	}
}

// Numbers as people also write them are proposed: identity numbers of 15 digits, telephones with an
// area code, papers of other kinds, wide letters; longer numbers and years are left.
func TestFindOtherWritings(t *testing.T) {
	f := opened(t, "a.txt", []byte("老证110105491231002。传真(010)88880000，座机0755-8888 0000，通行证号：C12345678，邮箱ａ．ｂ＠ｅｘａｍｐｌｅ．ｃｎ，车牌京Ａ１２３４５。单号110105491231002123，文号〔2026〕12345678号。"))
	got := map[Kind]string{}
	for _, p := range f.Find(Wanted{Today: date.Must(2026, 11, 23)}) {
		got[p.Kind] += squeeze(p.Words) + " "
	}
	for kind, want := range map[Kind]string{
		Identity: "110105491231002", Phone: "(010)88880000 0755-88880000", Passport: "c12345678", Mail: "a.b@example.cn", Plate: "京a12345",
	} {
		if clean := strings.TrimSpace(got[kind]); clean != want && clean != squeeze(want) {
			t.Errorf("%s: got %q, want %q", kind, clean, want)
		}
	}
	if len(got) != 5 {
		t.Errorf("got %q", got)
	}
}

// A text is written anew, a label where words were; the report says where and why, not what.
func TestPlainText(t *testing.T) {
	f := opened(t, "a.txt", []byte("申请人钱小样，\n钱 小样的电话。\n"))
	marks := every(t, f, secret)
	marks[0].Note = "申请人姓名"
	out, err := f.Apply(t.Context(), marks)
	if err != nil {
		t.Fatal(err)
	}
	if want := "申请人■■■〔第十五条〕，\n■■■〔第十五条〕的电话。\n"; strings.TrimRight(string(out.Data), "\n") != strings.TrimRight(want, "\n") {
		t.Errorf("got %q, want %q", out.Data, want)
	}
	if len(out.Report.Withheld) != 2 || out.Report.Withheld[0].Note != "申请人姓名" || out.Report.Withheld[0].Ground.Cite().Article != 15 {
		t.Errorf("report %+v", out.Report)
	}
}

// The copy is held back while a withheld text can be found in it, however it is written there.
func TestVerifierFindsWhatRemains(t *testing.T) {
	word := squeeze(secret)
	for name, data := range map[string]string{
		"as it is":        "x" + secret + "y",
		"spaced":          "钱 小\u200B样",
		"cut by tags":     "<?xml?><a>钱</a><b>小样</b>",
		"UTF-16":          "x\x94\xB1\x5C\x0F\x68\x37",
		"UTF-16 reversed": "\xB1\x94\x0F\x5C\x37\x68",
		"GB18030":         "\xC7\xAE\xD0\xA1\xD1\xF9",
		"hexadecimal":     "<94B15C0F6837>",
		"base64":          "6ZKx5bCP5qC3",
		"base64, shifted": "eOmSseWwj+agtw==",
		"base64, twice":   "eHjpkrHlsI/moLc=",
	} {
		if err := scan([]byte(data), []string{word}); !errors.Is(err, ErrRemains) {
			t.Errorf("%s: not found in %q", name, data)
		}
	}
	if err := scan([]byte("钱大样 小样"), []string{word}); err != nil {
		t.Errorf("found where it is not: %v", err)
	}
}

// A scan has no words: what is painted is gone from its pixels, and words a machine put behind
// it do not come along.
func TestScanWithWordsBehind(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 200, 150))
	for i := range img.Pix {
		img.Pix[i] = uint8(100 + i%97)
	}
	page := stream("/Type/XObject/Subtype/Image/Width 200/Height 150/ColorSpace/DeviceGray/BitsPerComponent 8", string(img.Pix))
	data := made(map[int]string{
		1: "<</Type/Catalog/Pages 2 0 R>>", 2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 5 0 R/Resources<</Font<</F 4 0 R>>/XObject<</I 6 0 R>>>>>>",
		4: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		5: stream("", "BT /F 14 Tf 1 0 0 1 30 200 Tm (BEHINDTHESCAN) Tj ET q 400 0 0 300 0 0 cm /I Do Q BT 3 Tr /F 14 Tf 1 0 0 1 30 100 Tm (RECOGNISED) Tj ET"),
		6: page, 9: "<<>>",
	})
	f := opened(t, "扫描.pdf", data)
	copied := applied(t, f, []Mark{{Place: Place{Page: 1, Box: Box{100, 100, 200, 200}}, Ground: privacy}})
	text, _ := readPDF(t, copied)
	lacks(t, "poppler", text, "BEHINDTHESCAN", "RECOGNISED")
	dir := t.TempDir()
	program(t, "pdftoppm", "-r", "72", "-png", save(t, "copy.pdf", copied), filepath.Join(dir, "p"))
	seen, err := os.ReadFile(filepath.Join(dir, "p-1.png"))
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := png.Decode(bytes.NewReader(seen))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := drawn.At(110, 110).RGBA(); r > 0x1800 {
		t.Error("the painted area is not black")
	}
	if r, _, _, _ := drawn.At(50, 50).RGBA(); r < 0x4000 {
		t.Error("the rest of the page is gone")
	}
}

// FuzzOpen holds that no file, whatever it is, makes the package panic, and that a copy is never
// empty. PDF is left out: it is read in a sandbox, too slowly to try much.
func FuzzOpen(f *testing.F) {
	f.Add(nasty(f))
	f.Add(book(f))
	f.Add([]byte("申请人钱小样\n"))
	f.Add([]byte("\xFF\xD8\xFF\xE1\x00\x10Exif\x00\x00II*\x00\x08\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.Contains(data, []byte("%PDF-")) {
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		file, err := Open(ctx, "a", data)
		if err != nil {
			return
		}
		file.Find(Wanted{Names: []string{secret}})
		if len(file.Passages) > 0 && len(file.Passages[0].Text) > 0 {
			mark := Mark{Place: Place{Passage: 1, Start: 0, End: 1}, Ground: privacy, Here: true}
			if out, err := file.Apply(ctx, []Mark{mark}); err == nil && len(out.Data) == 0 {
				t.Error("an empty copy")
			}
		}
	})
}
