package reckon

import (
	"slices"
	"testing"

	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/workday"
)

func on(t testing.TB, s string) date.Date {
	t.Helper()
	if s == "" {
		return date.Date{}
	}
	d, err := date.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// read reads a case that must be in order.
func read(t testing.TB, text string) Case {
	t.Helper()
	c, faults := Read([]byte(text))
	if len(faults) > 0 {
		t.Fatalf("%s: %v", text, faults)
	}
	return c
}

// Every example of the specification, as it stands there; counted by hand on the notices of
// 2025 and 2026.
func TestTheExamples(t *testing.T) {
	tests := []struct{ rule, text, start, due string }{
		{"R-DL-03: 20 days over 春节 with two make-up Saturdays", `{"received": "2026-01-28"}`, "2026-01-28", "2026-03-03"},
		{"R-DL-04: received on a make-up Saturday", `{"received": "2026-02-14"}`, "2026-02-14", "2026-03-20"},
		{"R-DL-05: received on a Sunday", `{"received": "2026-03-08"}`, "2026-03-08", "2026-04-03"},
		{"R-DL-06: over 中秋 and 国庆", `{"received": "2026-09-18"}`, "2026-09-18", "2026-10-22"},
		{"R-DL-06: the Monday after the make-up Sunday", `{"received": "2026-09-21"}`, "2026-09-21", "2026-10-26"},
		{"R-DL-07, R-DL-08: notice on the 7th day, corrected", `{"received": "2026-03-02", "correction": {"notified": "2026-03-11", "corrected": "2026-03-20"}}`, "2026-03-20", "2026-04-20"},
		{"R-DL-08: only the day of the corrected request is known", `{"received": "2026-03-02", "correction": {"corrected": "2026-03-20"}}`, "2026-03-20", "2026-04-20"},
		{"R-DL-09: before any consultation", `{"received": "2026-04-01"}`, "2026-04-01", "2026-04-30"},
		{"R-DL-09: one consultation of 14 days", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "replied": "2026-04-30"}]}`, "2026-04-01", "2026-05-22"},
		{"R-DL-10: two that overlap count once", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "replied": "2026-04-24"}, {"sent": "2026-04-20", "replied": "2026-05-08"}]}`, "2026-04-01", "2026-05-27"},
		{"R-DL-11: a silent third party", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "received": "2026-04-14"}]}`, "2026-04-01", "2026-05-27"},
		{"R-DL-12: extended by 10", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "replied": "2026-04-30"}], "extension": {"days": 10, "approved": "2026-05-20", "notified": "2026-05-22"}}`, "2026-04-01", "2026-06-05"},
		{"R-DL-12: extended by 20, over 端午", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "replied": "2026-04-30"}], "extension": {"days": 20, "approved": "2026-05-20", "notified": "2026-05-22"}}`, "2026-04-01", "2026-06-22"},
		{"R-DL-16: over the year's end", `{"received": "2025-12-10"}`, "2025-12-10", "2026-01-08"},
		{"R-FEE-07: anew after payment", `{"received": "2026-06-15", "fee": {"notified": "2026-06-30", "paid": "2026-07-10"}}`, "2026-07-10", "2026-08-07"},
	}
	for _, tt := range tests {
		got := Reckon(workday.Embedded(), read(t, tt.text), Policy{})
		if got.Due.String() != tt.due || got.Start.String() != tt.start || !got.Certain {
			t.Errorf("%s: from %s due %s (certain %v), want from %s due %s", tt.rule, got.Start, got.Due, got.Certain, tt.start, tt.due)
		}
	}
}

// What has effect and what has none, at each limit and on both sides of it. All dates were
// counted by hand on the notices of 2025 and 2026.
func TestConditions(t *testing.T) {
	tests := []struct {
		name, text, due string
		state           State
		overdue         bool
		faults          []string
	}{
		{"条例第三十条 R-DL-07: notice one day late", `{"received": "2026-03-02", "correction": {"notified": "2026-03-12", "corrected": "2026-03-20"}, "today": "2026-03-30"}`,
			"2026-03-30", Running, false, []string{"reckon.late_notice"}},
		{"the day after that due date", `{"received": "2026-03-02", "correction": {"notified": "2026-03-12", "corrected": "2026-03-20"}, "today": "2026-03-31"}`,
			"2026-03-30", Running, true, []string{"reckon.late_notice"}},
		{"R-REQ-07: waiting for the correction", `{"received": "2026-03-02", "correction": {"notified": "2026-03-11"}, "today": "2026-05-20"}`, "2026-03-30", AwaitCorrection, false, nil},
		{"R-REQ-07: on the last day of the period given", `{"received": "2026-03-02", "correction": {"notified": "2026-03-11", "due": "2026-03-25"}, "today": "2026-03-25"}`, "2026-03-30", AwaitCorrection, false, nil},
		{"R-REQ-07: the day after", `{"received": "2026-03-02", "correction": {"notified": "2026-03-11", "due": "2026-03-25"}, "today": "2026-03-26"}`, "2026-03-30", NotCorrected, false, nil},
		{"no day of the notice", `{"received": "2026-03-02", "correction": {"corrected": "2026-03-20"}, "today": "2026-03-20"}`, "2026-04-20", Running, false, []string{"reckon.no_notice"}},
		{"条例第三十三条第三款: not answered, not known when it arrived: until today", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10"}], "today": "2026-04-15"}`, "2026-05-08", Running, false, nil},
		{"sent on the last day", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-30", "replied": "2026-05-08"}], "today": "2026-05-08"}`, "2026-05-08", Running, false, nil},
		{"sent the day after the last day", `{"received": "2026-04-01", "consultations": [{"sent": "2026-05-01", "replied": "2026-05-08"}], "today": "2026-05-08"}`, "2026-04-30", Running, true, []string{"reckon.late_consultation"}},
		{"answered on the 15th day", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "received": "2026-04-14", "replied": "2026-05-08"}]}`, "2026-05-27", Running, false, nil},
		{"条例第三十二条: answered after the 15th day", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "received": "2026-04-14", "replied": "2026-05-20"}]}`, "2026-06-09", Running, false, []string{"reckon.late_reply_counts"}},
		{"R-DL-13 条例第三十四条: another organ, silent", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "received": "2026-04-14", "kind": "organ"}]}`, "2026-05-27", Running, false, nil},
		{"a consultation before the corrected request came counts only from then on", `{"received": "2026-03-02", "correction": {"notified": "2026-03-11", "corrected": "2026-03-20"}, "consultations": [{"sent": "2026-03-05", "replied": "2026-03-24"}]}`, "2026-04-22", Running, false, nil},
		{"extended, told on the last day", `{"received": "2026-04-01", "extension": {"days": 20, "approved": "2026-04-30", "notified": "2026-04-30"}, "today": "2026-06-01"}`, "2026-06-01", Running, false, nil},
		{"R-DL-12: approved in time, told the day after", `{"received": "2026-04-01", "extension": {"days": 20, "approved": "2026-04-30", "notified": "2026-05-01"}, "today": "2026-05-06"}`, "2026-04-30", Running, true, []string{"reckon.late_telling"}},
		{"R-DL-12: 21 days", `{"received": "2026-04-01", "extension": {"days": 21, "approved": "2026-04-20", "notified": "2026-04-20"}}`, "2026-04-30", Running, false, []string{"reckon.extension_days"}},
		{"R-DL-12: no days", `{"received": "2026-04-01", "extension": {"days": 0, "approved": "2026-04-20", "notified": "2026-04-20"}}`, "2026-04-30", Running, false, []string{"reckon.extension_days"}},
		{"not told", `{"received": "2026-04-01", "extension": {"days": 5, "approved": "2026-04-20"}}`, "2026-04-30", Running, false, []string{"reckon.not_told"}},
		{"not approved", `{"received": "2026-04-01", "extension": {"days": 5, "notified": "2026-04-20"}}`, "2026-04-30", Running, false, []string{"reckon.not_approved"}},
		{"told after the base date, but before the end that a consultation moved", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "replied": "2026-04-30"}], "extension": {"days": 1, "approved": "2026-05-22", "notified": "2026-05-22"}}`, "2026-05-25", Running, false, nil},
		{"R-FEE-06: the last day to pay", `{"received": "2026-04-20", "fee": {"notified": "2026-05-06"}, "today": "2026-06-02"}`, "2026-05-20", AwaitPayment, false, nil},
		{"R-FEE-06: the day after", `{"received": "2026-04-20", "fee": {"notified": "2026-05-06"}, "today": "2026-06-03"}`, "2026-05-20", NotPaid, false, nil},
		{"R-FEE-06: paid on the last day", `{"received": "2026-04-20", "fee": {"notified": "2026-05-06", "paid": "2026-06-02"}, "today": "2026-06-30"}`, "2026-07-01", Running, false, nil},
		{"R-FEE-06: paid the day after", `{"received": "2026-04-20", "fee": {"notified": "2026-05-06", "paid": "2026-06-03"}, "today": "2026-06-03"}`, "2026-05-20", NotPaid, false, []string{"reckon.late_payment"}},
		{"R-FEE-06: the notice after the period", `{"received": "2026-04-01", "fee": {"notified": "2026-05-06", "paid": "2026-05-07"}, "today": "2026-05-08"}`, "2026-04-30", Running, true, []string{"reckon.late_fee"}},
		{"条例第三十五条: a later date", `{"received": "2026-04-01", "later": "2026-08-31", "today": "2026-08-31"}`, "2026-08-31", Running, false, nil},
		{"an earlier one", `{"received": "2026-04-01", "later": "2026-04-20", "today": "2026-04-20"}`, "2026-04-20", Running, false, []string{"reckon.earlier_later"}},
		{"R-DL-14: posted on the due date", `{"received": "2026-04-01", "done": "2026-04-30", "today": "2026-11-23"}`, "2026-04-30", Answered, false, nil},
		{"R-DL-14: the day after", `{"received": "2026-04-01", "done": "2026-05-01", "today": "2026-05-01"}`, "2026-04-30", Answered, true, nil},
		{"an unanswered consultation does not run on after the reply", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-28"}], "done": "2026-05-06", "today": "2026-11-23"}`, "2026-05-08", Answered, false, nil},
		{"ended without correction, late for nothing", `{"received": "2026-03-02", "correction": {"notified": "2026-03-11", "due": "2026-04-30"}, "done": "2026-05-06", "today": "2026-05-06"}`, "2026-03-30", Answered, false, nil},
		{"before the regulation of 2019", `{"received": "2019-05-14", "today": "2019-05-14"}`, "2019-06-12", Running, false, []string{"reckon.old_law"}},
	}
	for _, tt := range tests {
		got := Reckon(workday.Embedded(), read(t, tt.text), Policy{})
		var faults []string
		for _, f := range got.Faults {
			faults = append(faults, f.Code)
		}
		if got.Due.String() != tt.due || got.State != tt.state || got.Overdue != tt.overdue || !slices.Equal(faults, tt.faults) {
			t.Errorf("%s: %s, %s, overdue %v, %v; want %s, %s, %v, %v", tt.name, got.Due, got.State, got.Overdue, faults, tt.due, tt.state, tt.overdue, tt.faults)
		}
	}
}

// What the law leaves open, the other way.
func TestPolicies(t *testing.T) {
	overlapping := `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "replied": "2026-04-24"}, {"sent": "2026-04-20", "replied": "2026-05-08"}]}`
	silent := `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "received": "2026-04-14"}]}`
	late := `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "received": "2026-04-14", "replied": "2026-05-11"}]}`
	paid := `{"received": "2026-06-15", "fee": {"notified": "2026-06-30", "paid": "2026-07-10"}}`
	tests := []struct {
		name, text string
		p          Policy
		want       string
	}{
		{"R-DL-02: overlaps count twice: 10 and 11 days", overlapping, Policy{Sum: true}, "2026-06-02"},
		{"R-DL-02: the day of sending counts, too", `{"received": "2026-04-01", "consultations": [{"sent": "2026-04-10", "replied": "2026-04-30"}]}`, Policy{FromSending: true}, "2026-05-25"},
		{"R-DL-02: the 15 days run from sending", silent, Policy{LapseSent: true}, "2026-05-25"},
		{"R-DL-02: an answer after the 15 days ends the consultation", late, Policy{}, "2026-05-29"},
		{"an answer after the 15 days is cut at the 15th", late, Policy{CutLate: true}, "2026-05-27"},
		{"a late notice restarts the clock", `{"received": "2026-03-02", "correction": {"notified": "2026-03-12", "corrected": "2026-03-20"}}`, Policy{LateNotice: true}, "2026-04-20"},
		{"R-FEE-07: payment lets the period run on", paid, Policy{AfterFee: Resumed}, "2026-07-24"},
		{"R-FEE-07: payment changes nothing", paid, Policy{AfterFee: Ignored}, "2026-07-14"},
	}
	for _, tt := range tests {
		if got := Reckon(workday.Embedded(), read(t, tt.text), tt.p); got.Due.String() != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got.Due, tt.want)
		}
	}
}

// R-DL-01 条例第三十一条: the item that says when a request counts as received.
func TestTheChannelsItem(t *testing.T) {
	for channel, want := range map[Channel]string{
		"": "条例第三十一条", Counter: "条例第三十一条第（一）项", SignedMail: "条例第三十一条第（二）项", PlainMail: "条例第三十一条第（二）项",
		Online: "条例第三十一条第（三）项", Fax: "条例第三十一条第（三）项", Email: "条例第三十一条第（三）项",
	} {
		got := Reckon(workday.Embedded(), Case{Received: on(t, "2026-01-28"), Channel: channel}, Policy{})
		if cite := got.Steps[0].Cite.String(); got.Steps[0].Kind != AtReceipt || cite != want {
			t.Errorf("%q: %s rests on %s, want %s", channel, got.Steps[0].Kind, cite, want)
		}
	}
}

// R-DL-15: five, three and one working days before, and the day itself; and the last days of the
// stages, over 五一 and its make-up Saturday.
func TestAlarmsAndLimits(t *testing.T) {
	got := Reckon(workday.Embedded(), read(t, `{"received": "2026-04-10", "correction": {"notified": "2026-04-15", "due": "2026-04-30"},
		"consultations": [{"sent": "2026-04-20", "received": "2026-04-21", "kind": "organ"}, {"sent": "2026-04-13", "received": "2026-04-14", "replied": "2026-05-11"}], "fee": {"notified": "2026-05-06"}, "today": "2026-04-20"}`), Policy{})
	var alarms, limits []string
	for _, a := range got.Alarms {
		alarms = append(alarms, a.On.String())
	}
	if want := []string{"2026-06-03", "2026-06-05", "2026-06-09", "2026-06-10"}; !slices.Equal(alarms, want) {
		t.Errorf("alarms %v, want %v (due %s)", alarms, want, got.Due)
	}
	for _, l := range got.Limits {
		limits = append(limits, string(l.Stage)+" "+l.Due.String()+" "+map[bool]string{true: "passed", false: "not passed"}[l.Passed])
	}
	want := []string{"correction_notice 2026-04-21 not passed", "correction_reply 2026-04-30 not passed",
		"opinion 2026-05-08 passed", "opinion 2026-05-14 not passed", "payment 2026-06-02 not passed"}
	if !slices.Equal(limits, want) {
		t.Errorf("limits %q, want %q", limits, want)
	}
	if got.Limits[2].N != 1 || got.Limits[3].N != 0 {
		t.Errorf("limits of consultations %d and %d, want those given second and first", got.Limits[2].N, got.Limits[3].N)
	}
}

func TestWorkingDaysLeft(t *testing.T) {
	for today, want := range map[string]int{"2026-04-01": 20, "2026-04-29": 1, "2026-04-30": 0, "2026-05-01": 0, "2026-05-06": -1, "2026-05-09": -4} {
		if got := Reckon(workday.Embedded(), Case{Received: on(t, "2026-04-01"), Today: on(t, today)}, Policy{}); got.Left != want {
			t.Errorf("%s: %d left, want %d", today, got.Left, want)
		}
	}
}

// A date that rests on a notice not loaded says so; one that rests on all of them is certain.
func TestCertainty(t *testing.T) {
	for text, want := range map[string]bool{
		`{"received": "2026-11-27"}`: true, `{"received": "2026-12-01"}`: false, `{"received": "2026-12-31"}`: false, `{"received": "2031-03-02"}`: false,
		`{"received": "2006-03-01"}`: false, `{"received": "2007-03-01"}`: true, `{"received": "2026-12-10", "later": "2027-06-30"}`: true,
		`{"received": "2026-11-02", "extension": {"days": 20, "approved": "2026-11-20", "notified": "2026-11-20"}}`: true, // 28 December
		`{"received": "2026-11-03", "extension": {"days": 20, "approved": "2026-11-20", "notified": "2026-11-20"}}`: false,
	} {
		got := Reckon(workday.Embedded(), read(t, text), Policy{})
		if got.Certain != want || want != got.Why.IsZero() {
			t.Errorf("%s: due %s, certain %v %v, want %v", text, got.Due, got.Certain, got.Why, want)
		}
	}
}

// The account of a case with everything in it, as a person reads it.
func TestTheAccount(t *testing.T) {
	got := Reckon(workday.Embedded(), read(t, `{"received": "2026-03-02", "channel": "plain_mail", "correction": {"notified": "2026-03-11", "corrected": "2026-04-01"},
		"consultations": [{"sent": "2026-04-20", "replied": "2026-05-08"}, {"sent": "2026-04-10", "replied": "2026-04-24"}],
		"extension": {"days": 5, "approved": "2026-05-26", "notified": "2026-05-27"}, "done": "2026-06-03", "today": "2026-06-03"}`), Policy{})
	want := []string{
		"2026-03-02 2026-03-02 收到申请，当日不计，从次日起算 条例第三十一条第（二）项",
		"2026-03-03 2026-04-01 补正之前的22个工作日，不计 条例第三十条",
		"2026-03-11 2026-03-11 告知申请人补正，未超过7个工作日（最迟2026年3月11日） 条例第三十条",
		"2026-04-01 2026-04-01 收到补正后的申请，答复期限从次日起重新计算 条例第三十条",
		"2026-04-02 2026-04-10 答复期限，计入6个工作日 条例第三十三条第二款",
		"2026-04-10 2026-04-10 第1次征求意见（第三方），征求意见所需时间不计入答复期限 条例第三十二条",
		"2026-04-11 2026-05-08 征求意见期间的17个工作日，不计 条例第三十三条第三款",
		"2026-04-20 2026-04-20 第2次征求意见（第三方），征求意见所需时间不计入答复期限 条例第三十二条",
		"2026-04-24 2026-04-24 第1次征求意见收到答复（第三方） 条例第三十二条",
		"2026-05-08 2026-05-08 第2次征求意见收到答复（第三方） 条例第三十二条",
		"2026-05-09 2026-05-27 答复期限，计入14个工作日 条例第三十三条第二款",
		"2026-05-27 2026-05-27 延期5个工作日，已经批准并告知申请人 条例第三十三条第二款",
		"2026-05-28 2026-06-03 延长的期限，计入5个工作日 条例第三十三条第二款",
		"2026-06-03 2026-06-03 答复送达 条例第三十三条",
		"2026-06-03 2026-06-03 答复期限届满 条例第三十三条第二款",
	}
	var have []string
	for _, s := range got.Steps {
		have = append(have, s.From.String()+" "+s.To.String()+" "+i18n.To(i18n.Chinese).Text(s.Message)+" "+s.Cite.String())
	}
	if !slices.Equal(have, want) {
		t.Errorf("got\n%q\nwant\n%q", have, want)
	}
}

func TestTooManyConsultations(t *testing.T) {
	c := Case{Received: on(t, "2026-01-28"), Consultations: make([]Consultation, 501)}
	if faults := c.Check(); len(faults) != 1 || faults[0].Code != "reckon.case.many" {
		t.Errorf("got %v", faults)
	}
}

// What cannot be a case is told at its place, everything at once.
func TestFaultsOfJSON(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{``, []string{"不是完整的 JSON"}},
		{`[]`, []string{"：类型不对，请对照说明"}},
		{`{"received": "2026-01-28"} x`, []string{"不是完整的 JSON"}},
		{`{"received": "2026-01-28"`, []string{"不是完整的 JSON"}},
		{`{}`, []string{"received：必须填写"}},
		{`{"received": ""}`, []string{"received：必须填写"}},
		{`{"received": "2026-02-30"}`, []string{"received：“2026-02-30”不是日期，应写作 2026-01-31"}},
		{`{"received": "2026-1-28"}`, []string{"received：“2026-1-28”不是日期，应写作 2026-01-31"}},
		{`{"received": "2206-01-28"}`, []string{"received：2206年1月28日不在1949年至2199年之间，请核对"}},
		{`{"received": 20260128}`, []string{"received：类型不对，请对照说明"}},
		{`{"received": "2026-01-28", "received": "2026-01-29"}`, []string{"received：出现了两次"}},
		{`{"Received": "2026-01-28", "fee": {"payed": "2026-02-02"}}`, []string{
			"Received：没有这一项，请核对拼写；这里可以有received、channel、correction、consultations、extension、fee、later、done、today",
			"fee.payed：没有这一项，请核对拼写；这里可以有notified、paid"}},
		{`{"received": "2026-01-28", "correction": [], "consultations": {}, "extension": "5"}`, []string{"correction：类型不对，请对照说明", "consultations：类型不对，请对照说明", "extension：类型不对，请对照说明"}},
		{`{"received": "2026-01-28", "extension": {"days": "5"}}`, []string{"extension.days：类型不对，请对照说明"}},
		{`{"received": "2026-01-28", "extension": {"days": 5.5}}`, []string{"extension.days：“5.5”应为整数"}},
		{`{"received": "2026-01-28", "extension": {}}`, []string{"extension.days：必须填写"}},
		{`{"received": "2026-01-28", "correction": {}, "consultations": [{}], "fee": {}}`, []string{"correction.notified：必须填写", "consultations[0].sent：必须填写", "fee.notified：必须填写"}},
		{`{"received": "2026-01-28", "correction": {"notified": "2026-01-27"}}`, []string{"correction.notified：2026年1月27日早于received的2026年1月28日，请核对"}},
		{`{"received": "2026-01-28", "consultations": [{"sent": "2026-02-03", "received": "2026-02-02"}, {"sent": "2026-02-03", "received": "2026-02-05", "replied": "2026-02-04"}]}`, []string{
			"consultations[0].received：2026年2月2日早于consultations[0].sent的2026年2月3日，请核对",
			"consultations[1].replied：2026年2月4日早于consultations[1].received的2026年2月5日，请核对"}},
		{`{"received": "2026-01-28", "channel": "pigeon", "consultations": [{"sent": "2026-02-03", "kind": "x"}]}`, []string{
			"channel：“pigeon”不是可以使用的渠道，可以是counter、signed_mail、plain_mail、online、fax、email", "consultations[0].kind：“x”应为 third（第三方）或 organ（其他机关）"}},
		{`{"a": [[[[[[[[[[[[]]]]]]]]]]]]}`, []string{"JSON 的层次太多"}},
		{`{"received": "2026-01-28", "correction": null, "consultations": null, "extension": null, "fee": null, "today": null}`, nil},
	}
	for _, tt := range tests {
		_, faults := Read([]byte(tt.text))
		var have []string
		for _, f := range faults {
			have = append(have, i18n.To(i18n.Chinese).Text(f.Message()))
		}
		if !slices.Equal(have, tt.want) {
			t.Errorf("%s:\n%q\nwant\n%q", tt.text, have, tt.want)
		}
	}
}
