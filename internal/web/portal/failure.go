package portal

import (
	"net/http"
	"strings"

	"gongkai/internal/change"
	"gongkai/internal/disclosure"
	"gongkai/internal/fault"
	"gongkai/internal/web"
)

type failurePage struct {
	page
	Message string
	Lost    bool // nothing is at the address: the page helps to find what was looked for
	Latest  []entry
}

// failureLatest is how many new items the page of a dead address shows.
const failureLatest = 5

// showFailure says what went wrong, in words that tell nothing of the program, and where to go
// on: R-WEB-08.
func (p *portal) showFailure(w http.ResponseWriter, r *http.Request, f web.Failure) {
	v := failurePage{page: p.page(r, "")}
	v.Title, v.Canonical, v.Others = v.T("portal.failure"), "", nil
	if f.Err.Kind == fault.NotFound {
		v.lost(p, r)
	}
	v.Message = v.Text(f.Err.Message())
	if err := p.pages.Write(w, r, f.Status, "failure", v); err != nil {
		p.Log.Error("error page failed", "err", err)
		http.Error(w, v.Message, f.Status)
	}
}

// lost helps who came to an address where nothing is: the search box holds what can be read of
// the address, and what is new stands below. A database that does not answer leaves that out.
func (v *failurePage) lost(p *portal, r *http.Request) {
	v.Lost, v.Title = true, v.T("portal.not_found")
	h := hereOf(r.Context())
	if h.Place == nil {
		return
	}
	v.Query = wordsOf(h.rest)
	var rows *disclosure.Rows
	var err error
	if web.IsCopy(r.Context()) {
		depend(r, change.Published)
	} else { // addresses that lead nowhere have no end: none is kept
		web.Once(r.Context())
	}
	if h.Body == nil || h.Place == h.sites.Main {
		rows, err = p.Reader.Latest(r.Context(), disclosure.Page{Limit: failureLatest})
	} else {
		rows, err = p.Reader.Agency(r.Context(), h.Body.ID, disclosure.Page{Limit: failureLatest})
	}
	if err == nil {
		v.Latest = p.entries(r, rows.Rows)
	}
}

// mostWords is the most characters of an address that are taken for a search.
const mostWords = 40

// wordsOf are the words of an address that somebody may have meant: its Chinese, for letters and
// figures in it are names of files.
func wordsOf(path string) string {
	words := strings.Fields(strings.Map(func(c rune) rune {
		if c < 0x2E80 || c == '\uFFFD' {
			return ' '
		}
		return c
	}, path))
	all := []rune(strings.Join(words, " "))
	return string(all[:min(len(all), mostWords)])
}
