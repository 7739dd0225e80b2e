// Package class holds how published information is classed (分类): subject, genre, item of
// article 20, attribute with its legal grounds, validity, channels, people served. The tables
// are data beside this file, in both languages; what the specification could not verify is
// marked so, and pages say it.
package class

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

//go:embed *.json
var files embed.FS

// Entry is one line of a table. Its key stands in records and never changes.
type Entry struct {
	Key        string `json:"key"`
	Code       string `json:"code"` // the number pages and other systems know, where there is one
	ZH         string `json:"zh"`
	EN         string `json:"en"`
	Unverified bool   `json:"unverified"` // known from memory or practice only
}

// Name returns the entry's name in a language.
func (e Entry) Name(l i18n.Lang) string {
	if l == i18n.English {
		return e.EN
	}
	return e.ZH
}

// Topic is a subject of the State Council's classification (主题分类). Its key is its code.
type Topic struct {
	Entry
	Aliases  []string `json:"aliases"`
	Children []Topic  `json:"children"`
}

// Item is one of the fifteen items of article 20.
//
// 条例第二十条：“行政机关应当依照本条例第十九条的规定，主动公开本行政机关的下列政府信息”。
type Item struct {
	Entry
	Number int `json:"item"`
}

// Cite returns the item's provision.
func (i Item) Cite() statute.Ref { return statute.OGI2019.Art(20, 0, i.Number) }

// Kind is how far a ground for not disclosing reaches.
type Kind string

// The kinds of grounds.
const (
	Absolute      Kind = "absolute"      // 第十四条: never disclosed
	ThirdParty    Kind = "third_party"   // 第十五条: unless the third party agrees or the public interest asks for it
	Discretionary Kind = "discretionary" // 第十六条: may be withheld
	ByRequest     Kind = "request"       // open, but not published on the agency's own account
)

// Basis is a legal ground for not publishing (不予公开或依申请公开的依据). R-EXM-01 to R-EXM-04.
type Basis struct {
	Entry
	Article   int       `json:"article"`
	Paragraph int       `json:"paragraph"`
	Attribute Attribute `json:"attribute"`
	Rule      string    `json:"rule"`
	Kind      Kind      `json:"kind"`
}

// Cite returns the provision the ground stands in.
func (b Basis) Cite() statute.Ref { return statute.OGI2019.Art(b.Article, b.Paragraph) }

// Attribute is whether information is public (公开属性).
type Attribute string

// The attributes.
const (
	Proactive Attribute = "proactive" // 主动公开
	Request   Attribute = "request"   // 依申请公开
	Withheld  Attribute = "withheld"  // 不予公开
)

// Validity is the state a document is in (有效性).
type Validity string

// The states. Expiry is not repeal: they are counted apart (R-NRM-19).
const (
	Valid         Validity = "valid"    // 有效
	Amended       Validity = "amended"  // 已修改
	Expired       Validity = "expired"  // 失效
	Repealed      Validity = "repealed" // 废止
	NotApplicable Validity = "none"     // 不适用
)

// The tables, each read once.
var (
	Topics     = table[Topic]("topic.json")
	Genres     = table[Entry]("genre.json")
	Items      = table[Item]("article20.json")
	Bases      = table[Basis]("basis.json")
	Attributes = table[Entry]("attribute.json")
	Validities = table[Entry]("validity.json")
	Channels   = table[Entry]("channel.json")
	Audiences  = table[Entry]("audience.json")
	Origins    = table[Entry]("origin.json")
)

// table reads an embedded file when it is first asked for.
func table[T any](name string) func() []T {
	return sync.OnceValue(func() []T {
		text, err := files.ReadFile(name)
		if err != nil {
			panic(err)
		}
		var all []T
		if err := json.Unmarshal(text, &all); err != nil {
			panic(fmt.Sprintf("class: %s: %v", name, err))
		}
		return all
	})
}

// Find returns the entry of a table with that key.
func Find(table []Entry, key string) (Entry, bool) {
	i := slices.IndexFunc(table, func(e Entry) bool { return e.Key == key })
	if i < 0 {
		return Entry{}, false
	}
	return table[i], true
}

// ItemOf returns the item of article 20 with that key.
func ItemOf(key string) (Item, bool) {
	i := slices.IndexFunc(Items(), func(i Item) bool { return i.Key == key })
	if i < 0 {
		return Item{}, false
	}
	return Items()[i], true
}

// BasisOf returns the ground with that key.
func BasisOf(key string) (Basis, bool) {
	i := slices.IndexFunc(Bases(), func(b Basis) bool { return b.Key == key })
	if i < 0 {
		return Basis{}, false
	}
	return Bases()[i], true
}

// BasesOf lists the grounds for an attribute.
func BasesOf(a Attribute) []Basis {
	var all []Basis
	for _, b := range Bases() {
		if b.Attribute == a {
			all = append(all, b)
		}
	}
	return all
}

// Path returns the topic with that code below its top class, top first.
func Path(code string) ([]Topic, bool) {
	for _, top := range Topics() {
		if top.Code == code {
			return []Topic{top}, true
		}
		for _, t := range top.Children {
			if t.Code == code {
				return []Topic{top, t}, true
			}
		}
	}
	return nil, false
}

// separator stands between the levels of a topic on published pages: 综合政务\政务公开.
const separator = `\`

// PathName writes a topic as pages show it.
func PathName(code string, l i18n.Lang) string {
	path, _ := Path(code)
	names := make([]string, len(path))
	for i, t := range path {
		names[i] = t.Name(l)
	}
	return strings.Join(names, separator)
}

// ReadTopic finds the topic other systems' exports name: a code, 综合政务\政务公开 or with / or
// >, or a second level alone where only one has that name.
func ReadTopic(text string) (Topic, bool) {
	text = strings.Join(strings.Fields(text), "")
	if path, ok := Path(text); ok {
		return path[len(path)-1], true
	}
	top, sub, two := strings.Cut(strings.NewReplacer("/", separator, "＼", separator, ">", separator, "－", separator).Replace(text), separator)
	var found []Topic
	for _, t := range Topics() {
		if t.called(top) && !two {
			return t, true
		}
		for _, c := range t.Children {
			if two && t.called(top) && c.called(sub) || !two && c.called(top) {
				found = append(found, c)
			}
		}
	}
	if len(found) != 1 {
		return Topic{}, false
	}
	return found[0], true
}

func (t Topic) called(name string) bool { return t.ZH == name || slices.Contains(t.Aliases, name) }

// Faults of classing.
var (
	ErrAttribute = &fault.Error{Kind: fault.Invalid, Code: "class.attribute", Field: "attribute"}
	ErrBasis     = &fault.Error{Kind: fault.Invalid, Code: "class.basis", Field: "basis", Cite: statute.OGI2019.Art(14)}
	ErrBasisOf   = &fault.Error{Kind: fault.Invalid, Code: "class.basis_of", Field: "basis"}
	ErrReason    = &fault.Error{Kind: fault.Invalid, Code: "class.reason", Field: "reason"}
)

// CheckAttribute holds an attribute against the grounds given for it. What is withheld needs a
// ground and the reason in words; what is disclosed on request needs a reason.
//
// 国办发〔2016〕80号: the attribute is fixed when a document is drafted; for one that is not to be
// published the reason is stated. R-EXM-07.
func CheckAttribute(a Attribute, bases []string, reason string) error {
	if _, ok := Find(Attributes(), string(a)); !ok {
		return ErrAttribute
	}
	if a == Proactive {
		return nil
	}
	if a == Withheld && len(bases) == 0 {
		return ErrBasis
	}
	for _, key := range bases {
		if b, ok := BasisOf(key); !ok || b.Attribute != a {
			return ErrBasisOf.With("basis", key)
		}
	}
	if strings.TrimSpace(reason) == "" {
		return ErrReason
	}
	return nil
}
