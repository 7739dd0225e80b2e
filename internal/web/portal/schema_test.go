package portal

import (
	"os/exec"
	"strings"
	"testing"
)

// schemas are what answers of each kind are held against, by the element they begin with.
var schemas = []struct{ root, flag, file string }{
	{"<feed ", "--relaxng", "../feed/testdata/atom.rng"}, {"<rss ", "--relaxng", "../feed/testdata/rss.rng"},
	{"<urlset ", "--schema", "../feed/testdata/sitemap.xsd"}, {"<sitemapindex ", "--schema", "../feed/testdata/sitemap.xsd"},
}

// valid returns what is wrong with a feed or sitemap, "" if nothing is.
func valid(t testing.TB, doc string) string {
	t.Helper()
	for _, s := range schemas {
		if !strings.Contains(doc, s.root) {
			continue
		}
		c := exec.CommandContext(t.Context(), "xmllint", "--nonet", "--noout", s.flag, s.file, "-")
		var said strings.Builder
		c.Stdin, c.Stderr = strings.NewReader(doc), &said
		if c.Run() != nil {
			return said.String()
		}
		return ""
	}
	return "no schema for " + doc
}

// The schemas refuse what the formats refuse: a check that lets everything pass is none.
func TestTheSchemasRefuseWhatIsWrong(t *testing.T) {
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Fatal("xmllint is not there: run make setup")
	}
	const atom, site = `xmlns="http://www.w3.org/2005/Atom"`, `xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"`
	good := `<feed ` + atom + `><id>urn:uuid:1</id><title>a</title><updated>2026-11-23T00:00:00Z</updated><link rel="self" type="text/html" href="/"/><author><name>b</name></author></feed>`
	if said := valid(t, good); said != "" {
		t.Error(said)
	}
	for _, bad := range []string{
		strings.Replace(good, "<id>urn:uuid:1</id>", "", 1), strings.Replace(good, "urn:uuid:1", "1", 1), strings.Replace(good, "T00:00:00Z", "", 1),
		strings.Replace(good, "</feed>", "<entry/></feed>", 1), strings.Replace(good, "<author><name>b</name></author>", "", 1),
		`<urlset ` + site + `><url><loc>/items/1.html</loc></url></urlset>`, `<urlset ` + site + `><url><loc>https://example.cn/</loc><lastmod>yesterday</lastmod></url></urlset>`,
		`<sitemapindex ` + site + `></sitemapindex>`, `<rss version="2.0"><channel><title>a</title></channel></rss>`,
	} {
		if valid(t, bad) == "" {
			t.Errorf("passes: %s", bad)
		}
	}
}
