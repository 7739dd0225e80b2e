package portal

import (
	"net/http"

	"gongkai/internal/web"
)

// copied makes a page one of a copy, which plain servers send: nothing on it needs this program.
// A script of the copy's own finds documents and sets large print.
func (p *portal) copied(v *page) {
	v.Copy, v.Show, v.Office, v.Desk = true, "", "", ""
	v.Scripts = append(v.Scripts, p.assets.Path("copy.js"))
}

// copySearchPage is the search page of a copy: the script fills it.
type copySearchPage struct {
	page
	Catalogue string
}

// showCopySearch shows where the copy's script lists what it finds.
func (p *portal) showCopySearch(w http.ResponseWriter, r *http.Request) error {
	web.Once(r.Context())
	v := copySearchPage{page: p.page(r, ""), Catalogue: p.path(r, "/sitemap"+ending)}
	v.Title = v.T("portal.search.title")
	v.Canonical = ""
	v.Marks = append(v.Marks, tag{"robots", "noindex, follow"})
	v.Styles = append(v.Styles, p.assets.Path("search.css"))
	return p.pages.Write(w, r, http.StatusOK, "search_copy", v)
}
