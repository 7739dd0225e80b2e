package disclosure

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/internal/date"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/richtext"
	"gongkai/internal/workday"
)

// Limits of publication.
//
// 条例第二十六条: “属于主动公开范围的政府信息，应当自该政府信息形成或者变更之日起20个工作日内及时公开。”
// The ten days of social assistance stand in 社会救助领域基层政务公开标准目录, R-PUB-07.
const (
	PublishDays    = 20
	AssistanceDays = 10
)

// MaxFiles bounds an edition's attachments; the longest list seen in practice has some thirty.
const MaxFiles = 200

// Due returns the last day to publish what was formed on day, R-PUB-01.
func Due(cal *workday.Calendar, day date.Date, days int) workday.Due {
	if day.IsZero() {
		return workday.Due{}
	}
	return cal.Add(day, days)
}

// tidy brings what a person typed into the form that is kept: no blanks around, the text in
// its canonical shape.
func (c *Content) tidy() {
	c.Body, _ = richtext.Sanitise(c.Body)
	c.tidyRest()
}

// tidyRest is tidy for all but the text.
func (c *Content) tidyRest() {
	for _, s := range []*string{&c.Title, &c.Subtitle, &c.Summary, &c.DocNo, &c.Issuer, &c.Source, &c.SourceURL,
		&c.Author, &c.Reason, &c.Department, &c.Audience, &c.Note} {
		*s = strings.TrimSpace(legible(*s))
	}
	for _, list := range []*[]string{&c.Keywords, &c.Basis, &c.JointBodies, &c.Interprets, &c.Channels} {
		*list = tidyList(*list)
	}
	if c.Attribute == "" {
		c.Attribute = class.Proactive
	}
	if c.Validity == "" {
		c.Validity = class.NotApplicable
	}
}

// legible is a text without what is none, or what PostgreSQL does not take.
func legible(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// tidyList trims, and leaves out what is empty or stands twice.
func tidyList(in []string) []string {
	seen, out := map[string]bool{}, []string{}
	for _, s := range in {
		if s = strings.TrimSpace(legible(s)); s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// ready says all that an edition lacks to be submitted.
//
// 条例第十二条: “政府信息公开目录包括政府信息的索引、名称、内容概述、生成日期等内容。” R-GDE-02, R-FLW-06.
func (e *Edition) ready(i *Item, today date.Date) error {
	var all []error
	want := func(ok bool, err error) {
		if !ok {
			all = append(all, err)
		}
	}
	want(e.Title != "", ErrTitle)
	want(e.Summary != "", ErrSummary)
	want(utf8.RuneCountInString(e.Summary) <= MaxSummary, ErrLong.With("most", MaxSummary))
	want(!e.FormedOn.IsZero(), ErrFormed)
	want(!e.FormedOn.After(today), ErrFuture)
	want(richtext.Text(e.Body) != "" || len(e.Attachments) > 0, ErrBody)
	want(!slices.Contains(richtext.Refs(e.Body), "pending"), ErrPicture)
	want(e.Author != "" || i.Origin != Made, ErrAuthor)
	want(e.Source != "" || i.Origin == Made, ErrSource)
	want(i.Origin != Repost || webAddress(e.SourceURL), ErrSourceURL)
	want(e.Kind != List || !e.DisplayUntil.IsZero(), ErrUntil)
	want(e.DisplayUntil.IsZero() || !e.DisplayUntil.Before(today), ErrOver)
	want(e.No == 1 || e.Note != "", ErrNote)
	want(class.CheckAttribute(e.Attribute, e.Basis, e.Reason) == nil, class.CheckAttribute(e.Attribute, e.Basis, e.Reason))
	return errors.Join(all...)
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
