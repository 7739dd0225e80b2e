package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"gongkai/internal/account"
	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/storage"
)

// errOneLogin asks for the one login name a command needs.
var errOneLogin = &fault.Error{Kind: fault.Invalid, Code: "cli.user.one_login"}

func oneLogin(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usage(errOneLogin)
	}
	return nil
}

// userCommand groups what who runs the server does about people: begin, and help those who
// are locked out.
func (s *session) userCommand() *cobra.Command {
	cmd := s.group(&cobra.Command{Use: "user"}, "cli.user.short", "cli.user.long")
	cmd.AddCommand(s.userCreateCommand(), s.userResetCommand(), s.userUnlockCommand(), s.userListCommand())
	return cmd
}

// byUser is who acts in the record: the program, by the command of that name.
func byUser(command string) actor.Actor { return actor.System("gongkai user " + command) }

// withPeople runs do with the people of the installation that the settings name.
func (s *session) withPeople(cmd *cobra.Command, do func(kept *storage.Storage, people *account.Registry, args []string) error) {
	load := s.settings(cmd, "data", "database")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		return s.withStorage(load, func(kept *storage.Storage) error {
			people, err := account.New(kept.DB, kept.Keys, account.Options{})
			if err != nil {
				return err
			}
			return do(kept, people, args)
		})
	}
}

// userCreateCommand records somebody and prints their one-time password.
func (s *session) userCreateCommand() *cobra.Command {
	var p account.Person
	var body, role string
	cmd := &cobra.Command{Use: "create", Args: oneLogin}
	s.withPeople(cmd, func(kept *storage.Storage, people *account.Registry, args []string) error {
		p.Login = args[0]
		return s.createUser(kept, people, p, body, actor.Role(role))
	})
	flags := cmd.Flags()
	flags.StringVar(&p.Name, "name", "", s.p.T("cli.user.flag.name"))
	flags.StringVar(&p.Department, "department", "", s.p.T("cli.user.flag.department"))
	flags.StringVar(&body, "agency", "", s.p.T("cli.user.flag.agency"))
	flags.StringVar(&role, "role", "", s.p.T("cli.user.flag.role", "roles", strings.Join(roleNames(), "|")))
	complete(cmd, "role", roleNames()...)
	return s.command(cmd, "cli.user.create.short", "cli.user.create.long", "cli.user.create.example")
}

func roleNames() []string {
	var all []string
	for _, r := range actor.Roles {
		all = append(all, string(r))
	}
	return all
}

func (s *session) createUser(kept *storage.Storage, people *account.Registry, p account.Person, body string, role actor.Role) error {
	by := byUser("create")
	if body != "" {
		a, err := (&agency.Registry{DB: kept.DB}).Named(s.ctx, by, body)
		if err != nil {
			return err
		}
		p.Agency = a.ID
	}
	issued, err := people.Create(s.ctx, by, p)
	if err != nil {
		return err
	}
	s.issued(issued)
	if role == "" {
		return nil
	}
	g := account.Grant{Role: role, Agency: p.Agency, Reason: by.Name}
	if role.Installation() {
		g.Agency = ""
	}
	if _, err := people.Grant(s.ctx, by, issued.Account.ID, g); err != nil {
		return err
	}
	s.out.line(s.p.T("cli.user.granted", "role", role.Message()))
	return nil
}

// issued prints a one-time password, the only time anybody sees it.
func (s *session) issued(i *account.Issued) {
	s.out.line(s.p.T("cli.user.login", "login", i.Account.Login))
	s.out.line(s.p.T("cli.user.password", "password", s.out.bold(i.Password)))
	s.out.line(s.p.T("cli.user.once"))
}

// userResetCommand gives somebody who is locked out a new one-time password.
func (s *session) userResetCommand() *cobra.Command {
	var reason string
	cmd := &cobra.Command{Use: "reset", Args: oneLogin}
	s.withPeople(cmd, func(_ *storage.Storage, people *account.Registry, args []string) error {
		by := byUser("reset")
		a, err := people.Find(s.ctx, by, args[0])
		if err != nil {
			return err
		}
		issued, err := people.Reset(s.ctx, by, a.ID, a.Version, reason)
		if err == nil {
			s.issued(issued)
		}
		return err
	})
	cmd.Flags().StringVar(&reason, "reason", "", s.p.T("cli.user.flag.reason"))
	return s.command(cmd, "cli.user.reset.short", "cli.user.reset.long", "cli.user.reset.example")
}

// userUnlockCommand lets somebody sign in again.
func (s *session) userUnlockCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "unlock", Args: oneLogin}
	s.withPeople(cmd, func(_ *storage.Storage, people *account.Registry, args []string) error {
		by := byUser("unlock")
		a, err := people.Find(s.ctx, by, args[0])
		if err != nil {
			return err
		}
		if _, err := people.Unlock(s.ctx, by, a.ID, a.Version); err != nil {
			return err
		}
		s.out.line(s.p.T("cli.user.unlocked", "login", a.Login))
		return nil
	})
	return s.command(cmd, "cli.user.unlock.short", "cli.user.unlock.long", "cli.user.unlock.example")
}

// userListCommand lists people with their roles of today.
func (s *session) userListCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Args: noArgs}
	s.withPeople(cmd, func(_ *storage.Storage, people *account.Registry, _ []string) error {
		all, err := people.People(s.ctx, byUser("list"), account.Filter{})
		if err != nil {
			return err
		}
		for _, e := range all {
			s.out.line(s.p.T("cli.user.list.line", "login", e.Login, "name", clean(e.Name), "state", s.stateOf(e), "roles", rolesOf(e)))
		}
		s.out.line(s.p.T("cli.user.list.count", "n", len(all)))
		return nil
	})
	return s.command(cmd, "cli.user.list.short", "cli.user.list.long", "cli.user.list.example")
}

// stateOf says whether somebody can sign in.
func (s *session) stateOf(e *account.Entry) i18n.Message {
	if !e.LockedOut.IsZero() {
		return i18n.M("cli.user.list.locked_out")
	}
	return e.State.Message()
}

// rolesOf lists the roles somebody holds, each once.
func rolesOf(e *account.Entry) []i18n.Message {
	seen := map[actor.Role]bool{}
	var all []i18n.Message
	for _, g := range e.Grants {
		if !seen[g.Role] {
			seen[g.Role] = true
			all = append(all, g.Role.Message())
		}
	}
	if len(all) == 0 {
		return []i18n.Message{i18n.M("cli.user.list.no_role")}
	}
	return all
}
