package app

import (
	"net"

	"gongkai/internal/installation"
	"gongkai/internal/notify"
	"gongkai/internal/site"
)

// pretendMail lets a demonstration without a mail server keep its mails to be looked at, with
// links that lead to the address it is reached under.
func (a App) pretendMail(n *installation.Installation, addr net.Addr) {
	if n.Config.SMTP != "" {
		return
	}
	n.Post.Outbox = &notify.Outbox{}
	if n.Config.URL == "" {
		n.Subscriptions.Sites = &site.Directory{DB: n.DB, URL: pageURL(addr, n.Config.BasePath), Now: a.Now}
	}
}
