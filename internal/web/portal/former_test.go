package portal

import (
	"net/http"
	"testing"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
)

// R-WEB-08: addresses of the site that documents were taken over from lead to their pages, on the
// host that stayed the same and from one that is no more.
func TestFormerAddressesLeadToThePagesOfToday(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		x.Sites.URL = "https://www.example.gov.cn"
		put := func(title, address string) disclosure.Import {
			return disclosure.Import{Address: address, PublishedAt: dbtest.Noon.Add(-30 * time.Minute),
				Content: disclosure.Content{Title: title, Body: "<p>正文</p>", Validity: "valid"}}
		}
		ids := x.publish(put("同一主机", "http://www.example.gov.cn/art/2020/3/1.html"), put("带参数", "https://www.example.gov.cn/show.jsp?id=7&type=a"),
			put("汉字", "http://www.example.gov.cn/公开/2.html"), put("旧主机", "http://old.example.cn/xxgk/3.shtml"),
			put("甲", "http://www.example.gov.cn/same.html"), put("乙", "https://www.example.gov.cn/same.html"))
		at := func(n int) string { return "/items/" + ids[n] + ".html" }
		for _, one := range []struct {
			path string
			code int
			to   string
		}{
			{"/art/2020/3/1.html", http.StatusMovedPermanently, at(0)},
			{"/show.jsp?id=7&type=a", http.StatusMovedPermanently, at(1)},
			{"/show.jsp?id=8&type=a", http.StatusNotFound, ""},
			{"/show.jsp", http.StatusNotFound, ""},
			{"/%E5%85%AC%E5%BC%80/2.html", http.StatusMovedPermanently, at(2)},
			{"/xxgk/3.shtml", http.StatusNotFound, ""}, // another host's
			{"/from/old.example.cn/xxgk/3.shtml", http.StatusMovedPermanently, at(3)},
			{"/from/OLD.example.cn/xxgk/3.shtml", http.StatusMovedPermanently, at(3)},
			{"/from/evil.example.org/xxgk/3.shtml", http.StatusNotFound, ""},
			{"/from/old.example.cn", http.StatusNotFound, ""},
			{"/from/", http.StatusNotFound, ""},
			{"/same.html", http.StatusNotFound, ""}, // two items: nobody knows which
			{"/art/2020/3/2.html", http.StatusNotFound, ""},
		} {
			w := x.get(one.path)
			if w.Code != one.code || w.Header().Get("Location") != one.to {
				t.Errorf("%s: %d %q, want %d %q", one.path, w.Code, w.Header().Get("Location"), one.code, one.to)
			}
		}
	})
}
