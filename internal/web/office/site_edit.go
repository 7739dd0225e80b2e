package office

import (
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/blob"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/site"
	"gongkai/internal/web"
)

// siteFields are a site's settings as a form asks for them. Its address is asked of those alone
// who may say where sites stand.
func siteFields(p i18n.Printer, s *site.Place, address bool) []Group {
	groups := []Group{{Legend: p.T("sites.looks"), Fields: []Field{
		{Name: "name", Label: p.T("sites.name"), Value: s.Name, Most: 200, Hint: p.T("sites.name_hint", "name", s.Body.Name), Lang: "zh-CN"},
		{Name: "description", Label: p.T("sites.description"), Value: s.Description, Most: 200, Lang: "zh-CN"},
		{Name: "theme", Label: p.T("sites.theme"), Kind: RadioField, Value: string(s.Theme), Choices: choices(p, "", site.Themes, site.Theme.Message)},
	}}}
	if site.MayEmblem(s.Body) {
		emblem := ""
		if s.Emblem {
			emblem = "1"
		}
		groups[0].Fields = append(groups[0].Fields,
			Field{Name: "emblem", Label: p.T("sites.emblem"), Kind: TickField, Value: emblem, Hint: p.T("sites.emblem_hint")},
			Field{Name: "emblem_file", Label: p.T("sites.picture"), Kind: FileField, Accept: ".png,.jpg,.jpeg,.webp", Hint: p.T("sites.picture_hint", "most", site.PictureLimit>>10)})
	}
	groups = append(groups, Group{Legend: p.T("sites.marks"), Note: p.T("sites.marks_note"), Fields: []Field{
		{Name: "sponsor", Label: p.T("sites.sponsor"), Value: s.Sponsor, Most: 200, Half: true, Hint: p.T("sites.sponsor_hint"), Lang: "zh-CN"},
		{Name: "operator", Label: p.T("sites.operator"), Value: s.Operator, Most: 200, Half: true, Lang: "zh-CN"},
		{Name: "contact", Label: p.T("sites.contact"), Value: s.Contact, Most: 200, Lang: "zh-CN"},
		{Name: "icp", Label: p.T("sites.icp"), Value: s.ICP, Most: 200, Half: true, Lang: "zh-CN"},
		{Name: "police", Label: p.T("sites.police"), Value: s.Police, Most: 200, Half: true, Lang: "zh-CN"},
		{Name: "mark_url", Label: p.T("sites.mark_url"), Value: s.MarkURL, Most: 500, Hint: p.T("sites.mark_hint")},
		{Name: "fault_url", Label: p.T("sites.fault_url"), Value: s.FaultURL, Most: 500, Hint: p.T("sites.fault_hint")},
	}}, Group{Legend: p.T("sites.moving"), Note: p.T("sites.moving_note", "n", site.NoticeDays), Folded: s.ClosingOn.IsZero() && s.MovedURL == "", Fields: []Field{
		{Name: "closing_on", Label: p.T("sites.closing_on"), Kind: DateField, Value: s.ClosingOn.String(), Half: true},
		{Name: "moved_name", Label: p.T("sites.moved_name"), Value: s.MovedName, Most: 200, Half: true, Lang: "zh-CN"},
		{Name: "moved_url", Label: p.T("sites.moved_url"), Value: s.MovedURL, Most: 500},
	}})
	if address {
		main := ""
		if s.Main {
			main = "1"
		}
		groups = append(groups, Group{Legend: p.T("sites.address"), Note: p.T("sites.address_note"), Fields: []Field{
			{Name: "host", Label: p.T("sites.host"), Value: s.Host, Most: 253, Half: true, Hint: p.T("sites.host_hint")},
			{Name: "slug", Label: p.T("sites.slug"), Value: s.Slug, Most: 32, Half: true, Hint: p.T("sites.slug_hint")},
			{Name: "main", Label: p.T("sites.main"), Kind: TickField, Value: main, Hint: p.T("sites.main_hint")},
		}})
	}
	return groups
}

// sitePage is the form of a site, with what its pages lack beside it.
func (o *Office) sitePage(r *http.Request) (*FormPage, *site.Place, error) {
	s, err := o.Sites.Show(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return nil, nil, err
	}
	p := &FormPage{Page: o.page(r, printer(r).T("sites.of", "name", s.Body.Name)), Lead: printer(r).T("sites.edit_lead")}
	p.Crumb(p.T("sites.title"), o.path(r, "/office/sites"))
	p.Form = NewForm(p.Page, "", siteFields(p.Printer, s, o.Actor(r).Can(actor.SiteAddress, actor.In(s.Agency)))...)
	p.Form.Buttons = []Button{{Text: p.T("office.save"), Tone: "primary"}}
	p.Form.Back = p.back(o.path(r, "/office/sites"))
	p.Form.Version = s.Version
	p.Side = []Card{o.siteLooks(p.Printer, s), o.siteLacks(r, p.Printer, s)}
	return p, s, nil
}

// siteLooks leads to the site as the public sees it.
func (o *Office) siteLooks(p i18n.Printer, s *site.Place) Card {
	return Card{ID: "preview", Title: p.T("sites.preview"), Facts: []Fact{{Label: p.T("sites.address"), Value: o.siteAddress(s)}},
		Links: []web.Link{{Text: p.T("sites.open"), Href: o.siteAddress(s)}}}
}

// siteAddress is where a site's home page is.
func (o *Office) siteAddress(s *site.Place) string { return s.Origin + o.Base + s.Base + "/" }

// siteLacks tells which prescribed marks the pages do not bear yet, and other remarks.
func (o *Office) siteLacks(r *http.Request, p i18n.Printer, s *site.Place) Card {
	c := Card{ID: "missing", Title: p.T("sites.missing")}
	for _, one := range s.Missing() {
		c.Facts = append(c.Facts, Fact{Value: p.Text(one)})
	}
	if !s.ClosingOn.IsZero() && s.ClosingOn.Before(o.today().Plus(site.NoticeDays)) {
		c.Facts = append(c.Facts, Fact{Value: p.T("sites.short_notice", "n", site.NoticeDays)})
	}
	if len(c.Facts) == 0 {
		c.Facts = []Fact{{Value: p.T("sites.missing_none")}}
	}
	if o.Actor(r).Can(actor.AgencyChange, actor.In(s.Agency)) {
		c.Links = []web.Link{{Text: p.T("sites.code"), Href: o.path(r, "/office/bodies/%s/edit", s.Agency)}}
	}
	return c
}

func (o *Office) editSite(w http.ResponseWriter, r *http.Request) error {
	p, _, err := o.sitePage(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", p)
}

// readSite is the settings as the form has them; the address is left as it is where the form
// does not ask for it.
func readSite(f *web.Form, old site.Site, address bool) site.Site {
	s := old
	s.Name, s.Description, s.Theme = f.Text("name"), f.Text("description"), site.Theme(f.Text("theme"))
	s.Emblem, s.Sponsor, s.Operator, s.Contact = f.Text("emblem") == "1", f.Text("sponsor"), f.Text("operator"), f.Text("contact")
	s.ICP, s.Police, s.MarkURL, s.FaultURL = f.Text("icp"), f.Text("police"), f.Text("mark_url"), f.Text("fault_url")
	s.ClosingOn, s.MovedName, s.MovedURL = f.Date("closing_on"), f.Text("moved_name"), f.Text("moved_url")
	if address {
		s.Host, s.Slug, s.Main = f.Text("host"), f.Text("slug"), f.Text("main") == "1"
	}
	s.Version = f.Int64("version")
	return s
}

func (o *Office) changeSite(w http.ResponseWriter, r *http.Request) error {
	p, old, err := o.sitePage(r)
	if err != nil {
		return err
	}
	f := web.ReadForm(r)
	next := readSite(f, old.Site, o.Actor(r).Can(actor.SiteAddress, actor.In(old.Agency)))
	var picture *blob.Blob
	if err = f.Err(); err == nil && uploadedName(r, "emblem_file") != "" {
		picture, err = o.picture(r)
	}
	if err == nil {
		_, err = o.Sites.ChangeWith(r.Context(), o.Actor(r), next, picture)
	}
	if err == nil {
		return o.done(w, r, i18n.M("office.saved"), "/office/sites/%s", old.Agency)
	}
	return o.answer(w, r, p, err)
}

// picture receives the picture of the emblem that was chosen.
func (o *Office) picture(r *http.Request) (*blob.Blob, error) {
	file, _, err := r.FormFile("emblem_file")
	if err != nil {
		return nil, web.ErrUnreadable.At("emblem_file").Because(err)
	}
	defer file.Close()
	b, err := o.Sites.Blobs.Receive(r.Context(), file, site.PictureLimit)
	if fault.KindOf(err) == fault.TooLarge {
		return nil, site.ErrPicture.With("most", site.PictureLimit>>10).Because(err)
	}
	return b, err
}
