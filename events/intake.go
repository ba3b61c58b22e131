package events

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"time"

	"github.com/clickgate/clickgate/internal/click"
)

// Intake is a conversion as it was received: read and authenticated, and not
// yet attributed. Where it cannot be finished at once it is written down as a
// line of kind Received and finished from there. It holds no secrets.
type Intake struct {
	// TxID is the id that the conversion's row will have.
	TxID string
	// ReceivedMS is when the request came, in unix milliseconds.
	ReceivedMS    int64
	IntegrationID string
	// Endpoint is conversion, pixel or pixel_page; Method and Host are the
	// request's.
	Endpoint, Method, Host string
	// RemoteIP sent the request, ServerIP of ours took it.
	RemoteIP, ServerIP            netip.Addr
	UserAgent, Referer, Languages string
	// UUID is the visitor's id of our cookie, checked; empty without one.
	UUID string
	// AuthenticatedBy says who vouches for it: BySecureCode or ByClickID.
	AuthenticatedBy string
	// Params are the parameters, decoded, in their order.
	Params []click.Param
}

// Values of Intake.AuthenticatedBy.
const (
	BySecureCode = "secure_code"
	ByClickID    = "click_id"
)

// intakeLine is an Intake as a line has it.
type intakeLine struct {
	TxID            string     `json:"tx_id"`
	ReceivedTime    string     `json:"received_time"`
	Status          string     `json:"status"`
	IntegrationID   string     `json:"integration_id"`
	Endpoint        string     `json:"endpoint,omitempty"`
	Method          string     `json:"method,omitempty"`
	Host            string     `json:"host,omitempty"`
	RemoteIP        netip.Addr `json:"remote_ip,omitzero"`
	ServerIP        netip.Addr `json:"server_ip,omitzero"`
	UserAgent       string     `json:"user_agent,omitempty"`
	Referer         string     `json:"referer,omitempty"`
	Languages       string     `json:"browser_language,omitempty"`
	UUID            string     `json:"uuid,omitempty"`
	AuthenticatedBy string     `json:"authenticated_by"`
	Params          parameters `json:"params"`
}

// parameters are pairs of names and values in two lists, as extra_params has
// them in rows.
type parameters struct {
	Keys   []string `json:"keys"`
	Values []string `json:"values"`
}

// Append appends the line, with its line feed.
func (in *Intake) Append(dst []byte) []byte {
	l := intakeLine{
		TxID: in.TxID, ReceivedTime: FormatTime(time.UnixMilli(in.ReceivedMS)), Status: "Processing", IntegrationID: in.IntegrationID,
		Endpoint: in.Endpoint, Method: in.Method, Host: in.Host, RemoteIP: in.RemoteIP, ServerIP: in.ServerIP,
		UserAgent: cut(in.UserAgent, maxUserAgent), Referer: cut(in.Referer, maxURL), Languages: cut(in.Languages, maxText),
		UUID: in.UUID, AuthenticatedBy: in.AuthenticatedBy,
	}
	for _, p := range in.Params {
		l.Params.Keys, l.Params.Values = append(l.Params.Keys, p.Name), append(l.Params.Values, p.Value)
	}
	line, err := json.Marshal(l)
	if err != nil { // texts, numbers and addresses marshal
		panic(err)
	}
	return append(append(dst, line...), '\n')
}

// DecodeIntake reads a line of kind Received.
func DecodeIntake(line []byte) (*Intake, error) {
	var l intakeLine
	if err := json.Unmarshal(line, &l); err != nil {
		return nil, fmt.Errorf("decode received conversion: %w", err)
	}
	at, err := time.Parse(time.RFC3339Nano, l.ReceivedTime)
	switch {
	case err != nil:
		return nil, fmt.Errorf("decode received conversion %s: received_time: %w", l.TxID, err)
	case l.TxID == "" || l.IntegrationID == "":
		return nil, fmt.Errorf("decode received conversion %q: it has no tx_id or no integration_id", l.TxID)
	case len(l.Params.Keys) != len(l.Params.Values):
		return nil, fmt.Errorf("decode received conversion %s: %d names of parameters and %d values", l.TxID, len(l.Params.Keys), len(l.Params.Values))
	}
	in := &Intake{
		TxID: l.TxID, ReceivedMS: at.UnixMilli(), IntegrationID: l.IntegrationID, Endpoint: l.Endpoint, Method: l.Method, Host: l.Host,
		RemoteIP: l.RemoteIP, ServerIP: l.ServerIP, UserAgent: l.UserAgent, Referer: l.Referer, Languages: l.Languages,
		UUID: l.UUID, AuthenticatedBy: l.AuthenticatedBy,
	}
	for i, name := range l.Params.Keys {
		in.Params = append(in.Params, click.Param{Name: name, Value: l.Params.Values[i]})
	}
	return in, nil
}
