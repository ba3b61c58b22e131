package edge

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// amounts is what one click or impression earns, in the integration's
// currency.
type amounts struct{ payout, revenue money.Amount }

// earnings settles what clicks and impressions of an offer earn at once: its
// own terms where it is paid by the click or by the thousand impressions, the
// integration's default amounts where it has no terms, else nothing (R-35,
//
func earnings(o *config.Offer, defaults *config.Amounts) (e [len(planes)]amounts) {
	terms := &o.DefaultPayout
	e[click.PlaneClick] = amounts{
		payout:  byTerms(terms.PayoutType, "CPC", terms.Payout, defaults.ClickPayout),
		revenue: byTerms(terms.RevenueType, "RPC", terms.Revenue, defaults.ClickRevenue),
	}
	e[click.PlaneImpression] = amounts{
		payout:  byTerms(terms.PayoutType, "CPM", terms.Payout, money.Amount{}).Mul(thousandth),
		revenue: byTerms(terms.RevenueType, "RPM", terms.Revenue, money.Amount{}).Mul(thousandth),
	}
	return e
}

// thousandth is the share of one impression in a price for a thousand.
var thousandth = money.New(1, 3)

func byTerms(has, wanted string, amount, byDefault money.Amount) money.Amount {
	switch has {
	case wanted:
		return amount
	case "":
		return byDefault
	}
	return money.Amount{}
}
