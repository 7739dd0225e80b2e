package mirror

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gongkai/internal/ledger/proof"
	"gongkai/internal/web"
)

// Outer is a machine outside: it serves a copy, and applies the bundles that a one-way gate puts
// into a folder. It asks nobody for anything.
type Outer struct {
	Files
	Inbox string // folder that bundles arrive in, "" for none
	Keys  proof.Keys
	Said  func(bundle string, err error) // told what became of each
}

// glance is how often the inbox is looked at.
const glance = 2 * time.Second

// ending of bundles; gates write under another name until a file is whole.
const bundleEnding = ".gongkai"

// Serve answers on addr until ctx ends. It calls ready once it does.
func (o Outer) Serve(ctx context.Context, addr string, ready func(url string)) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	server := web.NewServer(addr, o.Files)
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		o.watch(ctx)
	}()
	ready("http://" + l.Addr().String())
	err = server.Serve(l)
	if ctx.Err() != nil {
		<-done
		return nil
	}
	return err
}

func (o Outer) watch(ctx context.Context) {
	if o.Inbox == "" {
		return
	}
	tick := time.NewTicker(glance)
	defer tick.Stop()
	for {
		o.Receive()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Receive applies the bundles in the inbox in the order of their names. What was applied, or can
// never be, is renamed; what follows on a bundle that has not come yet waits.
func (o Outer) Receive() {
	all, err := filepath.Glob(filepath.Join(o.Inbox, "*"+bundleEnding))
	if err != nil {
		return
	}
	slices.Sort(all)
	for _, name := range all {
		err := o.receive(name)
		if errors.Is(err, ErrGap) || errors.Is(err, ErrBusy) {
			continue
		}
		end := ".applied"
		if err != nil {
			end = ".refused"
		}
		o.Said(filepath.Base(name), errors.Join(err, os.Rename(name, strings.TrimSuffix(name, bundleEnding)+end)))
	}
}

func (o Outer) receive(name string) error {
	info, err := os.Lstat(name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return ErrBundle
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = Apply(o.Dir, f, o.Keys)
	return err
}
