package cli

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"gongkai/internal/annual"
)

// outcome is a source that was read: a report or an error.
type outcome struct {
	source
	report *annual.Report
	err    error
}

// each reads the sources, several at a time, and hands them to take in the order given.
// Only a few more than there are processors wait in memory, however many are given.
func (s *session) each(srcs []source, take func(outcome) error) error {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	bar := s.progress(len(srcs))
	defer bar.stop()
	for ready := range s.readAhead(ctx, srcs) {
		o := <-ready
		bar.done.Add(1)
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := bar.aside(func() error { return take(o) }); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// readAhead starts reading in order and returns the pending outcomes in that order.
func (s *session) readAhead(ctx context.Context, srcs []source) <-chan chan outcome {
	workers := runtime.GOMAXPROCS(0)
	pending := make(chan chan outcome, workers-1)
	slots := make(chan struct{}, workers)
	go func() {
		defer close(pending)
		for _, src := range srcs {
			ready := make(chan outcome, 1)
			select {
			case pending <- ready:
			case <-ctx.Done():
				return
			}
			slots <- struct{}{}
			go func() {
				defer func() { <-slots }()
				ready <- s.readSafely(ctx, src)
			}()
		}
	}()
	return pending
}

// readSafely reads one source; a panic over one file spoils neither the others nor the exit
// code.
func (s *session) readSafely(ctx context.Context, src source) (o outcome) {
	o.source = src
	defer func() {
		if p := recover(); p != nil {
			o.report, o.err = nil, fmt.Errorf("read %s: panic: %v", src.name, p)
		}
	}()
	o.report, o.err = s.read(ctx, src)
	return o
}

// bar shows on a terminal how far long work has come.
type bar struct {
	s     *session
	total int
	done  atomic.Int64
	quit  chan struct{}
	idle  chan struct{}
	lock  chan struct{} // held by whoever writes to the terminal
	shown bool
}

// The bar appears only after a while, so that short work leaves no trace.
const (
	barAfter = time.Second
	barEvery = 200 * time.Millisecond
)

// progress starts a bar for total pieces of work, invisible unless standard error is a
// terminal and the work takes longer than a second.
func (s *session) progress(total int) *bar {
	b := &bar{s: s, total: total, quit: make(chan struct{}), idle: make(chan struct{}), lock: make(chan struct{}, 1)}
	if !s.err.terminal || total < 2 {
		close(b.idle)
		return b
	}
	go b.run()
	return b
}

func (b *bar) run() {
	defer close(b.idle)
	wait := time.After(barAfter)
	for {
		select {
		case <-b.quit:
			return
		case <-wait:
			b.lock <- struct{}{}
			b.draw()
			<-b.lock
			wait = time.After(barEvery)
		}
	}
}

// draw writes the bar over itself.
func (b *bar) draw() {
	const columns = 30
	n := int(b.done.Load())
	full := columns * n / b.total
	fmt.Fprintf(b.s.Err, "\r[%s%s] %s", strings.Repeat("#", full), strings.Repeat(" ", columns-full),
		b.s.p.T("cli.progress", "done", n, "total", b.total))
	b.shown = true
}

// erase removes the bar from its line.
func (b *bar) erase() {
	if b.shown {
		fmt.Fprint(b.s.Err, "\r\x1b[K")
		b.shown = false
	}
}

// aside does work that may print, with the bar out of the way.
func (b *bar) aside(work func() error) error {
	b.lock <- struct{}{}
	defer func() { <-b.lock }()
	b.erase()
	return work()
}

// stop removes the bar.
func (b *bar) stop() {
	close(b.quit)
	<-b.idle
	b.erase()
}
