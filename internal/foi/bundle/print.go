package bundle

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/draw"
	_ "image/gif" // of screens
	"image/jpeg"
	_ "image/png" // of screens and scanners

	"github.com/signintech/gopdf"
	_ "golang.org/x/image/bmp"  // of scanners
	_ "golang.org/x/image/tiff" // of fax machines

	"gongkai/internal/blob"
	"gongkai/internal/extract"
	"gongkai/internal/foi"
	"gongkai/internal/paper"
)

// The measures of a picture's page in points, and how many pixels a picture may have.
const (
	pageWidth, pageHeight = 595.28, 841.89
	pageMargin            = 36.0
	mostPixels            = 60_000_000
	photoQuality          = 88
)

// printAll brings every exhibit into PDF.
func printAll(ctx context.Context, o *foi.Dossier, chosen []Exhibit) (all [][]byte, err error) {
	for _, e := range chosen {
		var one []byte
		if e.paper != nil {
			one, err = pdf(e.paper)
		} else {
			one, err = printFile(ctx, o, e)
		}
		if err != nil {
			return nil, fmt.Errorf("print an exhibit: %w", err)
		}
		all = append(all, one)
	}
	return all, nil
}

// printFile prints a file that was brought: PDF as it is, a picture on a page, a text or table by
// LibreOffice or, without it, its words alone.
func printFile(ctx context.Context, o *foi.Dossier, e Exhibit) ([]byte, error) {
	data, err := o.Content(ctx, e.file)
	if err != nil {
		return nil, err
	}
	if bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) {
		return data, nil // one that cannot be opened gets its page when it is bound
	}
	var out []byte
	if isPicture(data) {
		out, err = printPicture(ctx, data)
	} else {
		out, err = printText(ctx, o, e, data)
	}
	if err == nil || ctx.Err() != nil {
		return out, ctx.Err()
	}
	return pdf(notice(o, e, data))
}

func printText(ctx context.Context, o *foi.Dossier, e Exhibit, data []byte) ([]byte, error) {
	out, err := extract.Print(ctx, e.file.Name, data)
	if err == nil {
		return out, nil
	}
	if !errors.Is(err, extract.ErrLibreOffice) && !errors.Is(err, extract.ErrConvert) {
		return nil, err
	}
	read, err := extract.Bytes(ctx, e.file.Name, data)
	if err != nil {
		return nil, err
	}
	d := &paper.Document{Title: e.Name, Body: []paper.Block{{Text: say.T("bundle.words_only", "name", e.file.Name)}}, Meta: paper.Meta{Title: e.Name, Created: moment(o)}}
	for _, b := range read.Blocks {
		if b.Table != nil {
			d.Body = append(d.Body, paper.Block{Table: tableOf(b.Table)})
		} else if b.Text != "" {
			d.Body = append(d.Body, paper.Block{Text: b.Text})
		}
	}
	return pdf(d)
}

func tableOf(t *extract.Table) *paper.Table {
	out := &paper.Table{Size: 9}
	for range t.Columns {
		out.Widths = append(out.Widths, 1)
	}
	for _, row := range t.Rows {
		cells := []paper.Cell{}
		for _, c := range row {
			cells = append(cells, paper.Cell{Text: c.Text, Row: c.Row, Col: c.Col, RowSpan: c.RowSpan, ColSpan: c.ColSpan})
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// printPicture puts a picture on a page of A4, upright or lying as it is itself.
func printPicture(ctx context.Context, data []byte) ([]byte, error) {
	size, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if size.Width <= 0 || size.Height <= 0 || size.Width > mostPixels/size.Height {
		return nil, extract.ErrImage
	}
	// Clean turns a photograph upright as its notes say, and leaves the notes out.
	if cleaned, err := blob.Clean(ctx, data); err == nil {
		data = cleaned
	} else if kind != "jpeg" {
		if data, err = repack(data); err != nil {
			return nil, err
		}
	}
	if size, _, err = image.DecodeConfig(bytes.NewReader(data)); err != nil {
		return nil, err
	}
	holder, err := gopdf.ImageHolderByBytes(data)
	if err != nil {
		return nil, err
	}
	w, h := pageWidth, pageHeight
	if size.Width > size.Height {
		w, h = h, w
	}
	scale := min((w-2*pageMargin)/float64(size.Width), (h-2*pageMargin)/float64(size.Height))
	wide, high := float64(size.Width)*scale, float64(size.Height)*scale
	doc := &gopdf.GoPdf{}
	doc.Start(gopdf.Config{Unit: gopdf.UnitPT, PageSize: gopdf.Rect{W: w, H: h}})
	doc.AddPage()
	if err := doc.ImageByHolder(holder, (w-wide)/2, (h-high)/2, &gopdf.Rect{W: wide, H: high}); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	_, err = doc.WriteTo(&b)
	return b.Bytes(), err
}

// repack writes a picture of a kind PDF does not know as a photograph on white.
func repack(data []byte) ([]byte, error) {
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	page := image.NewRGBA(img.Bounds())
	draw.Draw(page, page.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(page, page.Bounds(), img, img.Bounds().Min, draw.Over)
	var b bytes.Buffer
	err = jpeg.Encode(&b, page, &jpeg.Options{Quality: photoQuality})
	return b.Bytes(), err
}

// notice is the page of a file that cannot be printed: its name, size and digests, so that the file
// handed in beside the bundle is known for the same.
func notice(o *foi.Dossier, e Exhibit, data []byte) *paper.Document {
	sum := sha256.Sum256(data)
	d := docket{
		title: e.Name, heads: []string{"bundle.head.item", "bundle.head.text"}, widths: []float64{3, 10},
		rows: facts("bundle.head.file", e.file.Name, "bundle.head.size", fmt.Sprint(len(data)), "bundle.head.sha256", hex.EncodeToString(sum[:])),
	}
	doc := d.document(o)
	doc.Body = append([]paper.Block{{Text: say.T("bundle.notice")}}, doc.Body...)
	return doc
}

// stampSample is a page with every character of the stamps, in the face of headings.
func stampSample() ([]byte, error) {
	doc := &gopdf.GoPdf{}
	doc.Start(gopdf.Config{Unit: gopdf.UnitPT, PageSize: gopdf.Rect{W: pageWidth, H: pageHeight}})
	if err := doc.AddTTFFontData("hei", paper.Bold()); err != nil {
		return nil, fmt.Errorf("load the face of stamps: %w", err)
	}
	doc.AddPage()
	if err := doc.SetFont("hei", "", 12); err != nil {
		return nil, fmt.Errorf("load the face of stamps: %w", err)
	}
	doc.SetXY(40, 40)
	if err := doc.Text("0123456789 " + say.T("bundle.stamp.page", "n", "", "all", "") + say.T("bundle.stamp.exhibit", "n", "")); err != nil {
		return nil, fmt.Errorf("set the stamps: %w", err)
	}
	var b bytes.Buffer
	_, err := doc.WriteTo(&b)
	return b.Bytes(), err
}
