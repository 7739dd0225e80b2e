package office

import (
	"net/http"
	"strings"

	"gongkai/internal/disclosure"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

// interpretsGroup asks which documents an interpretation explains, R-NRM-31: each page then
// leads to the other.
func (o *Office) interpretsGroup(r *http.Request, p i18n.Printer, ids []string) (Group, error) {
	all, err := o.Items.Named(r.Context(), ids)
	if err != nil {
		return Group{}, err
	}
	var lines []string
	for _, n := range all {
		lines = append(lines, n.String())
	}
	return Group{Legend: p.T("item.group.interprets"), Fields: []Field{{
		Name: "interprets", Label: p.T("item.field.interprets"), Kind: LongField, Rows: 2, Value: strings.Join(lines, "\n"), Lang: "zh-CN",
		Hint: p.T("item.hint.interprets"), Help: HelpOn(p, "item.help.interprets", statute.Interpretation2016.Whole("")),
	}}}, nil
}

// readInterprets finds the documents a form names, one a line. While a person is still
// writing a line, what was kept before stays.
func (o *Office) readInterprets(r *http.Request, f *web.Form, agency string, c *disclosure.Content) error {
	if !f.Has("interprets") {
		return nil
	}
	ids := []string{}
	for _, name := range splitLines(f.Text("interprets")) {
		n, err := o.Items.Find(r.Context(), o.Actor(r), agency, name)
		switch {
		case err == nil:
			ids = append(ids, n.Item)
		case fault.KindOf(err) == fault.Invalid && strings.HasSuffix(r.URL.Path, "/autosave"):
			return nil
		default:
			return err
		}
	}
	c.Interprets = ids
	return nil
}

// itemNamed finds the item a form of the registers names, "" for none.
func (o *Office) itemNamed(r *http.Request, f *web.Form) (string, error) {
	name := f.Text("item")
	if name == "" || o.Items == nil {
		return name, nil
	}
	n, err := o.Items.Find(r.Context(), o.Actor(r), o.Body(r), name)
	if fault.KindOf(err) == fault.Invalid && err != nil {
		return "", disclosure.ErrNamed.At("item").With("name", name)
	}
	if err != nil {
		return "", err
	}
	return n.Item, nil
}

// successorNamed finds the document a form names as the one in another's place, "" for none.
func (o *Office) successorNamed(r *http.Request, f *web.Form) (string, error) {
	name := f.Text("successor")
	if name == "" {
		return "", nil
	}
	return o.Normative.Find(r.Context(), o.Actor(r), o.Body(r), name)
}
