package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// Assets are the style sheets and scripts a face serves from its own binary, compressed
// once and addressed by their content, so that browsers may keep them for ever.
type Assets struct {
	base  string
	files map[string]asset // by name
	at    map[string]asset // by name with hash
}

type asset struct {
	path, kind, tag string
	plain, packed   []byte
}

// NewAssets reads every file of the given trees; base is the path they are served under.
func NewAssets(base string, trees ...fs.FS) (*Assets, error) {
	a := &Assets{base: base, files: map[string]asset{}, at: map[string]asset{}}
	for _, tree := range trees {
		err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := fs.ReadFile(tree, name)
			if err != nil {
				return err
			}
			a.add(path.Base(name), b)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read assets: %w", err)
		}
	}
	return a, nil
}

func (a *Assets) add(name string, b []byte) {
	p := packed(b)
	sum := sha256.Sum256(b)
	tag := hex.EncodeToString(sum[:6])
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + tag + ext
	f := asset{path: a.base + hashed, kind: mime.TypeByExtension(ext), tag: tag, plain: b, packed: p.Bytes()}
	a.files[name], a.at[hashed] = f, f
}

// Path returns where the browser finds the file called name. A name that is not there is
// a mistake of the program; it panics.
func (a *Assets) Path(name string) string {
	f, ok := a.files[name]
	if !ok {
		panic("web: no asset " + name)
	}
	return f.path
}

// ServeHTTP sends a file, compressed where the browser takes that.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a.at[path.Base(r.URL.Path)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := f.plain
	if takesGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = f.packed
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the browser may leave at any time
	}
}

// takesGzip reports whether the browser unpacks what is compressed.
func takesGzip(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}

// packed returns b compressed.
func packed(b []byte) bytes.Buffer {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := z.Write(b)
	if err = errors.Join(err, z.Close()); err != nil {
		panic(err) // a buffer takes everything
	}
	return out
}
