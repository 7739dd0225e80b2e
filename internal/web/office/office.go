// Package office is the clerks' side (工作台): one calm place where information is drafted,
// reviewed, published and looked after, and where an installation is run. It decides
// nothing: a handler reads a form, calls one act and answers.
//
// Each area of the office has a file routes_<area>.go that lists its addresses and its
// entries of the navigation; its handlers and page structs stand beside it, its templates
// in page/, its words in the catalogue of the same name.
package office

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"gongkai/internal/account"
	"gongkai/internal/account/token"
	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual/cycle"
	"gongkai/internal/annual/shelf"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/disclosure/guide"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/foi"
	"gongkai/internal/foi/count"
	"gongkai/internal/foi/dispute"
	"gongkai/internal/gate/wordlist"
	"gongkai/internal/holiday"
	"gongkai/internal/i18n"
	"gongkai/internal/job"
	"gongkai/internal/ledger"
	"gongkai/internal/mailbox"
	"gongkai/internal/search"
	"gongkai/internal/search/synonym"
	"gongkai/internal/site"
	"gongkai/internal/subscription"
	"gongkai/internal/web"
	"gongkai/internal/webhook"
)

//go:embed page static
var files embed.FS

// Options are what the office is built from. Log, Now and Sessions must be set; an area
// whose dependency is nil has no pages and no entries in the navigation.
type Options struct {
	Base   string    // path everything is served under, "" or such as "/gongkai"
	Lang   i18n.Lang // language of paths without a prefix; Chinese if empty
	Secure bool      // browsers come over TLS, also where a proxy ends it
	Now    func() time.Time
	Log    *slog.Logger

	Sessions Sessions          // nil for those of People
	People   *account.Registry // nil where no pages of people are wanted
	Tokens   *token.Desk       // nil where no other systems post
	Agencies *agency.Registry
	Jobs     *job.Desk
	Sections *section.Desk
	Audit    *audit.Desk
	Version  string // of the program, for the page of the system
	Demo     []DemoPerson
	Items    *disclosure.Desk

	Normative *normative.Desk
	Credit    *credit.Desk
	Guides    *guide.Desk
	Shelf     *shelf.Desk
	Reports   *cycle.Desk
	Requests  *foi.Desk // disclosure on request
	Disputes  *dispute.Desk
	Counts    *count.Desk
	Words     *wordlist.Desk
	Synonyms  *synonym.Desk
	// Subscriptions is mail to the public about what is published.
	Subscriptions *subscription.Desk
	Search        *search.Index // told of on the page of the system
	Webhooks      *webhook.Desk // who is told of events
	Mailbox       *mailbox.Desk // mail that arrived
	Holidays      *holiday.Desk
	Sites         *site.Desk
	Ledger        *ledger.Log    // told of on the page of the system, nil for none
	Serving       func() Serving // the same of the public's pages, nil for none
}

// Sessions finds who is signed in.
type Sessions interface {
	// Session returns who holds the secret that a browser's cookie carries, calling from
	// remote. It returns ErrSignedOut when nobody does, any longer.
	Session(ctx context.Context, secret, remote string) (Session, error)
}

// Session is a signed-in person as every page needs it.
type Session struct {
	ID     string // its key, never its secret
	Actor  actor.Actor
	Bodies []Body // those the person holds a role in, as they are named today
}

// Body is a public body by its name.
type Body struct{ ID, Name string }

// Count is a figure beside an entry of the navigation.
type Count struct {
	N    int
	Tone Tone // Bad when some of it is overdue
}

// Office is the clerks' side of an installation.
type Office struct {
	Options
	pages   *web.Pages
	assets  *web.Assets
	server  web.Server
	handler http.Handler

	patterns []string // of every address
	nav      []navEntry
	taskers  []tasker
	counters map[string]counter
	sharers  []sharer
}

// New builds the office.
func New(o Options) (*Office, error) {
	if o.Sessions == nil && o.People != nil {
		o.Sessions = peopleSessions{o.People}
	}
	if o.Now == nil || o.Log == nil || o.Sessions == nil {
		return nil, errors.New("office: Options.Now, Log and Sessions or People must be set")
	}
	if o.Lang == "" {
		o.Lang = i18n.Chinese
	}
	o.Base = strings.TrimRight(o.Base, "/")
	static, err := fs.Sub(files, "static")
	if err != nil {
		return nil, err
	}
	f := &Office{Options: o, counters: map[string]counter{}}
	if f.assets, err = web.NewAssets(o.Base+"/office/static/", web.Static(), static); err != nil {
		return nil, err
	}
	if f.pages, err = web.ParsePages(files, "page"); err != nil {
		return nil, err
	}
	f.server = web.Server{Log: o.Log, Show: f.showFailure}
	rt := &router{Office: f, mux: http.NewServeMux()}
	f.routes(rt)
	deny := f.server.Handle(func(http.ResponseWriter, *http.Request) error { return web.ErrForeign })
	f.handler = web.Secure(http.StripPrefix(o.Base, web.Languages(o.Lang, rt.mux)),
		http.StripPrefix(o.Base, web.Languages(o.Lang, deny)))
	return f, nil
}

// Handler is every address of the office within what applies to all of them. It answers
// under Base, below /office and, in the other languages, /en/office.
func (o *Office) Handler() http.Handler { return o.handler }

// routes lists the areas in the order of the navigation.
func (o *Office) routes(rt *router) {
	rt.mux.Handle("GET /office/static/", o.assets)
	rt.Open("/", func(http.ResponseWriter, *http.Request) error { return web.ErrNoPage })
	o.homeRoutes(rt)
	o.signinRoutes(rt)
	o.peopleRoutes(rt)
	o.itemRoutes(rt)
	o.lawRoutes(rt)
	o.annualRoutes(rt)
	o.redactRoutes(rt)
	o.reportRoutes(rt)
	o.requestRoutes(rt)
	o.disputeRoutes(rt)
	o.countRoutes(rt)
	o.sectionRoutes(rt)
	o.statisticsRoutes(rt)
	o.bodyRoutes(rt)
	o.settingRoutes(rt)
	o.siteRoutes(rt)
	o.subscriptionRoutes(rt)
	o.webhookRoutes(rt)
	o.mailRoutes(rt)
	o.jobRoutes(rt)
	o.auditRoutes(rt)
}

// today is the civil day in China.
func (o *Office) today() date.Date { return Day(o.Now()) }
