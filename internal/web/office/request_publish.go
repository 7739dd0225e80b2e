package office

import (
	"net/http"

	"gongkai/internal/foi"
	"gongkai/internal/i18n"
)

// mayLog reports whether a request may be proposed for the published log.
func mayLog(v *foi.View) bool {
	return v.Settings.PublicLog && v.Request.State == foi.Closed && v.Request.Nature != foi.OwnRecord && v.Request.Log == foi.NotLogged
}

func logIs(s foi.LogState) func(*foi.View) bool {
	return func(v *foi.View) bool { return v.Request.Log == s }
}

func noFields(*Office, *http.Request, i18n.Printer, *foi.View) []Field { return nil }

// logFields ask for the words to publish. They begin with the title, which tells nothing of the
// applicant, and with what was proposed or public before.
func logFields(_ *Office, _ *http.Request, p i18n.Printer, v *foi.View) []Field {
	words := foi.LogWords{Title: v.Request.Title, Sought: v.Request.Title}
	if v.Log != nil {
		words = foi.LogWords{Title: v.Log.Title, Sought: v.Log.Sought, Summary: v.Log.Summary}
	}
	return []Field{
		{Name: "title", Label: p.T("requests.field.title"), Required: true, Most: 300, Value: words.Title, Hint: p.T("requests.hint.log_title"), Lang: "zh-CN"},
		{Name: "sought", Label: p.T("requests.field.log_sought"), Kind: LongField, Rows: 4, Required: true, Most: 2000, Value: words.Sought, Hint: p.T("requests.hint.log_title"), Lang: "zh-CN"},
		{Name: "summary", Label: p.T("requests.field.log_summary"), Kind: LongField, Rows: 5, Required: true, Most: 2000, Value: words.Summary, Hint: p.T("requests.hint.log_summary"), Lang: "zh-CN"},
	}
}

// logCard shows what is proposed or public.
func logCard(p i18n.Printer, v *foi.View) Card {
	return Card{ID: "log", Title: p.T("requests.log.as_shown"), Facts: []Fact{{Label: p.T("requests.field.title"), Value: v.Log.Title, Lang: "zh-CN"},
		{Label: p.T("requests.field.log_sought"), Value: v.Log.Sought, Lang: "zh-CN"}, {Label: p.T("requests.field.log_summary"), Value: v.Log.Summary, Lang: "zh-CN"}}}
}
