package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"gongkai/internal/config"
)

// serveCommand runs the checking desk.
func (s *session) serveCommand() *cobra.Command {
	return s.command(s.server("serve", false), "cli.serve.short", "cli.serve.long", "cli.serve.example")
}

// demoCommand runs the checking desk with sample reports.
func (s *session) demoCommand() *cobra.Command {
	return s.command(s.server("demo", true), "cli.demo.short", "cli.demo.long", "cli.demo.example")
}

func (s *session) server(name string, demo bool) *cobra.Command {
	cmd := &cobra.Command{Use: name, Args: noArgs}
	load := s.settings(cmd, "addr", "max_upload", "keep", "base_path", "https")
	cmd.RunE = func(*cobra.Command, []string) error {
		c, err := load()
		if err != nil {
			return err
		}
		return s.Serve(s.ctx, c, demo, func(url string) { s.serving(demo, url, c) })
	}
	return cmd
}

// settings gives cmd flags for some of the settings and returns what reads all of them.
func (s *session) settings(cmd *cobra.Command, keys ...string) func() (config.Config, error) {
	values := map[string]*string{}
	texts := map[string]string{
		"addr": s.p.T("cli.flag.addr"), "max_upload": s.p.T("cli.flag.max_upload"), "keep": s.p.T("cli.flag.keep"),
		"base_path": s.p.T("cli.flag.base_path"), "https": s.p.T("cli.flag.https"),
		"data": s.p.T("cli.flag.data"), "database": s.p.T("cli.flag.database"),
	}
	for _, set := range config.Settings() {
		if slices.Contains(keys, set.Key) {
			values[set.Key] = cmd.Flags().String(set.Flag(), "", s.p.T("cli.flag.with_env", "text", texts[set.Key], "env", set.Env()))
		}
	}
	cmd.Flags().StringVar(&s.configFile, "config", "", s.p.T("cli.flag.config"))
	return func() (config.Config, error) {
		given := map[string]string{}
		for _, set := range config.Settings() {
			if value := values[set.Key]; value != nil && cmd.Flags().Changed(set.Flag()) {
				given[set.Key] = *value
			}
		}
		if s.langFlag != "" {
			given["lang"] = s.langFlag
		}
		return config.Load(s.configFile, s.Environ, given)
	}
}

// serving says where the desk is, once it answers.
func (s *session) serving(demo bool, url string, c config.Config) {
	if demo {
		fmt.Fprintln(s.Out, s.p.T("cli.demo.ready", "url", url))
	} else {
		fmt.Fprintln(s.Out, s.p.T("cli.serve.ready", "url", url))
	}
	if c.Keep != "" {
		fmt.Fprintln(s.Out, s.p.T("cli.serve.keeps", "folder", c.Keep))
	}
	fmt.Fprintln(s.Out, s.p.T("cli.serve.stop"))
}
