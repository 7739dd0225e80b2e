package portal

import (
	"net/http"
	"strconv"

	"gongkai/internal/web"
)

// numbers lead through the pages of a list, each of which has an address of its own.
type numbers struct {
	Label      string
	Links      []number
	Prev, Next *web.Link
}

// number is a page's; without an address it stands for those left out, or for the one shown.
type number struct {
	Href, Text string
	Here       bool
}

// pageNumber reads the number of a page from the address, 1 where it has none.
func pageNumber(r *http.Request) (int, error) {
	text := r.PathValue("no")
	if text == "" {
		return 1, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 2 || n > 1_000_000 || strconv.Itoa(n) != text {
		return 0, web.ErrNoPage
	}
	return n, nil
}

// near is how many pages before and after the one shown are named.
const near = 2

// number makes the way through total lines, n a page. first is the address of the first page,
// base what the numbers of the others follow; nil where all are on one page.
func (v *page) number(total, n, here int, first, base string) *numbers {
	last := (total + n - 1) / n
	if last < 2 {
		return nil
	}
	at := func(no int) string {
		if no == 1 {
			return first
		}
		return base + strconv.Itoa(no) + ending
	}
	out := &numbers{Label: v.T("portal.pages")}
	for no, gap := 1, false; no <= last; no++ {
		if no > 1 && no < last && (no < here-near || no > here+near) {
			if !gap {
				out.Links = append(out.Links, number{Text: "…"})
			}
			gap = true
			continue
		}
		gap = false
		out.Links = append(out.Links, number{at(no), strconv.Itoa(no), no == here})
	}
	if here > 1 {
		out.Prev = &web.Link{Href: at(here - 1), Text: v.T("portal.pages.prev")}
	}
	if here < last {
		out.Next = &web.Link{Href: at(here + 1), Text: v.T("portal.pages.next")}
	}
	return out
}

// beyond reports whether a list has no such page: the first is always there.
func beyond(total, n, here int) bool { return here > 1 && (here-1)*n >= total }
