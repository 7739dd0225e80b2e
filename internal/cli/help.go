package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gongkai/internal/fault"
)

// The faults of the command line itself.
var (
	errUnknownCommand     = &fault.Error{Kind: fault.Invalid, Code: "cli.error.unknown_command"}
	errUnknownCommandNear = &fault.Error{Kind: fault.Invalid, Code: "cli.error.unknown_command_near"}
	errUnknownFlag        = &fault.Error{Kind: fault.Invalid, Code: "cli.error.unknown_flag"}
	errFlagNeedsValue     = &fault.Error{Kind: fault.Invalid, Code: "cli.error.flag_needs_value"}
	errFlagValue          = &fault.Error{Kind: fault.Invalid, Code: "cli.error.flag_value"}
	errFlagSyntax         = &fault.Error{Kind: fault.Invalid, Code: "cli.error.flag_syntax"}
	errFlagMissing        = &fault.Error{Kind: fault.Invalid, Code: "cli.error.flag_missing"}
	errLang               = &fault.Error{Kind: fault.Invalid, Code: "cli.error.lang"}
	errNoFiles            = &fault.Error{Kind: fault.Invalid, Code: "cli.error.no_files"}
	errTooManyArgs        = &fault.Error{Kind: fault.Invalid, Code: "cli.error.too_many_args"}
	errNoShell            = &fault.Error{Kind: fault.Invalid, Code: "cli.error.no_shell"}
)

// usageError is a fault in how the program was called; the help is named after it.
type usageError struct{ fault *fault.Error }

func (e *usageError) Error() string { return e.fault.Error() }
func (e *usageError) Unwrap() error { return e.fault }

func usage(f *fault.Error) error { return &usageError{f} }

// flagError translates what the flag library says.
func flagError(err error) error {
	var (
		unknown *pflag.NotExistError
		needs   *pflag.ValueRequiredError
		value   *pflag.InvalidValueError
		syntax  *pflag.InvalidSyntaxError
	)
	switch {
	case errors.As(err, &unknown):
		return usage(errUnknownFlag.With("flag", dashes(unknown.GetSpecifiedName(), unknown.GetSpecifiedShortnames())))
	case errors.As(err, &needs):
		return usage(errFlagNeedsValue.With("flag", dashes(needs.GetSpecifiedName(), needs.GetSpecifiedShortnames())))
	case errors.As(err, &value):
		return usage(errFlagValue.With("flag", "--"+value.GetFlag().Name).With("value", value.GetValue()))
	case errors.As(err, &syntax):
		return usage(errFlagSyntax.With("flag", syntax.GetSpecifiedFlag()))
	}
	return err
}

// dashes writes a flag as it was given: -x among short ones, else --name.
func dashes(name, shorts string) string {
	if shorts != "" {
		return "-" + name
	}
	return "--" + name
}

// files requires at least one argument.
func files(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usage(errNoFiles)
	}
	return nil
}

// noArgs refuses arguments.
func noArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(errTooManyArgs.With("arg", args[0]))
	}
	return nil
}

// command fills in a command's wording from its three keys.
func (s *session) command(cmd *cobra.Command, short, long, example string) *cobra.Command {
	cmd.Short, cmd.Long, cmd.Example = s.p.T(short), s.p.T(long), s.p.T(example)
	cmd.DisableFlagsInUseLine = true
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	return cmd
}

// help prints everything about cmd on standard output.
func (s *session) help(cmd *cobra.Command) {
	if cmd.Long != "" {
		s.out.line(cmd.Long)
	}
	s.usage(cmd)
}

// usage prints how cmd is called.
func (s *session) usage(cmd *cobra.Command) {
	s.heading("cli.help.usage")
	if cmd.HasAvailableSubCommands() {
		s.out.line("  " + cmd.CommandPath() + " " + s.p.T("cli.help.command"))
	} else {
		s.out.line("  " + cmd.UseLine())
	}
	if cmd.HasExample() {
		s.heading("cli.help.examples")
		s.out.line(indent(cmd.Example, "  "))
	}
	if cmd.HasAvailableSubCommands() {
		s.heading("cli.help.commands")
		s.subcommands(cmd)
	}
	if own := cmd.LocalNonPersistentFlags(); own.HasAvailableFlags() {
		s.heading("cli.help.flags")
		s.flags(own)
	}
	s.heading("cli.help.global_flags")
	s.flags(cmd.Root().PersistentFlags())
	if cmd.HasAvailableSubCommands() {
		s.out.line("")
		s.out.line(s.p.T("cli.help.more", "command", cmd.CommandPath()))
	}
}

func (s *session) heading(key string) {
	if s.out.lines > 0 {
		s.out.line("")
	}
	s.out.line(s.out.bold(s.p.T(key)))
}

func (s *session) subcommands(cmd *cobra.Command) {
	var rows [][2]string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			rows = append(rows, [2]string{c.Name(), c.Short})
		}
	}
	s.pairs(rows)
}

func (s *session) flags(set *pflag.FlagSet) {
	var rows [][2]string
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name := "    --" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", --" + f.Name
		}
		value, text := pflag.UnquoteUsage(f)
		if f.Value.Type() != "bool" {
			name += " " + value
		}
		rows = append(rows, [2]string{name, text})
	})
	s.pairs(rows)
}

// pairs prints two columns, the second aligned.
func (s *session) pairs(rows [][2]string) {
	widest := 0
	for _, r := range rows {
		widest = max(widest, width(r[0]))
	}
	for _, r := range rows {
		s.out.line("  " + pad(r[0], widest) + "  " + strings.ReplaceAll(r[1], "\n", "\n"+strings.Repeat(" ", widest+4)))
	}
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n"+by)
}

// helpCommand is "gongkai help COMMAND", which people type out of habit.
func (s *session) helpCommand(root *cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: "help " + s.p.T("cli.help.command"),
		RunE: func(_ *cobra.Command, args []string) error {
			found, rest, err := root.Find(args)
			if err != nil || found == nil {
				return err
			}
			if len(rest) > 0 {
				return usage(errUnknownCommand.With("name", rest[0]))
			}
			s.help(found)
			return nil
		},
	}
	return s.command(cmd, "cli.helpcmd.short", "cli.helpcmd.long", "cli.helpcmd.example")
}

// versionCommand prints what runs.
func (s *session) versionCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "version", Args: noArgs, RunE: func(*cobra.Command, []string) error {
		b := buildOf()
		s.out.line(s.p.T("cli.version.line", "version", b.version, "go", b.goVersion, "platform", b.platform))
		return nil
	}}
	return s.command(cmd, "cli.version.short", "cli.version.long", "cli.version.example")
}

// completionCommand writes the completion script of a shell.
func (s *session) completionCommand() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	cmd := &cobra.Command{
		Use: "completion bash|zsh|fish|powershell", ValidArgs: shells,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(errNoShell.With("shells", shells))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := s.out.flush(); err != nil {
				return err
			}
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(s.Out, true)
			case "zsh":
				return root.GenZshCompletion(s.Out)
			case "fish":
				return root.GenFishCompletion(s.Out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(s.Out)
			}
			return usage(errNoShell.With("shells", shells))
		},
	}
	return s.command(cmd, "cli.completion.short", "cli.completion.long", "cli.completion.example")
}

// require returns an error naming the flag that must be given.
func require(cmd *cobra.Command, names ...string) error {
	for _, name := range names {
		if !cmd.Flags().Changed(name) {
			return usage(errFlagMissing.With("flag", fmt.Sprintf("--%s", name)))
		}
	}
	return nil
}

// complete offers words for a flag in the shell.
func complete(cmd *cobra.Command, flag string, words ...string) {
	if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // a flag the command does not have
	}
}
