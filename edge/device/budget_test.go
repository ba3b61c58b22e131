package device

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestBudgetBoundsWorkToItsShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(0.25)
		start, worked := time.Now(), time.Duration(0)
		for time.Since(start) < time.Minute {
			if !b.open() {
				time.Sleep(time.Millisecond)
				continue
			}
			time.Sleep(10 * time.Millisecond)
			b.spend(10 * time.Millisecond)
			worked += 10 * time.Millisecond
		}
		if most := 15*time.Second + budgetBurst + 20*time.Millisecond; worked < 15*time.Second || worked > most {
			t.Errorf("worked %s of a minute, want a quarter of it and the %s saved up", worked, budgetBurst)
		}
		time.Sleep(time.Hour)
		if !b.open() || b.left != budgetBurst {
			t.Errorf("an hour of rest saved up %s, want %s", b.left, budgetBurst)
		}
	})
}

func TestSpentBudgetSketches(t *testing.T) {
	p := newParser(t, Options{})
	p.budget.spend(time.Hour)
	if d := p.Parse(chromeAndroid); d.BrowserName != "Chrome Mobile" || p.Stats().Sketched != 1 {
		t.Errorf("Parse = %+v, Stats = %+v, want a sketch", *d, p.Stats())
	}
}
