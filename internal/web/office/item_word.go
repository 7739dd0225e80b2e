package office

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"path"
	"strings"

	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/fault"
	"gongkai/internal/richtext"
	"gongkai/internal/web"
)

// wordText is what a draft takes over from a file.
type wordText struct {
	title  string
	html   string
	images []wordImage
	notes  []richtext.Note // what was left out or changed
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
	return o.fromFile(r.Context(), name, data)
}

// fromFile reads a file of any office format: a Word file with its layout, tables, footnotes
// and pictures, others as their lines and tables. A picture that cannot be shown stays out, as
// its place in the text tells.
func (o *Office) fromFile(ctx context.Context, name string, data []byte) (*wordText, error) {
	doc, err := richtext.FromFile(ctx, name, data)
	if err != nil {
		return nil, err
	}
	out := &wordText{title: cmp.Or(doc.Title, strings.TrimSuffix(name, path.Ext(name))), notes: doc.Notes}
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
