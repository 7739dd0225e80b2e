package site_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/site"
)

type town struct {
	t *testing.T
	*site.Desk
	*site.Directory
	now                 time.Time
	gov, bureau, museum string
	program, officer    actor.Actor
}

func open(t *testing.T, d *db.DB) *town {
	t.Helper()
	x := &town{t: t, Desk: &site.Desk{DB: d}, now: dbtest.Noon, program: actor.System("test")}
	x.Directory = &site.Directory{DB: d, URL: "https://www.example.gov.cn", Now: func() time.Time { return x.now }}
	add := func(name string, kind agency.Kind, parent string) string {
		a, err := (&agency.Registry{DB: d}).Create(t.Context(), x.program, agency.New{Since: date.Must(2020, 1, 1),
			Facts: agency.Facts{Name: name, Kind: kind, Level: agency.County, Parent: parent}})
		if err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	x.gov = add("示例县人民政府", agency.Government, "")
	x.bureau, x.museum = add("示例县民政局", agency.Department, x.gov), add("示例县档案局", agency.Department, x.gov)
	x.officer = actor.Actor{ID: "o", Grants: []actor.Grant{{Role: actor.Officer, Agency: x.bureau}}}
	return x
}

func (x *town) change(s site.Site) *site.Site {
	x.t.Helper()
	saved, err := x.Change(x.t.Context(), x.program, s)
	if err != nil {
		x.t.Fatal(err)
	}
	return saved
}

// sites asks after what was known is old enough to be asked for again.
func (x *town) sites() *site.Map {
	x.t.Helper()
	x.now = x.now.Add(time.Second)
	m, err := x.Map(x.t.Context())
	if err != nil {
		x.t.Fatal(err)
	}
	return m
}

// Every body has an address from its first day; a path or host replaces it, and the old one
// leads on.
func TestWhereSitesStand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		old := "/bodies/" + x.bureau
		find := func(host, path, agency, rest string, moved bool) {
			t.Helper()
			p, got, gone := x.sites().Find(host, path)
			if p.Agency != agency || got != rest || gone != moved {
				t.Errorf("%s %s is %q of %q, moved %v", host, path, got, p.Agency, gone)
			}
		}
		find("www.example.gov.cn", "/items/1.html", x.gov, "/items/1.html", false)
		find("www.example.gov.cn", old+"/guide.html", x.bureau, "/guide.html", false)
		find("www.example.gov.cn", old, x.bureau, "", false)
		find("", "/bodies/nobody/", x.gov, "/bodies/nobody/", false)
		s := x.change(site.Site{Agency: x.bureau, Slug: "mzj"})
		find("", "/mzj/guide.html", x.bureau, "/guide.html", false)
		find("", "/mzj", x.bureau, "", false)
		find("", old+"/guide.html", x.bureau, "/guide.html", true)
		s.Host = "mzj.example.gov.cn"
		x.change(*s)
		find("MZJ.example.gov.cn:8443", "/guide.html", x.bureau, "/guide.html", false)
		find("www.example.gov.cn", "/mzj/guide.html", x.bureau, "/guide.html", true)
		find("evil.example.com", "/guide.html", x.gov, "/guide.html", false)
		p := x.sites().Of(x.bureau)
		if p.Origin != "https://mzj.example.gov.cn" || p.Base != "" || p.Title() != "示例县民政局" {
			t.Errorf("the bureau's site is %s%s %s", p.Origin, p.Base, p.Title())
		}
		x.Directory = &site.Directory{DB: d, URL: "http://www.example.gov.cn:8080", Now: func() time.Time { return x.now }}
		if p := x.sites().Of(x.bureau); p.Origin != "http://mzj.example.gov.cn:8080" {
			t.Errorf("on another port the bureau's site is %s", p.Origin)
		}
		x.Directory = &site.Directory{DB: d, URL: "https://www.example.gov.cn", Now: func() time.Time { return x.now }}
		if main := x.sites().Main; main.Agency != x.gov || main.Origin != "https://www.example.gov.cn" || main.Base != "" {
			t.Errorf("the main site is %+v", main)
		}
	})
}

// Without one body above all, nobody's site is the main one unless it is made that.
func TestTheMainSite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		other, err := (&agency.Registry{DB: d}).Create(t.Context(), x.program, agency.New{Since: date.Must(2020, 1, 1),
			Facts: agency.Facts{Name: "示例区人民政府", Kind: agency.Government, Level: agency.County}})
		if err != nil {
			t.Fatal(err)
		}
		if main := x.sites().Main; main.Body != nil {
			t.Errorf("of two governments %s was taken for the one above", main.Title())
		}
		x.change(site.Site{Agency: other.ID, Main: true})
		if main := x.sites().Main; main.Agency != other.ID {
			t.Errorf("the main site is %q", main.Agency)
		}
		if _, err := x.Change(t.Context(), x.program, site.Site{Agency: x.gov, Main: true}); !errors.Is(err, site.ErrMain) {
			t.Errorf("a second main site: %v", err)
		}
	})
}

func TestSettingsAreCheckedAndTakenOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		x.change(site.Site{Agency: x.museum, Slug: "daj", Host: "daj.example.gov.cn"})
		for name, tt := range map[string]struct {
			s    site.Site
			want error
		}{
			"a word of the program's own": {site.Site{Slug: "office"}, site.ErrSlug},
			"a path of two parts":         {site.Site{Slug: "a/b"}, site.ErrSlug},
			"a path up":                   {site.Site{Slug: ".."}, site.ErrSlug},
			"Chinese in a path":           {site.Site{Slug: "民政局"}, site.ErrSlug},
			"one letter":                  {site.Site{Slug: "m"}, site.ErrSlug},
			"another's path":              {site.Site{Slug: "daj"}, site.ErrTaken},
			"another's host":              {site.Site{Host: "daj.example.gov.cn"}, site.ErrHosted},
			"a host with a path":          {site.Site{Host: "a.gov.cn/x"}, site.ErrHost},
			"a host with a port":          {site.Site{Host: "a.gov.cn:80"}, site.ErrHost},
			"a look nobody made":          {site.Site{Theme: "plaid"}, site.ErrTheme},
			"a script for a link":         {site.Site{FaultURL: "javascript:alert(1)"}, site.ErrLink},
		} {
			tt.s.Agency = x.bureau
			if _, err := x.Change(t.Context(), x.program, tt.s); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := x.Change(t.Context(), x.officer, site.Site{Agency: x.bureau, Name: "示例民政"}); err != nil {
			t.Errorf("an officer's own site: %v", err)
		}
		if _, err := x.Change(t.Context(), x.officer, site.Site{Agency: x.bureau, Name: "示例民政", Slug: "mzj", Version: 1}); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("an officer takes an address: %v", err)
		}
		if _, err := x.Change(t.Context(), x.officer, site.Site{Agency: x.museum}); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("another's site: %v", err)
		}
		if _, err := x.Change(t.Context(), x.program, site.Site{Agency: x.bureau}); !errors.Is(err, site.ErrStale) {
			t.Errorf("over a change not seen: %v", err)
		}
	})
}

// R-WEB-06: 国徽法第六条 names governments of the county and above, not their departments. The
// picture is one the body brought, and small.
func TestTheEmblemIsNotEverybodys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		if _, err := x.Change(t.Context(), x.program, site.Site{Agency: x.bureau, Emblem: true}); !errors.Is(err, site.ErrEmblem) {
			t.Errorf("a bureau shows the emblem: %v", err)
		}
		blobs, err := blob.Open(d, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		x.Blobs = blobs
		bring := func(content string) error {
			t.Helper()
			b, err := blobs.Receive(t.Context(), strings.NewReader(content), 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			s, err := x.Show(t.Context(), x.program, x.gov)
			if err != nil {
				t.Fatal(err)
			}
			next := s.Site
			next.Emblem = true
			_, err = x.ChangeWith(t.Context(), x.program, next, b)
			return err
		}
		if err := bring("<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"); !errors.Is(err, site.ErrPicture) {
			t.Errorf("a picture with a script: %v", err)
		}
		if err := bring("\x89PNG\r\n\x1a\n" + strings.Repeat("x", site.PictureLimit)); !errors.Is(err, site.ErrPicture) {
			t.Errorf("a picture too large: %v", err)
		}
		if err := bring("\x89PNG\r\n\x1a\n"); err != nil {
			t.Fatal(err)
		}
		s, err := x.Show(t.Context(), x.program, x.gov)
		if err != nil || !s.Emblem || s.EmblemFile == "" {
			t.Fatalf("%+v, %v", s, err)
		}
		kept := s.EmblemFile
		next := s.Site
		next.EmblemFile = "somebody else's"
		if saved, err := x.Change(t.Context(), x.program, next); err != nil || saved.EmblemFile != kept {
			t.Errorf("a form changed the picture to %q, %v", saved.EmblemFile, err)
		}
	})
}

// R-WEB-04: what a site's pages lack is told, mark by mark.
func TestWhatASiteLacks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		x.Desk.URL = "https://www.example.gov.cn"
		lacks := func(id string) (keys []string) {
			t.Helper()
			p, err := x.Show(t.Context(), x.program, id)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range p.Missing() {
				keys = append(keys, strings.TrimPrefix(m.Key, "site.missing."))
			}
			return keys
		}
		if got := strings.Join(lacks(x.bureau), " "); got != "code mark fault contact icp police operator" {
			t.Errorf("a new bureau's site lacks %s", got)
		}
		if got := strings.Join(lacks(x.gov), " "); got != "code mark fault contact icp police operator emblem" {
			t.Errorf("a new government's site lacks %s", got)
		}
		x.change(site.Site{Agency: x.bureau, MarkURL: "https://a.example/", FaultURL: "https://b.example/", Contact: "0", ICP: "1", Police: "2", Operator: "3"})
		if got := strings.Join(lacks(x.bureau), " "); got != "code" {
			t.Errorf("with all marks but the number it lacks %s", got)
		}
		if _, err := x.Change(t.Context(), x.program, site.Site{Agency: x.museum, MovedURL: "https://c.example/"}); !errors.Is(err, site.ErrMoved) {
			t.Errorf("a new address without a name: %v", err)
		}
		all, err := x.List(t.Context(), x.officer)
		if err != nil || len(all) != 1 || all[0].Agency != x.bureau {
			t.Errorf("an officer sets up %d sites, %v", len(all), err)
		}
		if _, err := x.Show(t.Context(), x.officer, x.museum); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("another body's settings: %v", err)
		}
	})
}
