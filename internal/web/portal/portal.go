// Package portal shows the public what is published (门户): bodies, their sections, lists and
// the pages of single items, through the read API of package disclosure and nothing else.
// Who reads is asked nothing and leaves no trace.
package portal

import (
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"

	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/disclosure/guide"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/foi"
	"gongkai/internal/i18n"
	"gongkai/internal/identity"
	"gongkai/internal/ledger"
	"gongkai/internal/notify"
	"gongkai/internal/search"
	"gongkai/internal/site"
	"gongkai/internal/subscription"
	"gongkai/internal/web"
)

//go:embed page static
var files embed.FS

// Options are what the portal is built from; all but Base and Lang must be set.
type Options struct {
	Base   string    // path everything is served under, "" or such as "/gongkai"
	Lang   i18n.Lang // language of paths without a prefix; Chinese if empty
	Site   string    // the site's name; the product's if empty
	DB     *db.DB
	Reader *disclosure.Reader
	Guides *guide.Desk
	Credit *credit.Desk
	// Normative tells how published documents stand.
	Normative *normative.Desk
	Log       *slog.Logger
	Blobs     *blob.Store
	// Ledger is the public log of what was published.
	Ledger *ledger.Log
	// Search is the text index of this node.
	Search *search.Index
	// Subscriptions is mail about what is published; nil for none.
	Subscriptions *subscription.Desk
	// Identity lets people prove who they are; off where no platform vouches for them.
	Identity *identity.Desk
	// Requests is disclosure on request; nil for none.
	Requests *foi.Desk
	// Outbox shows the mails of a demonstration; nil for none.
	Outbox *notify.Outbox
	// Secure marks cookies for TLS alone.
	Secure bool
	// Operations is what other systems can ask, for the page that tells it.
	Operations func(i18n.Lang) []web.Operation
	// Sites knows which address is whose.
	Sites *site.Directory
}

type portal struct {
	Options
	pages  *web.Pages
	assets *web.Assets
	papers *papers
	// branches keeps sections while nothing changes.
	branches branches
	has      map[string]bool // paths of a site that can be asked for, pages without their ending
}

// New returns the portal's handler.
func New(o Options) (http.Handler, error) {
	if o.DB == nil || o.Reader == nil || o.Guides == nil || o.Credit == nil || o.Normative == nil || o.Log == nil || o.Blobs == nil || o.Ledger == nil || o.Search == nil || o.Sites == nil {
		return nil, errors.New("portal: Options.DB, Reader, Guides, Credit, Normative, Log, Blobs, Ledger, Search and Sites must be set")
	}
	if o.Lang == "" {
		o.Lang = i18n.Chinese
	}
	o.Base = strings.TrimRight(o.Base, "/")
	static, err := fs.Sub(files, "static")
	if err != nil {
		return nil, err
	}
	p := &portal{Options: o, papers: newPapers(), has: map[string]bool{}}
	if p.assets, err = web.NewAssets(o.Base+"/static/", web.Static(), static); err != nil {
		return nil, err
	}
	if p.pages, err = web.ParsePages(files, "page"); err != nil {
		return nil, err
	}
	s := web.Server{Log: o.Log, Show: p.showFailure}
	pages, raw := http.NewServeMux(), http.NewServeMux()
	raw.Handle("GET /static/", p.assets)
	for _, one := range p.areas() {
		for pattern, h := range one.pages {
			pages.Handle(pattern, s.Handle(h))
			p.has[strings.TrimPrefix(pattern, "GET ")] = true
		}
		for pattern, h := range one.raw {
			raw.Handle(pattern, s.Handle(h))
			p.has[strings.TrimPrefix(pattern, "GET ")] = true
		}
	}
	pages.Handle("/", s.Handle(p.sendOn))
	deny := s.Handle(func(http.ResponseWriter, *http.Request) error { return web.ErrForeign })
	return web.Secure(http.StripPrefix(o.Base, web.Languages(o.Lang, p.route(pages, raw, s))),
		http.StripPrefix(o.Base, web.Languages(o.Lang, deny))), nil
}

// areas are all parts of the portal.
func (p *portal) areas() []area {
	return []area{p.homeArea(), p.registerArea(), p.catalogueArea(), p.lawArea(), p.sectionArea(), p.itemArea(), p.searchArea(), p.displayArea(), p.ledgerArea(), p.annualArea(), p.subscribeArea(), p.identityArea(), p.feedArea(), p.dataArea(), p.formerArea(), p.foiArea(), p.repliesArea()}
}
