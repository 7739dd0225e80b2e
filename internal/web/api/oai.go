package api

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/internal/agency"
	"gongkai/internal/change"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// The protocol is the Open Archives Initiative Protocol for Metadata Harvesting, version 2.0 of
// 2002-06-14. Its answers are XML after OAI-PMH.xsd whatever goes wrong, with status 200.
const (
	oaiNS   = "http://www.openarchives.org/OAI/2.0/"
	oaiXSD  = oaiNS + " http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
	dcNS    = "http://www.openarchives.org/OAI/2.0/oai_dc/"
	dcXSD   = dcNS + " http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
	ownNS   = "urn:gongkai:item:1"
	oaiPage = 100
)

// The prefixes of metadata: Dublin Core, and all that the open interface says.
const (
	prefixDC  = "oai_dc"
	prefixOwn = "gongkai"
)

// oaiError is a fault of the protocol's own, by its code.
type oaiError struct {
	Code string `xml:"code,attr"`
	Text string `xml:",chardata"`
}

// Error names the code.
func (e *oaiError) Error() string { return e.Code }

func badArgument(text string) error { return &oaiError{"badArgument", text} }

// verbs are what the protocol can be asked, with the arguments each takes.
var verbs = map[string]struct {
	answer    func(o *harvesting) error
	arguments []string
}{
	"Identify":            {(*harvesting).identify, nil},
	"ListMetadataFormats": {(*harvesting).formats, []string{"identifier"}},
	"ListSets":            {(*harvesting).sets, []string{"resumptionToken"}},
	"GetRecord":           {(*harvesting).record, []string{"identifier", "metadataPrefix"}},
	"ListIdentifiers":     {(*harvesting).list, []string{"from", "until", "metadataPrefix", "set", "resumptionToken"}},
	"ListRecords":         {(*harvesting).list, []string{"from", "until", "metadataPrefix", "set", "resumptionToken"}},
}

// harvesting is one question and its answer.
type harvesting struct {
	*view
	r    *http.Request
	q    url.Values
	verb string
	out  bytes.Buffer
}

// oai answers a harvester.
func (a *api) oai(w http.ResponseWriter, r *http.Request) error {
	v, err := a.view(r.Context(), i18n.Chinese)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	if r.ParseForm() != nil || !legible(r.Form) {
		return ErrForm
	}
	web.Depend(r.Context(), change.All, change.Published, change.Areas("site"), change.Areas("agency"), change.Areas("section"), change.Areas("normative"))
	o := &harvesting{view: v, r: r, q: r.Form, verb: r.Form.Get("verb")}
	fault, err := o.asked()
	if err != nil {
		return err
	}
	return reply(w, r, "text/xml; charset=utf-8", o.envelope(fault), time.Time{})
}

// legible reports whether all that was asked is text, as databases take it.
func legible(q url.Values) bool {
	for _, all := range q {
		for _, s := range all {
			if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
				return false
			}
		}
	}
	return true
}

// asked answers, or says which fault of the protocol's own keeps it from that.
func (o *harvesting) asked() (*oaiError, error) {
	err := o.answer()
	if e, ok := err.(*oaiError); ok {
		return e, nil
	}
	return nil, err
}

func (o *harvesting) answer() error {
	v, known := verbs[o.verb]
	if !known || len(o.q["verb"]) != 1 {
		return &oaiError{"badVerb", "Illegal or missing OAI verb"}
	}
	for name, all := range o.q {
		switch {
		case name == "verb":
		case !contains(v.arguments, name):
			return badArgument("unknown argument " + name)
		case len(all) != 1 || all[0] == "":
			return badArgument("the argument " + name + " stands several times or is empty")
		case name == "resumptionToken" && len(o.q) != 2:
			return badArgument("resumptionToken excludes all other arguments")
		}
	}
	return v.answer(o)
}

func contains(all []string, s string) bool {
	for _, one := range all {
		if one == s {
			return true
		}
	}
	return false
}

// envelope is the whole answer. With badVerb and badArgument the request is named without its
// arguments, as the protocol has it.
func (o *harvesting) envelope(fault *oaiError) []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header + `<OAI-PMH xmlns="` + oaiNS + `" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="` + oaiXSD + `">`)
	element(&b, "responseDate", stamp(o.Now()))
	b.WriteString("<request")
	if fault == nil || fault.Code != "badVerb" && fault.Code != "badArgument" {
		for _, name := range sortedKeys(o.q) {
			b.WriteString(" " + name + `="` + escape(o.q.Get(name)) + `"`)
		}
	}
	b.WriteString(">" + escape(o.at("/oai")) + "</request>")
	if fault != nil {
		b.WriteString(`<error code="` + fault.Code + `">` + escape(fault.Text) + "</error>")
	} else {
		b.WriteString("<" + o.verb + ">")
		_, _ = o.out.WriteTo(&b) // a buffer takes everything
		b.WriteString("</" + o.verb + ">")
	}
	b.WriteString("</OAI-PMH>\n")
	return b.Bytes()
}

// escape makes a text fit for XML: characters no document may hold become U+FFFD.
func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

// element writes an element with a text; nothing for an empty one.
func element(b *bytes.Buffer, name, text string) {
	if text != "" {
		b.WriteString("<" + name + ">" + escape(text) + "</" + strings.Fields(name)[0] + ">")
	}
}

// stamp is a time as the protocol has it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// identify describes the repository. Records of what was taken down stay for ever.
func (o *harvesting) identify() error {
	first, err := o.Reader.Earliest(o.r.Context())
	if err != nil {
		return err
	}
	mail, err := o.mail()
	if err != nil {
		return err
	}
	name := o.Name
	if name == "" {
		name = o.sites.Main.Title()
	}
	if name == "" {
		name = i18n.To(i18n.Chinese).T("web.product")
	}
	for _, one := range [][2]string{
		{"repositoryName", name}, {"baseURL", o.at("/oai")}, {"protocolVersion", "2.0"}, {"adminEmail", mail},
		{"earliestDatestamp", stamp(first)}, {"deletedRecord", "persistent"}, {"granularity", "YYYY-MM-DDThh:mm:ssZ"},
	} {
		element(&o.out, one[0], one[1])
	}
	return nil
}

// noMail stands where no address is known: the schema asks for one.
const noMail = "nobody@invalid.invalid"

// mail is the address of the main site's office.
func (o *harvesting) mail() (text string, err error) {
	body := o.sites.Main.Body
	if body == nil {
		return noMail, nil
	}
	err = o.DB.View(o.r.Context(), func(tx *db.Tx) error {
		c, err := agency.LoadContact(tx, body.ID)
		if err == nil {
			text = c.Email
		}
		return err
	})
	if text == "" {
		text = noMail
	}
	return text, err
}

// formats lists the prefixes. Every record has all of them.
func (o *harvesting) formats() error {
	if id := o.q.Get("identifier"); id != "" {
		if _, err := o.find(id); err != nil {
			return err
		}
	}
	for _, f := range [][3]string{
		{prefixDC, "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", dcNS},
		{prefixOwn, o.at(Root + "/item.xsd"), ownNS},
	} {
		o.out.WriteString("<metadataFormat>")
		element(&o.out, "metadataPrefix", f[0])
		element(&o.out, "schema", f[1])
		element(&o.out, "metadataNamespace", f[2])
		o.out.WriteString("</metadataFormat>")
	}
	return nil
}

// sets lists the bodies and their sections. They are few enough for one answer.
func (o *harvesting) sets() error {
	if o.q.Get("resumptionToken") != "" {
		return &oaiError{"badResumptionToken", "the list of sets is one page"}
	}
	set := func(spec, name string) {
		o.out.WriteString("<set>")
		element(&o.out, "setSpec", spec)
		element(&o.out, "setName", name)
		o.out.WriteString("</set>")
	}
	for _, b := range o.sites.Tree.All {
		set(b.ID, b.Name)
	}
	for _, id := range sortedKeys(o.sections) {
		s := o.sections[id]
		set(s.Agency+":"+s.ID, o.body(s.Agency).Name+" / "+s.Name)
	}
	return nil
}

// oaiPrefix begins the names of records: keys of items are UUIDs, true everywhere and for ever.
const oaiPrefix = "urn:uuid:"

func (o *harvesting) find(id string) (*Item, error) {
	none := &oaiError{"idDoesNotExist", "no record has this identifier"}
	key, ok := strings.CutPrefix(id, oaiPrefix)
	if !ok {
		return nil, none
	}
	all, err := o.Reader.Records(o.r.Context(), []string{key})
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, none
	}
	items, err := o.items(o.r.Context(), all)
	if err != nil {
		return nil, err
	}
	return items[0], nil
}

// record answers GetRecord.
func (o *harvesting) record() error {
	if o.q.Get("identifier") == "" || o.q.Get("metadataPrefix") == "" {
		return badArgument("identifier and metadataPrefix are needed")
	}
	if err := prefixKnown(o.q.Get("metadataPrefix")); err != nil {
		return err
	}
	i, err := o.find(o.q.Get("identifier"))
	if err != nil {
		return err
	}
	o.write(i, o.q.Get("metadataPrefix"))
	return nil
}

func prefixKnown(prefix string) error {
	if prefix != prefixDC && prefix != prefixOwn {
		return &oaiError{"cannotDisseminateFormat", "the prefixes are " + prefixDC + " and " + prefixOwn}
	}
	return nil
}

// header names a record, when it last changed, and where it belongs.
func (o *harvesting) header(i *Item) {
	o.out.WriteString("<header")
	if i.Deleted {
		o.out.WriteString(` status="deleted"`)
	}
	o.out.WriteString(">")
	element(&o.out, "identifier", oaiPrefix+i.ID)
	element(&o.out, "datestamp", stamp(i.record.At))
	element(&o.out, "setSpec", i.Body.ID)
	element(&o.out, "setSpec", i.Body.ID+":"+i.Section.ID)
	o.out.WriteString("</header>")
}

func (o *harvesting) write(i *Item, prefix string) {
	o.out.WriteString("<record>")
	o.header(i)
	if !i.Deleted {
		o.out.WriteString("<metadata>")
		if prefix == prefixDC {
			dublin(&o.out, i)
		} else {
			own(&o.out, i)
		}
		o.out.WriteString("</metadata>")
	}
	o.out.WriteString("</record>")
}

// dublin writes an item in the fifteen elements of Dublin Core.
func dublin(b *bytes.Buffer, i *Item) {
	b.WriteString(`<oai_dc:dc xmlns:oai_dc="` + dcNS + `" xmlns:dc="http://purl.org/dc/elements/1.1/" xsi:schemaLocation="` + dcXSD + `">`)
	element(b, "dc:title", i.Title)
	element(b, "dc:creator", i.Issuer)
	for _, name := range i.Joint {
		element(b, "dc:creator", name)
	}
	element(b, "dc:subject", nameOf(i.Theme))
	for _, word := range i.Keywords {
		element(b, "dc:subject", word)
	}
	element(b, "dc:description", i.Summary)
	element(b, "dc:publisher", i.Body.Name)
	for _, day := range []string{i.FormedOn, i.IssuedOn} {
		element(b, "dc:date", day)
	}
	element(b, "dc:type", nameOf(i.Genre))
	element(b, "dc:format", "text/html")
	for _, text := range []string{i.URL, i.IndexNo, i.DocNo} {
		element(b, "dc:identifier", text)
	}
	element(b, "dc:source", i.Source)
	element(b, "dc:language", "zh-CN")
	for _, f := range i.Files {
		element(b, "dc:relation", f.URL)
	}
	b.WriteString("</oai_dc:dc>")
}

// own writes all that the open interface says of an item, under the same names.
func own(b *bytes.Buffer, i *Item) {
	b.WriteString(`<item xmlns="` + ownNS + `">`)
	element(b, `body id="`+escape(i.Body.ID)+`"`, i.Body.Name)
	element(b, `section id="`+escape(i.Section.ID)+`"`, i.Section.Name)
	for _, one := range [][2]string{
		{"status", string(i.Status)}, {"kind", string(i.Kind)}, {"origin", string(i.Origin)}, {"index_no", i.IndexNo}, {"title", i.Title},
		{"subtitle", i.Subtitle}, {"summary", i.Summary}, {"doc_no", i.DocNo}, {"issuer", i.Issuer}, {"issued_on", i.IssuedOn},
		{"formed_on", i.FormedOn}, {"first_published_at", i.FirstAt}, {"published_at", i.At}, {"effective_on", i.Effective},
		{"expires_on", i.Expires}, {"display_until", i.Display}, {"source", i.Source}, {"source_url", i.SourceURL},
		{"correction_note", i.Note}, {"url", i.URL},
	} {
		element(b, one[0], one[1])
	}
	for n, c := range []*Coded{i.Theme, i.Genre, i.Validity} {
		if c != nil {
			element(b, []string{"theme", "genre", "validity"}[n]+` code="`+escape(c.Code)+`"`, c.Name)
		}
	}
	for _, name := range i.Joint {
		element(b, "joint_body", name)
	}
	for _, word := range i.Keywords {
		element(b, "keyword", word)
	}
	for _, f := range i.Files {
		element(b, `file type="`+escape(f.Type)+`" sm3="`+escape(f.SM3)+`" url="`+escape(f.URL)+`"`, f.Name)
	}
	b.WriteString("</item>")
}

// list answers ListRecords and ListIdentifiers, in the order in which records changed.
func (o *harvesting) list() error {
	h, prefix, err := o.scope()
	if err != nil {
		return err
	}
	page, err := o.Reader.Harvest(o.r.Context(), h)
	if err != nil {
		return err
	}
	if len(page.Records) == 0 {
		return &oaiError{"noRecordsMatch", "nothing became different then"}
	}
	items, err := o.items(o.r.Context(), page.Records)
	if err != nil {
		return err
	}
	for _, i := range items {
		if o.verb == "ListIdentifiers" {
			o.header(i)
		} else {
			o.write(i, prefix)
		}
	}
	o.resume(h, prefix, page.Next)
	return nil
}

// resume writes how to go on: the question itself and how far it got, so that no server has to
// remember it. The last page of several ends with an empty token.
func (o *harvesting) resume(h disclosure.Harvest, prefix, next string) {
	switch {
	case next != "":
		until := ""
		if !h.Until.IsZero() {
			until = stamp(h.Until)
		}
		element(&o.out, "resumptionToken", strings.Join([]string{prefix, h.Agency, h.Section, until, next}, "!"))
	case h.After != "":
		o.out.WriteString("<resumptionToken/>")
	}
}

// scope reads what to list, from the arguments or from the token of the page before.
func (o *harvesting) scope() (h disclosure.Harvest, prefix string, err error) {
	h.Limit = oaiPage
	if text := o.q.Get("resumptionToken"); text != "" {
		return o.resumed(h, text)
	}
	if prefix = o.q.Get("metadataPrefix"); prefix == "" {
		return h, "", badArgument("metadataPrefix is needed")
	}
	if err := prefixKnown(prefix); err != nil {
		return h, "", err
	}
	from, until := o.q.Get("from"), o.q.Get("until")
	if from != "" && until != "" && len(from) != len(until) {
		return h, "", badArgument("from and until differ in granularity")
	}
	if h.From, err = moment(from, 0); err != nil {
		return h, "", err
	}
	if h.Until, err = moment(until, 1); err != nil {
		return h, "", err
	}
	if until != "" && h.From.After(h.Until) {
		return h, "", badArgument("from is later than until")
	}
	if set := o.q.Get("set"); set != "" {
		h.Agency, h.Section, _ = strings.Cut(set, ":")
	}
	return h, prefix, nil
}

// moment reads a day or a second, and goes on by so many of them: until names the last that
// counts.
func moment(text string, more int) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t.AddDate(0, 0, more), nil
	}
	t, err := time.Parse("2006-01-02T15:04:05Z", text)
	if err != nil {
		return t, badArgument("a date is YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ")
	}
	return t.Add(time.Duration(more) * time.Second), nil
}

func (o *harvesting) resumed(h disclosure.Harvest, text string) (disclosure.Harvest, string, error) {
	bad := &oaiError{"badResumptionToken", "this token was never given"}
	parts := strings.Split(text, "!")
	if len(parts) != 5 || prefixKnown(parts[0]) != nil || !strings.Contains(parts[4], ".") {
		return h, "", bad
	}
	h.Agency, h.Section, h.After = parts[1], parts[2], parts[4]
	if parts[3] != "" {
		t, err := time.Parse("2006-01-02T15:04:05Z", parts[3])
		if err != nil {
			return h, "", bad
		}
		h.Until = t
	}
	return h, parts[0], nil
}
