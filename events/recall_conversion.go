package events

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"time"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// recallConversion fills c.Conversion and the amounts. An error names the field
// that no row of ours has.
func (r Row) recallConversion(c *click.Click) error {
	c.Plane = click.PlaneConversion
	v := &c.Conversion
	if err := r.recallMoments(c); err != nil {
		return err
	}
	if err := r.recallAmounts(c); err != nil {
		return err
	}
	if text := r.Text("status"); text != "" {
		status, err := click.ParseStatus(text)
		if err != nil {
			return r.wrong("status", err)
		}
		v.Status = status
	}
	v.ClickTxID, v.MatchedBy, v.ViewThrough = r.Text("click_tx_id"), r.Text("matched_by"), r.Text("view_through") == "1"
	v.EventID, v.EventName = r.Text("event_db_id"), r.Text("event_name")
	if number := r.Text("event_id"); number != "0" {
		v.EventNumber = number
	}
	v.IP, _ = netip.ParseAddr(r.Text("conversion_ip"))
	v.ServerIP, _ = netip.ParseAddr(r.Text("server_ip"))
	v.RequestID, v.ConversionRef, v.Currency = r.Text("request_id"), r.Text("conversion_ref"), r.Text("currency")
	v.AppID, v.AppVersion = r.Text("app_id"), r.Text("app_version")
	v.ThirdPartyReason, v.ThirdPartyStatus = r.Text("third_party_rejection_reason"), r.Text("third_party_status")
	v.Throttled, v.CapReason = r.Text("throttled") == "1", r.Text("cap_reason")
	v.DedupeKeys, v.PostbackManagerIDs = r.texts("dedupe_keys"), r.texts("postback_manager_ids")
	v.Update.RealSimpleReason, v.Update.RealAdvancedReason = r.Text("real_rejected_simple_reason"), r.Text("real_rejected_advanced_reason")
	v.Update.By, v.Update.Note = r.Text("updated_by"), r.Text("update_note")
	return nil
}

func (r Row) recallMoments(c *click.Click) error {
	v := &c.Conversion
	for field, to := range map[string]*int64{
		"conversion_time": &v.TimeMS, "click_time": &v.ClickTimeMS, "hold_until": &v.HoldUntilMS, "updated_time": &v.Update.TimeMS,
		"begin_install_time": &v.BeginInstallMS, "finish_install_time": &v.FinishInstallMS,
	} {
		text := r.Text(field)
		if text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return r.wrong(field, err)
		}
		*to = at.UnixMilli()
	}
	if v.TimeMS == c.TimeMS {
		v.TimeMS = 0
	}
	return nil
}

func (r Row) recallAmounts(c *click.Click) error {
	for field, to := range map[string]*money.Amount{
		"payout": &c.Verdict.Payout, "revenue": &c.Verdict.Revenue, "purchase_value": &c.Conversion.PurchaseValue,
		"rejected_payout": &c.Conversion.RejectedPayout, "rejected_revenue": &c.Conversion.RejectedRevenue,
	} {
		raw, ok := r.fields[field]
		if !ok {
			continue
		}
		if err := to.UnmarshalJSON(raw); err != nil {
			return r.wrong(field, err)
		}
	}
	return nil
}

func (r Row) wrong(field string, err error) error {
	return fmt.Errorf("recall %s event %s: %s: %w", r.Kind, r.Text("tx_id"), field, err)
}

// texts returns a list of texts, nil where the field is none.
func (r Row) texts(field string) []string {
	var list []string
	if json.Unmarshal(r.fields[field], &list) != nil {
		return nil
	}
	return list
}
