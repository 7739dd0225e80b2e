package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/disclosure"
	"gongkai/internal/fault"
	"gongkai/internal/installation"
	"gongkai/internal/search"
	"gongkai/internal/storage"
)

// errQuery asks for something to look for.
var errQuery = &fault.Error{Kind: fault.Invalid, Code: "cli.search.nothing"}

// searchCommand groups what who runs the server does about the text index.
func (s *session) searchCommand() *cobra.Command {
	cmd := s.group(&cobra.Command{Use: "search"}, "cli.search.short", "cli.search.long")
	cmd.AddCommand(s.searchStatusCommand(), s.searchRebuildCommand(), s.searchQueryCommand())
	return cmd
}

// searchStatusCommand says how far each index is.
func (s *session) searchStatusCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "status", Args: noArgs}
	load := s.settings(cmd, "data", "database")
	cmd.RunE = func(*cobra.Command, []string) error { return s.withStorage(load, s.searchStatus) }
	return s.command(cmd, "cli.search.status.short", "cli.search.status.long", "cli.search.status.example")
}

func (s *session) searchStatus(kept *storage.Storage) error {
	paths := installation.TextIndexes(kept.Dir)
	if len(paths) == 0 {
		return search.ErrNoIndex
	}
	for _, path := range paths {
		if err := s.indexStatus(kept, path); err != nil {
			return err
		}
	}
	counts, err := disclosure.FileCounts(s.ctx, kept.DB)
	if err != nil {
		return err
	}
	var all []string
	for _, c := range counts {
		all = append(all, s.p.T("cli.search.status.file", "state", c.State.Message(), "n", c.N))
	}
	s.out.line(s.p.T("cli.search.status.files", "files", strings.Join(all, s.p.T("cli.search.status.and"))))
	return nil
}

func (s *session) indexStatus(kept *storage.Storage, path string) error {
	x, err := installation.PeekIndex(s.ctx, kept, path)
	if err != nil {
		return err
	}
	defer x.Close()
	st, err := x.Status(s.ctx)
	if err != nil {
		return err
	}
	state := s.out.green(s.p.T("cli.search.status.current"))
	switch {
	case st.Cursor < 0:
		state = s.out.yellow(s.p.T("cli.search.status.building"))
	case st.Behind > 0:
		state = s.out.yellow(s.p.T("cli.search.status.behind", "n", st.Behind))
	}
	s.out.line(s.p.T("cli.search.status.line", "file", filepath.Base(path), "documents", st.Documents, "mb", fmt.Sprintf("%.1f", float64(st.Bytes)/(1<<20)), "state", state))
	return nil
}

// searchRebuildCommand has the indexes made anew.
func (s *session) searchRebuildCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "rebuild", Args: noArgs}
	load := s.settings(cmd, "data", "database")
	cmd.RunE = func(*cobra.Command, []string) error {
		return s.withStorage(load, func(kept *storage.Storage) error {
			start := s.now()
			r, err := installation.RebuildIndex(s.ctx, kept)
			if err != nil {
				return err
			}
			if r.Asked {
				s.out.line(s.p.T("cli.search.rebuild.asked"))
				return nil
			}
			s.out.line(s.out.green(s.p.T("cli.search.rebuild.done", "n", r.Documents, "seconds", fmt.Sprintf("%.1f", s.now().Sub(start).Seconds()))))
			return nil
		})
	}
	return s.command(cmd, "cli.search.rebuild.short", "cli.search.rebuild.long", "cli.search.rebuild.example")
}

// searchCall is one search from the command line.
type searchCall struct {
	q      search.Query
	body   string
	drafts bool
}

// searchQueryCommand asks the index as the portal does.
func (s *session) searchQueryCommand() *cobra.Command {
	var c searchCall
	newest := false
	cmd := &cobra.Command{Use: "query"}
	load := s.settings(cmd, "data", "database")
	flags := cmd.Flags()
	flags.StringVar(&c.body, "agency", "", s.p.T("cli.search.flag.agency"))
	flags.BoolVar(&c.drafts, "drafts", false, s.p.T("cli.search.flag.drafts"))
	flags.BoolVar(&newest, "newest", false, s.p.T("cli.search.flag.newest"))
	flags.IntVar(&c.q.Limit, "limit", 10, s.p.T("cli.search.flag.limit"))
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		if c.q.Text = strings.Join(args, " "); strings.TrimSpace(c.q.Text) == "" {
			return usage(errQuery)
		}
		c.q.Order = search.Relevance
		if newest {
			c.q.Order = search.Newest
		}
		return s.withStorage(load, func(kept *storage.Storage) error { return s.searchQuery(kept, c) })
	}
	return s.command(cmd, "cli.search.query.short", "cli.search.query.long", "cli.search.query.example")
}

func (s *session) searchQuery(kept *storage.Storage, c searchCall) error {
	paths := installation.TextIndexes(kept.Dir)
	if len(paths) == 0 {
		return search.ErrNoIndex
	}
	c.q.States = []string{disclosure.TextPublic}
	if c.drafts {
		c.q.States = append(c.q.States, disclosure.TextDraft)
	}
	if c.body != "" {
		a, err := (&agency.Registry{DB: kept.DB}).Named(s.ctx, actor.System("gongkai search query"), c.body)
		if err != nil {
			return err
		}
		c.q.Agencies = []string{a.ID}
	}
	x, err := installation.PeekIndex(s.ctx, kept, paths[0])
	if err != nil {
		return err
	}
	defer x.Close()
	start := s.now()
	r, err := x.Search(s.ctx, c.q)
	if err != nil {
		return err
	}
	s.hits(r, s.now().Sub(start).Milliseconds())
	return nil
}

// hits prints what was found.
func (s *session) hits(r *search.Result, took int64) {
	key := "cli.search.query.total"
	if r.More {
		key = "cli.search.query.more"
	}
	s.out.line(s.p.T(key, "n", r.Total, "ms", took))
	for i, h := range r.Hits {
		state := ""
		if h.State == disclosure.TextDraft {
			state = s.p.T("cli.search.query.draft")
		}
		day := date.Of(h.At.In(date.China)).String()
		s.out.line(s.p.T("cli.search.query.hit", "no", i+1, "title", s.marked(h.TitleIn), "day", day, "id", disclosure.ItemOf(h.ID), "state", state))
		if text := strings.Join(strings.Fields(s.marked(h.Excerpt)), " "); text != "" {
			s.out.line("   " + text)
		}
	}
}

// marked writes a text with what was looked for in bold.
func (s *session) marked(spans []search.Span) string {
	var b strings.Builder
	for _, one := range spans {
		if text := clean(one.Text); one.Hit {
			b.WriteString(s.out.bold(text))
		} else {
			b.WriteString(text)
		}
	}
	return b.String()
}
