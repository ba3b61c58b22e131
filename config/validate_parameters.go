package config

// parameterField is one field of a request parameter mapping: the names that
// feed it, and the canonical one that does when there are none.
type parameterField struct {
	field, canonical string
	names            []string
}

func clickFields(p *ClickParameters) []parameterField {
	return []parameterField{
		{"advertiser", "advertiser", p.Advertiser},
		{"device_id", "device_id", p.DeviceID},
		{"keyword", "keyword", p.Keyword},
		{"offer", "offer", p.Offer},
		{"publisher", "publisher", p.Publisher},
		{"sub_id", "sub_id", p.SubID},
		{"sub_id_2", "sub_id_2", p.SubID2},
		{"sub_id_3", "sub_id_3", p.SubID3},
		{"sub_id_4", "sub_id_4", p.SubID4},
		{"sub_id_5", "sub_id_5", p.SubID5},
		{"sub_id_6", "sub_id_6", p.SubID6},
	}
}

func conversionFields(p *ConversionParameters) []parameterField {
	return []parameterField{
		{"advertiser", "advertiser", p.Advertiser},
		{"app_id", "app_id", p.AppID},
		{"app_version", "app_version", p.AppVersion},
		{"begin_install_time", "begin_install_time", p.BeginInstallTime},
		{"click_ip", "click_ip", p.ClickIP},
		{"click_time", "click_time", p.ClickTime},
		{"click_transaction_id", "transaction_id", p.ClickTransactionID},
		{"device_id", "device_id", p.DeviceID},
		{"finish_install_time", "finish_install_time", p.FinishInstallTime},
		{"offer", "offer", p.Offer},
		{"publisher", "publisher", p.Publisher},
		{"sub_id", "sub_id", p.SubID},
		{"sub_id_2", "sub_id_2", p.SubID2},
		{"sub_id_3", "sub_id_3", p.SubID3},
		{"sub_id_4", "sub_id_4", p.SubID4},
		{"sub_id_5", "sub_id_5", p.SubID5},
		{"sub_id_6", "sub_id_6", p.SubID6},
		{"third_party_rejected_reason", "third_party_rejected_reason", p.ThirdPartyRejectedReason},
		{"third_party_status", "third_party_status", p.ThirdPartyStatus},
		{"event", "event", p.Event},
		{"external_transaction_id", "external_transaction_id", p.ExternalTransactionID},
		{"conversion_ref", "conversion_ref", p.ConversionRef},
		{"coupon_code", "coupon_code", p.CouponCode},
		{"user_email", "user_email", p.UserEmail},
		{"purchase_value", "purchase_value", p.PurchaseValue},
		{"revenue", "revenue", p.Revenue},
		{"payout", "payout", p.Payout},
		{"currency", "currency", p.Currency},
		{"conversion_time", "conversion_time", p.ConversionTime},
		{"conversion_ip", "conversion_ip", p.ConversionIP},
		{"session_time", "session_time", p.SessionTime},
		{"status", "status", p.Status},
		{"new_rejected_reason", "new_rejected_reason", p.NewRejectedReason},
		{"secure", "secure", p.Secure},
	}
}

// parameters checks that no query name feeds two fields. A field without names
// is fed by its canonical one, which nobody else may then claim.
func (v *validator) parameters(fields []parameterField) {
	v.enter("request_parameters_mapping")
	defer v.leave()
	claimed := make(map[string]string, len(fields))
	for _, f := range fields {
		if len(f.names) == 0 {
			claimed[f.canonical] = f.field
		}
	}
	for _, f := range fields {
		v.list(f.field, f.names, nil)
		for i, name := range f.names {
			other, taken := claimed[name]
			if !taken {
				claimed[name] = f.field
				continue
			}
			if other != f.field {
				v.claimedTwice(f.field, i, name, other)
			}
		}
	}
}

func (v *validator) claimedTwice(field string, i int, name, other string) {
	v.enter(field)
	v.enterIndex(i)
	v.add(0, "query name %q feeds %s already; a name feeds one field, and a field without names is fed by its own", shorten(name), other)
	v.leave()
	v.leave()
}
