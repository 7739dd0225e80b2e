package api

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/i18n"
)

const printed = "../../../docs/openapi.json"

// described is the interface's description as it is printed in docs.
func described(t *testing.T, l i18n.Lang) []byte {
	t.Helper()
	b, err := json.MarshalIndent(Describe(l, Root), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(b, '\n')
}

// The printed description is the one that is served: who builds on it sees each change.
func TestTheDescriptionIsFresh(t *testing.T) {
	want := described(t, i18n.English)
	if os.Getenv("GONGKAI_TEST_WRITE") != "" {
		if err := os.WriteFile(printed, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(printed); err != nil || !bytes.Equal(got, want) {
		t.Errorf("docs/openapi.json is not what the interface says of itself (%v): run make docs", err)
	}
}

// The description is OpenAPI 3.1, after the schema the OpenAPI Initiative publishes for it
// (2026-08-03), in both languages and with no word missing.
func TestTheDescriptionIsOpenAPI(t *testing.T) {
	schema := read(t, "testdata/openapi-3.1.json")
	c := jsonschema.NewCompiler()
	if err := c.AddResource("https://spec.openapis.org/oas/3.1/schema/2026-08-03", schema); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("https://spec.openapis.org/oas/3.1/schema/2026-08-03")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range i18n.Langs {
		text := described(t, l)
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Errorf("%s: %v", l, err)
		}
		if bytes.Contains(text, []byte("⟦")) {
			t.Errorf("%s: a message is missing", l)
		}
		references(t, doc, doc)
	}
}

func read(t *testing.T, path string) any {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	v, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// references makes sure that each leads to something.
func references(t *testing.T, whole, part any) {
	t.Helper()
	switch part := part.(type) {
	case map[string]any:
		if to, ok := part["$ref"].(string); ok {
			at := whole
			for _, name := range strings.Split(strings.TrimPrefix(to, "#/"), "/") {
				m, _ := at.(map[string]any)
				at = m[name]
			}
			if at == nil {
				t.Errorf("%s leads nowhere", to)
			}
		}
		for _, one := range part {
			references(t, whole, one)
		}
	case []any:
		for _, one := range part {
			references(t, whole, one)
		}
	}
}

// Answers are what the description says: every question of reading is asked, and what comes back
// is held against the shape promised for it. A member nobody described is a fault.
func TestAnswersAreAsDescribed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := enter(t, d)
		e := x.published("供水公告", "information")
		x.caughtUp()
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(bytes.ReplaceAll(described(t, i18n.English), []byte(`"type": "object",`), []byte(`"type": "object", "unevaluatedProperties": false,`))))
		x.must(err)
		paths := doc.(map[string]any)["paths"].(map[string]any)
		asked := 0
		for _, o := range operations {
			if o.Method != "GET" || o.Token || o.Group == "api.group.about" || o.ID == "getAnnualReport" {
				continue
			}
			id := x.body
			if strings.HasPrefix(o.Path, "/items/") {
				id = e.Item
			}
			path := Root + strings.ReplaceAll(o.Path, "{id}", id) + "?q=供水"
			w := x.ask("GET", strings.ReplaceAll(path, "供水", "%E4%BE%9B%E6%B0%B4"), nil)
			answer, err := jsonschema.UnmarshalJSON(w.Body)
			if err != nil || w.Code != 200 {
				t.Errorf("%s: %d, %v", path, w.Code, err)
				continue
			}
			if paths[o.Path] == nil {
				t.Errorf("%s is not described", o.Path)
			}
			c := jsonschema.NewCompiler()
			x.must(c.AddResource("mem:doc", doc))
			at := "mem:doc#/paths/" + strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(o.Path) + "/get/responses/200/content/application~1json/schema"
			s, err := c.Compile(at)
			x.must(err)
			if err := s.Validate(answer); err != nil {
				t.Errorf("%s: %v", path, err)
			}
			asked++
		}
		if asked != 11 {
			t.Errorf("%d questions were asked", asked)
		}
	})
}
