package portal

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"

	"gongkai/internal/change"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/richtext"
	"gongkai/internal/web"
)

// stands says how the document stands: ended, amended, in the place of others. R-NRM-18.
func (v *itemPage) stands(p *portal, r *http.Request, l *disclosure.Leaf, s *normative.Standing) error {
	if l.Item.Status == disclosure.Archived {
		v.Banners = append(v.Banners, banner{"calm", v.T("portal.archived", "day", day(l.Item.EndedAt)), nil})
	}
	if s == nil {
		v.said(l.Edition)
		return nil
	}
	ids := slices.Clone(s.Replaced)
	if s.Successor != "" {
		ids = append(ids, s.Successor)
	}
	for _, id := range ids {
		depend(r, change.Item(id))
	}
	rows, err := p.Reader.Public(r.Context(), ids)
	if err != nil {
		return err
	}
	var next, before []web.Link
	for _, row := range rows {
		link := web.Link{Href: p.item(r, row.Agency, row.Item), Text: v.T("portal.named", "title", row.Title, "no", row.DocNo)}
		if row.Item == s.Successor {
			link.Text = v.T("portal.instead", "title", row.Title)
			next = append(next, link)
			continue
		}
		before = append(before, link)
	}
	word := v.Text(normative.Word(string(s.State)))
	switch {
	case s.Over():
		v.Banners = append(v.Banners, banner{"over", v.T("portal.ended", "state", word, "day", s.EndedOn, "by", s.EndedBy), next})
	case s.State == normative.Amended:
		v.Banners = append(v.Banners, banner{"", v.T("portal.amended"), next})
	case s.State == normative.Published:
		v.Banners = append(v.Banners, banner{"", v.T("portal.not_yet", "day", s.EffectiveOn), next})
	}
	if len(before) > 0 {
		v.Banners = append(v.Banners, banner{"calm", v.T("portal.replaces"), before})
	}
	return nil
}

// said repeats what a document that is in no register says of its own validity.
func (v *itemPage) said(e *disclosure.Edition) {
	switch e.Validity {
	case class.Repealed, class.Expired:
		v.Banners = append(v.Banners, banner{Class: "over", Text: v.T("portal.over", "state", name(class.Validities(), string(e.Validity), v.Printer.Lang()))})
	case class.Amended:
		v.Banners = append(v.Banners, banner{Text: v.T("portal.amended")})
	}
}

// relate lists the documents that belong to this one: what it interprets and what interprets it
// (R-WEB-09), and what its text cites by number.
func (v *itemPage) relate(p *portal, r *http.Request, l *disclosure.Leaf) error {
	text := richtext.Text(l.Edition.Body)
	for _, m := range citation.FindAllStringSubmatch(text, mostCited) {
		depend(r, change.Number(m[2]))
	}
	cited, err := p.Reader.Cited(r.Context(), citedIn(text))
	if err != nil {
		return err
	}
	shown := []string{l.Item.ID}
	for _, g := range []struct {
		title string
		rows  []disclosure.Row
	}{{"portal.interpreted_by", l.InterpretedBy}, {"portal.interprets", l.Interprets}, {"portal.cited", cited}} {
		var rows []disclosure.Row
		for _, row := range g.rows {
			if !slices.Contains(shown, row.Item) {
				shown, rows = append(shown, row.Item), append(rows, row)
				depend(r, change.Item(row.Item))
			}
		}
		if len(rows) > 0 {
			v.Groups = append(v.Groups, kin{v.T(g.title), p.entries(r, rows)})
		}
	}
	return nil
}

// citation is a document number in a text; what stands before the bracket may be more than the
// issuer's code.
var citation = regexp.MustCompile(`([\p{Han}]{2,10})(〔\d{4}〕\d{1,5}号)`)

// mostCited bounds the numbers of a text that are looked up.
const mostCited = 10

// citedIn lists what may be the document numbers a text cites: a number's code is the end of the
// characters before its bracket, and nothing says how many of them.
func citedIn(text string) (all []string) {
	found := citation.FindAllStringSubmatch(text, mostCited)
	for _, m := range found {
		before := []rune(m[1])
		for n := 2; n <= len(before); n++ {
			if no := string(before[len(before)-n:]) + m[2]; !slices.Contains(all, no) {
				all = append(all, no)
			}
		}
	}
	return all
}

// beside links to the neighbours in the section, and to searches for what is like this document.
func (v *itemPage) beside(p *portal, r *http.Request, l *disclosure.Leaf, home *section.Section) error {
	b, err := p.Reader.Beside(r.Context(), home.ID, l.Item)
	if err != nil {
		return err
	}
	depend(r, change.SectionPages(home.ID))
	for _, no := range b.Pages {
		depend(r, change.SectionPage(home.ID, no))
	}
	if b.Older != nil {
		v.Older = &p.entries(r, []disclosure.Row{*b.Older})[0]
	}
	if b.Newer != nil {
		v.Newer = &p.entries(r, []disclosure.Row{*b.Newer})[0]
	}
	if !web.IsCopy(r.Context()) {
		v.like(p, r, l.Edition)
	}
	return nil
}

// quoted is a search for a text as it stands, "" for none.
func quoted(text string) string {
	if text == "" {
		return ""
	}
	return `"` + text + `"`
}

// like offers searches for documents of the same subject and issuer, and for those that mention
// this one's number.
func (v *itemPage) like(p *portal, r *http.Request, e *disclosure.Edition) {
	for _, one := range []struct{ key, value, word, of string }{
		{"theme", e.Theme, "portal.like.theme", class.PathName(e.Theme, v.Printer.Lang())}, {"issuer", e.Issuer, "portal.like.issuer", e.Issuer},
		{askText, quoted(e.DocNo), "portal.like.cites", e.DocNo},
	} {
		if one.value != "" && one.of != "" {
			v.More = append(v.More, web.Link{Href: p.path(r, "/search"+ending) + "?" + url.Values{one.key: {one.value}}.Encode(), Text: v.T(one.word, "name", one.of)})
		}
	}
}
