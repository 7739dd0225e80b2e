package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gongkai/internal/config"
	"gongkai/internal/showcase"
)

// serveCommand runs the server.
func (s *session) serveCommand() *cobra.Command {
	return s.command(s.server("serve", false), "cli.serve.short", "cli.serve.long", "cli.serve.example")
}

// demoCommand runs the server with sample bodies.
func (s *session) demoCommand() *cobra.Command {
	return s.command(s.server("demo", true), "cli.demo.short", "cli.demo.long", "cli.demo.example")
}

func (s *session) server(name string, demo bool) *cobra.Command {
	cmd := &cobra.Command{Use: name, Args: noArgs}
	load := s.settings(cmd, "addr", "data", "database", "url", "name", "max_upload", "keep", "base_path", "https",
		"admin_addr", "log_format", "smtp", "smtp_password_file", "mail_from", "review_days", "ledger_name", "mirror_dir",
		"report_by", "government_report_by")
	cmd.RunE = func(*cobra.Command, []string) error {
		c, err := load()
		if err != nil {
			return err
		}
		return s.Serve(s.ctx, c, demo, func(r Running) { s.serving(demo, r, c) })
	}
	return cmd
}

// settings gives cmd flags for some of the settings and returns what reads all of them.
func (s *session) settings(cmd *cobra.Command, keys ...string) func() (config.Config, error) {
	values := map[string]*string{}
	texts := map[string]string{
		"addr": s.p.T("cli.flag.addr"), "data": s.p.T("cli.flag.data"), "database": s.p.T("cli.flag.database"),
		"admin_addr": s.p.T("cli.flag.admin_addr"), "log_format": s.p.T("cli.flag.log_format"), "smtp": s.p.T("cli.flag.smtp"),
		"smtp_password_file": s.p.T("cli.flag.smtp_password_file"), "mail_from": s.p.T("cli.flag.mail_from"), "review_days": s.p.T("cli.flag.review_days"), "ledger_name": s.p.T("cli.flag.ledger_name"), "mirror_dir": s.p.T("cli.flag.mirror_dir"),
		"report_by": s.p.T("cli.flag.report_by"), "government_report_by": s.p.T("cli.flag.government_report_by"),
		"url": s.p.T("cli.flag.url"), "name": s.p.T("cli.flag.name"), "max_upload": s.p.T("cli.flag.max_upload"), "keep": s.p.T("cli.flag.keep"),
		"base_path": s.p.T("cli.flag.base_path"), "https": s.p.T("cli.flag.https"),
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

// serving says where the pages are, once they answer, and what is needed to sign in.
func (s *session) serving(demo bool, r Running, c config.Config) {
	office := strings.TrimRight(r.URL, "/") + "/office/"
	if demo {
		fmt.Fprintln(s.Out, s.p.T("cli.demo.ready", "url", r.URL, "office", office))
		s.people(r.People)
	} else {
		fmt.Fprintln(s.Out, s.p.T("cli.serve.ready", "url", r.URL, "office", office, "data", c.Data))
	}
	if r.SetupCode != "" {
		fmt.Fprintln(s.Out, s.p.T("cli.serve.setup", "url", strings.TrimRight(r.URL, "/")+"/office/setup", "code", r.SetupCode))
	}
	if c.Keep != "" {
		fmt.Fprintln(s.Out, s.p.T("cli.serve.keeps", "folder", c.Keep))
	}
	fmt.Fprintln(s.Out, s.p.T("cli.serve.stop"))
}

// people lists who can sign in to the demonstration.
func (s *session) people(all []showcase.Person) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintln(s.Out, s.p.T("cli.demo.people", "password", all[0].Password))
	for _, p := range all {
		fmt.Fprintf(s.Out, "  %-12s %s\n", p.Login, p.Text(s.p))
	}
}
