package db

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"gongkai/internal/date"
)

// instant is how SQLite keeps a point of time: text that sorts, in UTC.
const instant = "2006-01-02T15:04:05.000000Z"

// stored is a value that has a form of its own in a column.
type stored interface {
	bind() (any, error)
	Scan(src any) error
}

// JSON is a column's value that holds v as JSON text. Nothing is ever looked up inside
// it: what is filtered by is a column.
func JSON(v any) any { return &document{v} }

type document struct{ v any }

func (d *document) bind() (any, error) {
	b, err := json.Marshal(d.v)
	if err != nil {
		return nil, fmt.Errorf("write a column's JSON: %w", err)
	}
	return string(b), nil
}

// Scan reads what bind wrote.
func (d *document) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(v), d.v)
	case []byte:
		return json.Unmarshal(v, d.v)
	}
	return fmt.Errorf("a column of JSON holds %T", src)
}

// dateColumn scans a civil day.
type dateColumn struct{ d *date.Date }

// Scan reads a day as either engine gives it.
func (c dateColumn) Scan(src any) (err error) {
	switch v := src.(type) {
	case nil:
		*c.d = date.Date{}
	case time.Time:
		*c.d = date.Of(v)
	case string:
		*c.d, err = date.Parse(v)
	case []byte:
		*c.d, err = date.Parse(string(v))
	default:
		err = fmt.Errorf("a column of days holds %T", src)
	}
	return err
}

// timeColumn scans a point of time.
type timeColumn struct{ t *time.Time }

// Scan reads an instant as either engine gives it.
func (c timeColumn) Scan(src any) (err error) {
	switch v := src.(type) {
	case nil:
		*c.t = time.Time{}
	case time.Time:
		*c.t = v.UTC()
	case string:
		*c.t, err = time.Parse(instant, v)
	case []byte:
		*c.t, err = time.Parse(instant, string(v))
	default:
		err = fmt.Errorf("a column of instants holds %T", src)
	}
	return err
}

// textColumn scans a string that may be NULL, which reads as "".
type textColumn struct{ s reflect.Value }

// Scan reads text.
func (c textColumn) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		c.s.SetString("")
	case string:
		c.s.SetString(v)
	case []byte:
		c.s.SetString(string(v))
	case time.Time:
		return fmt.Errorf("a column of text holds a time")
	default:
		c.s.SetString(fmt.Sprint(v))
	}
	return nil
}

// targets wraps the addresses whose values either engine gives in its own form.
func targets(dest []any) []any {
	all := make([]any, len(dest))
	for i, d := range dest {
		switch v := d.(type) {
		case *date.Date:
			all[i] = dateColumn{v}
		case *time.Time:
			all[i] = timeColumn{v}
		case stored, *[]byte:
			all[i] = v
		default:
			all[i] = d
			if e := reflect.ValueOf(d); e.Kind() == reflect.Pointer && e.Elem().Kind() == reflect.String {
				all[i] = textColumn{e.Elem()}
			}
		}
	}
	return all
}

// binds turns arguments into what both drivers take.
func binds(args []any) []any {
	all := make([]any, len(args))
	for i, a := range args {
		all[i] = bindOne(a)
	}
	return all
}

func bindOne(a any) any {
	switch v := a.(type) {
	case nil, string, int64, float64, bool, []byte:
		return v
	case date.Date:
		if v.IsZero() {
			return nil
		}
		return v.String()
	case time.Time:
		if v.IsZero() {
			return nil
		}
		return v.UTC().Format(instant)
	case *document:
		b, err := v.bind()
		if err != nil {
			return failed{err}
		}
		return b
	}
	switch v := reflect.ValueOf(a); v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Bool:
		return v.Bool()
	case reflect.Float32, reflect.Float64:
		return v.Float()
	}
	return failed{fmt.Errorf("a statement cannot take a %T", a)}
}

// failed makes the driver refuse a statement with err: it is no value any driver takes,
// and says why as a Valuer.
type failed struct{ err error }

// pointee returns what a column's pointer points at, or the document it is.
func pointee(ptr any) any {
	if d, ok := ptr.(*document); ok {
		return d
	}
	v := reflect.ValueOf(ptr)
	if v.Kind() != reflect.Pointer {
		return failed{fmt.Errorf("a column needs an address, not a %T", ptr)}
	}
	return v.Elem().Interface()
}
