package app

import (
	"net"
	"strings"

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
		n.Config.URL = strings.TrimRight(pageURL(addr, n.Config.BasePath), "/") // of feeds and sitemaps, too
		n.Subscriptions.Sites = &site.Directory{DB: n.DB, URL: n.Config.URL, Now: a.Now}
	}
}
