package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"gongkai/internal/actor"
	"gongkai/internal/config"
	"gongkai/internal/fault"
	"gongkai/internal/storage"
)

// errOneFile asks for the one file a command needs.
var errOneFile = &fault.Error{Kind: fault.Invalid, Code: "cli.error.one_file"}

// oneFile requires exactly one argument.
func oneFile(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usage(errOneFile)
	}
	return nil
}

// withStorage runs do with what the settings name, opened.
func (s *session) withStorage(load func() (config.Config, error), do func(*storage.Storage) error) error {
	c, err := load()
	if err != nil {
		return err
	}
	kept, err := storage.Open(s.ctx, c)
	if err != nil {
		return err
	}
	return errors.Join(do(kept), kept.Close())
}

// told is how many rows pass between two remarks on a table.
const told = 50000

// tell remarks on long tables.
func (s *session) tell(table string, rows int64) {
	if rows > 0 && rows%told == 0 {
		s.remark(s.p.T("cli.data.progress", "table", table, "n", rows))
	}
}

// migrateCommand brings the tables up to this version.
func (s *session) migrateCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "migrate", Args: noArgs}
	load := s.settings(cmd, "data", "database")
	cmd.RunE = func(*cobra.Command, []string) error {
		c, err := load()
		if err != nil {
			return err
		}
		kept, applied, err := storage.Migrate(s.ctx, c)
		if err != nil {
			return err
		}
		for _, name := range applied {
			s.out.line(s.p.T("cli.migrate.applied", "name", name))
		}
		s.out.line(s.p.T("cli.migrate.done", "n", len(applied)))
		return kept.Close()
	}
	return s.command(cmd, "cli.migrate.short", "cli.migrate.long", "cli.migrate.example")
}

// dbCommand groups what is done to databases.
func (s *session) dbCommand() *cobra.Command {
	cmd := s.group(&cobra.Command{Use: "db"}, "cli.db.short", "cli.db.long")
	cmd.AddCommand(s.copyCommand())
	return cmd
}

// copyCommand moves an installation to another database.
func (s *session) copyCommand() *cobra.Command {
	var to string
	cmd := &cobra.Command{Use: "copy", Args: noArgs}
	load := s.settings(cmd, "data", "database")
	cmd.Flags().StringVar(&to, "to", "", s.p.T("cli.flag.copy_to"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := require(cmd, "to"); err != nil {
			return err
		}
		return s.withStorage(load, func(kept *storage.Storage) error {
			if err := kept.Copy(s.ctx, to, s.tell); err != nil {
				return err
			}
			s.out.line(s.p.T("cli.copy.done"))
			return nil
		})
	}
	return s.command(cmd, "cli.copy.short", "cli.copy.long", "cli.copy.example")
}

// backupCommand writes everything into one file.
func (s *session) backupCommand() *cobra.Command {
	var keys bool
	cmd := &cobra.Command{Use: "backup " + s.p.T("cli.arg.file"), Args: oneFile}
	load := s.settings(cmd, "data", "database")
	cmd.Flags().BoolVar(&keys, "with-keys", false, s.p.T("cli.flag.with_keys"))
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		return s.withStorage(load, func(kept *storage.Storage) error {
			m, err := kept.Backup(s.ctx, actor.System("gongkai backup"), args[0], keys, s.tell)
			if err != nil {
				return err
			}
			s.backedUp(m, args[0], keys)
			return nil
		})
	}
	return s.command(cmd, "cli.backup.short", "cli.backup.long", "cli.backup.example")
}

// backedUp says what a backup holds, and what it could not.
func (s *session) backedUp(m *storage.Manifest, file string, keys bool) {
	var rows int64
	for _, t := range m.Tables {
		rows += t.Rows
	}
	s.out.line(s.p.T("cli.backup.done", "file", clean(file), "rows", rows, "files", m.Files))
	if m.Anchor.Seq > 0 {
		s.out.line(s.p.T("cli.audit.anchor_line", "anchor", m.Anchor.String()))
	}
	if !keys {
		s.out.line(s.p.T("cli.backup.no_keys"))
	}
	for _, digest := range m.Lost {
		s.complain(s.p.T("cli.backup.lost", "digest", digest))
		s.raise(ExitFound)
	}
}

// restoreCommand fills an empty installation from a backup.
func (s *session) restoreCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "restore " + s.p.T("cli.arg.file"), Args: oneFile}
	load := s.settings(cmd, "data", "database")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		c, err := load()
		if err != nil {
			return err
		}
		r, err := storage.Restore(s.ctx, c, args[0], s.tell)
		if err != nil {
			return err
		}
		s.out.line(s.p.T("cli.restore.done", "made", r.Head.MadeAt.Format("2006-01-02 15:04:05Z"), "files", r.Manifest.Files))
		if r.NeedsKey {
			s.out.line(s.p.T("cli.restore.needs_key", "file", storage.KeyFile(c.Data)))
		}
		return nil
	}
	return s.command(cmd, "cli.restore.short", "cli.restore.long", "cli.restore.example")
}
