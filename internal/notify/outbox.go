package notify

import (
	"slices"
	"sync"
	"time"
)

// Outbox keeps the mails of a demonstration, where no server takes them, so that who tries the
// product can follow their links. It is gone when the program ends.
type Outbox struct {
	mu  sync.Mutex
	all []Posted
}

// Posted is a mail that a server would have been given.
type Posted struct {
	At      time.Time
	To      string // masked
	Subject string
	Text    string
	Head    map[string]string
	Files   []string // names
}

// mostPosted bounds what an outbox keeps.
const mostPosted = 50

func (o *Outbox) put(p *parcel) {
	o.mu.Lock()
	defer o.mu.Unlock()
	one := Posted{At: p.Asked, To: Mask(p.to), Subject: p.own.Subject, Text: p.own.Text, Head: p.head}
	for _, f := range p.files {
		one.Files = append(one.Files, f.Name)
	}
	o.all = append(o.all, one)
	o.all = o.all[max(0, len(o.all)-mostPosted):]
}

// Posted returns the mails, newest first.
func (o *Outbox) Posted() []Posted {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := slices.Clone(o.all)
	slices.Reverse(all)
	return all
}
