package filters

import (
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var deviceID = Type{
	Code: "DEVICE_ID", Name: "device_id",
	Doc:     "Rejects device ids that are none, and where wanted requests without one.",
	Example: `{"reject_empty_value": true}`,
	Planes:  []click.Plane{click.PlaneClick, click.PlaneImpression, click.PlaneConversion},
	Reasons: []click.Reason{click.DeviceIDInvalid},
	New:     newDeviceID,
}

type deviceIDSettings struct {
	// RejectEmptyValue rejects requests without a device id. One of zeros alone
	// is none: systems give it to apps whose user does not want to be known.
	RejectEmptyValue bool `json:"reject_empty_value"`
}

type deviceIDFilter struct{ settings deviceIDSettings }

func newDeviceID(settings config.Raw, _ Env) (Filter, config.Problems) {
	f := new(deviceIDFilter)
	m := decode(settings, &f.settings)
	return f, m.problems
}

// Check implements Filter.
func (f *deviceIDFilter) Check(c *click.Click) Result {
	switch id := c.DeviceID; {
	case id == "" || isDeviceID(id) && strings.Trim(id, "0-") == "":
		if !f.settings.RejectEmptyValue {
			return Result{}
		}
		return Result{Outcome: Hit, Reasons: click.SetOf(click.DeviceIDInvalid), Detail: "no device id"}
	case !isDeviceID(id):
		return Result{Outcome: Hit, Reasons: click.SetOf(click.DeviceIDInvalid), Detail: "not a device id"}
	}
	return Result{}
}

// isDeviceID tells whether s has one of the forms of device ids: the UUID of
// Apple's and Google's advertising ids, the 16 hex digits of an Android id, or
// a hash of one of them by MD5, SHA-1 or SHA-256.
func isDeviceID(s string) bool {
	switch len(s) {
	case 36:
		return isUUID(s)
	case 16, 32, 40, 64:
		return isHex(s)
	}
	return false
}

// isUUID tells whether s, of 36 bytes, is five groups of hex digits.
func isUUID(s string) bool {
	return s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-' &&
		isHex(s[:8]) && isHex(s[9:13]) && isHex(s[14:18]) && isHex(s[19:23]) && isHex(s[24:])
}

func isHex(s string) bool {
	for i := range len(s) {
		if c := lower[s[i]]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Explain implements Explainer.
func (f *deviceIDFilter) Explain(c *click.Click, e *Explanation) {
	e.Settings = f.settings
	e.Input("device_id", c.DeviceID)
}
