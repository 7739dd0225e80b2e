// Package change is the log of what the public may see differently (变更日志): acts note tags in
// their own transaction, and whoever keeps something made from the records (a cached page, a
// static copy, a list handed to other systems) reads the log and makes it anew.
//
// The numbers follow the order in which transactions end: who has read up to a number has
// everything before it.
package change

import (
	"slices"
	"strconv"
	"time"

	"gongkai/internal/db"
)

// Tag names what changed.
type Tag string

// All is noted when everything may have changed.
const All Tag = "all"

// Item is an item of information: what its page says, or that it has one.
func Item(id string) Tag { return Tag("item:" + id) }

// Section is what stands in a section.
func Section(id string) Tag { return Tag("section:" + id) }

// SectionPage is one of the numbered pages of what stands in a section.
func SectionPage(id string, no int64) Tag { return Section(id) + Tag("/"+strconv.FormatInt(no, 10)) }

// SectionPages is all of a section's numbered pages, when they are numbered anew.
func SectionPages(id string) Tag { return Section(id) + "/*" }

// Number is which documents bear a number that ends so: 〔2026〕4号. Pages that cite one not
// published yet are made anew when it is.
func Number(end string) Tag { return Tag("number:" + end) }

// Agency is what an agency has published.
func Agency(id string) Tag { return Tag("agency:" + id) }

// Published is what any agency has published.
const Published Tag = "published"

// Area is a part of an agency's matters, called as its acts begin: "section", "guide",
// "credit". An empty agency is the whole installation's. Every audited act notes its own.
func Area(name, agency string) Tag { return Tag(name + "@" + agency) }

// Areas is the part called name of any agency. Every audited act notes its own.
func Areas(name string) Tag { return Tag(name + "@*") }

// Entry is one line of the log.
type Entry struct {
	Seq int64
	Tag Tag
	At  time.Time
}

// Note writes tags in the act's transaction. Other acts that note something wait until it
// ends, so it comes late in an act: after search.Changed, before audit.Append.
func Note(tx *db.Tx, tags ...Tag) error {
	if len(tags) == 0 {
		return nil
	}
	tags = slices.Clone(tags)
	slices.Sort(tags)
	tags = slices.Compact(tags)
	last, err := advance(tx, len(tags))
	if err != nil {
		return err
	}
	for i, t := range tags {
		if err := note(tx, last-int64(len(tags)-1-i), t); err != nil {
			return err
		}
	}
	return nil
}

// Head is the number of the newest line, 0 before the first.
func Head(tx *db.Tx) (int64, error) { return head(tx) }

// Since lists up to n lines after a number. whole is false when older lines than asked for are
// gone: then everything may have changed.
func Since(tx *db.Tx, after int64, n int) (all []Entry, whole bool, err error) {
	last, err := head(tx)
	if err != nil {
		return nil, false, err
	}
	first, err := oldest(tx)
	if err != nil {
		return nil, false, err
	}
	if after > last || after < last && (first == 0 || first > after+1) {
		return nil, false, nil
	}
	all, err = since(tx, after, n)
	return all, true, err
}

// Trim cuts the log to its newest lines, keep of them.
func Trim(tx *db.Tx, keep int64) error { return trim(tx, keep) }
