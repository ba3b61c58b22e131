package price

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/money"
)

// TestTotals prices many conversions of random terms and compares each, and
// their totals, with rational numbers rounded once an item.
func TestTotals(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	payouts, revenues := []string{"CPA", "CPS", "CPAxCPS", "CPC", "CPM", "PRV"}, []string{"RPA", "RPS", "RPAxRPS", "RPC", "RPM"}
	planes := []click.Plane{click.PlaneClick, click.PlaneImpression, click.PlaneConversion}
	var paid, billed money.Amount
	exactPaid, exactBilled := new(big.Rat), new(big.Rat)
	for range 20_000 {
		p := config.Payout{
			PayoutType: payouts[r.IntN(len(payouts))], Payout: random(r, 1e9), PayoutPercent: random(r, 1e8),
			RevenueType: revenues[r.IntN(len(revenues))], Revenue: random(r, 1e9), RevenuePercent: random(r, 1e8),
		}
		c := &click.Click{Plane: planes[r.IntN(len(planes))]}
		c.Conversion.PurchaseValue = random(r, 1e12)
		got := Compile(&config.Offer{DefaultPayout: p}, &config.Amounts{}, nil, nil).Price(c)

		revenue := worth(p.RevenueType[1:], p.Revenue, p.RevenuePercent, c)
		payout := worth(p.PayoutType[1:], p.Payout, p.PayoutPercent, c)
		if p.PayoutType == "PRV" {
			payout = rounded(percent(revenue, exact(p.PayoutPercent)))
		}
		if exact(got.Revenue).Cmp(revenue) != 0 || exact(got.Payout).Cmp(payout) != 0 {
			t.Fatalf("%+v of a sale of %s on plane %d: %s and %s, want %s and %s", p, c.Conversion.PurchaseValue, c.Plane,
				got.Payout, got.Revenue, payout.FloatString(8), revenue.FloatString(8))
		}
		paid, billed = paid.Add(got.Payout), billed.Add(got.Revenue)
		exactPaid.Add(exactPaid, payout)
		exactBilled.Add(exactBilled, revenue)
	}
	if exact(paid).Cmp(exactPaid) != 0 || exact(billed).Cmp(exactBilled) != 0 {
		t.Errorf("in all %s and %s, want %s and %s", paid, billed, exactPaid.FloatString(8), exactBilled.FloatString(8))
	}
	if paid.IsZero() || billed.IsZero() {
		t.Error("nothing was earned")
	}
}

// worth computes one side as R-35 has it. kind is a type without its first
// letter: "PA", "PAxCPS".
func worth(kind string, fixed, share money.Amount, c *click.Click) *big.Rat {
	sale := rounded(percent(exact(c.Conversion.PurchaseValue), exact(share)))
	switch is := c.Plane == click.PlaneConversion; {
	case kind == "PA" && is, kind == "PC" && c.Plane == click.PlaneClick:
		return exact(fixed)
	case kind == "PS" && is:
		return sale
	case (kind == "PAxCPS" || kind == "PAxRPS") && is:
		return new(big.Rat).Add(exact(fixed), sale)
	case kind == "PM" && c.Plane == click.PlaneImpression:
		return rounded(new(big.Rat).Quo(exact(fixed), big.NewRat(1000, 1)))
	}
	return new(big.Rat)
}

func percent(a, p *big.Rat) *big.Rat {
	return new(big.Rat).Quo(new(big.Rat).Mul(a, p), big.NewRat(100, 1))
}

func exact(a money.Amount) *big.Rat { return big.NewRat(a.Millionths(), 1e6) }

// rounded rounds to millionths, halves up; r is not below 0.
func rounded(r *big.Rat) *big.Rat {
	r = new(big.Rat).Add(new(big.Rat).Mul(r, big.NewRat(1e6, 1)), big.NewRat(1, 2))
	return new(big.Rat).SetFrac(new(big.Int).Quo(r.Num(), r.Denom()), big.NewInt(1e6))
}

// random is an amount below most millionths, often with few digits.
func random(r *rand.Rand, most int64) money.Amount {
	unit := []int64{1, 1000, 10_000, 1_000_000}[r.IntN(4)]
	return money.FromMillionths(r.Int64N(most+1) / unit * unit)
}
