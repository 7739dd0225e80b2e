package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"gongkai/internal/i18n"
)

//go:embed frame.html static
var files embed.FS

// Static returns the assets of the frame: tokens and basic styles shared by all faces.
func Static() fs.FS {
	sub, err := fs.Sub(files, "static")
	if err != nil {
		panic(err) // the tree is embedded
	}
	return sub
}

// Page is what every page knows; a face's page structs embed it. Its printer's methods T
// and Text are how templates say anything.
type Page struct {
	i18n.Printer
	Title   string // of the page, without the product's name
	Home    string // path of the start page in this language: "/" or "/en/"
	Help    string // path of the page that explains, "" for none
	Icon    string // path of the site's icon
	Styles  []string
	Scripts []string
	Others  []Link // this page in the other languages
	Wide    bool   // the page uses the whole width
	Theme   string // of the site's looks, "" for the usual
	Size    string // "large" for large print
}

// Link is a text that leads somewhere.
type Link struct {
	Href, Text, Lang string
}

// Names is what each of the product's languages calls itself.
var Names = map[i18n.Lang]string{i18n.Chinese: "中文", i18n.English: "English"}

// Pages are a face's templates, parsed once: each is the frame with its own main part.
type Pages struct{ byName map[string]*template.Template }

// ParsePages parses every *.html of dir in tree. shared.html and the files of the folder
// part hold the pieces that pages have in common; a face may define the frame's blocks
// anew there.
func ParsePages(tree fs.FS, dir string) (*Pages, error) {
	frame, err := template.New("frame.html").ParseFS(files, "frame.html")
	if err != nil {
		return nil, fmt.Errorf("parse the frame: %w", err)
	}
	names, err := fs.Glob(tree, path.Join(dir, "*.html"))
	if err != nil {
		return nil, err
	}
	parts, err := fs.Glob(tree, path.Join(dir, "part", "*.html"))
	if err != nil {
		return nil, err
	}
	if len(parts) > 0 {
		if frame, err = frame.ParseFS(tree, parts...); err != nil {
			return nil, fmt.Errorf("parse the parts: %w", err)
		}
	}
	var pages []string
	for _, name := range names {
		if path.Base(name) != "shared.html" {
			pages = append(pages, name)
			continue
		}
		if frame, err = frame.ParseFS(tree, name); err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
	}
	p := &Pages{map[string]*template.Template{}}
	for _, name := range pages {
		one := template.Must(frame.Clone())
		if one, err = one.ParseFS(tree, name); err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
		p.byName[strings.TrimSuffix(path.Base(name), ".html")] = one
	}
	return p, nil
}

// Write renders the page called name into memory and, when that worked, sends it: a page
// that breaks half-way is never seen.
func (p *Pages) Write(w http.ResponseWriter, r *http.Request, status int, name string, page any) error {
	return p.write(w, r, status, name, "frame.html", page)
}

// WritePart renders one piece of a page, for scripts that replace it in place.
func (p *Pages) WritePart(w http.ResponseWriter, r *http.Request, name, part string, page any) error {
	return p.write(w, r, http.StatusOK, name, part, page)
}

// write compresses what it sends: a report's page shrinks to a tenth. That a page holds
// both a secret, the batch's address, and what others may have put into a file is safe,
// because no other site can have a browser ask for it with its SameSite=Strict cookie.
func (p *Pages) write(w http.ResponseWriter, r *http.Request, status int, name, part string, page any) error {
	t, ok := p.byName[name]
	if !ok {
		return fmt.Errorf("no page called %s", name)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, part, page); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	if part == "frame.html" && LanguageOf(r) != i18n.Chinese {
		marked := Foreign(b.Bytes())
		b.Reset()
		b.Write(marked)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Vary", "Accept-Encoding")
	if takesGzip(r) {
		h.Set("Content-Encoding", "gzip")
		b = packed(b.Bytes())
	}
	h.Set("Content-Length", fmt.Sprint(b.Len()))
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // the browser may leave at any time
	return nil
}
