package desk

import (
	"net/http"

	"gongkai/internal/web"
)

// helpPage explains the desk: what it does, its keys, what happens to files.
type helpPage struct {
	web.Page
	Idle, FileSize string
	Keep           bool
}

func (d *desk) showHelp(w http.ResponseWriter, r *http.Request) error {
	p := helpPage{Page: d.page(r, printer(r).T("web.help")), FileSize: megabytes(d.Limits.File), Keep: d.Keep != ""}
	p.Idle = span(p.Printer, d.Limits.Idle)
	return d.pages.Write(w, r, http.StatusOK, "help", p)
}
