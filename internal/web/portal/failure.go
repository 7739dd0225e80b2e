package portal

import (
	"net/http"

	"gongkai/internal/fault"
	"gongkai/internal/web"
)

type failurePage struct {
	page
	Message string
}

func (p *portal) showFailure(w http.ResponseWriter, r *http.Request, f web.Failure) {
	v := failurePage{page: p.page(r, "")}
	v.Title = v.T("portal.failure")
	if f.Err.Kind == fault.NotFound {
		v.Title = v.T("portal.not_found")
	}
	v.Message = v.Text(f.Err.Message())
	if err := p.pages.Write(w, r, f.Status, "failure", v); err != nil {
		p.Log.Error("error page failed", "err", err)
		http.Error(w, v.Message, f.Status)
	}
}
