package internal

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// root is the top of the checkout, seen from this package.
const root = ".."

// generated and foreign folders hold nothing written here.
var passedOver = []string{".git", ".cache", "node_modules", "bin", "dist"}

// eachFile calls visit with every file of the tree whose name ends in one of the endings.
func eachFile(t *testing.T, visit func(path string, text []byte), endings ...string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains(passedOver, d.Name()) {
			return fs.SkipDir
		}
		if d.IsDir() || !slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(path, e) }) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		visit(path, text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestGoFilesAreFormatted(t *testing.T) {
	eachFile(t, func(path string, text []byte) {
		done, err := format.Source(text)
		if err != nil {
			t.Errorf("%s: %v", path, err)
		} else if !bytes.Equal(done, text) {
			t.Errorf("%s is not formatted: run make fmt", path)
		}
	}, ".go")
}

// catalogue reads the messages of a language with the file each stands in.
func catalogue(t *testing.T, lang string) (messages, files map[string]string) {
	t.Helper()
	messages, files = map[string]string{}, map[string]string{}
	paths, err := filepath.Glob(filepath.Join("i18n", lang, "*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no catalogues of %s: %v", lang, err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		part := map[string]string{}
		if err := json.Unmarshal(text, &part); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if n := bytes.Count(text, []byte("\n  \"")); n != len(part) {
			t.Errorf("%s holds %d lines and %d keys: a key stands twice, or two stand in a line", path, n, len(part))
		}
		for key, message := range part {
			messages[key], files[key] = message, filepath.Base(path)
		}
	}
	return messages, files
}

// placeholder finds {name} and {n:one|many}.
var placeholder = regexp.MustCompile(`\{([^}:]*)(:[^}]*)?\}`)

func TestCataloguesMirrorEachOther(t *testing.T) {
	chinese, where := catalogue(t, "zh-CN")
	english, whereEnglish := catalogue(t, "en")
	for key, message := range chinese {
		other, ok := english[key]
		if !ok {
			t.Errorf("en/%s lacks %s", where[key], key)
			continue
		}
		if where[key] != whereEnglish[key] {
			t.Errorf("%s stands in %s in Chinese and in %s in English", key, where[key], whereEnglish[key])
		}
		if a, b := names(message), names(other); !slices.Equal(a, b) {
			t.Errorf("%s: values %v in Chinese, %v in English", key, a, b)
		}
		if strings.TrimSpace(message) == "" || strings.TrimSpace(other) == "" {
			t.Errorf("%s is empty", key)
		}
	}
	for key := range english {
		if _, ok := chinese[key]; !ok {
			t.Errorf("zh-CN/%s lacks %s", whereEnglish[key], key)
		}
	}
}

// names returns the values a message takes, each once, sorted.
func names(message string) []string {
	var found []string
	for _, m := range placeholder.FindAllStringSubmatch(message, -1) {
		found = append(found, m[1])
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// keyShape is what a message key looks like: an area, then names.
var keyShape = regexp.MustCompile(`^[a-z]+(\.[a-z0-9_-]+)+$`)

// fileName is a word that looks like a key and names a file of the same area: desk.css.
var fileName = regexp.MustCompile(`\.(css|js|html|json|go|md|svg|txt|db)$`)

// inMarkup finds quoted words in templates and scripts.
var inMarkup = regexp.MustCompile("[\"'`]([a-z]+(?:\\.[a-z0-9_-]+)+)[\"'`]")

func TestEveryMessageKeyIsKnownAndUsed(t *testing.T) {
	messages, _ := catalogue(t, "zh-CN")
	areas := map[string]bool{}
	for key := range messages {
		areas[key[:strings.IndexByte(key, '.')]] = true
	}
	used := map[string]string{}
	note := func(path, word string) {
		area, _, _ := strings.Cut(word, ".")
		_, known := messages[word]
		if keyShape.MatchString(word) && areas[area] && (known || !fileName.MatchString(word)) {
			used[word] = path
		}
	}
	eachFile(t, func(path string, text []byte) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		for _, word := range stringLiterals(t, path, text) {
			note(path, word)
		}
	}, ".go")
	eachFile(t, func(path string, text []byte) {
		for _, m := range inMarkup.FindAllSubmatch(text, -1) {
			note(path, string(m[1]))
		}
	}, ".html", ".js", ".tmpl")
	for key, path := range used {
		if _, ok := messages[key]; !ok {
			t.Errorf("%s uses the message %s, which no catalogue has", path, key)
		}
	}
	for key := range messages {
		if used[key] == "" {
			t.Errorf("the message %s is used nowhere", key)
		}
	}
}

// stringLiterals returns the string constants of a Go file.
func stringLiterals(t *testing.T, path string, text []byte) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if word, err := strconv.Unquote(lit.Value); err == nil {
				words = append(words, word)
			}
		}
		return true
	})
	return words
}

// TestMessagesGetTheirValues holds each call of i18n.M and Printer.T that names its message
// and values outright against the message: no value may be lacking or unused.
func TestMessagesGetTheirValues(t *testing.T) {
	messages, _ := catalogue(t, "zh-CN")
	eachFile(t, func(path string, text []byte) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !wordsMessage(call) {
				return true
			}
			key, _ := literal(call.Args[0])
			message, known := messages[key]
			given, plain := valueNames(call)
			if known && plain && !slices.Equal(given, names(message)) {
				t.Errorf("%s: %s is given the values %v and takes %v", files.Position(call.Pos()), key, given, names(message))
			}
			return true
		})
	}, ".go")
}

// wordsMessage reports whether a call is i18n.M, Printer.T or the like.
func wordsMessage(call *ast.CallExpr) bool {
	if len(call.Args) == 0 || call.Ellipsis.IsValid() {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && (sel.Sel.Name == "M" || sel.Sel.Name == "T")
}

// valueNames returns the names of the values a call hands over, sorted, and false if one of
// them is not written out.
func valueNames(call *ast.CallExpr) (names []string, plain bool) {
	for i := 1; i < len(call.Args); i += 2 {
		name, ok := literal(call.Args[i])
		if !ok {
			return nil, false
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names), true
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	word, err := strconv.Unquote(lit.Value)
	return word, err == nil
}
