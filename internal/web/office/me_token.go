package office

import (
	"net/http"
	"slices"
	"strings"

	"gongkai/internal/account/token"
	"gongkai/internal/actor"
	"gongkai/internal/web"
)

// usualDays is how long a token lasts if nobody says otherwise.
const usualDays = "90"

// meTokens lets the person make tokens by which other systems act in their name, and end them.
func (o *Office) meTokens(r *http.Request, p *mePage) error {
	if o.Tokens == nil || o.Items == nil {
		return nil
	}
	scopes, err := o.tokenScopes(r, p.Page)
	if err != nil {
		return err
	}
	if len(scopes) > 0 {
		s := o.meForm(r, p.Page, "token", p.T("me.token"), "token",
			Field{Name: "name", Label: p.T("me.token_name"), Required: true, Most: 60, Hint: p.T("me.token_name_hint")},
			Field{Name: "scope", Label: p.T("me.token_scope"), Kind: SelectField, Required: true, Choices: scopes},
			Field{Name: "days", Label: p.T("me.token_days"), Kind: NumberField, Half: true, Required: true, Value: usualDays, Least: "1", Top: "366", Unit: p.T("me.token_unit")},
			Field{Name: "submit", Label: p.T("me.token_may"), Kind: TicksField, Choices: o.tokenExtras(r, p.Page)})
		s.Note = p.T("me.token_note")
		p.Forms = append(p.Forms, s)
	}
	return o.meTokenList(r, p)
}

// tokenExtras are what a token may be made for beyond the usual, so far as the person may do it.
func (o *Office) tokenExtras(r *http.Request, p Page) []Choice {
	all := []Choice{{Value: "submit", Text: p.T("me.token_submit")}}
	if by := o.Actor(r); o.Requests != nil {
		if by.Somewhere(actor.FoiReveal) {
			all = append(all, Choice{Value: "reveal", Text: p.T("me.token_reveal")})
		}
		if by.Somewhere(actor.FoiLegal) || by.Somewhere(actor.FoiSecrecy) || by.Somewhere(actor.FoiApprove) {
			all = append(all, Choice{Value: "review", Text: p.T("me.token_review")})
		}
	}
	return all
}

// tokenScopes are what a token can be for: drafts of whole bodies and single sections, a body's
// requests, handing in what applicants ask of it.
func (o *Office) tokenScopes(r *http.Request, p Page) (all []Choice, err error) {
	by := o.Actor(r)
	mine, _ := by.Agencies(actor.ItemCreate)
	for _, b := range visitOf(r).Bodies {
		if !slices.Contains(mine, b.ID) {
			continue
		}
		if by.Can(actor.ItemCreate, actor.In(b.ID)) {
			all = append(all, Choice{Value: b.ID, Text: p.T("me.token_whole", "name", b.Name)})
		}
		homes, err := o.Items.Homes(r.Context(), by, actor.ItemCreate, b.ID)
		if err != nil {
			return nil, err
		}
		for _, h := range homes {
			all = append(all, Choice{Value: b.ID + ":" + h.ID, Text: b.Name + " / " + h.Title})
		}
	}
	return append(all, o.requestScopes(r, p)...), nil
}

func (o *Office) requestScopes(r *http.Request, p Page) (all []Choice) {
	if o.Requests == nil {
		return nil
	}
	by := o.Actor(r)
	for _, b := range visitOf(r).Bodies {
		if by.Can(actor.FoiView, actor.In(b.ID)) || by.Can(actor.FoiHandle, actor.In(b.ID)) {
			all = append(all, Choice{Value: b.ID + "::" + string(token.Requests), Text: p.T("me.token_requests", "name", b.Name)})
		}
		if by.Can(actor.FoiRegister, actor.In(b.ID)) {
			all = append(all, Choice{Value: b.ID + "::" + string(token.Intake), Text: p.T("me.token_intake", "name", b.Name)})
		}
	}
	return all
}

// meTokenList lists the tokens that can be used, to end one.
func (o *Office) meTokenList(r *http.Request, p *mePage) error {
	tokens, err := o.Tokens.List(r.Context(), o.Actor(r), o.Actor(r).ID)
	if err != nil {
		return err
	}
	var choices []Choice
	for _, t := range tokens {
		if !t.Live(o.Now()) {
			continue
		}
		note := p.T("me.token_is", "scope", t.Scope.Message()) + " " + p.T("me.token_life", "from", When(t.CreatedAt), "until", When(t.EndsAt))
		if !t.UsedAt.IsZero() {
			note += " " + p.T("me.token_used", "at", When(t.UsedAt), "from", t.UsedFrom)
		}
		choices = append(choices, Choice{Value: t.ID, Text: t.Name, Note: note})
	}
	if len(choices) > 0 {
		s := o.meForm(r, p.Page, "token-end", p.T("me.token_end"), "token/end", Field{Name: "id", Label: p.T("me.tokens"), Kind: RadioField, Required: true, Choices: choices})
		s.Form.Buttons[0].Tone = "danger"
		p.Forms = append(p.Forms, s)
	}
	return nil
}

// tokenPage shows a token's secret, once.
type tokenPage struct {
	Page
	Name, Secret, Next string
}

func (o *Office) newToken(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	where := strings.SplitN(f.Need("scope")+"::", ":", 4)
	may := f.List("submit")
	n := token.New{Name: f.Need("name"), Agency: where[0], Section: where[1], Scope: token.Scope(where[2]), Days: f.Int("days"),
		Submit: slices.Contains(may, "submit"), Reveal: slices.Contains(may, "reveal"), Review: slices.Contains(may, "review")}
	if err := f.Err(); err != nil {
		return o.meAgain(w, r, "token", err)
	}
	t, secret, err := o.Tokens.Create(r.Context(), o.Actor(r), n)
	if err != nil {
		return o.meAgain(w, r, "token", err)
	}
	v := &tokenPage{Page: o.page(r, printer(r).T("me.token_made")), Name: t.Name, Secret: secret, Next: o.path(r, "/office/me")}
	v.Crumb(v.T("me.title"), v.Next)
	return o.show(w, r, "token", v)
}

func (o *Office) endToken(w http.ResponseWriter, r *http.Request) error {
	return o.meDone(w, r, "token-end", o.Tokens.Revoke(r.Context(), o.Actor(r), web.ReadForm(r).Text("id")))
}
