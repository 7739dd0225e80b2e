package portal

import (
	"cmp"
	"strings"

	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/richtext"
)

// longestDescription is the characters of a description where a document has no summary.
const longestDescription = 150

// articleMarks are the tags of an article, R-WEB-01. PubDate is the stored time of publication,
// R-WEB-03. A tag without a value is left out.
func articleMarks(e *disclosure.Edition, a *agency.Agency, url string) (all []tag) {
	for _, m := range []tag{
		{"ArticleTitle", e.Title}, {"PubDate", e.PublishedAt.In(date.China).Format(minuteForm)},
		{"ContentSource", cmp.Or(e.Source, issuer(e, a))}, {"Keywords", strings.Join(e.Keywords, ",")}, {"Author", e.Author},
		{"Description", description(e)}, {"Url", url},
	} {
		if m.Content = oneLine(m.Content); m.Content != "" {
			all = append(all, m)
		}
	}
	return all
}

// description is the summary of a document, else how it begins.
func description(e *disclosure.Edition) string {
	return cmp.Or(oneLine(e.Summary), richtext.Excerpt(e.Body, longestDescription))
}

// data is a document in the words of schema.org, for search engines. They read it as JSON-LD; no
// browser runs it.
type data struct {
	Context    string      `json:"@context"`
	Type       string      `json:"@type"`
	ID         string      `json:"@id,omitempty"`
	URL        string      `json:"url,omitempty"`
	Name       string      `json:"name"`
	Identifier string      `json:"identifier,omitempty"`
	Text       string      `json:"description,omitempty"`
	Keywords   string      `json:"keywords,omitempty"`
	About      string      `json:"about,omitempty"`
	Lang       string      `json:"inLanguage"`
	Free       bool        `json:"isAccessibleForFree"`
	Published  string      `json:"datePublished"`
	Created    string      `json:"dateCreated,omitempty"`
	Modified   string      `json:"dateModified,omitempty"`
	Publisher  body        `json:"publisher"`
	Author     *body       `json:"author,omitempty"`
	Law        string      `json:"legislationIdentifier,omitempty"`
	LawDate    string      `json:"legislationDate,omitempty"`
	LawFrom    string      `json:"temporalCoverage,omitempty"`
	LawForce   string      `json:"legislationLegalForce,omitempty"`
	Files      []dataMedia `json:"encoding,omitempty"`
}

type body struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

type dataMedia struct {
	Type   string `json:"@type"`
	URL    string `json:"contentUrl"`
	Format string `json:"encodingFormat"`
}

// dataOf describes a document: rules and normative documents as legislation, the rest as documents.
func dataOf(v *itemPage, l *disclosure.Leaf, a *agency.Agency, s *normative.Standing) *data {
	e := l.Edition
	d := &data{
		Context: "https://schema.org", Type: "DigitalDocument", ID: v.Canonical, URL: v.Canonical, Name: e.Title, Identifier: l.Item.IndexNo,
		Text: description(e), Keywords: strings.Join(e.Keywords, ","), About: class.PathName(e.Theme, v.Printer.Lang()), Lang: "zh-CN", Free: true,
		Published: l.Item.FirstAt.In(date.China).Format("2006-01-02T15:04:05-07:00"), Created: firstDay(e.IssuedOn, e.FormedOn),
		Publisher: body{"GovernmentOrganization", a.Name},
	}
	if !l.Item.ShownAt.Equal(l.Item.FirstAt) {
		d.Modified = l.Item.ShownAt.In(date.China).Format("2006-01-02T15:04:05-07:00")
	}
	if from := issuer(e, a); from != a.Name {
		d.Author = &body{"GovernmentOrganization", from}
	}
	if s == nil && (e.Genre == "" || e.DocNo == "") {
		return d
	}
	d.Type, d.Law, d.LawDate = "Legislation", e.DocNo, firstDay(e.IssuedOn, e.FormedOn)
	if from := firstDay(e.EffectiveOn); from != "" {
		d.LawFrom = from + "/" + cmp.Or(firstDay(e.ExpiresOn), "..")
	}
	switch {
	case s != nil && s.Over(), e.Validity == class.Repealed, e.Validity == class.Expired:
		d.LawForce = "https://schema.org/NotInForce"
	case e.Validity == class.Valid || s != nil && s.State == normative.InForce:
		d.LawForce = "https://schema.org/InForce"
	}
	return d
}
