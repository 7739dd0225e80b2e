// Package installation opens an installation (安装): its database, keys and files, and the desks that
// act on them. The server and the commands for who runs it share it.
package installation

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"gongkai/internal/account"
	"gongkai/internal/account/token"
	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual/cycle"
	"gongkai/internal/annual/shelf"
	"gongkai/internal/audit"
	"gongkai/internal/blob"
	"gongkai/internal/config"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/disclosure/guide"
	"gongkai/internal/disclosure/index"
	"gongkai/internal/disclosure/legacy"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/foi"
	"gongkai/internal/foi/count"
	"gongkai/internal/foi/dispute"
	"gongkai/internal/gate/wordlist"
	"gongkai/internal/holiday"
	"gongkai/internal/i18n"
	"gongkai/internal/identity"
	"gongkai/internal/job"
	"gongkai/internal/ledger"
	"gongkai/internal/mailbox"
	"gongkai/internal/notify"
	"gongkai/internal/search"
	"gongkai/internal/search/synonym"
	"gongkai/internal/secret"
	"gongkai/internal/site"
	"gongkai/internal/sms"
	"gongkai/internal/storage"
	"gongkai/internal/subscription"
	"gongkai/internal/webhook"
)

// indexFile names the text index of the nth server of a data folder. It can be made anew.
func indexFile(n int) string {
	if n == 1 {
		return "index.db"
	}
	return fmt.Sprintf("index-%d.db", n)
}

// Installation is an opened installation: its database, keys and files, and the desks that
// act on them.
type Installation struct {
	Config config.Config
	DB     *db.DB
	Keys   *secret.Keyring
	Blobs  *blob.Store

	Holidays  *holiday.Desk
	Agencies  *agency.Registry
	People    *account.Registry
	Tokens    *token.Desk
	Audit     *audit.Desk
	Jobs      *job.Desk
	Index     *index.Desk
	Sections  *section.Desk
	Words     *wordlist.Desk
	Items     *disclosure.Desk
	Reader    *disclosure.Reader
	Normative *normative.Desk
	Credit    *credit.Desk
	Guides    *guide.Desk
	Shelf     *shelf.Desk
	Reports   *cycle.Desk
	Legacy    *legacy.Desk
	Search    *search.Index
	Synonyms  *synonym.Desk
	Sites     *site.Desk
	// Subscriptions is mail to the public about what is published.
	Subscriptions *subscription.Desk
	Ledger        *ledger.Log
	// Requests is disclosure on request, Disputes reconsideration and suits about it, Counts tables three and four.
	Requests *foi.Desk
	Disputes *dispute.Desk
	Counts   *count.Desk
	Post     *notify.Post
	// Mailbox, SMS, Webhooks and Identity reach other machines: see channels.
	Mailbox  *mailbox.Desk
	SMS      *sms.Desk
	Webhooks *webhook.Desk
	Identity *identity.Desk

	place   *storage.Place
	scratch string // folder of the text index of who has no place
}

// Open opens the installation that c describes and brings its tables up to date. A data
// folder that is not there is made, with a key file. Where the database is a file, only one
// process at a time has it open so.
func Open(ctx context.Context, c config.Config) (*Installation, error) {
	kept, _, err := storage.Migrate(ctx, c)
	if err != nil {
		return nil, err
	}
	n := &Installation{Config: c, DB: kept.DB, Keys: kept.Keys, Blobs: kept.Files}
	if n.place, err = storage.Take(c.Data, n.DB.Engine == db.SQLite); err != nil {
		return nil, errors.Join(err, n.DB.Close())
	}
	if err := n.build(ctx); err != nil {
		return nil, errors.Join(err, n.DB.Close(), n.place.Leave())
	}
	return n, nil
}

// build makes the desks.
func (n *Installation) build(ctx context.Context) (err error) {
	d := n.DB
	n.Holidays = &holiday.Desk{DB: d}
	if err := n.Holidays.Refresh(ctx); err != nil {
		return err
	}
	calendar := n.Holidays.Calendar
	texts := disclosure.Texts{}
	n.Agencies, n.Audit, n.Jobs, n.Index = &agency.Registry{DB: d}, &audit.Desk{DB: d}, &job.Desk{DB: d}, &index.Desk{DB: d}
	n.Sections = &section.Desk{DB: d, Calendar: calendar, Policy: section.Standard}
	n.Agencies.Founded = func(tx *db.Tx, by actor.Actor, a *agency.Agency) error {
		_, err := n.Sections.Found(tx, by, a)
		return err
	}
	roots, err := notify.Roots(n.Config.MailCAFile)
	if err != nil {
		return err
	}
	server, err := notify.NewServer(n.Config.SMTP, n.Config.SMTPPasswordFile, n.Config.MailFrom, roots)
	if err != nil {
		return err
	}
	if n.Post = (&notify.Post{DB: d, Keys: n.Keys, Server: server}); n.Post.On() {
		n.Sections.Mail = reminders{n}
	}
	if n.Ledger, err = ledger.Open(ctx, d, n.Keys, n.Config.Ledger()); err != nil {
		return err
	}
	if err := n.channels(roots); err != nil {
		return err
	}
	n.Items = &disclosure.Desk{DB: d, Calendar: calendar, Blobs: n.Blobs, ReviewDays: n.Config.ReviewDays,
		Changed: func(tx *db.Tx, i *disclosure.Item) error { return n.changed(tx, texts.Changed, i.ID) }}
	n.Words = &wordlist.Desk{DB: d}
	n.Items.Words = n.Words.Words
	n.Reader = &disclosure.Reader{DB: d}
	n.Normative = &normative.Desk{DB: d, Calendar: calendar, Policy: normative.Usual}
	n.Credit = &credit.Desk{DB: d, Keys: n.Keys, Calendar: calendar, Policy: credit.Usual}
	n.Guides = &guide.Desk{DB: d, Reader: n.Reader}
	n.Shelf = &shelf.Desk{DB: d, Reader: n.Reader, Blobs: n.Blobs}
	n.Reports = &cycle.Desk{DB: d, Items: n.Items, Blobs: n.Blobs, Keys: n.Keys,
		Policy: cycle.Local(n.Config.ReportBy, n.Config.GovernmentReportBy), Published: reported}
	n.Legacy = &legacy.Desk{DB: d, Calendar: calendar, Blobs: n.Blobs,
		// What is brought in is public and has no draft beside it.
		Changed: func(tx *db.Tx, items []string) error { return n.changed(tx, texts.Imported, items...) }}
	n.Requests = &foi.Desk{DB: d, Keys: n.Keys, Calendar: calendar, Blobs: n.Blobs, Address: n.queryAddress()}
	n.Requests.Told = n.requestNews
	n.counting()
	if n.People, err = account.New(d, n.Keys, n.options()); err != nil {
		return err
	}
	n.Tokens = &token.Desk{DB: d}
	n.Sites = &site.Desk{DB: d, Blobs: n.Blobs, URL: n.Config.URL}
	n.Synonyms = &synonym.Desk{DB: d}
	if err := n.Synonyms.Refresh(ctx); err != nil {
		return err
	}
	if n.Search, err = search.Open(ctx, n.indexPath(), d, texts); err != nil {
		return err
	}
	n.Search.Synonyms = n.Synonyms.Groups
	n.Items.Having = n.find
	n.Subscriptions = &subscription.Desk{
		DB: d, Keys: n.Keys, Post: n.Post, Reader: n.Reader, Base: n.Config.BasePath, Lang: n.Config.Lang, Search: n.Search.Search,
		Sites: &site.Directory{DB: d, URL: n.Config.URL, Now: d.Clock},
	}
	return nil
}

// changed tells whoever follows items, in the transaction of the act: annual reports in the
// making and those on the shelf, the text index by index, the log of changes, then the public log. The last three make
// other acts wait until the end, always in this order.
func (n *Installation) changed(tx *db.Tx, index func(tx *db.Tx, keys ...string) error, items ...string) error {
	if err := n.Reports.Changed(tx, items...); err != nil {
		return err
	}
	if err := n.Shelf.Changed(tx, items...); err != nil {
		return err
	}
	if err := index(tx, items...); err != nil {
		return err
	}
	if err := disclosure.Note(tx, items...); err != nil {
		return err
	}
	return n.Ledger.Changed(tx, items...)
}

// queryAddress is where applicants enter the query codes of their requests, "" if nobody said under
// which address the installation is reached.
func (n *Installation) queryAddress() string {
	if n.Config.URL == "" {
		return ""
	}
	return strings.TrimSuffix(n.Config.URL, "/") + "/request.html"
}

// options are what accounts need to know of the address the installation is reached under.
func (n *Installation) options() account.Options {
	o := account.Options{Name: n.Config.Name}
	if o.Name == "" {
		o.Name = i18n.To(n.Config.Lang).T("web.product")
	}
	if u, err := url.Parse(n.Config.URL); err == nil && u.Host != "" {
		o.Site, o.Origins = u.Hostname(), []string{u.Scheme + "://" + u.Host}
	}
	return o
}

// Close closes the installation.
func (n *Installation) Close() error {
	return errors.Join(n.Search.Close(), n.DB.Close(), n.leave())
}
