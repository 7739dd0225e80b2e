// Package i18n holds the product's wording in its languages (多语言). Chinese (zh-CN) is
// the source; English mirrors it key by key. Code names a message by its key and hands
// over the values; only a face turns it into text.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"sync"

	"gongkai/internal/date"
	"gongkai/internal/place"
)

//go:embed zh-CN/*.json en/*.json
var files embed.FS

// Lang is a language of the product.
type Lang string

// The languages. Chinese is the source language.
const (
	Chinese Lang = "zh-CN"
	English Lang = "en"
)

// Langs lists the languages, source first.
var Langs = []Lang{Chinese, English}

// ParseLang reads a language from a flag, a path or the LANG environment ("en_GB.UTF-8",
// "zh"). What is neither is Chinese, the language of the users.
func ParseLang(s string) Lang {
	if strings.HasPrefix(strings.ToLower(s), "en") {
		return English
	}
	return Chinese
}

// Message is a sentence of the catalogue with its values, not yet in any language.
type Message struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
}

// M builds a message: M("annual.sum", "total", 7, "row", "（七）总计"). A missing value for a
// name panics, because it is a mistake of the program, not of its input.
func M(key string, args ...any) Message {
	m := Message{Key: key}
	if len(args)%2 != 0 {
		panic("i18n: odd number of arguments for " + key)
	}
	for i := 0; i < len(args); i += 2 {
		if m.Args == nil {
			m.Args = make(map[string]any, len(args)/2)
		}
		m.Args[args[i].(string)] = args[i+1]
	}
	return m
}

// IsZero reports whether m says nothing.
func (m Message) IsZero() bool { return m.Key == "" }

// Printer turns messages into text of one language.
type Printer struct{ lang Lang }

// To returns the printer of a language.
func To(l Lang) Printer { return Printer{l} }

// Lang returns the printer's language.
func (p Printer) Lang() Lang { return p.lang }

// T prints the message of that key: T("cli.files", "n", 3).
func (p Printer) T(key string, args ...any) string { return p.Text(M(key, args...)) }

// Text prints m. A key the catalogue lacks prints as itself in brackets, which a test of
// the whole tree rules out.
func (p Printer) Text(m Message) string {
	if m.IsZero() {
		return ""
	}
	text, ok := catalogue(p.lang)[m.Key]
	if !ok {
		return "⟦" + m.Key + "⟧"
	}
	return p.fill(text, m.Args)
}

// fill puts values in place of {name}. {n:record|records} prints n and the noun that goes
// with it, the first for one, the second for any other number.
func (p Printer) fill(text string, args map[string]any) string {
	if !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("{" + rest)
			return b.String()
		}
		name, nouns, plural := strings.Cut(name, ":")
		v := p.value(args[name])
		b.WriteString(v)
		if plural {
			one, many, _ := strings.Cut(nouns, "|")
			if v == "1" {
				many = one
			}
			b.WriteString(" " + many)
		}
		text = after
	}
}

// value prints one value in the printer's language.
func (p Printer) value(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case Message:
		return p.Text(v)
	case []Message:
		parts := make([]string, len(v))
		for i, m := range v {
			parts[i] = p.Text(m)
		}
		return p.List(parts)
	case []string:
		return p.List(v)
	case place.Place:
		if p.lang == English {
			return v.English()
		}
		return v.String()
	case date.Date:
		if p.lang == English {
			return v.String()
		}
		return v.Chinese()
	}
	return fmt.Sprint(v)
}

// List joins parts as the language lists things: 甲、乙 or a, b.
func (p Printer) List(parts []string) string {
	if p.lang == English {
		return strings.Join(parts, ", ")
	}
	return strings.Join(parts, "、")
}

var (
	once       sync.Once
	catalogues map[Lang]map[string]string
)

// catalogue returns the messages of a language, merged from its files, one per area.
func catalogue(l Lang) map[string]string {
	once.Do(func() {
		catalogues = map[Lang]map[string]string{}
		for _, l := range Langs {
			catalogues[l] = load(l)
		}
	})
	return catalogues[l]
}

func load(l Lang) map[string]string {
	all := map[string]string{}
	entries, err := files.ReadDir(string(l))
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		b, err := files.ReadFile(path.Join(string(l), e.Name()))
		if err != nil {
			panic(err)
		}
		part := map[string]string{}
		if err := json.Unmarshal(b, &part); err != nil {
			panic(fmt.Sprintf("i18n: %s/%s: %v", l, e.Name(), err))
		}
		for k, v := range part {
			if _, twice := all[k]; twice {
				panic(fmt.Sprintf("i18n: %s stands twice in %s", k, l))
			}
			all[k] = v
		}
	}
	return all
}
