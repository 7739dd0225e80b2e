package portal

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"gongkai/internal/disclosure"
)

// attached is a file of an item.
type attached struct {
	Href, Name, Kind, Weight, Transcript string
	Picture                              string // what a picture shows; it stands on the page itself
	Preview                              bool
}

// pictures are the media that every browser shows and that cannot do anything.
var pictures = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true}

// files lists the attachments that do not stand in the text.
func (v *itemPage) files(p *portal, r *http.Request, l *disclosure.Leaf) {
	for _, f := range l.Edition.Attachments {
		if f.Inline {
			continue
		}
		v.Files = append(v.Files, attached{
			Href: p.plain(r, "/files/"+l.Item.ID+"/"+f.ID+"/"+url.PathEscape(f.Name)), Name: f.Name,
			Kind: strings.ToUpper(strings.TrimPrefix(path.Ext(f.Name), ".")), Weight: bytes(f.Size), Transcript: f.Transcript,
			Preview: pictures[f.Media], Picture: f.Alt,
		})
	}
}

func bytes(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d KB", (n+1023)>>10)
}

// sendFile sends an attachment of what is public. What is no picture, film or sound is
// saved and never opened in the site's name.
func (p *portal) sendFile(w http.ResponseWriter, r *http.Request) error {
	a, err := p.Reader.File(r.Context(), r.PathValue("item"), r.PathValue("file"))
	if err != nil {
		return err
	}
	b, f, err := p.Blobs.Open(r.Context(), a.Digest)
	if err != nil {
		return fmt.Errorf("open attachment %s: %w", a.ID, err)
	}
	defer f.Close()
	h := w.Header()
	for _, one := range b.Headers(a.Name, true) {
		h.Set(one.Name, one.Value)
	}
	h.Set("Cache-Control", "public, max-age=300")
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// plain is an address of the site that is open for what says the same in every language: files,
// records, proofs.
func (p *portal) plain(r *http.Request, rest string) string {
	return p.Base + hereOf(r.Context()).Base + rest
}

// plainIn is such an address in the site of a body.
func (p *portal) plainIn(r *http.Request, agency, rest string) string {
	h := hereOf(r.Context())
	s := h.sites.Of(agency)
	if s.Host == "" && !h.host || s.Agency == h.Agency {
		return p.Base + s.Base + rest
	}
	return s.Origin + p.Base + s.Base + rest
}
