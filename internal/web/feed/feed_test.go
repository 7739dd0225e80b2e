package feed

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"
)

// whole reads a document to its end and returns its texts.
func whole(t *testing.T, doc []byte) string {
	t.Helper()
	var texts strings.Builder
	for d := xml.NewDecoder(strings.NewReader(string(doc))); ; {
		token, err := d.Token()
		if err == io.EOF {
			return texts.String()
		}
		if err != nil {
			t.Fatalf("%v in %s", err, doc)
		}
		if text, ok := token.(xml.CharData); ok {
			texts.Write(text)
		}
	}
}

// Whatever a title says, it stays a title.
func TestTextsCannotBreakOut(t *testing.T) {
	at := time.Date(2026, 11, 20, 4, 0, 0, 0, time.UTC)
	evil := `</title><script>alert(1)</script>]]>&amp;` + "\x00\x0b\"'"
	f := Feed{ID: "urn:uuid:1", Title: evil, Lang: "zh-CN", Author: evil, Self: `/x?q="><y`, Page: "/", Updated: at,
		Entries: []Entry{{ID: "urn:uuid:2", Title: evil, Link: "/2", Summary: evil, Published: at, Updated: at, Subjects: []string{evil}}}}
	for _, doc := range [][]byte{f.Atom(), f.RSS(), Sitemap([]Place{{evil, at}}), SitemapIndex([]Place{{evil, at}})} {
		if text := whole(t, doc); !strings.Contains(text, "</title><script>alert(1)</script>]]>&amp;\uFFFD\uFFFD\"'") {
			t.Errorf("%q", text)
		}
	}
	if s := string(f.Atom()); !strings.Contains(s, "<updated>2026-11-20T04:00:00Z</updated>") || !strings.Contains(s, `href="/x?q=&#34;&gt;&lt;y"`) {
		t.Error(s)
	}
	if s := string(f.RSS()); !strings.Contains(s, "<pubDate>Fri, 20 Nov 2026 04:00:00 +0000</pubDate>") || !strings.Contains(s, `<guid isPermaLink="false">urn:uuid:2</guid>`) {
		t.Error(s)
	}
}
