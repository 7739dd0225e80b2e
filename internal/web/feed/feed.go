// Package feed writes lists for machines that follow a site: Atom (RFC 4287), RSS 2.0 and
// sitemaps. It knows no records; texts go in as they are and come out escaped, with characters
// no XML document may hold replaced.
package feed

import (
	"bytes"
	"encoding/xml"
	"time"
)

// Feed is a list of entries, the newest first.
type Feed struct {
	ID      string // an IRI that never changes, such as urn:uuid:…
	Title   string
	Lang    string
	Author  string
	Self    string // its own address
	Page    string // the page that says the same
	Updated time.Time
	Entries []Entry
}

// Entry is one thing published.
type Entry struct {
	ID        string // an IRI that never changes
	Title     string
	Link      string
	Summary   string
	Author    string
	Published time.Time
	Updated   time.Time
	Subjects  []string
}

// writer collects a document.
type writer struct{ bytes.Buffer }

func (w *writer) text(name, text string) {
	if text != "" {
		w.WriteString("<" + name + ">")
		_ = xml.EscapeText(w, []byte(text)) // a buffer takes everything
		w.WriteString("</" + name + ">")
	}
}

// tag writes an element without content; its attributes stand in pairs.
func (w *writer) tag(name string, attributes ...string) {
	w.WriteString("<" + name)
	for n := 0; n+1 < len(attributes); n += 2 {
		w.WriteString(" " + attributes[n] + `="`)
		_ = xml.EscapeText(w, []byte(attributes[n+1]))
		w.WriteString(`"`)
	}
	w.WriteString("/>")
}

// Atom writes the feed after RFC 4287, which lets addresses be relative.
func (f *Feed) Atom() []byte {
	var w writer
	w.WriteString(xml.Header + `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="` + f.Lang + `">`)
	w.text("id", f.ID)
	w.text("title", f.Title)
	w.text("updated", f.Updated.UTC().Format(time.RFC3339))
	w.tag("link", "rel", "self", "type", "application/atom+xml", "href", f.Self)
	w.tag("link", "rel", "alternate", "type", "text/html", "href", f.Page)
	w.person(f.Author)
	for _, e := range f.Entries {
		w.WriteString("\n<entry>")
		w.text("id", e.ID)
		w.text("title", e.Title)
		w.tag("link", "rel", "alternate", "type", "text/html", "href", e.Link)
		w.text("published", e.Published.UTC().Format(time.RFC3339))
		w.text("updated", e.Updated.UTC().Format(time.RFC3339))
		w.person(e.Author)
		w.text("summary", e.Summary)
		for _, s := range e.Subjects {
			w.tag("category", "term", s)
		}
		w.WriteString("</entry>")
	}
	w.WriteString("\n</feed>\n")
	return w.Bytes()
}

func (w *writer) person(name string) {
	if name != "" {
		w.WriteString("<author>")
		w.text("name", name)
		w.WriteString("</author>")
	}
}

// RSS writes the feed as RSS 2.0, whose addresses must be whole.
func (f *Feed) RSS() []byte {
	var w writer
	w.WriteString(xml.Header + `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>`)
	w.text("title", f.Title)
	w.text("link", f.Page)
	w.text("description", f.Title)
	w.text("language", f.Lang)
	w.text("lastBuildDate", f.Updated.UTC().Format(time.RFC1123Z))
	w.tag("atom:link", "rel", "self", "type", "application/rss+xml", "href", f.Self)
	for _, e := range f.Entries {
		w.WriteString("\n<item>")
		w.text("title", e.Title)
		w.text("link", e.Link)
		w.text("description", e.Summary)
		w.WriteString(`<guid isPermaLink="false">`)
		_ = xml.EscapeText(&w, []byte(e.ID))
		w.WriteString("</guid>")
		w.text("pubDate", e.Published.UTC().Format(time.RFC1123Z))
		for _, s := range e.Subjects {
			w.text("category", s)
		}
		w.WriteString("</item>")
	}
	w.WriteString("\n</channel></rss>\n")
	return w.Bytes()
}

// Place is an address of a sitemap with when it last changed, zero if nobody knows.
type Place struct {
	Address string
	Changed time.Time
}

// MostPlaces is how many addresses a sitemap may list.
const MostPlaces = 50_000

const sitemapNS = ` xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`

// Sitemap lists pages.
func Sitemap(all []Place) []byte { return places("urlset", "url", all) }

// SitemapIndex lists sitemaps.
func SitemapIndex(all []Place) []byte { return places("sitemapindex", "sitemap", all) }

func places(list, one string, all []Place) []byte {
	var w writer
	w.WriteString(xml.Header + "<" + list + sitemapNS)
	for _, p := range all {
		w.WriteString("\n<" + one + ">")
		w.text("loc", p.Address)
		if !p.Changed.IsZero() {
			w.text("lastmod", p.Changed.UTC().Format(time.RFC3339))
		}
		w.WriteString("</" + one + ">")
	}
	w.WriteString("\n</" + list + ">\n")
	return w.Bytes()
}
