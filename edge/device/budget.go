package device

import (
	"sync"
	"time"
)

// budgetBurst is how much unused time a budget saves up: enough for the user
// agents of a start, when all are unseen.
const budgetBurst = 2 * time.Second

// budget bounds a kind of work to a share of the time that passes. The gate
// alone does not: on one processor a single parse at a time can take all of
// it, and a flood of unseen user agents would leave nothing for visitors.
type budget struct {
	share float64 // seconds of work a second

	mu   sync.Mutex
	left time.Duration
	at   time.Time // when left was true
}

func newBudget(share float64) *budget {
	return &budget{share: share, left: budgetBurst, at: time.Now()}
}

// open tells whether there is time left to spend.
func (b *budget) open() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.left = min(b.left+time.Duration(float64(now.Sub(b.at))*b.share), budgetBurst)
	b.at = now
	return b.left > 0
}

// spend takes the time of some work out of the budget.
func (b *budget) spend(d time.Duration) {
	b.mu.Lock()
	b.left -= d
	b.mu.Unlock()
}
