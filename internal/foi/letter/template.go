package letter

import (
	"bufio"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template"

	"gongkai/internal/date"
)

// The templates: NAME@FIRST-DAY.txt. One in force stays in the program for ever, because letters
// made from it do; a change of law or wording is a new file with a later first day.
//
//go:embed template/*.txt
var files embed.FS

// sheet is one version of a template.
type sheet struct {
	name   string
	since  date.Date
	title  string
	number bool     // bears a 发文字号
	needs  []string // facts it needs besides those its text names
	parts  []part
}

// part is the template of a slot.
type part struct {
	name        string
	each        bool // once for each answer
	optional    bool // left out where it has nothing to say
	editable    bool
	least, most int
	widths      []float64 // of the columns, of a table
	text        *template.Template
}

// id names the version: L13@2019-05-15.
func (s *sheet) id() string { return s.name + "@" + s.since.String() }

// sheets returns all templates by name, the latest version first.
var sheets = sync.OnceValue(func() map[string][]*sheet {
	all := map[string][]*sheet{}
	common := template.Must(template.New("common").Funcs((&drafter{}).funcs()).Parse(read("template/common.txt")))
	names, err := fs.Glob(files, "template/*@*.txt")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		s, err := parseSheet(strings.TrimSuffix(path.Base(name), ".txt"), read(name), common)
		if err != nil { // of the program's own files
			panic(fmt.Sprintf("letter: %s: %v", name, err))
		}
		all[s.name] = append(all[s.name], s)
	}
	for _, versions := range all {
		slices.SortFunc(versions, func(a, b *sheet) int { return b.since.Compare(a.since) })
	}
	return all
})

// read returns one of the program's own files.
func read(name string) string {
	data, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// parseSheet reads a template: lines of its head, then parts, each under a line that names it.
func parseSheet(id, text string, common *template.Template) (*sheet, error) {
	name, first, _ := strings.Cut(id, "@")
	since, err := date.Parse(first)
	if err != nil {
		return nil, err
	}
	s := &sheet{name: name, since: since, number: true}
	head, rest, _ := strings.Cut("\n"+text, "\n== ")
	if err := s.head(head); err != nil {
		return nil, err
	}
	for _, one := range strings.Split(rest, "\n== ") {
		line, body, _ := strings.Cut(one, "\n")
		p, err := parsePart(line)
		if err != nil {
			return nil, err
		}
		set, err := common.Clone()
		if err != nil {
			return nil, err
		}
		if p.text, err = set.New(id + " " + p.name).Parse(strings.TrimSpace(body)); err != nil {
			return nil, err
		}
		s.parts = append(s.parts, p)
	}
	return s, nil
}

// head reads the lines before the first part.
func (s *sheet) head(text string) error {
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		key, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimSpace(value)
		switch key {
		case "":
		case "title":
			s.title = value
		case "number":
			s.number = value != "no"
		case "needs":
			s.needs = strings.Fields(value)
		default:
			return fmt.Errorf("unknown head line %q", lines.Text())
		}
	}
	return nil
}

// parsePart reads the line over a part: its name, with * if it stands once for each answer and ? if
// it may be left out; then the bounds of a part the clerk may edit, or the columns of a table.
func parsePart(line string) (part, error) {
	words := strings.Fields(line)
	if len(words) == 0 {
		return part{}, fmt.Errorf("a part without a name")
	}
	p := part{name: strings.TrimRight(words[0], "*?")}
	p.each = strings.Contains(words[0], "*")
	p.optional = strings.Contains(words[0], "?")
	switch {
	case len(words) == 1:
	case words[1] == "table":
		for _, w := range words[2:] {
			n, err := strconv.ParseFloat(w, 64)
			if err != nil {
				return p, err
			}
			p.widths = append(p.widths, n)
		}
	default:
		p.editable = true
		if n, err := fmt.Sscanf(words[1], "%d-%d", &p.least, &p.most); n != 2 {
			return p, fmt.Errorf("bounds %q: %w", words[1], err)
		}
	}
	return p, nil
}

// inForce returns the version of a template in force on a day, or one of those pinned.
func inForce(name string, on date.Date, pinned []string) (*sheet, bool) {
	for _, s := range sheets()[name] {
		if len(pinned) > 0 && slices.Contains(pinned, s.id()) || len(pinned) == 0 && !s.since.After(on) {
			return s, true
		}
	}
	return nil, false
}
