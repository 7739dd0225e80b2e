package installation

import (
	"crypto/x509"
	"maps"
	"slices"
	"strconv"
	"time"

	"gongkai/internal/agency"
	"gongkai/internal/annual/cycle"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/fault"
	"gongkai/internal/identity"
	"gongkai/internal/job"
	"gongkai/internal/ledger/proof"
	"gongkai/internal/mailbox"
	"gongkai/internal/notify"
	"gongkai/internal/sms"
	"gongkai/internal/webhook"
)

// ErrMailboxBody says that no body is called as the setting of the mailbox says.
var ErrMailboxBody = &fault.Error{Kind: fault.Missing, Code: "installation.mailbox_body"}

// CallbackPath is where a platform of identity sends people back to, and HomePath where they go after
// signing out.
const (
	CallbackPath = "/identity/callback"
	HomePath     = "/"
)

// channels makes the desks of what reaches other machines. Each is off where its setting is empty.
func (n *Installation) channels(roots *x509.CertPool) error {
	c, now := n.Config, func() time.Time { return n.DB.Clock() } // a test may change it
	box, err := mailbox.NewServer(c.IMAP, c.IMAPPasswordFile, roots)
	if err != nil {
		return err
	}
	n.Mailbox = &mailbox.Desk{DB: n.DB, Keys: n.Keys, Server: box, Post: n.Post, Agency: n.mailboxBody}
	n.SMS = &sms.Desk{DB: n.DB, Keys: n.Keys}
	provider, err := sms.NewAliyun(c.SMS, c.SMSSecretFile, c.SMSSign, c.Templates(), now)
	if err != nil {
		return err
	}
	if provider != nil {
		n.SMS.Sender = provider
	}
	n.Mailbox.Take = n.mailed
	n.Post.Ended = map[string]func(*db.Tx, *notify.Mail) error{aboutLetter: n.mailEnded}
	n.Webhooks = &webhook.Desk{DB: n.DB, Keys: n.Keys, Allow: c.WebhookNetworks()}
	n.Ledger.Entered = entered
	n.Identity = &identity.Desk{DB: n.DB, Keys: n.Keys}
	if c.Identity == "" {
		return nil
	}
	secret, err := identity.ReadSecret(c.IdentitySecretFile)
	if err != nil {
		return err
	}
	n.Identity.Provider = identity.NewOIDC(identity.Platform{
		Issuer: c.Identity, Title: c.IdentityName, Client: c.IdentityClient, Secret: secret, Callback: c.URL + c.BasePath + CallbackPath,
		Home: c.URL + c.BasePath + HomePath, Scopes: c.Scopes(), Claims: c.Claims(), Levels: c.Levels(),
	}, now, nil)
	return nil
}

// mailboxBody is the body whose mailbox it is.
func (n *Installation) mailboxBody(tx *db.Tx) (string, error) {
	all, err := agency.LoadAll(tx)
	if err != nil {
		return "", err
	}
	for _, a := range all {
		if a.Name == n.Config.IMAPBody || a.CreditCode == n.Config.IMAPBody {
			return a.ID, nil
		}
	}
	return "", ErrMailboxBody.With("name", n.Config.IMAPBody)
}

// entered tells other systems of what was published and retracted. What was brought in from before
// is no news.
func entered(tx *db.Tx, i *disclosure.Item, act proof.Act) error {
	e := webhook.Event{Agency: i.Agency, ID: i.ID, Data: map[string]string{"state": string(act)}}
	switch act {
	case proof.Published, proof.Corrected, proof.Restored:
		e.Type = webhook.ItemPublished
	case proof.Retracted, proof.Expired:
		e.Type = webhook.ItemRetracted
	default:
		return nil
	}
	return webhook.Note(tx, e)
}

// reported tells other systems of an annual report that became public.
func reported(tx *db.Tx, v *cycle.Version) error {
	return webhook.Note(tx, webhook.Event{Type: webhook.ReportPublished, Agency: v.Agency, ID: v.ID,
		Data: map[string]string{"year": strconv.FormatInt(v.Year, 10), "version": strconv.FormatInt(v.No, 10)}})
}

// channelJobs are the jobs of what reaches other machines, with queues of their own.
func (n *Installation) channelJobs(all map[string]job.Handler, queues map[string]int) []job.Schedule {
	for _, handlers := range []map[string]job.Handler{n.Mailbox.Handlers(), n.SMS.Handlers(), n.Webhooks.Handlers(), n.Identity.Handlers()} {
		maps.Copy(all, handlers)
	}
	queues[sms.Queue], queues[webhook.Queue], queues[mailbox.Queue] = 1, 4, 1
	return slices.Concat(n.Mailbox.Schedules(), sms.Schedules(), webhook.Schedules(), identity.Schedules())
}
