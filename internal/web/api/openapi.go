package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// Root is the path, below the base, of the first version of the interface. What stands in it is
// only ever added to.
const Root = "/api/v1"

// Version is the interface's own.
const Version = "1.0.0"

// operation is something the interface can be asked: routes, the description in OpenAPI and the
// page for readers are all made from it.
type operation struct {
	ID, Method, Path string
	Group            string // message of its heading
	About            string // message of what it does
	Params           []param
	Takes            any // what a post says, nil for none
	Answers          any // what it answers, nil for a file
	Media            string
	Status           int // 200 if 0
	Token            bool
	Example          string // of what it takes, as JSON
	handler          func(a *api) web.Handler
}

// param is a value of the address or the head.
type param struct {
	Name, In, About string
	Required        bool
	Number          bool
	Several         bool
	Choices         []string
}

func (p param) must() param { p.Required = true; return p }

var (
	paramID      = param{Name: "id", In: "path", About: "api.param.id", Required: true}
	paramBody    = param{Name: "body", In: "query", About: "api.param.body"}
	paramSection = param{Name: "section", In: "query", About: "api.param.section"}
	paramQ       = param{Name: "q", In: "query", About: "api.param.q"}
	paramAfter   = param{Name: "after", In: "query", About: "api.param.after"}
	paramLimit   = param{Name: "limit", In: "query", About: "api.param.limit", Number: true}
	paramYear    = param{Name: "year", In: "query", About: "api.param.year", Several: true}
	paramGenre   = param{Name: "genre", In: "query", About: "api.param.genre", Several: true}
	paramTheme   = param{Name: "theme", In: "query", About: "api.param.theme", Several: true}
	paramValid   = param{Name: "validity", In: "query", About: "api.param.validity", Several: true, Choices: keysOf(class.Validities())}
	paramIssuer  = param{Name: "issuer", In: "query", About: "api.param.issuer", Several: true}
	paramKind    = param{Name: "kind", In: "query", About: "api.param.kind", Several: true, Choices: namesOf(disclosure.Kinds)}
	paramSort    = param{Name: "sort", In: "query", About: "api.param.sort", Choices: []string{"relevance", "newest", "oldest"}}
	paramKey     = param{Name: "Idempotency-Key", In: "header", About: "api.param.key", Required: true}
)

var narrowing = []param{paramBody, paramSection, paramYear, paramGenre, paramTheme, paramValid, paramIssuer, paramKind, paramSort, paramLimit, paramAfter}

func keysOf(all []class.Entry) (keys []string) {
	for _, e := range all {
		keys = append(keys, e.Key)
	}
	return keys
}

func namesOf[K ~string](all []K) (names []string) {
	for _, k := range all {
		names = append(names, string(k))
	}
	return names
}

// operations is everything version 1 can be asked. It is set before the first use, since the
// description is one of the answers.
var operations []operation

func init() {
	const read, find, post, about = "api.group.read", "api.group.find", "api.group.post", "api.group.about"
	get := http.MethodGet
	operations = []operation{
		{ID: "listItems", Method: get, Path: "/items", Group: read, About: "api.op.items", Params: append([]param{paramQ}, narrowing...), Answers: List{}, handler: func(a *api) web.Handler { return a.listItems }},
		{ID: "getItem", Method: get, Path: "/items/{id}", Group: read, About: "api.op.item", Params: []param{paramID}, Answers: Whole{}, handler: func(a *api) web.Handler { return a.showItem }},
		{ID: "listFiles", Method: get, Path: "/items/{id}/files", Group: read, About: "api.op.files", Params: []param{paramID}, Answers: filesAnswer{}, handler: func(a *api) web.Handler { return a.listFiles }},
		{ID: "listChanges", Method: get, Path: "/changes", Group: read, About: "api.op.changes", Params: []param{{Name: "since", In: "query", About: "api.param.since"}, paramLimit}, Answers: Changes{}, handler: func(a *api) web.Handler { return a.listChanges }},
		{ID: "listBodies", Method: get, Path: "/bodies", Group: read, About: "api.op.bodies", Answers: bodiesAnswer{}, handler: func(a *api) web.Handler { return a.listBodies }},
		{ID: "getBody", Method: get, Path: "/bodies/{id}", Group: read, About: "api.op.body", Params: []param{paramID}, Answers: Body{}, handler: func(a *api) web.Handler { return a.showBody }},
		{ID: "listSections", Method: get, Path: "/bodies/{id}/sections", Group: read, About: "api.op.sections", Params: []param{paramID}, Answers: sectionsAnswer{}, handler: func(a *api) web.Handler { return a.listSections }},
		{ID: "listAnnualReports", Method: get, Path: "/bodies/{id}/annual", Group: read, About: "api.op.annuals", Params: []param{paramID}, Answers: annualAnswer{}, handler: func(a *api) web.Handler { return a.listAnnual }},
		{ID: "getAnnualReport", Method: get, Path: "/bodies/{id}/annual/{year}", Group: read, About: "api.op.annual", Params: []param{paramID, {Name: "year", In: "path", About: "api.param.report_year", Required: true, Number: true}}, Answers: Annual{}, handler: func(a *api) web.Handler { return a.showAnnual }},
		{ID: "listDecisions", Method: get, Path: "/bodies/{id}/decisions", Group: read, About: "api.op.decisions", Params: []param{paramID, {Name: "kind", In: "query", About: "api.param.decision", Choices: namesOf(credit.Kinds)}, paramAfter}, Answers: decisionsAnswer{}, handler: func(a *api) web.Handler { return a.listDecisions }},
		{ID: "search", Method: get, Path: "/search", Group: find, About: "api.op.search", Params: append([]param{paramQ.must()}, narrowing...), Answers: Found{}, handler: func(a *api) web.Handler { return a.find }},
		{ID: "suggest", Method: get, Path: "/suggestions", Group: find, About: "api.op.suggest", Params: []param{paramQ.must(), paramBody, paramLimit}, Answers: suggestAnswer{}, handler: func(a *api) web.Handler { return a.suggest }},
		{ID: "createDraft", Method: http.MethodPost, Path: "/drafts", Group: post, About: "api.op.draft_new", Params: []param{paramKey}, Takes: Draft{}, Answers: Status{}, Status: http.StatusCreated, Token: true, handler: func(a *api) web.Handler { return a.createDraft }},
		{ID: "getDraft", Method: get, Path: "/drafts/{id}", Group: post, About: "api.op.draft", Params: []param{paramID}, Answers: Status{}, Token: true, handler: func(a *api) web.Handler { return a.showDraft }},
		{ID: "changeDraft", Method: http.MethodPut, Path: "/drafts/{id}", Group: post, About: "api.op.draft_put", Params: []param{paramID}, Takes: Draft{}, Answers: Status{}, Token: true, handler: func(a *api) web.Handler { return a.changeDraft }},
		{ID: "submitDraft", Method: http.MethodPost, Path: "/drafts/{id}/submit", Group: post, About: "api.op.draft_submit", Params: []param{paramID}, Answers: Status{}, Token: true, handler: func(a *api) web.Handler { return a.submitDraft }},
		{ID: "describe", Method: get, Path: "/openapi.json", Group: about, About: "api.op.openapi", Answers: map[string]any{}, handler: func(a *api) web.Handler { return a.describeJSON }},
		{ID: "describeYAML", Method: get, Path: "/openapi.yaml", Group: about, About: "api.op.openapi_yaml", Media: "application/yaml", handler: func(a *api) web.Handler { return a.describeYAML }},
		{ID: "itemSchema", Method: get, Path: "/item.xsd", Group: about, About: "api.op.xsd", Media: "application/xml", handler: func(a *api) web.Handler { return a.sendSchema }},
	}
	last := slices.IndexFunc(operations, func(o operation) bool { return o.Group == about })
	operations = slices.Insert(operations, last, requestOperations()...)
}

// What answers that are nothing but a list are called.
type (
	filesAnswer struct {
		Files []File `json:"files"`
	}
	bodiesAnswer struct {
		Bodies []Body `json:"bodies"`
	}
	sectionsAnswer struct {
		Sections []*Node `json:"sections"`
	}
	annualAnswer struct {
		Reports []Annual `json:"reports"`
	}
	decisionsAnswer struct {
		Decisions []Decision `json:"decisions"`
		Next      string     `json:"next,omitempty"`
	}
	suggestAnswer struct {
		Suggestions []Suggestion `json:"suggestions"`
	}
)

//go:embed item.xsd
var itemSchema []byte

func (a *api) sendSchema(w http.ResponseWriter, r *http.Request) error {
	return reply(w, r, "application/xml", itemSchema, time.Time{})
}

func (a *api) describeJSON(w http.ResponseWriter, r *http.Request) error {
	d, err := a.described(r)
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	return reply(w, r, "application/json", b, time.Time{})
}

func (a *api) describeYAML(w http.ResponseWriter, r *http.Request) error {
	d, err := a.described(r)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	yaml(&b, d, "")
	return reply(w, r, "application/yaml", b.Bytes(), time.Time{})
}

func (a *api) described(r *http.Request) (object, error) {
	v, err := a.viewOf(r)
	if err != nil {
		return nil, err
	}
	w := v.at(Root)
	return Describe(language(r), w), nil
}

// object is a JSON object whose members keep their order.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for n, m := range o {
		if n > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:", m.name)
		v, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// yaml writes objects, lists and plain values; a text is quoted as JSON quotes it, which YAML 1.2
// reads.
func yaml(b *bytes.Buffer, v any, indent string) {
	switch v := v.(type) {
	case object:
		for _, m := range v {
			fmt.Fprintf(b, "%s%q:", indent, m.name)
			below(b, m.value, indent+"  ")
		}
	case []any:
		for _, one := range v {
			b.WriteString(indent + "-")
			below(b, one, indent+"  ")
		}
	}
}

func below(b *bytes.Buffer, v any, indent string) {
	empty := false
	switch v := v.(type) {
	case object:
		empty = len(v) == 0
	case []any:
		empty = len(v) == 0
	default:
		text, err := json.Marshal(v)
		if err != nil {
			panic(err) // descriptions hold texts, numbers and truths alone
		}
		b.WriteString(" " + string(text) + "\n")
		return
	}
	if empty {
		text, _ := json.Marshal(v)
		b.WriteString(" " + string(text) + "\n")
		return
	}
	b.WriteByte('\n')
	yaml(b, v, indent)
}

// Describe is the interface as OpenAPI 3.1 describes it, in a language.
func Describe(l i18n.Lang, address string) object {
	p := i18n.To(l)
	s := &schemas{p: p}
	var paths object
	for _, o := range operations {
		one := member{strings.ToLower(o.Method), o.describe(p, s)}
		at := slices.IndexFunc(paths, func(m member) bool { return m.name == o.Path })
		if at < 0 {
			paths = append(paths, member{o.Path, object{one}})
			continue
		}
		paths[at].value = append(paths[at].value.(object), one)
	}
	var tags []any
	for _, g := range groups() {
		tags = append(tags, object{{"name", p.T(g)}, {"description", p.T(g)}})
	}
	problem := s.of(reflect.TypeOf(Problem{}))
	return object{
		{"openapi", "3.1.0"},
		{"info", object{{"title", p.T("api.title")}, {"version", Version}, {"description", p.T("api.about")},
			{"license", object{{"name", p.T("api.terms")}, {"identifier", "LicenseRef-Government-Information"}}}}},
		{"servers", []any{object{{"url", address}}}},
		{"tags", tags},
		{"paths", paths},
		{"components", object{
			{"securitySchemes", object{{"token", object{{"type", "http"}, {"scheme", "bearer"}, {"description", p.T("api.token")}}}}},
			{"responses", object{{"Problem", object{{"description", p.T("api.problem")}, {"content", object{{"application/problem+json", object{{"schema", problem}}}}}}}}},
			{"schemas", s.all},
		}},
	}
}

// groups are the headings in their order.
func groups() (all []string) {
	for _, o := range operations {
		if !slices.Contains(all, o.Group) {
			all = append(all, o.Group)
		}
	}
	return all
}

func (o operation) describe(p i18n.Printer, s *schemas) object {
	out := object{{"operationId", o.ID}, {"tags", []any{p.T(o.Group)}}, {"summary", p.T(o.About)}}
	var params []any
	for _, one := range o.Params {
		params = append(params, one.describe(p))
	}
	if params != nil {
		out = append(out, member{"parameters", params})
	}
	security := []any{}
	if o.Token {
		security = append(security, object{{"token", []any{}}})
	}
	out = append(out, member{"security", security})
	if o.Takes != nil {
		out = append(out, member{"requestBody", object{{"required", true}, {"content", o.takes(s)}}})
	}
	status := "200"
	if o.Status != 0 {
		status = fmt.Sprint(o.Status)
	}
	answer := object{{"description", p.T(o.About)}}
	switch {
	case o.Media != "":
		answer = append(answer, member{"content", object{{o.Media, object{{"schema", object{{"type", "string"}}}}}}})
	default:
		answer = append(answer, member{"content", object{{"application/json", object{{"schema", s.of(reflect.TypeOf(o.Answers))}}}}})
	}
	return append(out, member{"responses", object{{status, answer},
		{"4XX", object{{"$ref", "#/components/responses/Problem"}}}, {"5XX", object{{"$ref", "#/components/responses/Problem"}}}}})
}

// takes describes what a post says.
func (o operation) takes(s *schemas) object {
	shape := s.of(reflect.TypeOf(o.Takes))
	plain := object{{"schema", shape}}
	if o.Example != "" {
		plain = append(plain, member{"example", json.RawMessage(o.Example)})
	}
	if _, drafts := o.Takes.(Draft); !drafts {
		return object{{"application/json", plain}}
	}
	form := object{{"type", "object"}, {"properties", object{{"draft", shape},
		{"file", object{{"type", "array"}, {"items", object{{"type", "string"}, {"contentMediaType", "application/octet-stream"}}}}}}}}
	return object{{"application/json", plain}, {"multipart/form-data", object{{"schema", form}}}}
}

func (p param) describe(to i18n.Printer) object {
	value := object{{"type", "string"}}
	if p.Number {
		value = object{{"type", "integer"}, {"minimum", 1}}
	}
	if p.Choices != nil {
		var all []any
		for _, c := range p.Choices {
			all = append(all, c)
		}
		value = append(value, member{"enum", all})
	}
	if p.Several {
		value = object{{"type", "array"}, {"items", value}}
	}
	return object{{"name", p.Name}, {"in", p.In}, {"description", to.T(p.About)}, {"required", p.Required}, {"schema", value}}
}

// schemas are the shapes of what is sent, each described once.
type schemas struct {
	p   i18n.Printer
	all object
}

// of describes a type, by reference if it has a name.
func (s *schemas) of(t reflect.Type) object {
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return object{{"type", "string"}, {"contentEncoding", "base64"}}
		}
		return object{{"type", "array"}, {"items", s.of(t.Elem())}}
	case reflect.Map:
		if t.Elem().Kind() == reflect.Interface {
			return object{{"type", "object"}}
		}
		return object{{"type", "object"}, {"additionalProperties", s.of(t.Elem())}}
	case reflect.Bool:
		return object{{"type", "boolean"}}
	case reflect.Int, reflect.Int64:
		return object{{"type", "integer"}}
	case reflect.Struct:
		switch t {
		case reflect.TypeOf(day{}), reflect.TypeOf(date.Date{}):
			return object{{"type", "string"}, {"format", "date"}}
		case reflect.TypeOf(time.Time{}):
			return object{{"type", "string"}, {"format", "date-time"}}
		}
		return s.named(t)
	}
	return object{{"type", "string"}}
}

func (s *schemas) named(t reflect.Type) object {
	name := strings.ToUpper(t.Name()[:1]) + t.Name()[1:]
	ref := object{{"$ref", "#/components/schemas/" + name}}
	if slices.ContainsFunc(s.all, func(m member) bool { return m.name == name }) {
		return ref
	}
	at := len(s.all)
	s.all = append(s.all, member{name: name})
	props, needed := s.members(t)
	shape := object{{"type", "object"}, {"properties", props}}
	if needed != nil {
		shape = append(shape, member{"required", needed})
	}
	s.all[at].value = shape
	return ref
}

// members describes the fields of a type, those of what it holds inside with them.
func (s *schemas) members(t reflect.Type) (props object, needed []any) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			inner := f.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			p, n := s.members(inner)
			props, needed = append(props, p...), append(needed, n...)
			continue
		}
		if !f.IsExported() {
			continue
		}
		name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		shape := s.of(f.Type)
		if about := meaning(t, name); about != "" {
			if shape[0].name == "$ref" { // beside it OpenAPI 3.1 allows a description
				shape = append(object{}, shape...)
			}
			shape = append(shape, member{"description", s.p.T(about)})
		}
		props = append(props, member{name, shape})
		if option == "" {
			needed = append(needed, name)
		}
	}
	return props, needed
}

// meaning is what a member is described as. What belongs to requests has words of its own.
func meaning(t reflect.Type, name string) string {
	switch {
	case t == reflect.TypeOf(seen{}) || strings.HasPrefix(t.Name(), "Request"):
		return requestFields[name]
	case t.PkgPath() != reflect.TypeOf(Problem{}).PkgPath():
		return ""
	}
	return fields[name]
}
