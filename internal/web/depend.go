package web

import (
	"context"
	"slices"
	"sync"

	"gongkai/internal/change"
)

// Dependencies are what a page being made was made from: when one of them changes, the page is
// worth nothing. A page that names none is never kept.
//
// Who keeps pages asks for them with nothing but site, path, query, language and size of print,
// so that a page that may be kept holds nothing of the visitor.
type Dependencies struct {
	mu   sync.Mutex
	tags []change.Tag
	once bool
}

// Tags returns what was named, each once.
func (d *Dependencies) Tags() []change.Tag {
	d.mu.Lock()
	defer d.mu.Unlock()
	slices.Sort(d.tags)
	d.tags = slices.Compact(d.tags)
	return slices.Clone(d.tags)
}

// Once reports whether the page was made for one answer alone.
func (d *Dependencies) Once() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.once
}

type dependKey struct{}

// Depending returns a context under which a page says what it is made from.
func Depending(ctx context.Context) (context.Context, *Dependencies) {
	d := &Dependencies{}
	return context.WithValue(ctx, dependKey{}, d), d
}

// Depend says that the page being made must be made anew when one of the tags is noted. All, and
// the areas of sites and bodies, are what every page is made from; a page that names no other is
// not kept, since it may say that something is not there yet.
func Depend(ctx context.Context, tags ...change.Tag) {
	if d, ok := ctx.Value(dependKey{}).(*Dependencies); ok {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.tags = append(d.tags, tags...)
	}
}

// Once says that the page being made is for one answer alone: it rests on what no tag names,
// such as the text index, which follows some moments later, or on who asks.
func Once(ctx context.Context) {
	if d, ok := ctx.Value(dependKey{}).(*Dependencies); ok {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.once = true
	}
}

type copyKey struct{}

// Copying returns a context under which pages are made for a copy that plain servers send: with
// no forms or links that need this program.
func Copying(ctx context.Context) context.Context { return context.WithValue(ctx, copyKey{}, true) }

// IsCopy reports whether a page is made for a copy.
func IsCopy(ctx context.Context) bool { return ctx.Value(copyKey{}) != nil }
