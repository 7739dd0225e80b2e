package mirror

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/disclosure"
	"gongkai/internal/site"
)

// The index of a copy: a script in the page finds documents by their titles, numbers and
// summaries. Pairs of characters lie in shards by a digest of theirs, documents in pieces, so that
// a search loads some hundred kilobytes of what may be much.
const (
	searchPath = "/_search/"
	shards     = 256
	piece      = 100
	// mostIndexed bounds what an index without a server is good for.
	mostIndexed = 200_000
)

// entry is a document as the script shows it: address, title, body, day, number, summary.
type entry [6]string

// search writes the indexes anew when something was published or taken down.
func (r *run) search(ctx context.Context) error {
	if !r.whole && !r.state.partial && r.state.changed[change.Published] == 0 && r.state.changed[change.All] == 0 {
		return nil
	}
	rows, err := r.rows(ctx)
	if err != nil {
		return err
	}
	hosts := append(r.sites.Hosts(), r.sites.Main)
	for _, p := range hosts {
		if err := r.index(p, rows); err != nil {
			return err
		}
	}
	return nil
}

// rows are the newest documents, the oldest of them first: those that come later change only
// the end of what is written.
func (r *run) rows(ctx context.Context) (all []disclosure.Row, err error) {
	for after := ""; ; {
		rows, err := r.Reader.Latest(ctx, disclosure.Page{After: after, Limit: disclosure.MaxPage})
		if err != nil {
			return nil, err
		}
		all = append(all, rows.Rows...)
		if after = rows.Next; after == "" || len(all) >= mostIndexed {
			break
		}
	}
	slices.SortFunc(all, func(a, b disclosure.Row) int { return cmp.Compare(a.Item, b.Item) })
	return all, nil
}

// index writes the index of a site: the main one's has all documents, a site's with a host of its
// own has its own.
func (r *run) index(p *site.Place, rows []disclosure.Row) error {
	host := at(p, "").host
	words := map[string][]int{}
	var docs []entry
	for _, row := range rows {
		of := r.sites.Of(row.Agency)
		if host != "" && of != p {
			continue
		}
		href := r.Base + of.Base + "/items/" + row.Item + ".html"
		if at(of, "").host != host {
			href = of.Origin + href
		}
		body := ""
		if of.Body != nil {
			body = of.Body.Name
		}
		for w := range tokens(row.Title + "\n" + row.DocNo + "\n" + row.IndexNo + "\n" + row.Summary + "\n" + row.Issuer) {
			words[w] = append(words[w], len(docs))
		}
		docs = append(docs, entry{href, row.Title, body, date.Of(row.PublishedAt.In(date.China)).String(), cmp.Or(row.DocNo, row.IndexNo), row.Summary})
	}
	return r.pieces(host, docs, words)
}

// pieces writes documents and shards, and removes pieces there are no more.
func (r *run) pieces(host string, docs []entry, words map[string][]int) error {
	written := map[address]bool{}
	save := func(name string, v any) error {
		b, err := json.Marshal(v)
		if err != nil {
			return err
		}
		a := address{host, searchPath + name}
		written[a] = true
		return r.made(a, b)
	}
	var all [shards]map[string][]int
	for w, in := range words {
		n := shard(w)
		if all[n] == nil {
			all[n] = map[string][]int{}
		}
		for i := len(in) - 1; i > 0; i-- { // differences are shorter
			in[i] -= in[i-1]
		}
		all[n][w] = in
	}
	for n, one := range all {
		if one == nil {
			one = map[string][]int{}
		}
		if err := save(fmt.Sprintf("t/%02x.json", n), one); err != nil {
			return err
		}
	}
	n := 0
	for some := range slices.Chunk(docs, piece) {
		if err := save(fmt.Sprintf("d/%d.json", n), some); err != nil {
			return err
		}
		n++
	}
	if err := save("about.json", map[string]int{"documents": len(docs), "piece": piece, "shards": shards}); err != nil {
		return err
	}
	for a, rec := range r.state.all {
		if a.host == host && r.own(a) && !written[a] {
			if err := r.remove(a, rec); err != nil {
				return err
			}
		}
	}
	return nil
}

// made writes a file that the copy makes itself, if it differs.
func (r *run) made(a address, b []byte) error {
	next := &record{seq: r.seq, round: r.seq, size: int64(len(b)), sum: sha256.Sum256(b), immutable: true}
	full := filepath.Join(r.Dir, filepath.FromSlash(a.name()))
	if old := r.state.all[a]; old != nil && old.sum == next.sum && sized(full, next.size) {
		old.round = r.seq
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return err
	}
	r.Written++
	if err := put(full, b); err != nil {
		return err
	}
	if err := drop(full + ".gz"); err != nil {
		return err
	}
	if len(b) >= packFrom {
		packed := pack(b)
		next.packed, next.packedSum = int64(len(packed)), sha256.Sum256(packed)
		if err := put(full+".gz", packed); err != nil {
			return err
		}
	}
	r.state.all[a] = next
	return r.journal.add(a, next, nil)
}

// shard is where a word lies; the script counts the same way.
func shard(word string) int {
	var h uint32
	for _, c := range word {
		h = h*31 + uint32(c)
	}
	return int(h % shards)
}

// tokens are pairs of Chinese characters, words of letters and numbers; the script makes the same.
func tokens(text string) map[string]bool {
	all := map[string]bool{}
	var word []rune
	han := false
	end := func() {
		switch {
		case len(word) == 0:
		case !han:
			all[string(word)] = true
		default:
			for i := 0; i+1 < len(word); i++ {
				all[string(word[i:i+2])] = true
			}
		}
		word = word[:0]
	}
	for _, c := range strings.ToLower(text) {
		switch isHan := unicode.Is(unicode.Han, c); {
		case !isHan && !unicode.IsLetter(c) && !unicode.IsNumber(c):
			end()
			continue
		case isHan != han:
			end()
			han = isHan
		}
		word = append(word, c)
	}
	end()
	return all
}
