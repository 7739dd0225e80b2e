package legacy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
)

// Folder reads every .html and .htm file below dir as one article, in the order of their
// paths. Links out of the folder are not followed.
func Folder(dir string) (Rows, error) { return new(Source).folder(dir) }

func (s *Source) folder(dir string) (Rows, error) {
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return nil, ErrFile.With("file", dir)
	}
	var paths []string
	all := sha256.New()
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch strings.ToLower(filepath.Ext(path)) {
		case ".html", ".htm", ".shtml":
			if entry.Type().IsRegular() {
				paths = append(paths, path)
			}
		}
		return nil
	})
	if err != nil {
		return nil, ErrFile.With("file", dir).Because(err)
	}
	if len(paths) == 0 {
		return nil, ErrEmpty.With("file", dir)
	}
	sort.Strings(paths)
	for _, path := range paths {
		if info, err := os.Lstat(path); err == nil {
			fmt.Fprintln(all, path, info.Size(), info.ModTime().UnixNano())
		}
	}
	s.total = int64(len(paths))
	s.Name = fmt.Sprintf("%s (%d, %s)", filepath.Base(filepath.Clean(dir)), len(paths), hex.EncodeToString(all.Sum(nil)[:6]))
	return func(yield func(Row) bool) {
		for _, path := range paths {
			s.read.Add(1)
			if !yield(file(dir, path)) {
				return
			}
		}
	}, nil
}

func file(dir, path string) Row {
	name, err := filepath.Rel(dir, path)
	if err != nil {
		name = path
	}
	row := Row{Where: filepath.ToSlash(name)}
	f, err := os.OpenInRoot(dir, name)
	if err != nil {
		row.Err = ErrFile.With("file", name).Because(err)
		return row
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, pageMost+1))
	switch {
	case err != nil:
		row.Err = ErrFile.With("file", name).Because(err)
		return row
	case len(data) > pageMost:
		row.Err = ErrTooLong.With("most", pageMost>>20)
		return row
	}
	row.Record, row.Files, row.Err = Page(data, beside(dir, name))
	if row.Record.URL == "" {
		row.Record.URL = filepath.ToSlash(name)
	}
	if row.Record.Section == "" {
		if folder := filepath.ToSlash(filepath.Dir(name)); folder != "." {
			row.Record.Section = folder
		}
	}
	return row
}

// beside opens files by their place relative to a page, and none outside the folder.
func beside(dir, page string) func(ref string) Opener {
	return func(ref string) Opener {
		u, err := url.Parse(ref)
		if err != nil || u.IsAbs() || u.Host != "" || u.Path == "" {
			return nil
		}
		at := path.Join(path.Dir(filepath.ToSlash(page)), u.Path)
		if strings.HasPrefix(u.Path, "/") {
			at = strings.TrimPrefix(path.Clean(u.Path), "/")
		}
		return func(context.Context) (io.ReadCloser, error) { return os.OpenInRoot(dir, filepath.FromSlash(at)) }
	}
}
