package edge

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/edge/convert"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// invalid refuses a value of the request.
func invalid(field convert.Field, format string, args ...any) *Refused {
	return &Refused{fasthttp.StatusUnprocessableEntity, "invalid_" + field.String(), field.String() + ": " + fmt.Sprintf(format, args...)}
}

// receive reads the fields of the request.
func (v *conversion) receive() error {
	in, ok := v.snap.parts.integrations.Get(v.intake.IntegrationID)
	if !ok {
		return &Refused{fasthttp.StatusNotFound, "unknown_integration", "the integration is no longer served"}
	}
	v.in = in
	c := &v.click
	c.Plane = click.PlaneConversion
	c.Params = append(c.Params[:0], v.intake.Params...)
	v.values = in.reception.mapping.Map(c.Params)
	copy(c.TxID[:], v.intake.TxID)
	c.TimeMS = v.intake.ReceivedMS
	if err := v.readTimes(); err != nil {
		return err
	}
	if err := v.readMoney(); err != nil {
		return err
	}
	return v.readRest()
}

// mostAhead is how far ahead of our clock a time of the request may be.
const mostAheadMS = 10 * 60 * 1000

func (v *conversion) readTimes() error {
	cv := &v.click.Conversion
	for _, t := range []struct {
		field convert.Field
		into  *int64
	}{
		{convert.ConversionTime, &cv.TimeMS},
		{convert.ClickTime, &cv.ClickTimeMS},
		{convert.BeginInstallTime, &cv.BeginInstallMS},
		{convert.FinishInstallTime, &cv.FinishInstallMS},
	} {
		ms, err := convert.ParseMoment(v.values[t.field])
		if err != nil {
			return invalid(t.field, "%s", err)
		}
		*t.into = ms
	}
	if cv.TimeMS > v.intake.ReceivedMS+mostAheadMS {
		return invalid(convert.ConversionTime, "must not be in the future")
	}
	return nil
}

func (v *conversion) readMoney() error {
	for _, m := range []struct {
		field convert.Field
		into  *money.Amount
	}{
		{convert.PurchaseValue, &v.click.Conversion.PurchaseValue},
		{convert.Revenue, &v.click.Conversion.RequestRevenue},
		{convert.Payout, &v.click.Conversion.RequestPayout},
	} {
		text := v.values[m.field]
		if text == "" {
			continue
		}
		amount, err := money.Parse(text)
		if err != nil || amount.Sign() < 0 {
			return invalid(m.field, "must be an amount such as 12.50, found %.40q", text)
		}
		*m.into = amount
	}
	return nil
}

func (v *conversion) readRest() error {
	c, cv := &v.click, &v.click.Conversion
	c.ExternalTransactionID, c.Coupon = v.values[convert.ExternalTransactionID], v.values[convert.CouponCode]
	cv.ConversionRef = v.values[convert.ConversionRef]
	cv.AppID, cv.AppVersion = v.values[convert.AppID], v.values[convert.AppVersion]
	cv.ThirdPartyReason, cv.ThirdPartyStatus = v.values[convert.ThirdPartyRejectedReason], v.values[convert.ThirdPartyStatus]
	cv.ServerIP = v.intake.ServerIP
	cv.IP = v.intake.RemoteIP
	if text := v.values[convert.ConversionIP]; text != "" {
		ip, err := netip.ParseAddr(text)
		if err != nil {
			return invalid(convert.ConversionIP, "must be an address such as 203.0.113.9, found %.40q", text)
		}
		cv.IP = ip.Unmap()
	}
	if text := v.values[convert.Status]; text != "" {
		if _, err := click.ParseStatus(text); err != nil {
			return invalid(convert.Status, "%s", err)
		}
	}
	if text := v.values[convert.Currency]; text != "" && !isCurrency(text) {
		return invalid(convert.Currency, "must be an ISO 4217 code such as EUR, found %.40q", text)
	}
	return nil
}

// isCurrency tells whether text is of the form of an ISO 4217 code.
func isCurrency(text string) bool {
	return len(text) == 3 && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
