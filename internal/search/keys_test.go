package search

import (
	"slices"
	"testing"

	"gongkai/internal/dbtest"
)

// Keys are asked of the index alone, and it says when it does not know all.
func TestKeys(t *testing.T) {
	x := open(t, dbtest.SQLite(t), examples())
	if ids, more, err := x.Keys(t.Context(), Query{Text: "公开"}, 9); len(ids) != 0 || !more || err != nil {
		t.Errorf("an index that is being made: %v, %v, %v", ids, more, err)
	}
	catchUp(t, x)
	for _, tt := range []struct {
		q    Query
		n    int
		want []string
		more bool
	}{
		{Query{Text: "公开"}, 9, []string{"d", "b", "c"}, false},
		{Query{Text: "公开"}, 3, []string{"d", "b", "c"}, false},
		{Query{Text: "公开"}, 2, []string{"d", "b"}, true},
		{Query{Text: "公开", States: []string{"draft"}}, 9, []string{"c"}, false},
		{Query{Text: "公开", Agencies: []string{"nobody"}}, 9, nil, false},
	} {
		ids, more, err := x.Keys(t.Context(), tt.q, tt.n)
		if !slices.Equal(ids, tt.want) || more != tt.more || err != nil {
			t.Errorf("%+v: %v, %v, %v", tt.q, ids, more, err)
		}
	}
}
