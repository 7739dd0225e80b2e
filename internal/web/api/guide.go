package api

import (
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// Guide is what can be asked, in a language, for the page that explains it.
func Guide(l i18n.Lang) (all []web.Operation) {
	p := i18n.To(l)
	for _, o := range operations {
		one := web.Operation{Group: p.T(o.Group), Method: o.Method, Path: Root + o.Path, About: p.T(o.About), Token: o.Token}
		for _, q := range o.Params {
			one.Parameters = append(one.Parameters, web.Parameter{Name: q.Name, About: p.T(q.About), Required: q.Required, Choices: q.Choices})
		}
		all = append(all, one)
	}
	return all
}
