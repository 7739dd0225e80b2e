package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"gongkai/internal/actor"
	"gongkai/internal/annual/shelf"
	"gongkai/internal/disclosure"
	"gongkai/internal/storage"
)

// shelfCommand groups what who runs the server does about the published annual reports.
func (s *session) shelfCommand() *cobra.Command {
	cmd := s.group(&cobra.Command{Use: "shelf"}, "cli.shelf.short", "cli.shelf.long")
	cmd.AddCommand(s.shelfListCommand(), s.shelfReadCommand())
	return cmd
}

// withShelf runs do with the shelf of what the settings name.
func (s *session) withShelf(cmd *cobra.Command, do func(*shelf.Desk) error) {
	load := s.settings(cmd, "data", "database")
	cmd.RunE = func(*cobra.Command, []string) error {
		return s.withStorage(load, func(kept *storage.Storage) error {
			return do(&shelf.Desk{DB: kept.DB, Reader: &disclosure.Reader{DB: kept.DB}, Blobs: kept.Files})
		})
	}
}

// shelfListCommand lists the published reports, and how each was read.
func (s *session) shelfListCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Args: noArgs}
	s.withShelf(cmd, func(d *shelf.Desk) error {
		all, names, err := d.All(s.ctx, actor.System("annual.read"))
		if err != nil {
			return err
		}
		for _, r := range all {
			s.out.line(s.readingLine(r, names[r.Publisher]))
		}
		s.out.line(s.p.T("cli.shelf.count", "n", len(all)))
		return nil
	})
	return s.command(cmd, "cli.shelf.list.short", "cli.shelf.list.long", "cli.shelf.list.example")
}

// readingLine says of one report how it was read, and what a person must say first.
func (s *session) readingLine(r *shelf.Reading, publisher string) string {
	line := s.p.T("cli.shelf.line", "state", r.State.Message(), "title", r.Title, "publisher", publisher)
	var asks []string
	for _, a := range r.Asks {
		asks = append(asks, s.p.Text(a.Message()))
	}
	if len(asks) > 0 {
		line += s.p.T("cli.shelf.asks", "asks", strings.Join(asks, s.p.T("cli.shelf.and")))
	}
	return line
}

// shelfReadCommand reads what was published and not read, as before an upgrade.
func (s *session) shelfReadCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "read", Args: noArgs}
	s.withShelf(cmd, func(d *shelf.Desk) error {
		n := 0
		err := d.ReadAll(s.ctx, actor.System("annual.read"), func(r *shelf.Reading) {
			n++
			s.out.line(s.p.T("cli.shelf.read_line", "state", r.State.Message(), "title", r.Title))
		})
		if err != nil {
			return err
		}
		s.out.line(s.p.T("cli.shelf.read_count", "n", n))
		return nil
	})
	return s.command(cmd, "cli.shelf.read.short", "cli.shelf.read.long", "cli.shelf.read.example")
}
