package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"gongkai/internal/change"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// The vocabulary is DCAT, version 3, with Dublin Core terms: each body, each of its sections in
// use and its annual reports are a dataset, whose distributions are the files of everything and
// the questions to the open interface.
var vocabulary = [][2]string{
	{"dcat", "http://www.w3.org/ns/dcat#"}, {"dct", "http://purl.org/dc/terms/"}, {"foaf", "http://xmlns.com/foaf/0.1/"}, {"xsd", "http://www.w3.org/2001/XMLSchema#"},
}

// term is the object of a statement: a text in Chinese, a typed value, an address, or a thing
// described in its place.
type term struct {
	text, kind, link string
	thing            *thing
}

// said is a statement about a thing.
type said struct {
	what string
	term
}

// thing is something described.
type thing struct {
	id, kind string
	said     []said
}

func (t *thing) say(what string, o term) { t.said = append(t.said, said{what, o}) }

func word(s string) term             { return term{text: s} }
func link(s string) term             { return term{link: s} }
func typed(s, kind string) term      { return term{text: s, kind: kind} }
func inside(t *thing) term           { return term{thing: t} }
func changed(at time.Time) term      { return typed(instant(at), "xsd:dateTime") }
func (v *view) target(p string) term { return link(v.at(p)) }

// catalog describes everything that can be had.
func (v *view) catalog(ctx context.Context) (*thing, time.Time, error) {
	_, at, err := v.Reader.Head(ctx)
	if err != nil {
		return nil, at, err
	}
	p := i18n.To(i18n.Chinese)
	name := v.sites.Main.Title()
	if name == "" {
		name = p.T("web.product")
	}
	c := &thing{id: v.at("/data/catalog"), kind: "dcat:Catalog"}
	c.say("dct:title", word(p.T("api.dcat.title", "name", name)))
	c.say("dct:description", word(p.T("api.dcat.about", "name", name)))
	c.say("dct:publisher", inside(&thing{id: v.at("/"), kind: "foaf:Organization", said: []said{{"foaf:name", word(name)}}}))
	c.say("dct:language", link("http://publications.europa.eu/resource/authority/language/ZHO"))
	c.say("foaf:homepage", v.target("/"))
	if !at.IsZero() {
		c.say("dct:modified", changed(at))
	}
	c.say("dcat:service", inside(v.service("api", Root, v.at(Root+"/openapi.json"))))
	c.say("dcat:service", inside(v.service("oai", "/oai", "http://www.openarchives.org/OAI/2.0/")))
	for _, b := range v.sites.Tree.All {
		sets, err := v.datasets(ctx, b.ID, b.Name)
		if err != nil {
			return nil, at, err
		}
		for _, s := range sets {
			c.say("dcat:dataset", inside(s))
		}
	}
	return c, at, nil
}

func (v *view) service(id, path, conforms string) *thing {
	return &thing{id: v.at("/data/catalog#" + id), kind: "dcat:DataService", said: []said{
		{"dct:title", word(i18n.To(i18n.Chinese).T(map[string]string{"api": "api.dcat.api", "oai": "api.dcat.oai"}[id]))},
		{"dcat:endpointURL", v.target(path)}, {"dct:conformsTo", link(conforms)}}}
}

// datasets are those of a body: all it published, what stands in each section, its annual reports.
func (v *view) datasets(ctx context.Context, id, name string) ([]*thing, error) {
	p := i18n.To(i18n.Chinese)
	all := v.dataset("body-"+id, name, p.T("api.dcat.body", "name", name), v.page(id, "/"))
	all.say("dcat:distribution", inside(v.distribution("/data/bodies/"+id+"/items.csv", "text/csv", "")))
	all.say("dcat:distribution", inside(v.distribution("/data/bodies/"+id+"/items.jsonl.gz", "application/x-ndjson", "application/gzip")))
	all.say("dcat:distribution", inside(v.distribution(Root+"/items?body="+id, "application/json", "")))
	out := []*thing{all}
	reports, err := v.Annual.Years(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(reports) > 0 {
		d := v.dataset("annual-"+id, name, p.T("api.dcat.annual", "name", name), v.page(id, "/annual.html"))
		d.say("dcat:distribution", inside(v.distribution(Root+"/bodies/"+id+"/annual", "application/json", "")))
		out = append(out, d)
	}
	counts, err := v.Reader.BySection(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, s := range sortedKeys(counts) {
		d := v.dataset("section-"+s, name, p.T("api.dcat.section", "name", name, "section", v.section(s).Name), v.page(id, "/sections/"+s+".html"))
		d.say("dcat:distribution", inside(v.distribution(Root+"/items?section="+s, "application/json", "")))
		out = append(out, d)
	}
	return out, nil
}

func (v *view) dataset(id, publisher, title, page string) *thing {
	return &thing{id: v.at("/data/catalog#" + id), kind: "dcat:Dataset", said: []said{{"dct:title", word(title)}, {"dct:description", word(title)},
		{"dct:publisher", inside(&thing{kind: "foaf:Organization", said: []said{{"foaf:name", word(publisher)}}})}, {"dcat:landingPage", link(page)}}}
}

func (v *view) distribution(path, media, packed string) *thing {
	t := &thing{id: v.at(path) + "#file", kind: "dcat:Distribution", said: []said{{"dcat:accessURL", v.target(path)}}}
	if strings.HasPrefix(path, "/data/") {
		t.say("dcat:downloadURL", v.target(path))
	}
	t.say("dcat:mediaType", link("https://www.iana.org/assignments/media-types/"+media))
	if packed != "" {
		t.say("dcat:compressFormat", link("https://www.iana.org/assignments/media-types/"+packed))
	}
	return t
}

func (a *api) catalogJSON(w http.ResponseWriter, r *http.Request) error {
	return a.sendCatalog(w, r, "application/ld+json", func(c *thing) ([]byte, error) {
		context := map[string]string{}
		for _, v := range vocabulary {
			context[v[0]] = v[1]
		}
		out := c.json()
		out["@context"] = context
		return json.Marshal(out)
	})
}

func (a *api) catalogTurtle(w http.ResponseWriter, r *http.Request) error {
	return a.sendCatalog(w, r, "text/turtle; charset=utf-8", func(c *thing) ([]byte, error) {
		var b bytes.Buffer
		for _, v := range vocabulary {
			fmt.Fprintf(&b, "@prefix %s: <%s> .\n", v[0], v[1])
		}
		c.turtle(&b)
		return b.Bytes(), nil
	})
}

func (a *api) sendCatalog(w http.ResponseWriter, r *http.Request, kind string, write func(c *thing) ([]byte, error)) error {
	v, err := a.view(r.Context(), i18n.Chinese)
	if err != nil {
		return err
	}
	web.Depend(r.Context(), change.All, change.Published, change.Areas("site"), change.Areas("agency"), change.Areas("section"), change.Areas("annual"))
	c, at, err := v.catalog(r.Context())
	if err != nil {
		return err
	}
	b, err := write(c)
	if err != nil {
		return err
	}
	return reply(w, r, kind, b, at)
}

// json is a thing as JSON-LD has it.
func (t *thing) json() map[string]any {
	out := map[string]any{"@type": t.kind}
	if t.id != "" {
		out["@id"] = t.id
	}
	for _, s := range t.said {
		all, _ := out[s.what].([]any)
		out[s.what] = append(all, s.json())
	}
	return out
}

func (o term) json() any {
	switch {
	case o.thing != nil:
		return o.thing.json()
	case o.link != "":
		return map[string]string{"@id": o.link}
	case o.kind != "":
		return map[string]string{"@value": o.text, "@type": o.kind}
	}
	return map[string]string{"@value": o.text, "@language": "zh-CN"}
}

// turtle writes a thing and those it speaks of, each as a paragraph of its own.
func (t *thing) turtle(b *bytes.Buffer) {
	var more []*thing
	fmt.Fprintf(b, "\n<%s> a %s", iri(t.id), t.kind)
	for _, s := range t.said {
		b.WriteString(" ;\n  " + s.what + " ")
		switch {
		case s.thing != nil && s.thing.id == "":
			fmt.Fprintf(b, "[ a %s ; %s %s ]", s.thing.kind, s.thing.said[0].what, literal(s.thing.said[0].text)+"@zh-CN")
		case s.thing != nil:
			more = append(more, s.thing)
			b.WriteString("<" + iri(s.thing.id) + ">")
		case s.link != "":
			b.WriteString("<" + iri(s.link) + ">")
		case s.kind != "":
			b.WriteString(literal(s.text) + "^^" + s.kind)
		default:
			b.WriteString(literal(s.text) + "@zh-CN")
		}
	}
	b.WriteString(" .\n")
	for _, one := range more {
		one.turtle(b)
	}
}

// iri is an address fit to stand between angle brackets.
func iri(s string) string {
	return strings.NewReplacer("<", "%3C", ">", "%3E", `"`, "%22", " ", "%20", "{", "%7B", "}", "%7D", "|", "%7C", "^", "%5E", "`", "%60", `\`, "%5C").Replace(s)
}

// literal is a text in quotes.
func literal(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r < 0x20:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
