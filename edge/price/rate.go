package price

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// kind is how one side is paid.
type kind uint8

const (
	none       kind = iota
	byAction        // CPA, RPA: fixed for a conversion
	bySale          // CPS, RPS: percent of the sale
	byBoth          // CPAxCPS, RPAxRPS
	byClick         // CPC, RPC: fixed for a click
	byThousand      // CPM, RPM: fixed for a thousand impressions
	byRevenue       // PRV: percent of the revenue, whenever there is one (D-26)
	byDefault       // the integration's amount for what happened
)

// kinds are the names in documents. Unknown and no type are none.
var kinds = map[string]kind{
	"CPA": byAction, "CPS": bySale, "CPAxCPS": byBoth, "CPC": byClick, "CPM": byThousand, "PRV": byRevenue,
	"RPA": byAction, "RPS": bySale, "RPAxRPS": byBoth, "RPC": byClick, "RPM": byThousand,
}

// rate is what one side's terms say.
type rate struct {
	kind           kind
	fixed, percent money.Amount
	by             string // who says it
}

func pairOf(p *config.Payout, by string) *pair {
	return &pair{
		payout:  rate{kinds[p.PayoutType], p.Payout, p.PayoutPercent, by},
		revenue: rate{kinds[p.RevenueType], p.Revenue, p.RevenuePercent, by},
	}
}

// fixedRate is a default amount, which is none where it is 0.
func fixedRate(amount money.Amount, by string) rate {
	if amount.IsZero() {
		return rate{}
	}
	return rate{kind: byDefault, fixed: amount, by: by}
}

// thousandth is the share of one impression in a price for a thousand.
var thousandth = money.New(1, 3)

// settle returns what c is worth by the rate, and who says so: the request,
// where the rate comes to nothing and was not paid before, as paidAs tells.
func (r *rate) settle(c *click.Click, revenue money.Amount, paidAs kind, requested money.Amount) (amount money.Amount, by string) {
	if amount = r.amount(c, revenue); !amount.IsZero() {
		return amount, r.by
	}
	if c.Plane == click.PlaneConversion && requested.Sign() > 0 && paidAs != byClick && paidAs != byThousand {
		return requested, "request"
	}
	return amount, r.by
}

// amount is what c is worth by the rate. revenue is what it costs the
// advertiser.
func (r *rate) amount(c *click.Click, revenue money.Amount) money.Amount {
	switch {
	case r.kind == byDefault, r.kind == byClick && c.Plane == click.PlaneClick:
		return r.fixed
	case r.kind == byThousand && c.Plane == click.PlaneImpression:
		return r.fixed.Mul(thousandth)
	case r.kind == byRevenue:
		return revenue.Percent(r.percent)
	case c.Plane != click.PlaneConversion:
		return money.Amount{}
	}
	switch r.kind {
	case byAction:
		return r.fixed
	case bySale:
		return r.share(c)
	case byBoth:
		return r.fixed.Add(r.share(c))
	}
	return money.Amount{}
}

// share is the rate's part of the sale. A refund is no sale.
func (r *rate) share(c *click.Click) money.Amount {
	if sale := c.Conversion.PurchaseValue; sale.Sign() > 0 {
		return sale.Percent(r.percent)
	}
	return money.Amount{}
}
