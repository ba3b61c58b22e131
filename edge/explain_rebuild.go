package edge

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/edge/convert"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
)

// unknownOf says what rows do not keep of a request.
const unknownOf = "its row. What rows do not keep is not known: how it was authenticated, which offer it named, and the status, payout and revenue that it asked for"

// rebuild makes the request of a conversion from its row.
func rebuild(row events.Row, snap *Snapshot) (in *events.Intake, known string, err error) {
	var c click.Click
	if err := row.Recall(&c); err != nil {
		return nil, "", err
	}
	in = &events.Intake{
		TxID: row.Text("tx_id"), ReceivedMS: c.TimeMS, IntegrationID: row.Text("integration_id"),
		RemoteIP: c.Conversion.IP, ServerIP: c.Conversion.ServerIP, UserAgent: c.UserAgent, UUID: c.UUID,
		AuthenticatedBy: events.ByClickID, // nobody's address is looked at again
	}
	owner, ok := snap.parts.integrations.Get(in.IntegrationID)
	if !ok {
		return in, unknownOf, nil
	}
	for _, p := range parametersOf(row, &c) {
		if p.value != "" {
			in.Params = append(in.Params, click.Param{Name: owner.reception.mapping.Name(p.field), Value: p.value})
		}
	}
	in.Params = append(in.Params, c.Params...)
	return in, unknownOf, nil
}

// parameter is a field of a request with its value.
type parameter struct {
	field convert.Field
	value string
}

// parametersOf are the fields of a request that its row keeps; c is what was
// recalled of it.
func parametersOf(row events.Row, c *click.Click) []parameter {
	cv := &c.Conversion
	list := []parameter{
		{convert.Event, cv.EventID}, {convert.ExternalTransactionID, c.ExternalTransactionID}, {convert.ConversionRef, cv.ConversionRef},
		{convert.PurchaseValue, nonZero(cv.PurchaseValue.String())}, {convert.CouponCode, c.Coupon}, {convert.DeviceID, c.DeviceID},
		{convert.ConversionIP, row.Text("conversion_ip")}, {convert.ConversionTime, milliseconds(cv.TimeMS)},
		{convert.BeginInstallTime, milliseconds(cv.BeginInstallMS)}, {convert.FinishInstallTime, milliseconds(cv.FinishInstallMS)},
		{convert.AppID, cv.AppID}, {convert.AppVersion, cv.AppVersion},
		{convert.ThirdPartyStatus, cv.ThirdPartyStatus}, {convert.ThirdPartyRejectedReason, cv.ThirdPartyReason},
	}
	if cv.MatchedBy == attribution.ByClickID {
		list = append(list, parameter{convert.ClickID, cv.ClickTxID})
	}
	if cv.ClickTxID == "" { // else the offer and the publisher are the click's
		list = append(list, parameter{convert.Offer, row.Text("offer_db_id")}, parameter{convert.Publisher, row.Text("publisher_db_id")},
			parameter{convert.ClickTime, milliseconds(cv.ClickTimeMS)})
	}
	if slices.Contains(rejectionsOf(row), click.AdvertiserRejected.String()) {
		list = append(list, parameter{convert.Status, click.Rejected.String()})
	}
	return list
}

// rejectionsOf are the reasons that a row was rejected for when it came.
func rejectionsOf(row events.Row) []string {
	var line struct {
		Rejections []string `json:"rejections"`
	}
	if json.Unmarshal(row.Line, &line) != nil {
		return nil
	}
	return line.Rejections
}

func nonZero(amount string) string {
	if amount == "0" {
		return ""
	}
	return amount
}

func milliseconds(ms int64) string {
	if ms == 0 {
		return ""
	}
	return strconv.FormatInt(ms, 10)
}
