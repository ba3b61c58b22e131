package store

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/internal/click"
)

// clickLine is what the store reads in the line of a click or impression.
type clickLine struct {
	id                     id
	txID, purpose          string
	blocked                bool
	integrationID, offerID string
	deviceID, uuid         string
	ip, userAgent          string
}

// parseClick reads a line. Of all that is read most are clicks, so it does not
// take the line apart as encoding/json does, which costs ten times as much.
func parseClick(line []byte) (l clickLine, err error) {
	err = eachField(line, func(name, value []byte) {
		switch string(name) {
		case "tx_id":
			l.txID = text(value)
		case "purpose":
			l.purpose = text(value)
		case "blocked":
			l.blocked = string(value) == "1"
		case "integration_id":
			l.integrationID = text(value)
		case "offer_db_id":
			l.offerID = text(value)
		case "device_id":
			l.deviceID = text(value)
		case "uuid":
			l.uuid = text(value)
		case "click_ip":
			l.ip = text(value)
		case "user_agent":
			l.userAgent = text(value)
		}
	})
	if err != nil {
		return l, err
	}
	if l.id, err = parseID(l.txID); err != nil {
		return l, fmt.Errorf("tx_id %.40q: %w", l.txID, err)
	}
	return l, nil
}

// visit tells whether a person came: prefetches, previews and link checkers
// never convert.
func (l *clickLine) visit() bool { return click.PurposeNamed(l.purpose) == click.Visit }

// conversionLine is what the store reads in the line of a conversion or event.
type conversionLine struct {
	own, click     id
	timeMS         int64
	changedMS      int64    // when it was changed last, 0 for never
	TxID           string   `json:"tx_id"`
	ClickTxID      string   `json:"click_tx_id"`
	EventID        string   `json:"event_db_id"`
	Status         string   `json:"status"`
	Hash           string   `json:"hash"`
	ConversionTime string   `json:"conversion_time"`
	RequestTime    string   `json:"request_time"`
	UpdatedTime    string   `json:"updated_time"`
	HoldUntil      string   `json:"hold_until"`
	Keys           []string `json:"dedupe_keys"`
}

// parseConversion reads a line. A click id that is missing or no id leaves the
// conversion without a click; a time that is, with that of its own id.
func parseConversion(line []byte) (l conversionLine, err error) {
	if err := json.Unmarshal(line, &l); err != nil {
		return l, err
	}
	if l.own, err = parseID(l.TxID); err != nil {
		return l, fmt.Errorf("tx_id %.40q: %w", l.TxID, err)
	}
	if len(l.Keys) > attribution.MaxKeys {
		return l, fmt.Errorf("dedupe_keys: %d, and at most %d are allowed", len(l.Keys), attribution.MaxKeys)
	}
	for _, key := range l.Keys {
		if key == "" || len(key) > attribution.MaxKeyBytes {
			return l, fmt.Errorf("dedupe_keys: %.40q is not of 1 to %d bytes", key, attribution.MaxKeyBytes)
		}
	}
	if d, err := parseID(l.ClickTxID); err == nil {
		l.click = d
	}
	if at, err := time.Parse(time.RFC3339Nano, l.UpdatedTime); err == nil {
		l.changedMS = at.UnixMilli()
	}
	l.timeMS = l.own.timeMS()
	for _, text := range []string{l.ConversionTime, l.RequestTime} {
		if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
			l.timeMS = at.UnixMilli()
			break
		}
	}
	return l, nil
}
