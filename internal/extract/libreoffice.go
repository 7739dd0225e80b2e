package extract

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// convertDocument reads an old text format (.doc, .wps, .rtf, .odt) through LibreOffice.
func convertDocument(r *reading) error { return convert(r, "docx", "docx:MS Word 2007 XML", readDOCX) }

// convertSheet reads an old sheet format (.xls, .et, .ods) through LibreOffice.
func convertSheet(r *reading) error {
	return convert(r, "xlsx", "xlsx:Calc MS Excel 2007 XML", readXLSX)
}

// libreOffice returns the path of the program, "" if it is not installed.
func libreOffice() string {
	for _, name := range []string{"soffice", "libreoffice"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// convert has LibreOffice convert the file in a private folder and reads what comes out.
// The program gets a profile of its own there, so that neither the user's settings nor a
// window already open have a say, and macros stay off.
func convert(r *reading, suffix, filter string, read func(*reading) error) error {
	program := libreOffice()
	if program == "" {
		return ErrLibreOffice
	}
	dir, err := os.MkdirTemp("", "gongkai-convert-")
	if err != nil {
		return fmt.Errorf("make a folder for conversion: %w", err)
	}
	defer os.RemoveAll(dir)
	source := filepath.Join(dir, "source")
	if err := os.WriteFile(source, r.data, 0o600); err != nil {
		return fmt.Errorf("write the file to convert: %w", err)
	}
	if err := launch(r.ctx, program, dir, filter, source); err != nil {
		if r.check() != nil {
			return r.err
		}
		return ErrConvert.Because(err)
	}
	data, err := load(filepath.Join(dir, "out", "source."+suffix), r.limit.Input)
	switch {
	case errors.Is(err, ErrMissing):
		return ErrConvert.Because(err) // the program says 0 even if it could not load the file
	case err != nil:
		return err
	}
	r.note(NoteConverted)
	r.data = data
	return read(r)
}

// launch starts LibreOffice and waits. When time is up it is ended with all it started: the
// program is a script that starts another.
func launch(ctx context.Context, program, dir, filter, source string) error {
	profile := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, "profile"))}
	cmd := exec.CommandContext(ctx, program, "-env:UserInstallation="+profile.String(),
		"--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard",
		"--convert-to", filter, "--outdir", filepath.Join(dir, "out"), source)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TMPDIR="+dir, "HOME="+dir)
	alone(cmd)
	cmd.WaitDelay = 5 * time.Second
	return cmd.Run()
}
