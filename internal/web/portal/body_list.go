package portal

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"gongkai/internal/agency"
	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/section"
)

// group is the bodies of one kind, by the letters their names begin with.
type group struct {
	Key, Name string
	Bodies    []place
	Letters   []letter
}

// letter is the bodies whose names begin with one letter of pinyin.
type letter struct {
	Letter string
	Bodies []place
}

type bodiesPage struct {
	page
	Groups []group
}

// listBodies lists all bodies by kind and letter.
func (p *portal) listBodies(w http.ResponseWriter, r *http.Request) (err error) {
	depend(r, change.Published, change.Areas("section"))
	v := bodiesPage{page: p.page(r, "")}
	v.Title = v.T("portal.bodies")
	v.Trail = p.trail(r, v.page, nil, nil)
	v.column(v.Title, "", "", v.T("portal.column.kind.disclosure"))
	if v.Groups, err = p.groups(r, v.page); err != nil {
		return err
	}
	return p.pages.Write(w, r, http.StatusOK, "bodies", v)
}

// groups sorts the bodies by kind, each with the day it last published something.
func (p *portal) groups(r *http.Request, v page) (all []group, err error) {
	var last map[string]date.Date
	err = p.DB.View(r.Context(), func(tx *db.Tx) error {
		last, err = section.LastOfBodies(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	tree := hereOf(r.Context()).sites.Tree
	for _, k := range append(slices.Clone(agency.Kinds), agency.Unknown) {
		g := group{Key: cmp.Or(string(k), "other"), Name: v.T("portal.bodies.other")}
		if k != agency.Unknown {
			g.Name = v.Text(k.Message())
		}
		letters := map[string][]place{}
		for _, a := range tree.All {
			if a.Kind != k {
				continue
			}
			one := place{p.to(r, a.ID, "/"), a.Name, last[a.ID].String(), 0}
			g.Bodies = append(g.Bodies, one)
			first := initial(ownName(a, tree))
			letters[first] = append(letters[first], one)
		}
		for l, bodies := range letters {
			g.Letters = append(g.Letters, letter{l, bodies})
		}
		slices.SortFunc(g.Letters, func(a, b letter) int { return strings.Compare(a.Letter, b.Letter) })
		if len(g.Bodies) > 0 {
			all = append(all, g)
		}
	}
	return all, nil
}

// ownName is a body's name without the place all have in common: people look for 民政局 under M
// and not under the city's letter.
func ownName(a *agency.Agency, tree *agency.Tree) string {
	path := tree.Path(a.ID)
	for _, above := range path[:max(len(path)-1, 0)] {
		if place := strings.TrimSuffix(strings.TrimSuffix(above.Name, "政府"), "人民"); place != "" && place != above.Name {
			if rest := strings.TrimPrefix(a.Name, place); rest != "" && rest != a.Name {
				return rest
			}
		}
	}
	return a.Name
}
