package jetstream

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
)

func TestFind(t *testing.T) {
	js, p := embedded(t, Config{})
	l := events.New(p, events.Options{Node: "n1"})
	for i := range 500 {
		c := &click.Click{TimeMS: time.Now().UnixMilli(), Keyword: fmt.Sprint(i)}
		copy(c.TxID[:], fmt.Sprintf("%032d", i))
		l.Append(events.Kind(i%2), events.AppendRow(nil, c, events.Meta{}))
	}
	closeLog(t, l)
	ctx := within(t, 20*time.Second)
	row, err := Find(ctx, js, fmt.Sprintf("%032d", 377), time.Now())
	if err != nil || row.Text("keyword") != "377" || row.Kind != events.Kind(1) {
		t.Errorf("found %s %s, %v", row.Kind, row.Line, err)
	}
	if _, err := Find(ctx, js, fmt.Sprintf("%032d", 500), time.Now()); !errors.Is(err, ErrNotFound) {
		t.Errorf("an id that was never logged gives %v", err)
	}
	if _, err := Find(ctx, js, fmt.Sprintf("%032d", 377), time.Now().Add(time.Hour)); !errors.Is(err, ErrNotFound) {
		t.Errorf("an id of the future gives %v", err)
	}
}
