package cli

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// gauge tells how far a long command is: as a bar on a terminal, as a line now and then
// elsewhere.
type gauge struct {
	s        *session
	progress func() (done, total int64)
	rows     atomic.Int64
	start    time.Time

	mu    sync.Mutex
	drawn bool
	stop  chan struct{}
	ended sync.WaitGroup
}

const (
	gaugePace  = 200 * time.Millisecond // of the bar on a terminal
	linePace   = 10 * time.Second       // of the lines elsewhere
	gaugeWidth = 20
)

// now returns the time, the beginning of time where the caller has no clock.
func (s *session) now() time.Time {
	if s.Now == nil {
		return time.Time{}
	}
	return s.Now()
}

// newGauge begins to tell. progress says how much is done of how much, zero where that is not
// known.
func (s *session) newGauge(progress func() (done, total int64)) *gauge {
	b := &gauge{s: s, progress: progress, start: s.now(), stop: make(chan struct{})}
	pace := linePace
	if s.err.terminal {
		pace = gaugePace
	}
	b.ended.Go(func() {
		t := time.NewTicker(pace)
		defer t.Stop()
		for {
			select {
			case <-b.stop:
				return
			case <-t.C:
				b.show()
			}
		}
	})
	return b
}

// close takes the bar away.
func (b *gauge) close() {
	close(b.stop)
	b.ended.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wipe()
}

// remark prints a line above the bar.
func (b *gauge) remark(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wipe()
	b.s.remark(text)
}

func (b *gauge) wipe() {
	if b.drawn {
		fmt.Fprint(b.s.Err, "\r\x1b[K")
		b.drawn = false
	}
}

func (b *gauge) show() {
	b.mu.Lock()
	defer b.mu.Unlock()
	done, total := b.progress()
	text := b.s.gaugeText(b.rows.Load(), done, total, b.s.now().Sub(b.start))
	if !b.s.err.terminal {
		b.s.remark(text)
		return
	}
	if b.s.err.columns > 0 {
		text = wrap(text, b.s.err.columns-1)[0]
	}
	fmt.Fprint(b.s.Err, "\r"+text+"\x1b[K")
	b.drawn = true
}

// gaugeText is a line of progress: the bar and the share where the whole is known, the rows
// and their pace, and the time that is left.
func (s *session) gaugeText(rows, done, total int64, took time.Duration) string {
	var parts []string
	share := 0.0
	if total > 0 {
		share = min(float64(done)/float64(total), 1)
		full := int(share * gaugeWidth)
		if s.err.terminal {
			parts = append(parts, strings.Repeat("█", full)+strings.Repeat("░", gaugeWidth-full))
		}
		parts = append(parts, fmt.Sprintf("%3.0f%%", share*100))
	}
	parts = append(parts, s.p.T("cli.bar.rows", "n", rows))
	if took >= time.Second {
		parts = append(parts, s.p.T("cli.bar.pace", "n", int64(float64(rows)/took.Seconds())))
		if share > 0.01 && share < 1 {
			left := time.Duration(float64(took) * (1 - share) / share)
			parts = append(parts, s.p.T("cli.bar.left", "time", left.Round(time.Second).String()))
		}
	}
	return strings.Join(parts, "  ")
}
