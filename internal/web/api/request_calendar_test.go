package api

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// A calendar program gives the token as a password; it is told numbers, titles and days, and nothing
// of any applicant.
func TestTheCalendarOfDeadlines(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := recruit(t, d)
		made, _ := x.registered()
		ask := func(secret string) (int, http.Header, string) {
			var head []string
			if secret != "" {
				head = []string{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte("calendar:"+secret))}
			}
			w := x.ask(http.MethodGet, Root+"/requests/calendar.ics", nil, head...)
			return w.Code, w.Header(), w.Body.String()
		}
		code, head, body := ask(x.secrets["officer"])
		for _, want := range []string{"BEGIN:VCALENDAR", "BEGIN:VEVENT", made.Request.No, "BEGIN:VALARM"} {
			if !strings.Contains(body, want) {
				t.Errorf("%d: no %s in %s", code, want, body)
			}
		}
		if head.Get("Cache-Control") != "no-store" || strings.Contains(body, "某某") {
			t.Errorf("kept by others, or it tells of the applicant: %v %s", head, body)
		}
		if _, _, idle := ask(x.secrets["idle"]); strings.Contains(idle, made.Request.No) {
			t.Error("a handler sees the deadlines of requests that are not his")
		}
		if code, head, _ := ask(""); code != http.StatusUnauthorized || !strings.HasPrefix(head.Get("WWW-Authenticate"), "Basic") {
			t.Errorf("without a token: %d %v", code, head)
		}
		if code, _, _ := ask("gongkai_none"); code != http.StatusUnauthorized {
			t.Errorf("with a wrong token: %d", code)
		}
	})
}
