package sms

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"gongkai/internal/date"
)

// Aliyun sends through 阿里云短信服务 (dysmsapi, version 2017-05-25), signing each request as its
// documentation says (V3版本请求体与签名机制, ACS3-HMAC-SHA256).
type Aliyun struct {
	base      string // scheme and host
	host      string
	id        string
	secret    string
	sign      string
	templates map[Template]string
	now       func() time.Time
	client    *http.Client
}

// NewAliyun returns the provider at an address such as "aliyun://KEY-ID@dysmsapi.aliyuncs.com", or
// nil when it is "". The key's secret stands in a file; sign is the registered signature, templates
// the registered texts.
func NewAliyun(address, secretFile, sign string, templates map[string]string, now func() time.Time) (*Aliyun, error) {
	if address == "" {
		return nil, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("read the address of the provider of short messages: %w", err)
	}
	text, err := os.ReadFile(secretFile)
	if err != nil {
		return nil, fmt.Errorf("read the secret for short messages: %w", err)
	}
	a := &Aliyun{base: "https://" + u.Host, host: u.Host, id: u.User.Username(), secret: strings.TrimSpace(string(text)), sign: sign,
		templates: map[Template]string{}, now: now}
	for name, code := range templates {
		a.templates[Template(name)] = code
	}
	a.client = &http.Client{Timeout: 20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: 10 * time.Second}).DialContext, MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute}}
	return a, nil
}

// Can reports whether a text is registered for the template.
func (a *Aliyun) Can(t Template) bool { return a.templates[t] != "" }

// answer is what the provider says. Its words are left out: they may repeat the number.
type answer struct {
	Code    string
	BizId   string // as the provider spells it
	Details struct {
		All []struct {
			SendStatus int
			ErrCode    string
		} `json:"SmsSendDetailDTO"`
	} `json:"SmsSendDetailDTOs"`
}

// Send hands a message over.
func (a *Aliyun) Send(ctx context.Context, o Outgoing) (string, error) {
	params, err := json.Marshal(o.Params)
	if err != nil {
		return "", fmt.Errorf("write a short message: %w", err)
	}
	got, err := a.call(ctx, "SendSms", url.Values{"PhoneNumbers": {o.To}, "SignName": {a.sign}, "TemplateCode": {a.templates[o.Template]},
		"TemplateParam": {string(params)}, "OutId": {o.ID}})
	if err != nil {
		return "", err
	}
	return got.BizId, nil
}

// Report asks what became of a message.
func (a *Aliyun) Report(ctx context.Context, ticket, to string, sent time.Time) (Report, error) {
	got, err := a.call(ctx, "QuerySendDetails", url.Values{"PhoneNumber": {to}, "BizId": {ticket}, "SendDate": {sent.In(date.China).Format("20060102")},
		"PageSize": {"1"}, "CurrentPage": {"1"}})
	if err != nil {
		return Report{}, err
	}
	if len(got.Details.All) == 0 {
		return Report{State: Sent}, nil
	}
	switch one := got.Details.All[0]; one.SendStatus { // 1 等待回执, 2 发送失败, 3 发送成功
	case 3:
		return Report{State: Delivered}, nil
	case 2:
		return Report{State: Failed, Code: code(one.ErrCode)}, nil
	}
	return Report{State: Sent}, nil
}

// final are the codes that no further attempt changes: it is about this number or these values.
var final = []string{"isv.MOBILE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT", "isv.BLACK_KEY_CONTROL_LIMIT", "isv.PARAM_LENGTH_LIMIT",
	"isv.PARAM_NOT_SUPPORT_URL", "isv.TEMPLATE_MISSING_PARAMETERS", "isv.INVALID_PARAMETERS", "isv.INVALID_JSON_PARAM", "isv.TEMPLATE_PARAMS_ILLEGAL"}

// refusal reads a code other than OK.
func refusal(c string) error {
	r := &Refusal{Code: code(c)}
	switch {
	case slices.Contains(final, c):
		r.Final = true
	case c == "isv.BUSINESS_LIMIT_CONTROL", c == "isv.DAY_LIMIT_CONTROL":
		r.Wait = time.Hour
	}
	return r
}

// code leaves of a code what one looks like.
func code(c string) string {
	c = strings.Map(func(r rune) rune {
		if r < 128 && (r == '.' || r == '_' || r == ':' || r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z') {
			return r
		}
		return -1
	}, c)
	return c[:min(len(c), 60)]
}

// mostAnswer bounds what is read of an answer.
const mostAnswer = 64 << 10

// call makes one request.
func (a *Aliyun) call(ctx context.Context, action string, values url.Values) (*answer, error) {
	r, err := a.request(ctx, action, values, rand.Text())
	if err != nil {
		return nil, err
	}
	res, err := a.client.Do(r)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) { // its text has the address, and in it the number
			err = u.Err
		}
		return nil, fmt.Errorf("reach the provider of short messages: %w", err)
	}
	defer res.Body.Close()
	var got answer
	if err := json.NewDecoder(io.LimitReader(res.Body, mostAnswer)).Decode(&got); err != nil {
		return nil, fmt.Errorf("read the provider's answer: HTTP %d", res.StatusCode)
	}
	if got.Code != "OK" {
		return nil, refusal(got.Code)
	}
	return &got, nil
}

// version is that of the provider's interface.
const version = "2017-05-25"

// request writes a signed request.
func (a *Aliyun) request(ctx context.Context, action string, values url.Values, nonce string) (*http.Request, error) {
	query := escape(values)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base+"/?"+query, http.NoBody)
	if err != nil {
		return nil, errors.New("the address of the provider of short messages cannot be used")
	}
	head := map[string]string{"host": a.host, "x-acs-action": action, "x-acs-version": version, "x-acs-date": a.now().UTC().Format("2006-01-02T15:04:05Z"),
		"x-acs-signature-nonce": nonce, "x-acs-content-sha256": hashed("")}
	for name, value := range head {
		r.Header.Set(name, value)
	}
	r.Header.Del("host")
	r.Host = a.host
	r.Header.Set("Authorization", a.authorize(head, query))
	return r, nil
}

// authorize signs the canonical form of a request without a body.
func (a *Aliyun) authorize(head map[string]string, query string) string {
	var names []string
	for name := range head {
		names = append(names, name)
	}
	slices.Sort(names)
	var lines strings.Builder
	for _, name := range names {
		lines.WriteString(name + ":" + head[name] + "\n")
	}
	signed := strings.Join(names, ";")
	canonical := "POST\n/\n" + query + "\n" + lines.String() + "\n" + signed + "\n" + hashed("")
	mac := hmac.New(sha256.New, []byte(a.secret))
	mac.Write([]byte("ACS3-HMAC-SHA256\n" + hashed(canonical)))
	return "ACS3-HMAC-SHA256 Credential=" + a.id + ",SignedHeaders=" + signed + ",Signature=" + hex.EncodeToString(mac.Sum(nil))
}

func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// escape writes values in the order of their names, escaped as RFC 3986 says: a space is %20.
func escape(values url.Values) string {
	return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(values.Encode())
}
