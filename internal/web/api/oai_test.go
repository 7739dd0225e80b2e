package api

import (
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
)

// valid holds answers against the schemas of the protocol, all at once.
func valid(t *testing.T, answers map[string]string) {
	t.Helper()
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Fatal("xmllint is not there: run make setup")
	}
	for _, asked := range sortedKeys(answers) {
		c := exec.CommandContext(t.Context(), "xmllint", "--nonet", "--noout", "--schema", "testdata/all.xsd", "-")
		c.Stdin = strings.NewReader(answers[asked])
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s: %s\n%s", asked, out, answers[asked])
		}
	}
}

var (
	identifiers = regexp.MustCompile(`<identifier>urn:uuid:([^<]+)</identifier>`)
	tokens      = regexp.MustCompile(`<resumptionToken>([^<]+)</resumptionToken>`)
	codes       = regexp.MustCompile(`<error code="([^"]+)"`)
)

// The protocol, section 3.6 and 4: every verb, every fault, as its schema has it.
func TestHarvestingProtocol(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := enter(t, d)
		evil := "供水 <公告> & \"通知\"]]>"
		a := x.published(evil, disclosure.Information)
		x.now = x.now.Add(time.Hour)
		b := x.published("停水公告", disclosure.Information)
		x.now = x.now.Add(time.Hour)
		if _, err := x.Items.Retract(t.Context(), x.all, b.ID, b.Version, "有误"); err != nil {
			t.Fatal(err)
		}
		x.now = x.now.Add(time.Hour)
		answers := map[string]string{}
		for _, c := range []struct {
			query, code string
			lists       []string
		}{
			{"verb=Identify", "", nil},
			{"verb=ListMetadataFormats", "", nil},
			{"verb=ListMetadataFormats&identifier=urn:uuid:" + a.Item, "", nil},
			{"verb=ListSets", "", nil},
			{"verb=GetRecord&metadataPrefix=oai_dc&identifier=urn:uuid:" + a.Item, "", []string{a.Item}},
			{"verb=GetRecord&metadataPrefix=gongkai&identifier=urn:uuid:" + b.Item, "", []string{b.Item}},
			{"verb=ListRecords&metadataPrefix=oai_dc", "", []string{a.Item, b.Item}},
			{"verb=ListRecords&metadataPrefix=gongkai", "", []string{a.Item, b.Item}},
			{"verb=ListIdentifiers&metadataPrefix=oai_dc&set=" + x.body, "", []string{a.Item, b.Item}},
			{"verb=ListIdentifiers&metadataPrefix=oai_dc&set=" + x.body + ":" + x.section, "", []string{a.Item, b.Item}},
			{"verb=ListIdentifiers&metadataPrefix=oai_dc&until=2026-11-23T04:00:00Z", "", []string{a.Item}},
			{"verb=ListIdentifiers&metadataPrefix=oai_dc&from=2026-11-23T04:00:01Z", "", []string{b.Item}},
			{"verb=ListIdentifiers&metadataPrefix=oai_dc&from=2026-11-23&until=2026-11-23", "", []string{a.Item, b.Item}},
			{"verb=ListIdentifiers&metadataPrefix=oai_dc&from=2026-11-24", "noRecordsMatch", nil},
			{"verb=ListIdentifiers&metadataPrefix=oai_dc&set=nothing", "noRecordsMatch", nil},
			{"", "badVerb", nil},
			{"verb=Nothing", "badVerb", nil},
			{"verb=Identify&verb=Identify", "badVerb", nil},
			{"verb=Identify&more=1", "badArgument", nil},
			{"verb=ListRecords", "badArgument", nil},
			{"verb=ListRecords&metadataPrefix=oai_dc&from=odd", "badArgument", nil},
			{"verb=ListRecords&metadataPrefix=oai_dc&from=2026-11-23&until=2026-11-23T00:00:00Z", "badArgument", nil},
			{"verb=ListRecords&metadataPrefix=oai_dc&from=2026-11-24&until=2026-11-22", "badArgument", nil},
			{"verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat", nil},
			{"verb=ListRecords&resumptionToken=odd", "badResumptionToken", nil},
			{"verb=ListSets&resumptionToken=odd", "badResumptionToken", nil},
			{"verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=odd", "badArgument", nil},
			{"verb=GetRecord&metadataPrefix=oai_dc&identifier=urn:uuid:nothing", "idDoesNotExist", nil},
			{"verb=GetRecord&metadataPrefix=oai_dc&identifier=odd", "idDoesNotExist", nil},
			{"verb=GetRecord&metadataPrefix=marc&identifier=urn:uuid:" + a.Item, "cannotDisseminateFormat", nil},
			{"verb=ListMetadataFormats&identifier=odd", "idDoesNotExist", nil},
		} {
			w := x.ask("GET", "/oai?"+c.query, nil)
			body := w.Body.String()
			answers[c.query] = body
			if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/xml") {
				t.Fatalf("%s: %d %s", c.query, w.Code, body)
			}
			code := ""
			if m := codes.FindStringSubmatch(body); m != nil {
				code = m[1]
			}
			var got []string
			for _, m := range identifiers.FindAllStringSubmatch(body, -1) {
				got = append(got, m[1])
			}
			if code != c.code || !slices.Equal(got, c.lists) {
				t.Errorf("%s: fault %q, records %v; want %q, %v\n%s", c.query, code, got, c.code, c.lists, body)
			}
		}
		if s := answers["verb=GetRecord&metadataPrefix=gongkai&identifier=urn:uuid:"+b.Item]; !strings.Contains(s, `<header status="deleted">`) || strings.Contains(s, "<metadata>") {
			t.Error(s)
		}
		post := x.ask("POST", "/oai", strings.NewReader("verb=Identify"), "Content-Type", "application/x-www-form-urlencoded")
		if !strings.Contains(post.Body.String(), "<deletedRecord>persistent</deletedRecord>") {
			t.Errorf("by POST: %s", post.Body)
		}
		valid(t, answers)
	})
}

// A harvest of more than one answer holds a record every time once, whatever changes meanwhile,
// and ends with an empty token.
func TestHarvestOfManyAnswers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := enter(t, d)
		x.many(250)
		seen := map[string]int{}
		path, answers := "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc&set="+x.body, 0
		for path != "" {
			body := x.plain(path)
			answers++
			for _, m := range identifiers.FindAllStringSubmatch(body, -1) {
				seen[m[1]]++
			}
			path = ""
			if m := tokens.FindStringSubmatch(body); m != nil {
				path = "/oai?verb=ListIdentifiers&resumptionToken=" + url.QueryEscape(m[1])
			} else if !strings.Contains(body, "<resumptionToken/>") {
				t.Errorf("the last answer: %s", body)
			}
		}
		if len(seen) != 250 || answers != 3 {
			t.Errorf("%d records in %d answers", len(seen), answers)
		}
		for id, n := range seen {
			if n != 1 {
				t.Errorf("%s %d times", id, n)
			}
		}
	})
}

// many brings in so many items as published.
func (x *town) many(n int) {
	x.t.Helper()
	for made := 0; made < n; made += 1000 {
		x.must(x.DB.Update(x.t.Context(), func(tx *db.Tx) error { return x.batch(tx, made, min(n, made+1000)) }))
	}
}

func (x *town) batch(tx *db.Tx, from, to int) error {
	m := disclosure.NewImporter(tx, x.Items.Calendar(), x.all)
	var ids []string
	for k := from; k < to; k++ {
		ready, _ := disclosure.Import{Agency: x.body, Section: x.section, Kind: disclosure.Information, Origin: disclosure.Made, IndexNo: fmt.Sprintf("示-%d", k),
			Content:     disclosure.Content{Title: fmt.Sprintf("示例公告第%d号", k), Summary: "概述", Body: "<p>正文</p>", Attribute: "proactive", Validity: "valid"},
			PublishedAt: x.now}.Ready()
		i, err := m.Add(ready)
		if err != nil {
			return err
		}
		ids = append(ids, i.ID)
	}
	if err := m.Close(); err != nil {
		return err
	}
	for len(ids) > 0 {
		part := ids[:min(len(ids), 500)]
		ids = ids[len(part):]
		if err := disclosure.Note(tx, part...); err != nil {
			return err
		}
	}
	return nil
}
