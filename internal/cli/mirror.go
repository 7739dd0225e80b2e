package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gongkai/internal/ledger/proof"
	"gongkai/internal/mirror"
)

// mirrorCommand writes the public's pages as files, and groups what is done with them.
func (s *session) mirrorCommand() *cobra.Command {
	fresh := false
	cmd := &cobra.Command{Use: "mirror", Args: noArgs}
	load := s.settings(cmd, "data", "database", "url", "name", "base_path", "mirror_dir")
	cmd.Flags().BoolVar(&fresh, "fresh", false, s.p.T("cli.mirror.flag.fresh"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, err := load()
		if err != nil {
			return err
		}
		if c.MirrorDir == "" {
			return require(cmd, "mirror-dir")
		}
		r, err := s.Mirror(s.ctx, c, fresh)
		if err != nil {
			return err
		}
		s.mirrored(r)
		return nil
	}
	cmd = s.command(cmd, "cli.mirror.short", "cli.mirror.long", "cli.mirror.example")
	cmd.AddCommand(s.mirrorPackCommand(), s.mirrorApplyCommand(), s.mirrorServeCommand())
	return cmd
}

// mirrored says what a run did, and what could not be copied.
func (s *session) mirrored(r *mirror.Report) {
	seconds := max(r.Took.Seconds(), 0.001)
	s.out.line(s.out.green(s.p.T("cli.mirror.done", "written", r.Written, "removed", r.Removed, "files", r.Files, "mb", megabytes(r.Bytes),
		"seconds", fmt.Sprintf("%.1f", seconds), "rate", int(float64(r.Asked)/seconds))))
	for _, p := range r.Problems {
		s.raise(ExitFound)
		s.out.line("  " + s.p.T("cli.mirror.problem", "path", clean(p.Path), "why", p.Why))
	}
}

func megabytes(n int64) string { return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) }

// mirrorPackCommand makes a bundle for a machine outside.
func (s *session) mirrorPackCommand() *cobra.Command {
	whole := false
	cmd := &cobra.Command{Use: "pack " + s.p.T("cli.arg.file"), Args: oneFile}
	load := s.settings(cmd, "mirror_dir")
	cmd.Flags().BoolVar(&whole, "whole", false, s.p.T("cli.mirror.flag.whole"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, err := load()
		if err != nil {
			return err
		}
		if c.MirrorDir == "" {
			return require(cmd, "mirror-dir")
		}
		p, err := mirror.Pack(c.MirrorDir, args[0], whole)
		if err != nil {
			return err
		}
		s.out.line(s.out.green(s.p.T("cli.mirror.packed", "file", clean(args[0]), "files", p.Files, "mb", megabytes(p.Bytes))))
		return nil
	}
	return s.command(cmd, "cli.mirror.pack.short", "cli.mirror.pack.long", "cli.mirror.pack.example")
}

// keys reads the public keys that a copy is known by.
func (s *session) keys(name string) (proof.Keys, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, &fileError{name, fileFault(err)}
	}
	return proof.ParseKeys(string(b))
}

// mirrorApplyCommand brings a copy outside up to date.
func (s *session) mirrorApplyCommand() *cobra.Command {
	var key string
	cmd := &cobra.Command{Use: "apply " + s.p.T("cli.arg.file"), Args: oneFile}
	load := s.settings(cmd, "mirror_dir")
	cmd.Flags().StringVar(&key, "key", "", s.p.T("cli.mirror.flag.key"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, err := load()
		if err != nil {
			return err
		}
		if c.MirrorDir == "" {
			return require(cmd, "mirror-dir")
		}
		if err := require(cmd, "key"); err != nil {
			return err
		}
		keys, err := s.keys(key)
		if err != nil {
			return err
		}
		return s.apply(c.MirrorDir, args[0], keys)
	}
	return s.command(cmd, "cli.mirror.apply.short", "cli.mirror.apply.long", "cli.mirror.apply.example")
}

func (s *session) apply(dir, name string, keys proof.Keys) error {
	f, err := os.Open(name)
	if err != nil {
		return &fileError{name, fileFault(err)}
	}
	defer f.Close()
	a, err := mirror.Apply(dir, f, keys)
	if err != nil {
		return err
	}
	s.out.line(s.out.green(s.p.T("cli.mirror.applied", "file", clean(filepath.Base(name)), "written", a.Written, "removed", a.Removed, "files", a.Manifest.Files,
		"at", a.Manifest.At.Format("2006-01-02 15:04:05Z"))))
	return nil
}

// mirrorServeCommand serves a copy outside and applies what arrives in a folder.
func (s *session) mirrorServeCommand() *cobra.Command {
	var key, inbox string
	cmd := &cobra.Command{Use: "serve", Args: noArgs}
	load := s.settings(cmd, "mirror_dir", "addr", "base_path")
	cmd.Flags().StringVar(&key, "key", "", s.p.T("cli.mirror.flag.key"))
	cmd.Flags().StringVar(&inbox, "inbox", "", s.p.T("cli.mirror.flag.inbox"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		c, err := load()
		if err != nil {
			return err
		}
		if c.MirrorDir == "" {
			return require(cmd, "mirror-dir")
		}
		o := mirror.Outer{Files: mirror.Files{Dir: c.MirrorDir, Base: c.BasePath}, Inbox: inbox, Said: func(text string, err error) { s.arrived(text, err) }}
		if inbox != "" {
			if err := require(cmd, "key"); err != nil {
				return err
			}
			if o.Keys, err = s.keys(key); err != nil {
				return err
			}
		}
		return o.Serve(s.ctx, c.Addr, func(url string) {
			s.remark(s.p.T("cli.mirror.serving", "url", strings.TrimRight(url, "/")+c.BasePath+"/", "dir", c.MirrorDir))
		})
	}
	return s.command(cmd, "cli.mirror.serve.short", "cli.mirror.serve.long", "cli.mirror.serve.example")
}

// arrived says what became of a bundle in the inbox.
func (s *session) arrived(name string, err error) {
	if err != nil {
		s.complain(s.p.T("cli.file.problem", "file", clean(name), "message", s.wordError(err)))
		return
	}
	s.remark(s.p.T("cli.mirror.arrived", "file", clean(name)))
}
