package web

import (
	"context"
	"slices"
	"sync"

	"gongkai/internal/change"
)

// Dependencies are what a page being made was made from: when one of them changes, the page is
// worth nothing. A page that names none is never kept.
type Dependencies struct {
	mu   sync.Mutex
	tags []change.Tag
}

// Tags returns what was named, each once.
func (d *Dependencies) Tags() []change.Tag {
	d.mu.Lock()
	defer d.mu.Unlock()
	slices.Sort(d.tags)
	d.tags = slices.Compact(d.tags)
	return slices.Clone(d.tags)
}

type dependKey struct{}

// Depending returns a context under which a page says what it is made from.
func Depending(ctx context.Context) (context.Context, *Dependencies) {
	d := &Dependencies{}
	return context.WithValue(ctx, dependKey{}, d), d
}

// Depend says that the page being made must be made anew when one of the tags is noted.
func Depend(ctx context.Context, tags ...change.Tag) {
	if d, ok := ctx.Value(dependKey{}).(*Dependencies); ok {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.tags = append(d.tags, tags...)
	}
}
