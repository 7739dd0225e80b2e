package office

import "gongkai/internal/web"

// Tool is a link beside a page's heading.
type Tool struct {
	Text, Href string
	Main       bool // the one most come for
	New        bool // makes something new: the key n
}

// ListPage is a page whose matter is a list: show it as "list".
type ListPage struct {
	Page
	Lead  string
	Tools []Tool
	Tabs  *Tabs
	Stats []Stat
	List  *List
	Forms []Section // under the list
}

// FormPage is a page whose matter is a form: show it as "form".
type FormPage struct {
	Page
	Lead  string
	Tools []Tool
	Tabs  *Tabs
	Form  *Form
	Side  []Card // what helps to fill it in
}

// RecordPage is a page about one thing: what is known of it, what happened to it and what
// can be done with it: show it as "record".
type RecordPage struct {
	Page
	State    *Badge
	Lead     string
	Tools    []Tool
	Tabs     *Tabs
	Cards    []Card
	Lists    []*List
	Forms    []Section
	Side     []Card
	Timeline []Event
}

// Section is a form under a heading of its own.
type Section struct {
	ID, Title, Note string
	Form            *Form
	Folded          bool // shown on demand
}

// Open reports whether a folded section must be open: something in it is wrong.
func (s Section) Open() bool { return s.Form.Problem != "" || len(s.Form.Wrong) > 0 }

// back is the link that leaves a form unsaved.
func (p *Page) back(href string) web.Link { return web.Link{Text: p.T("office.form.back"), Href: href} }
