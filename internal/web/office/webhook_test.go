package office

import "net/http"

// webhookScenes are the pages of events for other systems that no other scene shows.
var webhookScenes = []scene{
	{"webhook-secret", "webhook_secret", func(o *Office, r *http.Request) any {
		return &secretPage{Page: o.page(r, printer(r).T("webhooks.secret")), Name: "示范督办系统", Secret: "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", Next: "#"}
	}},
}
