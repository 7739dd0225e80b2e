package installation

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"gongkai/internal/disclosure"
	"gongkai/internal/fault"
	"gongkai/internal/search"
	"gongkai/internal/search/synonym"
	"gongkai/internal/storage"
)

// mostIndexes bounds how many text indexes a data folder has: one for each server.
const mostIndexes = 64

// TextIndexes returns the files of the text indexes in a data folder, those of servers that do
// not run at the moment among them.
func TextIndexes(dir string) (paths []string) {
	for n := 1; n <= mostIndexes; n++ {
		path := filepath.Join(dir, indexFile(n))
		if _, err := os.Stat(path); err == nil {
			paths = append(paths, path)
		}
	}
	return paths
}

// PeekIndex opens a text index to ask it, whether or not a server feeds it.
func PeekIndex(ctx context.Context, kept *storage.Storage, path string) (*search.Index, error) {
	x, err := search.Peek(ctx, path, kept.DB, disclosure.Texts{})
	if err != nil {
		return nil, err
	}
	words := &synonym.Desk{DB: kept.DB}
	if err := words.Refresh(ctx); err != nil {
		return nil, errors.Join(err, x.Close())
	}
	x.Synonyms = words.Groups
	return x, nil
}

// Rebuilt is what became of a rebuilding.
type Rebuilt struct {
	Documents int  // taken in here
	Asked     bool // servers that run do it while they answer
}

// RebuildIndex has every server's text index made anew. Servers that run do it by themselves;
// where none runs in the data folder, it is done here.
func RebuildIndex(ctx context.Context, kept *storage.Storage) (r Rebuilt, err error) {
	if err := kept.DB.Update(ctx, search.AskRebuild); err != nil {
		return r, err
	}
	place, err := storage.Take(kept.Dir, true)
	if errors.Is(err, storage.ErrServed) {
		return Rebuilt{Asked: true}, nil
	}
	if err != nil {
		return r, err
	}
	x, err := search.Open(ctx, filepath.Join(kept.Dir, indexFile(place.N)), kept.DB, disclosure.Texts{})
	if err != nil {
		return r, errors.Join(err, place.Leave())
	}
	r.Documents, err = x.CatchUp(ctx)
	return r, errors.Join(err, x.Close(), place.Leave())
}

// mostFound is how many items a list of the office takes from the text index. Words that more
// have are looked for in titles, where the first page is soon full.
const mostFound = 1000

// find asks the text index which items of an agency have words. What it cannot be asked for,
// such as signs alone, is looked for in titles.
func (n *Installation) find(ctx context.Context, agency, words string) (items []string, more bool, err error) {
	keys, more, err := n.Search.Keys(ctx, search.Query{Text: words, Agencies: []string{agency}}, mostFound)
	if fault.KindOf(err) == fault.Invalid {
		return nil, true, nil
	}
	for _, k := range keys {
		items = append(items, disclosure.ItemOf(k))
	}
	return items, more, err
}
