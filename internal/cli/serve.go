package cli

import (
	"fmt"

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
	values := map[string]*string{}
	cmd := &cobra.Command{Use: name, Args: noArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		given := map[string]string{}
		for _, set := range config.Settings() {
			if value := values[set.Key]; value != nil && cmd.Flags().Changed(set.Flag()) {
				given[set.Key] = *value
			}
		}
		if s.langFlag != "" {
			given["lang"] = s.langFlag
		}
		c, err := config.Load(s.configFile, s.Environ, given)
		if err != nil {
			return err
		}
		return s.Serve(s.ctx, c, demo, func(url string) { s.serving(demo, url, c) })
	}}
	texts := map[string]string{
		"addr": s.p.T("cli.flag.addr"), "max_upload": s.p.T("cli.flag.max_upload"), "keep": s.p.T("cli.flag.keep"),
		"base_path": s.p.T("cli.flag.base_path"), "https": s.p.T("cli.flag.https"),
	}
	for _, set := range config.Settings() {
		if text, ours := texts[set.Key]; ours {
			values[set.Key] = cmd.Flags().String(set.Flag(), "", s.p.T("cli.flag.with_env", "text", text, "env", set.Env()))
		}
	}
	cmd.Flags().StringVar(&s.configFile, "config", "", s.p.T("cli.flag.config"))
	return cmd
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
