package convert

import "github.com/clickgate/clickgate/config"

// NewMapping returns the mapping of an integration (A1.2, R-19).
func NewMapping(p *config.ConversionParameters) *Mapping {
	return newMapping([fieldCount][]string{
		ClickID:                  p.ClickTransactionID,
		Offer:                    p.Offer,
		Publisher:                p.Publisher,
		Advertiser:               p.Advertiser,
		SubID:                    p.SubID,
		SubID2:                   p.SubID2,
		SubID3:                   p.SubID3,
		SubID4:                   p.SubID4,
		SubID5:                   p.SubID5,
		SubID6:                   p.SubID6,
		DeviceID:                 p.DeviceID,
		ClickIP:                  p.ClickIP,
		ClickTime:                p.ClickTime,
		ConversionIP:             p.ConversionIP,
		ConversionTime:           p.ConversionTime,
		SessionTime:              p.SessionTime,
		AppID:                    p.AppID,
		AppVersion:               p.AppVersion,
		BeginInstallTime:         p.BeginInstallTime,
		FinishInstallTime:        p.FinishInstallTime,
		Event:                    p.Event,
		ExternalTransactionID:    p.ExternalTransactionID,
		ConversionRef:            p.ConversionRef,
		PurchaseValue:            p.PurchaseValue,
		Revenue:                  p.Revenue,
		Payout:                   p.Payout,
		Currency:                 p.Currency,
		CouponCode:               p.CouponCode,
		UserEmail:                p.UserEmail,
		Status:                   p.Status,
		ThirdPartyStatus:         p.ThirdPartyStatus,
		ThirdPartyRejectedReason: p.ThirdPartyRejectedReason,
		NewRejectedReason:        p.NewRejectedReason,
		Secure:                   p.Secure,
	})
}
