package office

import (
	"encoding/json"
	"net/http"

	"gongkai/internal/account"
	"gongkai/internal/fault"
	"gongkai/internal/web"
)

// What the script of passkeys sends and is sent.
type (
	passkeyAsked struct {
		Options json.RawMessage `json:"options"`
	}
	passkeyShown struct {
		Credential json.RawMessage `json:"credential"`
		Name       string          `json:"name"`
		Next       string          `json:"next"`
		Password   string          `json:"password"`
	}
	passkeyDone struct {
		Next  string   `json:"next"`
		Codes []string `json:"codes,omitempty"` // recovery codes, shown this once
	}
)

func sendJSON(w http.ResponseWriter, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(b) // the browser may leave at any time
	return nil
}

func readShown(r *http.Request) (s passkeyShown, err error) {
	if err := json.NewDecoder(r.Body).Decode(&s); err != nil {
		return s, web.ErrUnreadable.Because(err)
	}
	return s, nil
}

// askPasskey begins showing a passkey: of anybody, or of who has shown a password already.
func (o *Office) askPasskey(w http.ResponseWriter, r *http.Request) error {
	secret := attemptOf(r)
	options, next, err := o.People.AskPasskey(r.Context(), secret)
	if secret != "" && fault.KindOf(err) == fault.Conflict {
		options, next, err = o.People.AskPasskey(r.Context(), "")
	}
	if err != nil {
		return err
	}
	o.setCookie(w, r, attemptCookie, next, passkeyAge)
	return sendJSON(w, passkeyAsked{options})
}

// passkeyAge is how many seconds a browser keeps what it was asked.
const passkeyAge = 600

func (o *Office) takePasskey(w http.ResponseWriter, r *http.Request) error {
	shown, err := readShown(r)
	if err != nil {
		return err
	}
	step, err := o.People.ShowPasskey(r.Context(), attemptOf(r), shown.Credential, fromOf(r))
	if err != nil {
		return err
	}
	next := o.safeNext(r, shown.Next)
	if step.Stage != account.StageDone {
		o.setCookie(w, r, attemptCookie, step.Secret, int(step.Lasts.Seconds()))
		return sendJSON(w, passkeyDone{Next: o.path(r, "/office/sign-in/step") + "?next=" + escapeQuery(next)})
	}
	o.setCookie(w, r, attemptCookie, "", -1)
	o.SignIn(w, r, step.Secret)
	return sendJSON(w, passkeyDone{Next: next})
}
