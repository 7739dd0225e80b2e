// Package webhook tells other systems what happened (事件通知), signed as Standard Webhooks lays
// down. An event is written in the transaction of the act it tells of and delivered by jobs, at
// least once and in no promised order (docs/webhooks.md). It names records by their keys and
// carries no personal data: who needs more asks the interface for it, with rights of their own.
package webhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/job"
)

// The faults.
var (
	ErrNone   = &fault.Error{Kind: fault.NotFound, Code: "webhook.none"}
	ErrStale  = &fault.Error{Kind: fault.Conflict, Code: "webhook.stale"}
	ErrName   = &fault.Error{Kind: fault.Invalid, Code: "webhook.name", Field: "name"}
	ErrURL    = &fault.Error{Kind: fault.Invalid, Code: "webhook.url", Field: "url"}
	ErrWithin = &fault.Error{Kind: fault.Invalid, Code: "webhook.within", Field: "url"}
	ErrTypes  = &fault.Error{Kind: fault.Invalid, Code: "webhook.types", Field: "types"}
	ErrMany   = &fault.Error{Kind: fault.Conflict, Code: "webhook.many"}
	ErrWaits  = &fault.Error{Kind: fault.Conflict, Code: "webhook.waits"}
	ErrStill  = &fault.Error{Kind: fault.Conflict, Code: "webhook.still"}
)

// Type is a kind of event.
type Type string

// The events others can be told of.
const (
	RequestRegistered Type = "request.registered"
	RequestDue        Type = "request.due_changed"
	RequestDecided    Type = "request.decided"
	RequestClosed     Type = "request.closed"
	ReportPublished   Type = "report.published"
	ItemPublished     Type = "item.published"
	ItemRetracted     Type = "item.retracted"
	// Ping is sent when somebody asks for a try; it tells of nothing.
	Ping Type = "webhook.ping"
)

// Types lists the events that can be subscribed to, in the order pages show them.
var Types = []Type{RequestRegistered, RequestDue, RequestDecided, RequestClosed, ReportPublished, ItemPublished, ItemRetracted}

// Message returns what people call the event. Its name is the key of its message.
func (t Type) Message() i18n.Message { return i18n.M(string(t)) }

// Event is something that happened to a record.
type Event struct {
	Type   Type
	Agency string // the body whose matter it is
	ID     string // the record's key
	// Data is what else is told, under the names of Fields alone.
	Data map[string]string
}

// Fields are the names an event's data may have: a closed list, so that nothing personal gets in
// by a slip.
var Fields = []string{"no", "state", "due", "due_sure", "received", "outcome", "year", "version", "url", "section", "day"}

// errField refuses data under a name that is not in the list: a fault of the program.
var errField = errors.New("an event has no such field")

// DeliverJob is the kind of the job that delivers an event to a subscriber.
const DeliverJob = "webhook.deliver"

// Queue is the queue of deliveries, with workers of its own: a slow receiver holds up nothing else.
const Queue = "webhook"

// Note tells of an event in the transaction of the act, to whoever subscribed to it. It costs one
// query where nobody did.
func Note(tx *db.Tx, e Event) error {
	for name := range e.Data {
		if !slices.Contains(Fields, name) {
			return fmt.Errorf("%w: %s", errField, name)
		}
	}
	all, err := subscriptions(tx, e.Agency)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(s *Subscription) bool { return !s.Live || !slices.Contains(s.Types, e.Type) })
	return tell(tx, e, all...)
}

// tell writes the event and its ways to the subscribers.
func tell(tx *db.Tx, e Event, to ...*Subscription) error {
	if len(to) == 0 {
		return nil
	}
	data, err := json.Marshal(e.Data)
	if err != nil {
		return fmt.Errorf("write an event: %w", err)
	}
	row := &event{id: db.ID(), kind: e.Type, agency: e.Agency, subject: e.ID, data: string(data), at: tx.Now}
	if err := tx.Insert("webhook_event", row.columns()); err != nil {
		return err
	}
	for _, s := range to {
		d := &Delivery{ID: db.ID(), Event: row.id, Subscription: s.ID, Type: e.Type, State: Waiting, Asked: tx.Now}
		if err := tx.Insert("webhook_delivery", d.columns()); err != nil {
			return err
		}
		if err := enqueue(tx, d.ID); err != nil {
			return err
		}
	}
	return nil
}

func enqueue(tx *db.Tx, delivery string) error {
	return job.Enqueue(tx, DeliverJob, delivery, job.Unique(delivery), job.Queue(Queue), job.Attempts(Attempts+1))
}

// event is a row of what happened.
type event struct {
	id, agency, subject, data string
	kind                      Type
	at                        time.Time
}

// body is what a subscriber is sent. It is the same for every attempt.
func (e *event) body() ([]byte, error) {
	data := map[string]string{}
	if err := json.Unmarshal([]byte(e.data), &data); err != nil {
		return nil, fmt.Errorf("read an event: %w", err)
	}
	if data == nil {
		data = map[string]string{}
	}
	data["agency"], data["id"] = e.agency, e.subject
	return json.Marshal(struct {
		Type      Type              `json:"type"`
		Timestamp string            `json:"timestamp"`
		Data      map[string]string `json:"data"`
	}{e.kind, e.at.UTC().Format(time.RFC3339), data})
}

// State is where a delivery stands.
type State string

// The states. What is dead used up its attempts, or was refused for good; a person can replay it.
const (
	Waiting State = "waiting"
	Done    State = "done"
	Dead    State = "dead"
)

// States lists the states in the order pages show them.
var States = []State{Dead, Waiting, Done}

var stateNames = map[State]string{Waiting: "webhook.state.waiting", Done: "webhook.state.done", Dead: "webhook.state.dead"}

// Message returns what people call the state.
func (s State) Message() i18n.Message { return i18n.M(stateNames[s]) }

// Delivery is one event on its way to one subscriber.
type Delivery struct {
	ID, Event, Subscription string
	Type                    Type
	State                   State
	Attempts                int64
	Status                  int64 // HTTP status of the last answer, 0 for none
	Trouble                 string
	Asked, Tried            time.Time
}

// Subscription is who is told of a body's events.
type Subscription struct {
	ID      string
	Agency  string
	Name    string // of the system, in the office's words
	URL     string
	Types   []Type
	Live    bool
	Why     string // why it was ended by the program: "gone" when the receiver said so
	Until   time.Time
	Created time.Time
	Version int64

	types, secret, previous string
}

// secretPrefix begins secrets as Standard Webhooks writes them.
const secretPrefix = "whsec_"

// clean brings a name into one form.
func clean(s string) string { return strings.Join(strings.Fields(s), " ") }
