package caps

import "github.com/clickgate/clickgate/internal/money"

type capDoc struct {
	Period, Type  string
	Value         money.Amount
	GoalType      string
	Goals         []string
	AffiliateType string
	Affiliates    []int64
	SubIDEach     bool
}
