package cli

import (
	"github.com/spf13/cobra"

	"gongkai/internal/actor"
	"gongkai/internal/storage"
)

// keyCommand groups what is done about the installation's keys.
func (s *session) keyCommand() *cobra.Command {
	cmd := s.group(&cobra.Command{Use: "key"}, "cli.key.short", "cli.key.long")
	cmd.AddCommand(s.keyRotateCommand(), s.keyResealCommand())
	return cmd
}

// keyRotateCommand adds a key, which seals from now on.
func (s *session) keyRotateCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "rotate", Args: noArgs}
	load := s.settings(cmd, "data", "database")
	cmd.RunE = func(*cobra.Command, []string) error {
		return s.withStorage(load, func(kept *storage.Storage) error {
			if err := kept.RotateKey(s.ctx, actor.System("gongkai key rotate")); err != nil {
				return err
			}
			s.out.line(s.p.T("cli.key.rotated", "file", clean(storage.KeyFile(kept.Dir))))
			return nil
		})
	}
	return s.command(cmd, "cli.key.rotate.short", "cli.key.rotate.long", "cli.key.rotate.example")
}

// keyResealCommand seals anew what an earlier key sealed.
func (s *session) keyResealCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "reseal", Args: noArgs}
	load := s.settings(cmd, "data", "database")
	cmd.RunE = func(*cobra.Command, []string) error {
		return s.withStorage(load, func(kept *storage.Storage) error {
			done, err := kept.Reseal(s.ctx, actor.System("gongkai key reseal"), s.tell)
			if err != nil {
				return err
			}
			s.out.line(s.p.T("cli.key.resealed", "values", done.Values, "files", done.Files))
			for _, lost := range done.Lost {
				s.complain(s.p.T("cli.key.lost", "where", lost))
				s.raise(ExitFound)
			}
			return nil
		})
	}
	return s.command(cmd, "cli.key.reseal.short", "cli.key.reseal.long", "cli.key.reseal.example")
}
