// Package showcase fills a new installation with a city that does not exist: five bodies
// with their sections, people in every role, documents of three years, one in every state of
// the flow, and what is overdue (演示). It works through the same acts as people do, with
// the clock moved back; nothing is written past them.
package showcase

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/i18n"
	"gongkai/internal/installation"
)

// Person is somebody of the demonstration who can sign in.
type Person struct {
	Login    string
	Name     string
	Password string
	Body     string
	Roles    []actor.Role
}

// Text names the person with body and roles.
func (p Person) Text(pr i18n.Printer) string {
	var roles []string
	for _, r := range p.Roles {
		roles = append(roles, pr.Text(r.Message()))
	}
	return strings.TrimSpace(fmt.Sprintf("%s  %s %s", p.Name, p.Body, strings.Join(roles, pr.T("showcase.and"))))
}

// start is how many days before today the demonstration's history begins.
const start = 1000

// builder fills one installation.
type builder struct {
	*installation.Installation
	ctx      context.Context
	program  actor.Actor
	now      time.Time
	today    date.Date
	password string
	bodies   map[string]*town
	people   []Person
	secadmin actor.Actor
	sysadmin actor.Actor
}

// town is a body with what the builder needs of it.
type town struct {
	body
	agency   *agency.Agency
	sections map[string]string // by the keys texts name
	act      map[actor.Role]actor.Actor
}

// Build fills n, which must be new, and returns who can sign in. The password is made anew
// each time and is the same for all.
func Build(ctx context.Context, n *installation.Installation) ([]Person, error) {
	clock := n.DB.Clock
	defer func() { n.DB.Clock = clock }()
	now := clock()
	b := &builder{
		Installation: n, ctx: ctx, program: actor.System("历史数据迁移"), now: now, today: date.Of(now.In(date.China)),
		password: newPassword(), bodies: map[string]*town{},
	}
	for _, step := range []func() error{
		b.makeBodies, b.makeSites, b.makePeople, b.assign, b.makeTexts, b.makeStates, b.makeNormative, b.makeCredit, b.makeGuides, b.makeRequests, b.makeReports,
	} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("fill the demonstration: %w", err)
		}
	}
	if _, err := n.Search.CatchUp(ctx); err != nil {
		return nil, fmt.Errorf("fill the demonstration: %w", err)
	}
	return b.people, nil
}

// newPassword makes a password people can type: it is shown in a terminal.
func newPassword() string {
	text := strings.ToLower(rand.Text())
	return "demo-" + text[:4] + "-" + text[4:8] + "-9"
}

// at moves the clock to a day's hour in China.
func (b *builder) at(day date.Date, hour, minute int) {
	t := time.Date(day.Year(), time.Month(day.Month()), day.Day(), hour, minute, 0, 0, date.China)
	if t.After(b.now) {
		t = b.now
	}
	b.DB.Clock = func() time.Time { return t }
}

// ago is the working day n days back, or the one before it.
func (b *builder) ago(n int) date.Date {
	day := b.today.Plus(-n)
	for !b.Holidays.Calendar().IsWorkday(day) {
		day = day.Plus(-1)
	}
	return day
}

// plain are the sections outside the statutory list, by the keys texts name.
var plain = []struct {
	key, name, slug string
	kind            section.Kind
	duty            section.Duty
}{
	{"news", "工作动态", "gzdt", section.News, section.Duty{Rhythm: section.Every, N: 14, Unit: section.Days}},
	{"notices", "通知公告", "tzgg", section.Notice, section.Duty{Rhythm: section.Every, N: 6, Unit: section.Months}},
	{"topic", "一网通办专题", "ywtb", section.Topic, section.Duty{}},
}

// makeBodies records the bodies with their cards and sections.
func (b *builder) makeBodies() error {
	b.at(b.ago(start), 9, 0)
	for _, one := range bodies {
		t := &town{body: one, sections: map[string]string{}, act: map[actor.Role]actor.Actor{}}
		f := agency.Facts{
			Name: one.Name, ShortName: one.Short, Kind: agency.Department, Level: agency.City, OrgCode: one.OrgCode,
			CreditCode: one.Credit, Region: "999901", SiteCode: fmt.Sprintf("99990100%02d", len(b.bodies)+1),
		}
		if one.Key == "city" || one.Key == "district" {
			f.Kind = agency.Government
		}
		if one.Key == "district" {
			f.Level = agency.County
		}
		if one.Parent != "" {
			f.Parent = b.bodies[one.Parent].agency.ID
		}
		var err error
		if t.agency, err = b.Agencies.Create(b.ctx, b.program, agency.New{Facts: f, Since: date.Must(2010, 1, 1)}); err != nil {
			return fmt.Errorf("body %s: %w", one.Name, err)
		}
		if err := b.makeSections(t); err != nil {
			return fmt.Errorf("sections of %s: %w", one.Name, err)
		}
		b.bodies[one.Key] = t
	}
	return nil
}

func (b *builder) makeSections(t *town) error {
	if _, err := b.Sections.Establish(b.ctx, b.program, t.agency.ID); err != nil {
		return err
	}
	for i, p := range plain {
		_, err := b.Sections.Create(b.ctx, b.program, t.agency.ID, "", section.Draft{
			Name: p.name, Slug: p.slug, Kind: p.kind, Duty: p.duty, Department: t.Units[i%len(t.Units)],
		})
		if err != nil {
			return err
		}
	}
	return b.DB.View(b.ctx, func(tx *db.Tx) error {
		all, err := section.All(tx, t.agency.ID)
		for _, s := range all {
			switch {
			case s.Item20 != "":
				t.sections[s.Item20] = s.ID
			case s.Item21 != "":
				t.sections["local-"+s.Item21] = s.ID
			case s.Kind.Prescribed():
				t.sections[string(s.Kind)] = s.ID
			}
			for _, p := range plain {
				if s.Slug == p.slug {
					t.sections[p.key] = s.ID
				}
			}
		}
		return err
	})
}

// assign gives every section a department and who answers for it, but one in seven.
func (b *builder) assign() error {
	b.at(b.ago(start-1), 9, 0)
	for _, t := range b.bodies {
		officer, err := t.who(actor.Officer)
		if err != nil {
			return err
		}
		var all []*section.Section
		err = b.DB.View(b.ctx, func(tx *db.Tx) (err error) {
			all, err = section.All(tx, t.agency.ID)
			return err
		})
		if err != nil {
			return err
		}
		for i, s := range all {
			who, err := t.who([]actor.Role{actor.Editor, actor.Officer}[i%2])
			if err != nil {
				return err
			}
			if i%7 == 6 {
				continue
			}
			_, err = b.Sections.Change(b.ctx, officer, s.ID, s.Version, section.Draft{
				Name: s.Name, Slug: s.Slug, Kind: s.Kind, Item20: s.Item20, Item21: s.Item21, Duty: s.Duty,
				Department: t.Units[i%len(t.Units)], Owner: who.ID, OwnerName: who.Name, Description: s.Description, Keywords: s.Keywords,
			})
			if err != nil {
				return fmt.Errorf("section %s: %w", s.Name, err)
			}
		}
	}
	return nil
}

// errNobody says that a role of the demonstration is held by nobody.
var errNobody = errors.New("nobody holds the role")

// who returns who holds a role in a body.
func (t *town) who(r actor.Role) (actor.Actor, error) {
	if a, ok := t.act[r]; ok {
		return a, nil
	}
	return actor.Actor{}, fmt.Errorf("%s in %s: %w", r, t.Name, errNobody)
}
