package portal

import (
	"archive/zip"
	stdbytes "bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
)

// Pictures of a text stand in its files, with what they show; what only says to be one leaves the
// line that says so.
func TestFilesHavePictures(t *testing.T) {
	x := open(t, dbtest.SQLite(t))
	chart := image.NewNRGBA(image.Rect(0, 0, 2000, 500))
	for n := range 2000 {
		chart.Set(n, n/4, color.NRGBA{200, 0, 0, 128})
	}
	var file stdbytes.Buffer
	if err := png.Encode(&file, chart); err != nil {
		t.Fatal(err)
	}
	in := notice()
	in.Content.Body = `<p>流程如下。</p><p><img src="attachment:a" alt="办理流程图"></p><p><img src="attachment:b" alt="坏图"></p><p><img src="attachment:c" alt="没有的图"></p><p>以上。</p>`
	for id, data := range map[string][]byte{"a": file.Bytes(), "b": append(file.Bytes()[:100:100], "坏"...)} {
		b, err := x.Blobs.Receive(t.Context(), stdbytes.NewReader(data), 1<<20)
		if err == nil {
			err = x.DB.Update(t.Context(), func(tx *db.Tx) error { return x.Blobs.Keep(tx, b) })
		}
		if err != nil {
			t.Fatal(err)
		}
		in.Attachments = append(in.Attachments, disclosure.Attachment{ID: id, Name: id + ".png", Media: "image/png", Digest: b.Digest, Size: b.Size})
	}
	at := "/items/" + x.publish(in)[0] + "/关于印发《养老服务补贴办法》的通知"
	docx := x.get(at + ".docx").Body.Bytes()
	z, err := zip.NewReader(stdbytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "word/media/") {
			parts = append(parts, f.Name)
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			c, kind, err := image.DecodeConfig(r)
			if err != nil || kind != "jpeg" || c.Width != 1600 || c.Height != 400 {
				t.Errorf("%s: %s %+v %v", f.Name, kind, c, err)
			}
			_ = r.Close()
		}
	}
	if len(parts) != 1 {
		t.Errorf("pictures: %v", parts)
	}
	text := partOf(t, z, "word/document.xml")
	for _, want := range []string{`descr="办理流程图"`, `r:embed="rIdPicture1"`, "（图：办理流程图", "（图：坏图", "（图：没有的图", "以上。"} {
		if strings.Count(text, want) != 1 {
			t.Errorf("%d of %s in %s", strings.Count(text, want), want, text)
		}
	}
	if s := partOf(t, z, "word/_rels/document.xml.rels"); !strings.Contains(s, `Id="rIdPicture1"`) || !strings.Contains(s, `Target="media/image1.jpeg"`) {
		t.Error(s)
	}
	pdf := x.get(at + ".pdf").Body.String()
	if strings.Count(pdf, "/Subtype /Image") != 1 || !strings.Contains(pdf, "/Width 1600") {
		t.Errorf("%d pictures", strings.Count(pdf, "/Subtype /Image"))
	}
}

// partOf is a part of a Word file as text.
func partOf(t *testing.T, z *zip.Reader, name string) string {
	t.Helper()
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	var b stdbytes.Buffer
	if _, err := b.ReadFrom(f); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
