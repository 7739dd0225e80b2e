package cli

import (
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gongkai/internal/annual"
	"gongkai/internal/annual/datafile"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/print"
	"gongkai/internal/annual/rule"
	"gongkai/internal/fault"
)

// errNoSuchForm is a --form or --year without a prescribed form.
var errNoSuchForm = &fault.Error{Kind: fault.NotFound, Code: "cli.template.no_form"}

// templateCommand prints the empty form.
func (s *session) templateCommand() *cobra.Command {
	var out output
	var id, body string
	var year int
	cmd := &cobra.Command{Use: "template", Args: noArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		if year == 0 {
			year = s.Today.Year() - 1
		}
		f := form.ByID(id)
		if id == "" {
			f = form.ForYear(year)
		}
		if f == nil {
			return errNoSuchForm.With("form", id).With("year", year).With("known", knownForms())
		}
		if body == "" {
			body = s.p.T("cli.template.body")
		}
		if out.path == "" {
			out.path = "-"
		}
		if out.path == "-" && out.to == "" {
			out.to = "txt"
		}
		format, err := out.format()
		if err != nil {
			return err
		}
		err = s.write(out, out.path, func(w io.Writer) error { return print.Write(w, blank(f, body, year), format, s.options()) })
		if err == nil && out.path != "-" {
			s.remark(s.p.T("cli.out.written", "file", out.path))
		}
		return err
	}}
	cmd.Flags().StringVar(&id, "form", "", s.p.T("cli.flag.form"))
	cmd.Flags().StringVar(&body, "as", "", s.p.T("cli.flag.template_as"))
	cmd.Flags().IntVar(&year, "year", 0, s.p.T("cli.flag.template_year"))
	complete(cmd, "form", knownForms()...)
	s.outputFlags(cmd, &out, s.p.T("cli.flag.to"), words(print.Formats))
	return s.command(cmd, "cli.template.short", "cli.template.long", "cli.template.example")
}

func knownForms() []string {
	var ids []string
	for _, f := range form.All() {
		ids = append(ids, f.ID)
	}
	return ids
}

// blank returns an empty report in a form: title and headings, no figure.
func blank(f *form.Form, body string, year int) *annual.Report {
	r := &annual.Report{
		Form: f, Year: year, Agency: annual.Text{Text: body}, Title: annual.Text{Text: f.Title(body, year)},
		Cells: map[form.Key]annual.Cell{},
	}
	for _, sec := range f.Sections {
		r.Sections = append(r.Sections, annual.Section{Key: sec.Key, Heading: annual.Text{Text: sec.Full}})
	}
	for _, c := range f.Cells() {
		r.Cells[c.Key] = annual.Cell{State: annual.Blank}
	}
	return r
}

// rulesCommand lists what check checks, and on what ground.
func (s *session) rulesCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "rules", Args: noArgs, RunE: func(*cobra.Command, []string) error {
		for _, r := range rule.Rules() {
			if asJSON {
				if err := s.emit(s.ruleObject(r)); err != nil {
					return err
				}
				continue
			}
			s.out.line(pad(r.Code, 9) + "  " + s.severity(r.Severity) + "  " + s.say(r.Title))
			if cite := s.cite(r.Cite); cite != "" {
				s.out.line("           " + s.out.dim(s.p.T("cli.check.cite")+cite))
			}
			if !r.Since.IsZero() {
				s.out.line("           " + s.out.dim(s.p.T("cli.rules.since", "day", r.Since)))
			}
		}
		if !asJSON {
			s.out.line("")
			s.out.line(s.p.T("cli.rules.count", "n", strconv.Itoa(len(rule.Rules()))))
		}
		return nil
	}}
	cmd.Flags().BoolVar(&asJSON, "json", false, s.p.T("cli.flag.json_rules"))
	return s.command(cmd, "cli.rules.short", "cli.rules.long", "cli.rules.example")
}

// schemaCommand prints the JSON Schema of the data file that convert --to json writes.
func (s *session) schemaCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "schema", Args: noArgs, RunE: func(*cobra.Command, []string) error {
		s.out.line(strings.TrimRight(string(datafile.Schema()), "\n"))
		return nil
	}}
	return s.command(cmd, "cli.schema.short", "cli.schema.long", "cli.schema.example")
}
