// Package fault holds the errors a user can act on (业务错误): what kind, which message, at
// which field, on what legal ground. Everything else is an internal error, logged and
// never shown.
package fault

import (
	"errors"
	"maps"

	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Kind says what a face does with an error.
type Kind string

// The kinds. Internal is that of every error which is no fault.
const (
	Invalid   Kind = "invalid"   // the input must be changed: 422, exit code 2
	NotFound  Kind = "not_found" // 404
	Forbidden Kind = "forbidden" // 403
	Conflict  Kind = "conflict"  // someone else changed it first: 409
	TooLarge  Kind = "too_large" // 413
	Missing   Kind = "missing"   // a program or font the server lacks: 501
	Halted    Kind = "halted"    // the machine refuses for now, its administrator can help: 503
	Internal  Kind = "internal"  // 500
)

// Error is declared once as a value and compared by its code with errors.Is.
type Error struct {
	Kind  Kind
	Code  string // key of the message in the catalogues
	Field string // form field or file the error belongs to, if any
	Cite  statute.Ref
	Args  map[string]any
	Cause error // for the log, never shown
}

// Error returns the message in Chinese, the language of the users.
func (e *Error) Error() string { return i18n.To(i18n.Chinese).Text(e.Message()) }

// Message returns the message with its values.
func (e *Error) Message() i18n.Message { return i18n.Message{Key: e.Code, Args: e.Args} }

// Is reports whether target is a fault of the same code.
func (e *Error) Is(target error) bool {
	var t *Error
	return errors.As(target, &t) && t.Code == e.Code
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// With returns a copy of e in which the message's {name} is value.
func (e *Error) With(name string, value any) *Error {
	c := *e
	c.Args = maps.Clone(e.Args)
	if c.Args == nil {
		c.Args = map[string]any{}
	}
	c.Args[name] = value
	return &c
}

// At returns a copy of e that belongs to a field or file.
func (e *Error) At(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// Because returns a copy of e that remembers its cause.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// KindOf returns the kind of err: Internal for an error that is no fault, "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// MessageOf returns what a user may read of err, and false if it is internal.
func MessageOf(err error) (i18n.Message, bool) {
	var e *Error
	if errors.As(err, &e) {
		return e.Message(), true
	}
	return i18n.Message{}, false
}
