package gate

import (
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// reason words why a file could not be read; what is no fault is not shown to users.
func reason(err error) i18n.Message {
	if m, ok := fault.MessageOf(err); ok {
		return m
	}
	return i18n.M("gate.unread.unknown")
}
