// Package subscription tells people by mail of what is published in a section, by a body, by all,
// or for a search they keep (订阅). It asks for one thing, a mail address, uses it for nothing
// else, and forgets it as soon as the person withdraws, does not confirm, or cannot be reached.
//
// 个人信息保护法第六条: “收集个人信息，应当限于实现处理目的的最小范围，不得过度收集个人信息。”
// 第十五条: “个人有权撤回其同意。个人信息处理者应当提供便捷的撤回同意的方式。”
// 第四十七条: purpose reached or consent withdrawn, “个人信息处理者应当主动删除个人信息”.
//
// What people do here is not written into the record of acts, which is never shortened: it would
// keep for ever that somebody subscribed. The record holds what offices do.
package subscription

import (
	"context"
	"slices"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/notify"
	"gongkai/internal/search"
	"gongkai/internal/secret"
	"gongkai/internal/site"
)

// The faults.
var (
	ErrAddress = &fault.Error{Kind: fault.Invalid, Code: "subscription.address", Field: "email"}
	ErrRhythm  = &fault.Error{Kind: fault.Invalid, Code: "subscription.rhythm", Field: "rhythm"}
	// ErrTopic says that what shall be subscribed to is not there.
	ErrTopic = &fault.Error{Kind: fault.NotFound, Code: "subscription.topic"}
	// ErrMany asks for patience: too many asked from one network address, or altogether.
	ErrMany = &fault.Error{Kind: fault.Conflict, Code: "subscription.many"}
	// ErrOff says that the installation sends no mail.
	ErrOff = &fault.Error{Kind: fault.Missing, Code: "subscription.off"}
	// ErrToken says that a link was used, or is too old.
	ErrToken = &fault.Error{Kind: fault.NotFound, Code: "subscription.token"}
	// ErrLink says that a link is none of ours, or of somebody who withdrew.
	ErrLink = &fault.Error{Kind: fault.NotFound, Code: "subscription.link"}
)

// Kind is what a subscription is to.
type Kind string

// The kinds.
const (
	All     Kind = "all"     // whatever any body publishes
	Agency  Kind = "agency"  // what one body publishes
	Section Kind = "section" // what stands in a section or below it
	Search  Kind = "search"  // what a search finds
)

// Kinds lists the kinds in the order pages count them.
var Kinds = []Kind{All, Agency, Section, Search}

// Rhythm is how often mail comes.
type Rhythm string

// The rhythms.
const (
	AtOnce Rhythm = "at_once" // within minutes of publication
	Daily  Rhythm = "daily"   // at eight in the morning
	Weekly Rhythm = "weekly"  // on Mondays at eight
)

// Rhythms lists the rhythms in the order forms offer them, the usual one first.
var Rhythms = []Rhythm{Daily, Weekly, AtOnce}

var rhythmNames = map[Rhythm]string{AtOnce: "subscription.at_once", Daily: "subscription.daily", Weekly: "subscription.weekly"}

// Message returns what people call the rhythm.
func (r Rhythm) Message() i18n.Message { return i18n.M(rhythmNames[r]) }

// hour is when mail that is not sent at once comes, in China.
const hour = 8

// next is when mail of the rhythm is due after now.
func (r Rhythm) next(now time.Time) time.Time {
	local := now.In(date.China)
	at := time.Date(local.Year(), local.Month(), local.Day(), hour, 0, 0, 0, date.China)
	switch r {
	case Daily:
		if !at.After(local) {
			at = at.AddDate(0, 0, 1)
		}
	case Weekly:
		for !at.After(local) || at.Weekday() != time.Monday {
			at = at.AddDate(0, 0, 1)
		}
	default:
		return now
	}
	return at.UTC()
}

// Topic is what somebody wants to be told of.
type Topic struct {
	Kind   Kind
	Target string // the body or section
	Query  Query  // of a search
}

// Query is the part of a search that is kept: its words and filters.
type Query struct {
	Text       string   `json:"text,omitempty"`
	Agencies   []string `json:"agencies,omitempty"`
	Sections   []string `json:"sections,omitempty"`
	Themes     []string `json:"themes,omitempty"`
	Genres     []string `json:"genres,omitempty"`
	Years      []int    `json:"years,omitempty"`
	Issuers    []string `json:"issuers,omitempty"`
	Validities []string `json:"validities,omitempty"`
	Kinds      []string `json:"kinds,omitempty"`
}

// bounded reports whether the query is one a person would ask.
func (q Query) bounded() bool {
	n := len(q.Agencies) + len(q.Sections) + len(q.Themes) + len(q.Genres) + len(q.Years) + len(q.Issuers) + len(q.Validities) + len(q.Kinds)
	const mostFilters, mostText = 40, 200
	return q.Text != "" && len([]rune(q.Text)) <= mostText && n <= mostFilters
}

// search is the query for the text index: what became public from a day on.
func (q Query) search(from date.Date) search.Query {
	return search.Query{
		Text: q.Text, Agencies: q.Agencies, Sections: q.Sections, Themes: q.Themes, Genres: q.Genres, Years: q.Years, Issuers: q.Issuers,
		Validities: q.Validities, Kinds: q.Kinds, States: []string{disclosure.TextPublic}, From: from, Order: search.Newest, Limit: mostItems,
	}
}

// Desk keeps subscriptions and sends what they ask for. Its fields are set before its first use.
type Desk struct {
	DB     *db.DB
	Keys   *secret.Keyring
	Post   *notify.Post
	Reader *disclosure.Reader
	Sites  *site.Directory
	Base   string    // path everything is served under
	Lang   i18n.Lang // of addresses without a prefix
	// Search asks the text index.
	Search func(ctx context.Context, q search.Query) (*search.Result, error)
}

// On reports whether subscriptions are offered: mail is sent, and links can be written because
// the installation knows its address.
func (d *Desk) On(ctx context.Context) bool {
	if !d.Post.On() {
		return false
	}
	sites, err := d.Sites.Map(ctx)
	return err == nil && sites.Main.Origin != ""
}

// Subscription is a topic somebody subscribed to.
type Subscription struct {
	ID     string
	Topic  Topic
	Rhythm Rhythm
	Lang   i18n.Lang
	Since  time.Time // what became public after it was not told yet

	subscriber string
	token      string
	confirmed  time.Time
	nextAt     time.Time
	created    time.Time
	version    int64
}

// begin counts the subscription as confirmed from now on.
func (s *Subscription) begin(now time.Time) {
	s.token, s.confirmed, s.Since, s.nextAt = "", now, now, s.Rhythm.next(now)
}

// subscriber is who subscribed.
type subscriber struct {
	ID       string
	sealed   string
	mark     string
	failures int64
	created  time.Time
	version  int64
}

func validRhythm(r Rhythm) bool { return slices.Contains(Rhythms, r) }
