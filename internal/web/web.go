// Package web is the floor every browser face stands on: handlers that return errors, one
// mapping from faults to statuses, the page frame, security headers, languages in paths
// and the assets it serves itself. It decides nothing about the domain.
package web

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"gongkai/internal/fault"
)

// Handler answers a request or returns why it could not. Whatever it returns is shown once,
// by the Server it was registered with.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Failure is an error as its page shows it.
type Failure struct {
	Status int
	Err    *fault.Error // what the user may read
	Ref    string       // reference of an internal error, to find it in the log; "" for a fault
}

// ErrInternal is what users read of an error that is none of theirs.
var ErrInternal = &fault.Error{Kind: fault.Internal, Code: "web.internal"}

// ErrForeign refuses a form sent from another site.
var ErrForeign = &fault.Error{Kind: fault.Forbidden, Code: "web.foreign"}

// ErrNoPage says that an address leads nowhere.
var ErrNoPage = &fault.Error{Kind: fault.NotFound, Code: "web.no_page"}

// Server turns Handlers into http.Handlers.
type Server struct {
	Log  *slog.Logger
	Show func(w http.ResponseWriter, r *http.Request, f Failure) // writes the error page
}

// Handle runs h and shows what it returns. A panic is an internal error.
func (s Server) Handle(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == http.ErrAbortHandler {
				panic(p)
			}
			if p != nil {
				s.fail(w, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		defer forget(r)
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// forget removes what an upload left on disk while it was read. net/http does so for the
// request it made itself only, and handlers get a copy of it: language and visitor are added.
func forget(r *http.Request) {
	if r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll() // what is gone already needs no removing
	}
}

// fail shows err. Internal errors are logged with the route, never with the path: paths
// name desks. Faults are the user's business and not logged, but for those that only who
// runs the server can end.
func (s Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	var e *fault.Error
	if errors.As(err, &e) {
		if e.Kind == fault.Halted {
			s.Log.Error("the machine refuses", "route", r.Pattern, "fault", e.Code, "err", e.Cause)
		}
		s.Show(w, r, Failure{Status: Status(e.Kind), Err: e})
		return
	}
	if r.Context().Err() != nil {
		return // the browser has gone; nobody reads an answer
	}
	ref := rand.Text()[:10]
	s.Log.Error("request failed", "ref", ref, "route", r.Pattern, "err", err)
	s.Show(w, r, Failure{Status: http.StatusInternalServerError, Err: ErrInternal.With("ref", ref), Ref: ref})
}

// Status returns the HTTP status of a kind of fault.
func Status(k fault.Kind) int {
	switch k {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Conflict:
		return http.StatusConflict
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Missing:
		return http.StatusNotImplemented
	case fault.Halted:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
