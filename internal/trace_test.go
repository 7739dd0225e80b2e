package internal

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// tracePage is the generated page: rule or article, the code that applies it, its tests.
var tracePage = filepath.Join(root, "docs", "trace.md")

// The marks of what is traced: the specification's rule identifiers, and articles of the
// regulation as comments quote them or code cites them.
var (
	ruleMark    = regexp.MustCompile(`R-[A-Z]{2,3}-\d{2}`)
	articleMark = regexp.MustCompile(`条例第([一二三四五六七八九十]+)条`)
	citeMark    = regexp.MustCompile(`OGI2019\.Art\((\d+)`)
)

// trace holds what was found: mark, then code or tests, as "package name".
type trace struct{ code, tests map[string][]string }

func TestTrace(t *testing.T) {
	page := traceOf(t).page()
	if os.Getenv("GONGKAI_TEST_WRITE") != "" {
		if err := os.WriteFile(tracePage, page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(tracePage)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, page) {
		t.Error("docs/trace.md is out of date: run make docs")
	}
}

func traceOf(t *testing.T) trace {
	tr := trace{map[string][]string{}, map[string][]string{}}
	eachFile(t, func(path string, text []byte) {
		to := tr.code
		if strings.HasSuffix(path, "_test.go") {
			to = tr.tests
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		dir := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../internal/")
		for _, d := range file.Decls {
			start, end := d.Pos(), d.End()
			if doc := docOf(d); doc != nil {
				start = doc.Pos()
			}
			part := text[files.Position(start).Offset:files.Position(end).Offset]
			for _, mark := range marksIn(part) {
				to[mark] = append(to[mark], dir+" "+nameOf(d, files, text, mark))
			}
		}
	}, ".go")
	return tr
}

func docOf(d ast.Decl) *ast.CommentGroup {
	switch d := d.(type) {
	case *ast.FuncDecl:
		return d.Doc
	case *ast.GenDecl:
		return d.Doc
	}
	return nil
}

// nameOf names a declaration; of a group, the member that holds the mark.
func nameOf(d ast.Decl, files *token.FileSet, text []byte, mark string) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		return d.Name.Name
	case *ast.GenDecl:
		if len(d.Specs) == 0 {
			return ""
		}
		at := d.Specs[0]
		for _, s := range d.Specs {
			if slices.Contains(marksIn(text[files.Position(s.Pos()).Offset:files.Position(s.End()).Offset]), mark) {
				at = s
				break
			}
		}
		switch s := at.(type) {
		case *ast.ValueSpec:
			return s.Names[0].Name
		case *ast.TypeSpec:
			return s.Name.Name
		}
	}
	return ""
}

// marksIn returns the rules and articles a piece of source speaks of, each once.
func marksIn(text []byte) []string {
	var marks []string
	for _, m := range ruleMark.FindAll(text, -1) {
		marks = append(marks, string(m))
	}
	for _, m := range articleMark.FindAllSubmatch(text, -1) {
		marks = append(marks, fmt.Sprintf("条例 %02d", number(string(m[1]))))
	}
	for _, m := range citeMark.FindAllSubmatch(text, -1) {
		marks = append(marks, fmt.Sprintf("条例 %02s", m[1]))
	}
	slices.Sort(marks)
	return slices.Compact(marks)
}

// number reads the Chinese figures of articles, one to ninety-nine.
func number(s string) int {
	tens, ones, ten := strings.Cut(s, "十")
	digit := func(s string) int { return strings.Index("一二三四五六七八九", s)/len("一") + 1 }
	switch {
	case !ten:
		return digit(tens)
	case tens == "" && ones == "":
		return 10
	case tens == "":
		return 10 + digit(ones)
	case ones == "":
		return 10 * digit(tens)
	}
	return 10*digit(tens) + digit(ones)
}

// page writes the trace as a table in Markdown.
func (tr trace) page() []byte {
	var b bytes.Buffer
	b.WriteString("# Rule or article → code → test\n\n" +
		"Written by `make docs` from the sources; a test fails when it is out of date. 条例 is the regulation\n" +
		"(国令第711号), R-… are the project's rule identifiers. A dash under tests means that no test names the\n" +
		"rule, not that its code is never run.\n\n" +
		"| rule or article | code | tests |\n|---|---|---|\n")
	marks := map[string]bool{}
	for m := range tr.code {
		marks[m] = true
	}
	for m := range tr.tests {
		marks[m] = true
	}
	sorted := make([]string, 0, len(marks))
	for m := range marks {
		sorted = append(sorted, m)
	}
	slices.Sort(sorted)
	for _, m := range sorted {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", strings.Replace(m, "条例 0", "条例 ", 1), column(tr.code[m]), column(tr.tests[m]))
	}
	return b.Bytes()
}

// column lists places, each once, a package's together.
func column(places []string) string {
	slices.Sort(places)
	places = slices.Compact(places)
	if len(places) == 0 {
		return "–"
	}
	var parts []string
	last := ""
	for _, p := range places {
		dir, name, _ := strings.Cut(p, " ")
		if dir == last {
			parts[len(parts)-1] += ", " + name
			continue
		}
		parts, last = append(parts, "`"+dir+"` "+name), dir
	}
	return strings.Join(parts, "; ")
}
