// Package cli is the command line (命令行): it reads arguments, calls one act, and words the
// answer in Chinese or English. It decides nothing about reports.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gongkai/internal/config"
	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/mirror"
	"gongkai/internal/showcase"
)

// Shell is what surrounds a call of the program.
type Shell struct {
	In       io.Reader
	Out, Err io.Writer
	Environ  []string  // as os.Environ gives it
	Today    date.Date // the clock is read by the caller alone
	Now      func() time.Time
	// Serve runs the server until ctx ends; demo serves sample bodies. It calls ready once it
	// answers.
	Serve func(ctx context.Context, c config.Config, demo bool, ready func(Running)) error
	// Mirror brings the copy of the public's pages up to date; fresh makes all of it anew.
	Mirror func(ctx context.Context, c config.Config, fresh bool) (*mirror.Report, error)
}

// Running is what who started the server is told.
type Running struct {
	URL       string            // of the first page
	SetupCode string            // for the first-run page; "" once the installation is set up
	People    []showcase.Person // of the demonstration
}

// The exit codes, as documented in the help of every command.
const (
	ExitOK          = 0   // done; check: no errors found
	ExitFound       = 1   // check: errors found, or with --strict warnings
	ExitInput       = 2   // wrong usage, or a file that cannot be read or is no report
	ExitInternal    = 3   // a fault of the program
	ExitInterrupted = 130 // stopped by Ctrl-C
)

// session is one call of the program.
type session struct {
	Shell
	ctx context.Context
	p   i18n.Printer
	out *painter // standard output
	err *painter // standard error
	// worst is the highest exit code any file earned.
	worst int

	langFlag   string
	configFile string
}

// Main runs one command and returns its exit code.
func Main(ctx context.Context, args []string, sh Shell) int {
	s := &session{Shell: sh, ctx: ctx}
	s.p = i18n.To(chooseLang(args, sh.Environ))
	s.out = newPainter(sh.Out, sh.Environ)
	s.err = newPainter(sh.Err, sh.Environ)
	root := s.root()
	root.SetArgs(countBack(args))
	root.SetIn(sh.In)
	root.SetOut(sh.Out)
	root.SetErr(sh.Err)
	cmd, err := s.execute(root)
	if flushed := s.out.flush(); err == nil {
		err = flushed
	}
	if err != nil {
		s.raise(s.report(cmd, err))
	}
	return s.worst
}

// execute runs the command that the arguments name. A panic is an error like any other: it
// is reported, with where it happened, under its own exit code.
func (s *session) execute(root *cobra.Command) (cmd *cobra.Command, err error) {
	defer func() {
		if p := recover(); p != nil {
			cmd, err = root, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return root.ExecuteContextC(s.ctx)
}

// raise remembers the highest exit code.
func (s *session) raise(code int) { s.worst = max(s.worst, code) }

// report words err on standard error and returns its exit code.
func (s *session) report(cmd *cobra.Command, err error) int {
	var ps config.Problems
	switch {
	case s.ctx.Err() != nil && errors.Is(err, s.ctx.Err()):
		s.complain(s.p.T("cli.interrupted"))
		return ExitInterrupted
	case errors.As(err, &ps):
		s.complain(s.p.T("cli.error.config"))
		fmt.Fprintln(s.Err, ps.Text(s.p))
		return ExitInput
	}
	var u *usageError
	if errors.As(err, &u) {
		s.complain(s.p.Text(u.fault.Message()))
		fmt.Fprintln(s.Err, s.p.T("cli.error.see_help", "command", cmd.CommandPath()))
		return ExitInput
	}
	var f *fileError
	if errors.As(err, &f) {
		s.complain(s.p.T("cli.file.problem", "file", clean(f.name), "message", s.wordError(f.err)))
		return exitOf(outcome{err: f.err})
	}
	if m, ok := fault.MessageOf(err); ok {
		s.complain(s.p.Text(m))
		return ExitInput
	}
	s.complain(s.p.T("cli.error.internal", "error", err.Error()))
	return ExitInternal
}

// complain prints one error line.
func (s *session) complain(text string) {
	fmt.Fprintln(s.Err, s.err.red(s.p.T("cli.error.word"))+text)
}

// remark prints one line that is no error on standard error.
func (s *session) remark(text string) { fmt.Fprintln(s.Err, text) }

// chooseLang decides the language before any flag is parsed, so that even a wrong flag is
// explained in it: --lang, then GONGKAI_LANG, then the locale if it says English, else
// Chinese, which is also what LANG=C means here.
func chooseLang(args, environ []string) i18n.Lang {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--lang="); ok {
			return i18n.ParseLang(v)
		}
		if a == "--lang" && i+1 < len(args) {
			return i18n.ParseLang(args[i+1])
		}
		if a == "--" {
			break
		}
	}
	for _, name := range []string{"GONGKAI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := lookup(environ, name); v != "" {
			return i18n.ParseLang(v)
		}
	}
	return i18n.Chinese
}

// lookup returns an environment variable, the last one if it stands twice.
func lookup(environ []string, name string) string {
	value := ""
	for _, kv := range environ {
		if v, ok := strings.CutPrefix(kv, name+"="); ok {
			value = v
		}
	}
	return value
}

// root builds the tree of commands.
func (s *session) root() *cobra.Command {
	cobra.MousetrapHelpText = ""
	root := s.group(&cobra.Command{Use: "gongkai"}, "cli.root.short", "cli.root.long")
	root.CompletionOptions.DisableDefaultCmd = true
	flags := root.PersistentFlags()
	flags.StringVar(&s.langFlag, "lang", "", s.p.T("cli.flag.lang"))
	complete(root, "lang", "zh", "en")
	flags.BoolP("help", "h", false, s.p.T("cli.flag.help"))
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return s.checkLang() }
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { s.help(cmd) })
	root.SetUsageFunc(func(cmd *cobra.Command) error { s.usage(cmd); return nil })
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return flagError(err) })
	root.SetHelpCommand(s.helpCommand(root))
	root.AddCommand(s.annualCommand(), s.workdayCommand(), s.foiCommand(), s.serveCommand(), s.demoCommand(), s.userCommand(), s.importCommand(), s.migrateCommand(), s.dbCommand(),
		s.backupCommand(), s.restoreCommand(), s.auditCommand(), s.keyCommand(), s.ledgerCommand(), s.mirrorCommand(), s.searchCommand(), s.versionCommand(), s.completionCommand())
	return root
}

// group makes cmd a command that only holds others.
func (s *session) group(cmd *cobra.Command, short, long string) *cobra.Command {
	cmd.Short, cmd.Long = s.p.T(short), s.p.T(long)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			return usage(errUnknownCommandNear.With("name", args[0]).With("near", near))
		}
		return usage(errUnknownCommand.With("name", args[0]))
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		s.help(cmd)
		return nil
	}
	cmd.SuggestionsMinimumDistance = 2
	return cmd
}

func (s *session) checkLang() error {
	switch strings.ToLower(s.langFlag) {
	case "", "en", "zh", "zh-cn", "zh_cn":
		return nil
	}
	return usage(errLang.With("value", s.langFlag))
}

func (s *session) annualCommand() *cobra.Command {
	cmd := s.group(&cobra.Command{Use: "annual"}, "cli.annual.short", "cli.annual.long")
	cmd.AddCommand(
		s.checkCommand(), s.showCommand(), s.convertCommand(), s.mergeCommand(),
		s.compareCommand(), s.templateCommand(), s.rulesCommand(), s.schemaCommand(), s.shelfCommand(),
	)
	return cmd
}
