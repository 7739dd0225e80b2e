package reckon

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"gongkai/internal/date"
	"gongkai/internal/fault"
)

// What is wrong with the JSON of a case.
var (
	ErrUnreadable = &fault.Error{Kind: fault.Invalid, Code: "reckon.json.unreadable"}
	errDeep       = &fault.Error{Kind: fault.Invalid, Code: "reckon.json.deep"}
	errUnknown    = &fault.Error{Kind: fault.Invalid, Code: "reckon.json.unknown"}
	errTwice      = &fault.Error{Kind: fault.Invalid, Code: "reckon.json.twice"}
	errShape      = &fault.Error{Kind: fault.Invalid, Code: "reckon.json.shape"}
	errDate       = &fault.Error{Kind: fault.Invalid, Code: "reckon.json.date"}
	errNumber     = &fault.Error{Kind: fault.Invalid, Code: "reckon.json.number"}
)

// Read reads a case from JSON, as docs/clock.md describes it, and checks it. A key it does not
// know is a fault: a misspelt one would silently change the date.
func Read(text []byte) (Case, []*fault.Error) {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	dec.UseNumber()
	r := &reader{dec: dec}
	tree, err := r.value("")
	if err == nil {
		if _, more := dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("text after the object")
		}
	}
	if errors.Is(err, errDeep) {
		return Case{}, []*fault.Error{errDeep}
	}
	if err != nil {
		return Case{}, []*fault.Error{ErrUnreadable.Because(err)}
	}
	c := r.theCase(tree)
	if len(r.faults) > 0 {
		return c, r.faults
	}
	return c, c.Check()
}

// reader turns JSON into a Case and remembers each fault with the path to it.
type reader struct {
	dec    *json.Decoder
	depth  int
	faults []*fault.Error
}

// deepest bounds the nesting, of which a case has three levels.
const deepest = 8

func (r *reader) add(path string, f *fault.Error) {
	r.faults = append(r.faults, f.At(path).With("field", path))
}

// value reads one JSON value: a map, a list, or a scalar as the decoder gives it.
func (r *reader) value(path string) (any, error) {
	token, err := r.dec.Token()
	if err != nil {
		return nil, err
	}
	r.depth++
	defer func() { r.depth-- }()
	switch {
	case r.depth > deepest:
		return nil, errDeep
	case token == json.Delim('{'):
		return r.object(path)
	case token == json.Delim('['):
		return r.list(path)
	}
	return token, nil
}

func (r *reader) object(path string) (map[string]any, error) {
	all := map[string]any{}
	for r.dec.More() {
		key, err := r.dec.Token()
		if err != nil {
			return nil, err
		}
		name := key.(string)
		at := join(path, name)
		if _, twice := all[name]; twice {
			r.add(at, errTwice)
		}
		if all[name], err = r.value(at); err != nil {
			return nil, err
		}
	}
	_, err := r.dec.Token()
	return all, err
}

func (r *reader) list(path string) ([]any, error) {
	all := []any{}
	for r.dec.More() {
		v, err := r.value(fmt.Sprintf("%s[%d]", path, len(all)))
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	_, err := r.dec.Token()
	return all, err
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// theCase takes the tree apart.
func (r *reader) theCase(tree any) Case {
	o, ok := r.fields(tree, "", "received", "channel", "correction", "consultations", "extension", "fee", "later", "done", "today")
	if !ok {
		return Case{}
	}
	c := Case{Received: o.date("received"), Channel: Channel(o.text("channel")), Later: o.date("later"), Done: o.date("done"), Today: o.date("today")}
	if k, ok := o.object("correction", "notified", "due", "corrected"); ok {
		c.Correction = &Correction{k.date("notified"), k.date("due"), k.date("corrected")}
	}
	for _, k := range o.objects("consultations", "sent", "received", "replied", "kind") {
		c.Consultations = append(c.Consultations, Consultation{k.date("sent"), k.date("received"), k.date("replied"), Kind(k.text("kind"))})
	}
	if k, ok := o.object("extension", "days", "approved", "notified"); ok {
		c.Extension = &Extension{k.number("days"), k.date("approved"), k.date("notified")}
	}
	if k, ok := o.object("fee", "notified", "paid"); ok {
		c.Fee = &Fee{k.date("notified"), k.date("paid")}
	}
	return c
}

// fields is a JSON object and where it stands.
type fields struct {
	r    *reader
	path string
	all  map[string]any
}

// fields wants v to be an object that has no other keys than those known.
func (r *reader) fields(v any, path string, known ...string) (fields, bool) {
	all, ok := v.(map[string]any)
	if !ok {
		r.add(path, errShape)
		return fields{}, false
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !slices.Contains(known, name) {
			r.add(join(path, name), errUnknown.With("known", known))
		}
	}
	return fields{r, path, all}, true
}

func (f fields) object(name string, known ...string) (fields, bool) {
	if f.all[name] == nil {
		return fields{}, false
	}
	return f.r.fields(f.all[name], join(f.path, name), known...)
}

func (f fields) objects(name string, known ...string) []fields {
	if f.all[name] == nil {
		return nil
	}
	list, ok := f.all[name].([]any)
	if !ok {
		f.r.add(join(f.path, name), errShape)
	}
	var all []fields
	for i, v := range list {
		if o, ok := f.r.fields(v, fmt.Sprintf("%s[%d]", join(f.path, name), i), known...); ok {
			all = append(all, o)
		}
	}
	return all
}

// date reads a date; null and "" are none.
func (f fields) date(name string) date.Date {
	text := f.text(name)
	if text == "" {
		return date.Date{}
	}
	d, err := date.Parse(text)
	if err != nil {
		f.r.add(join(f.path, name), errDate.With("value", text))
	}
	return d
}

func (f fields) text(name string) string {
	switch v := f.all[name].(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(v)
	}
	f.r.add(join(f.path, name), errShape)
	return ""
}

func (f fields) number(name string) int {
	switch v := f.all[name].(type) {
	case nil:
		f.r.add(join(f.path, name), errRequired)
	case json.Number:
		if n, err := v.Int64(); err == nil && int64(int32(n)) == n {
			return int(n)
		}
		f.r.add(join(f.path, name), errNumber.With("value", v.String()))
	default:
		f.r.add(join(f.path, name), errShape)
	}
	return 0
}
