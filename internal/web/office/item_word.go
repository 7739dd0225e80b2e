package office

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"html"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"

	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
	"gongkai/internal/richtext"
	"gongkai/internal/web"
)

// wordText is what a draft takes over from a file.
type wordText struct {
	title  string
	html   string
	images []wordImage
}

// wordImage is a picture of the text, to be attached under the ID the text names it by.
type wordImage struct {
	disclosure.Attachment
	blob *blob.Blob
}

// wordLimit is the most bytes of a file that becomes a draft's text.
const wordLimit = 50 << 20

// readWord reads the file of a form field into a draft's text, nil when none was chosen.
func (o *Office) readWord(r *http.Request, field string) (*wordText, error) {
	src, head, err := r.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer src.Close()
	data, err := io.ReadAll(io.LimitReader(src, wordLimit+1))
	if err != nil {
		return nil, err
	}
	if len(data) > wordLimit {
		return nil, web.ErrFormSize.At(field)
	}
	name := fileName(head.Filename)
	if strings.EqualFold(path.Ext(name), ".docx") {
		return o.fromWord(r.Context(), name, data)
	}
	doc, err := extract.Bytes(r.Context(), name, data)
	if err != nil {
		return nil, err
	}
	return plainText(doc, name), nil
}

// fromWord reads a Word file with its layout, tables, footnotes and pictures. A picture that
// cannot be shown stays out, as its place in the text tells.
func (o *Office) fromWord(ctx context.Context, name string, data []byte) (*wordText, error) {
	doc, err := richtext.FromDOCX(ctx, name, data)
	if err != nil {
		return nil, err
	}
	out := &wordText{title: cmp.Or(doc.Title, strings.TrimSuffix(name, path.Ext(name)))}
	ids := map[string]string{}
	for id, image := range doc.Images {
		kept, err := o.Items.Blobs.ReceivePicture(ctx, bytes.NewReader(image.Data), wordLimit)
		if fault.KindOf(err) == fault.Invalid || fault.KindOf(err) == fault.TooLarge {
			continue
		}
		if err != nil {
			return nil, err
		}
		ids[id] = db.ID()
		out.images = append(out.images, wordImage{disclosure.Attachment{ID: ids[id], Name: fileName(image.Name), Inline: true}, kept})
	}
	out.html = richtext.Replace(doc.HTML, func(id string) string { return ids[id] })
	return out, nil
}

// plainText lays an extracted document out as paragraphs and tables. A first line that ends
// like no sentence is the title.
func plainText(doc *extract.Document, name string) *wordText {
	out := &wordText{title: strings.TrimSuffix(name, path.Ext(name))}
	var b strings.Builder
	first := true
	for _, block := range doc.Blocks {
		text := strings.TrimSpace(block.Text)
		switch {
		case block.Table != nil:
			writeTable(&b, block.Table)
		case text == "":
		case first && len([]rune(text)) <= 80 && !strings.ContainsAny(text, "。；"):
			out.title = text
		default:
			b.WriteString("<p>" + html.EscapeString(text) + "</p>")
		}
		first = first && text == ""
	}
	out.html, _ = richtext.Sanitise(b.String())
	return out
}

func writeTable(b *strings.Builder, t *extract.Table) {
	b.WriteString("<table>")
	for _, row := range t.Rows {
		b.WriteString("<tr>")
		for _, c := range row {
			b.WriteString("<td")
			for _, span := range []struct {
				name string
				n    int
			}{{"rowspan", c.RowSpan}, {"colspan", c.ColSpan}} {
				if span.n > 1 {
					b.WriteString(" " + span.name + `="` + strconv.Itoa(span.n) + `"`)
				}
			}
			b.WriteString("><p>" + strings.ReplaceAll(html.EscapeString(c.Text), "\n", "<br>") + "</p></td>")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</table>")
}
