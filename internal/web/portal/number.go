package portal

import (
	"net/http"
	"net/url"

	"gongkai/internal/change"
	"gongkai/internal/disclosure/docno"
	"gongkai/internal/fault"
)

// findNumber leads from an index number, or a document number, to the page of the item; a number
// that nothing bears, to a search for it.
func (p *portal) findNumber(w http.ResponseWriter, r *http.Request) error {
	no := r.PathValue("number")
	depend(r, change.Published)
	l, err := p.Reader.Numbered(r.Context(), no)
	if err == nil {
		return p.found(w, r, l.Item.Agency, l.Item.ID)
	}
	if fault.KindOf(err) != fault.NotFound {
		return err
	}
	rows, err := p.Reader.Cited(r.Context(), spellings(no))
	if err != nil {
		return err
	}
	for _, row := range rows {
		return p.found(w, r, row.Agency, row.Item)
	}
	http.Redirect(w, r, p.path(r, "/search"+ending)+"?"+url.Values{"q": {no}}.Encode(), http.StatusSeeOther)
	return nil
}

// spellings are a document number as it was written, and as the standard prints it.
func spellings(no string) []string {
	all := []string{no}
	if n := docno.Parse(no); n.OK && n.Number.String() != no {
		all = append(all, n.Number.String())
	}
	return all
}

// found sends on to an item. Which item a number finds may change, so nobody keeps the answer.
func (p *portal) found(w http.ResponseWriter, r *http.Request, agency, id string) error {
	http.Redirect(w, r, p.item(r, agency, id), http.StatusSeeOther)
	return nil
}
