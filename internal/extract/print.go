package extract

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Print has LibreOffice print a document or sheet as PDF, within the bounds of reading one. Without
// the program it fails with ErrLibreOffice; macros stay off.
func Print(ctx context.Context, name string, data []byte) (pdf []byte, err error) {
	if size := int64(len(data)); size > limits.Input {
		return nil, named(tooLarge(size, limits.Input), name)
	}
	r := newReading(ctx, name, data, limits)
	printing := kind{room: convertRoom}
	err = printing.inTurn(ctx, func() error {
		return r.timed(ctx, func() (err error) {
			pdf, err = printPDF(r)
			return err
		})
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return pdf, named(err, name)
}

func printPDF(r *reading) ([]byte, error) {
	program := libreOffice()
	if program == "" {
		return nil, ErrLibreOffice
	}
	dir, err := os.MkdirTemp("", "gongkai-print-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for printing: %w", err)
	}
	defer os.RemoveAll(dir)
	// The suffix tells LibreOffice what to take a file for; nothing else of a foreign name is used.
	source := filepath.Join(dir, "source"+suffixOf(r.name))
	if err := os.WriteFile(source, r.data, 0o600); err != nil {
		return nil, fmt.Errorf("write the file to print: %w", err)
	}
	if err := launch(r.ctx, program, dir, "pdf", source); err != nil {
		if r.check() != nil {
			return nil, r.err
		}
		return nil, ErrConvert.Because(err)
	}
	pdf, err := load(filepath.Join(dir, "out", "source.pdf"), mostFiles)
	if err != nil {
		return nil, ErrConvert.Because(err)
	}
	return pdf, nil
}

func suffixOf(name string) string {
	suffix := strings.ToLower(filepath.Ext(name))
	for _, k := range []kind{textKind, docxKind, xlsxKind, docKind, rtfKind, odtKind, xlsKind, odsKind} {
		if len(suffix) > 1 && strings.Contains(" "+strings.Join(k.suffixes, " ")+" ", " "+suffix[1:]+" ") {
			return suffix
		}
	}
	return ""
}
