package gate

import (
	"bufio"
	"cmp"
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"gongkai/internal/check"
	"gongkai/internal/date"
)

//go:embed words/*.txt
var wordFiles embed.FS

// ListKind is what a word list is about.
type ListKind string

// The kinds of word lists.
const (
	Terms  ListKind = "term"  // institutions and expressions that have another name by now
	Laws   ListKind = "law"   // provisions and instruments no longer in force
	Typos  ListKind = "typo"  // misspellings
	Titles ListKind = "title" // names, posts and titles, kept by the operator
	Allow  ListKind = "allow" // words that are right although they hold one of another list
)

// List is a word list: one kind, its source and date, its entries. Lists are plain text, so
// that an operator can replace them and add his own.
type List struct {
	Name     string // its file
	Kind     ListKind
	Severity check.Severity
	Source   string    // where the words come from
	Date     date.Date // as of when
	Entries  []Entry
}

// Entry is one wrong word.
type Entry struct {
	Wrong  string
	Right  string    // what to write; "" if that takes thought
	Since  date.Date // wrong from this day on: older documents may use it
	Except []string  // longer words that hold it and are right
	Near   []string  // it counts only in a sentence that holds one of these
	Far    []string  // it does not count in a sentence that holds one of these
	Quoted bool      // it counts within 《》, too: elsewhere a title is quoted as it is
}

// longestWord bounds an entry, and with it the memory of a lexicon.
const longestWord = 64

// ParseList reads a word list:
//
//	# kind: term
//	# severity: warning
//	# source: 国务院机构改革方案
//	# date: 2026-11-23
//	wrong<TAB>right<TAB>since=2018-03-17; except=甲|乙; near=丙|丁; far=戊; quoted
//
// The last two columns may be missing. Other lines that begin with # are remarks.
func ParseList(name, text string) (List, error) {
	l := List{Name: name, Severity: check.Warning}
	sc := bufio.NewScanner(strings.NewReader(strings.TrimPrefix(text, "\uFEFF")))
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimRight(sc.Text(), " \t\r")
		var err error
		switch {
		case line == "":
		case strings.HasPrefix(line, "#"):
			err = l.head(strings.TrimSpace(line[1:]))
		default:
			err = l.add(line)
		}
		if err != nil {
			return List{}, &LineError{name, n, err}
		}
	}
	if err := sc.Err(); err != nil {
		return List{}, fmt.Errorf("%s: %w", name, err)
	}
	if l.Kind == "" {
		return List{}, fmt.Errorf("%s: no line # kind", name)
	}
	return l, nil
}

// LineError says which line of a list cannot be read, and why.
type LineError struct {
	Name string
	Line int
	Err  error
}

// Error names the line.
func (e *LineError) Error() string { return fmt.Sprintf("%s line %d: %v", e.Name, e.Line, e.Err) }

// Unwrap returns why.
func (e *LineError) Unwrap() error { return e.Err }

// head reads a line of the list's head.
func (l *List) head(line string) (err error) {
	key, value, found := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	if !found {
		return nil
	}
	switch key {
	case "kind":
		l.Kind = ListKind(value)
		if !slices.Contains([]ListKind{Terms, Laws, Typos, Titles, Allow}, l.Kind) {
			return fmt.Errorf("unknown kind %q", value)
		}
	case "severity":
		l.Severity = check.Severity(value)
		if !slices.Contains([]check.Severity{check.Error, check.Warning, check.Info}, l.Severity) {
			return fmt.Errorf("unknown severity %q", value)
		}
	case "source":
		l.Source = value
	case "date":
		l.Date, err = date.Parse(value)
	}
	return err
}

// add reads the line of an entry.
func (l *List) add(line string) error {
	columns := strings.SplitN(line, "\t", 3)
	e := Entry{Wrong: strings.TrimSpace(columns[0])}
	if n := utf8.RuneCountInString(e.Wrong); n < 2 && l.Kind != Allow || n > longestWord {
		return fmt.Errorf("%q: a word has 2 to %d characters", e.Wrong, longestWord)
	}
	if len(columns) > 1 {
		e.Right = strings.TrimSpace(columns[1])
	}
	if len(columns) > 2 {
		for option := range strings.SplitSeq(columns[2], ";") {
			if err := e.option(strings.TrimSpace(option)); err != nil {
				return err
			}
		}
	}
	l.Entries = append(l.Entries, e)
	return nil
}

func (e *Entry) option(s string) (err error) {
	key, value, _ := strings.Cut(s, "=")
	switch key {
	case "":
	case "since":
		e.Since, err = date.Parse(value)
	case "except":
		e.Except = strings.Split(value, "|")
	case "near":
		e.Near = strings.Split(value, "|")
	case "far":
		e.Far = strings.Split(value, "|")
	case "quoted":
		e.Quoted = true
	default:
		err = fmt.Errorf("unknown option %q", key)
	}
	return err
}

// Lexicon is word lists made ready for looking up.
type Lexicon struct {
	words    machine
	patterns []pattern
}

// pattern is a word the lexicon finds; list and entry are nil for a word that is right.
type pattern struct {
	list  *List
	entry *Entry
}

// hit is a wrong word found in a text.
type hit struct {
	start, end int
	list       *List
	entry      *Entry
}

// Compile makes a lexicon of lists. A later list's entry replaces an earlier one for the same
// word of the same kind.
func Compile(lists ...List) *Lexicon {
	x := &Lexicon{}
	last := map[string]int{}
	var words []string
	put := func(word string, p pattern) {
		if p.entry != nil {
			key := string(p.list.Kind) + "\t" + word
			if i, again := last[key]; again {
				x.patterns[i] = p
				return
			}
			last[key] = len(words)
		}
		words, x.patterns = append(words, word), append(x.patterns, p)
	}
	for i := range lists {
		l := &lists[i]
		for j := range l.Entries {
			e := &l.Entries[j]
			if l.Kind == Allow {
				put(e.Wrong, pattern{})
				continue
			}
			put(e.Wrong, pattern{l, e})
			for _, right := range e.Except {
				put(right, pattern{})
			}
		}
	}
	x.words = newMachine(words)
	return x
}

// find looks the words up. Of words that overlap the one counts that begins first, and of
// those the longest; a word that is right hides the wrong ones in it.
func (x *Lexicon) find(text []rune) []hit {
	found := x.words.find(text)
	slices.SortFunc(found, func(a, b match) int {
		if a.start != b.start {
			return a.start - b.start
		}
		if a.end != b.end {
			return b.end - a.end
		}
		return cmp.Compare(boolean(x.patterns[a.word].entry != nil), boolean(x.patterns[b.word].entry != nil))
	})
	var hits []hit
	end := 0
	for _, m := range found {
		if m.start < end {
			continue
		}
		p := x.patterns[m.word]
		if p.entry == nil {
			end = m.end
			continue
		}
		if !p.entry.counts(text, m.start, m.end) {
			continue
		}
		end = m.end
		hits = append(hits, hit{m.start, m.end, p.list, p.entry})
	}
	return hits
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// counts reports whether a word is wrong where it stands.
func (e *Entry) counts(text []rune, start, end int) bool {
	if !e.Quoted && quoted(text, start) {
		return false
	}
	if len(e.Near) == 0 && len(e.Far) == 0 && e.Since.IsZero() {
		return true
	}
	sentence := text[sentenceStart(text, start):sentenceEnd(text, end)]
	if past(sentence, e.Since.Year()) {
		return false
	}
	s := string(sentence)
	return (len(e.Near) == 0 || containsAny(s, e.Near)) && !containsAny(s, e.Far)
}

// past reports whether a sentence tells of a year before the given one, when the word was
// right: 1997年7月1日国家旅游局发布.
func past(sentence []rune, year int) bool {
	for i := 4; i < len(sentence); i++ {
		if sentence[i] == '年' {
			if y := yearOf(sentence[i-4 : i]); y != 0 && y < year {
				return true
			}
		}
	}
	return false
}

func containsAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

// farthest is how far, in runes, the bounds of a sentence or of a quotation are looked for.
const farthest = 120

// quoted reports whether rune i stands within 《》.
func quoted(text []rune, i int) bool {
	for j := i - 1; j >= 0 && i-j < farthest && text[j] != '\n' && text[j] != '》'; j-- {
		if text[j] == '《' {
			return true
		}
	}
	return false
}

// stop reports whether r ends a sentence.
func stop(r rune) bool {
	return r == '。' || r == '！' || r == '？' || r == '；' || r == '\n' || r == inCell || r == '\t'
}

func sentenceStart(text []rune, i int) int {
	from := max(0, i-farthest)
	for i > from && !stop(text[i-1]) {
		i--
	}
	return i
}

func sentenceEnd(text []rune, i int) int {
	to := min(len(text), i+farthest)
	for i < to && !stop(text[i]) {
		i++
	}
	return i
}

var defaults = sync.OnceValue(func() *Lexicon { return Compile(DefaultLists()...) })

// DefaultWords returns the lists that come with the product, made ready once.
func DefaultWords() *Lexicon { return defaults() }

// DefaultText returns a list that comes with the product as it was written, "" for none.
func DefaultText(name string) string {
	text, err := wordFiles.ReadFile(path.Join("words", name))
	if err != nil {
		return ""
	}
	return string(text)
}

// DefaultLists returns the lists that come with the product.
func DefaultLists() []List {
	entries, err := wordFiles.ReadDir("words")
	if err != nil {
		panic(err)
	}
	var lists []List
	for _, e := range entries {
		text, err := wordFiles.ReadFile(path.Join("words", e.Name()))
		if err != nil {
			panic(err)
		}
		l, err := ParseList(e.Name(), string(text))
		if err != nil {
			panic("gate: " + err.Error())
		}
		lists = append(lists, l)
	}
	return lists
}
