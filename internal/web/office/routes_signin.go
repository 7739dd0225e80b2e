package office

import (
	"context"
	"errors"
	"net/http"

	"gongkai/internal/account"
)

// signinRoutes are coming and going.
func (o *Office) signinRoutes(rt *router) {
	if o.People == nil {
		return
	}
	rt.Open("GET /office/sign-in", o.showSignIn)
	rt.Open("POST /office/sign-in", o.signIn)
	rt.Open("GET /office/sign-in/step", o.showStep)
	rt.Open("POST /office/sign-in/step", o.takeStep)
	rt.Open("POST /office/sign-in/passkey/begin", o.askPasskey)
	rt.Open("POST /office/sign-in/passkey/finish", o.takePasskey)
	rt.Open("POST /office/sign-out", o.signOut)
}

// peopleSessions finds sessions among the people of an installation.
type peopleSessions struct{ people *account.Registry }

// Session returns who holds the secret.
func (s peopleSessions) Session(ctx context.Context, secret, remote string) (Session, error) {
	v, err := s.people.Visit(ctx, secret, remote)
	if errors.Is(err, account.ErrSignedOut) {
		return Session{}, ErrSignedOut
	}
	if err != nil {
		return Session{}, err
	}
	session := Session{Actor: v.Actor, ID: v.Session}
	for _, b := range v.Bodies {
		session.Bodies = append(session.Bodies, Body(b))
	}
	return session, nil
}

// fromOf is where a request comes from.
func fromOf(r *http.Request) account.From {
	return account.From{Remote: remoteOf(r), Agent: r.UserAgent()}
}
