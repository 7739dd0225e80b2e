package agency

import (
	"net/mail"
	"regexp"
	"strings"
)

// phoneForm is a number as offices print it: 0710-1234567, 010-12345678 转 8001, 12345; also
// several, one after the other.
var phoneForm = regexp.MustCompile(`^[0-9+()（）\-—－ 转、，,;；/]{3,60}$`)

func (c *Contact) fields() map[string]*string {
	return map[string]*string{
		"office": &c.Office, "address": &c.Address, "hours": &c.Hours, "phone": &c.Phone, "fax": &c.Fax,
		"online": &c.Online, "email": &c.Email, "postcode": &c.Postcode,
	}
}

func (c *Contact) tidy() {
	for _, f := range c.fields() {
		*f = strings.TrimSpace(*f)
	}
}

// mostContact is more characters than any field of a card needs.
const mostContact = 300

// check refuses what cannot be a card: one of the fields that article 12 asks for is empty,
// but for the fax, which an office may not have and then says so (无).
func (c *Contact) check() error {
	for name, f := range c.fields() {
		if len([]rune(*f)) > mostContact {
			return ErrContact.At(name)
		}
	}
	for _, f := range []struct{ name, value string }{
		{"office", c.Office}, {"address", c.Address}, {"hours", c.Hours}, {"phone", c.Phone}, {"fax", c.Fax}, {"online", c.Online},
	} {
		if f.value == "" {
			return ErrContact.At(f.name)
		}
	}
	if !phoneForm.MatchString(c.Phone) {
		return ErrContactPhone
	}
	if c.Fax != "无" && !phoneForm.MatchString(c.Fax) {
		return ErrContactPhone.At("fax")
	}
	if c.Postcode != "" && !digits(c.Postcode, 6) {
		return ErrContactPost
	}
	if c.Email != "" {
		if a, err := mail.ParseAddress(c.Email); err != nil || a.Address != c.Email {
			return ErrContactMail
		}
	}
	return nil
}

// changed lists the fields that differ, with both values.
func (c *Contact) changed(old Contact) map[string][2]string {
	all := map[string][2]string{}
	was := old.fields()
	for name, now := range c.fields() {
		if *was[name] != *now {
			all[name] = [2]string{*was[name], *now}
		}
	}
	return all
}
