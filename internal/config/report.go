package config

import (
	"time"

	"gongkai/internal/fault"
)

// Reports are local arrangements of annual reports.
type Reports struct {
	// ReportBy and GovernmentReportBy are days of January to March, as "01-20", by which a locality
	// wants reports earlier than article 49 does; "" for the statutory days alone.
	ReportBy, GovernmentReportBy string
}

var errReportBy = &fault.Error{Kind: fault.Invalid, Code: "config.report_by"}

func reportSettings() []Setting {
	return []Setting{
		{"report_by", monthDay(func(c *Config) *string { return &c.ReportBy })},
		{"government_report_by", monthDay(func(c *Config) *string { return &c.GovernmentReportBy })},
	}
}

// monthDay takes a day of the first three months, by the end of which every report is due.
func monthDay(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error {
		day, err := time.Parse("2006-01-02", "2027-"+v) // a year that is no leap year, as a day of every year
		if v != "" && (err != nil || day.Month() > time.March) {
			return errReportBy.With("value", v)
		}
		*field(c) = v
		return nil
	}
}
