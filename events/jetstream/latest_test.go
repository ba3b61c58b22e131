package jetstream

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/clickgate/clickgate/events"
)

func TestLatest(t *testing.T) {
	js, _ := embedded(t, Config{})
	ctx := within(t, 20*time.Second)
	publish := func(kind events.Kind, data string) {
		t.Helper()
		if _, err := js.Publish(ctx, Subject(kind, "n1"), []byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	seen := 0
	latest := func(ctx context.Context, field, value string) (string, error) {
		row, err := Latest(ctx, js, []events.Kind{events.Conversion, events.Event}, func(r events.Row) bool {
			seen++
			return r.Text(field) == value
		})
		return row.Text("tx_id"), err
	}
	if id, err := latest(ctx, "color", "red"); !errors.Is(err, ErrNotFound) {
		t.Errorf("an empty log has %q, %v", id, err)
	}
	publish(events.Conversion, `{"tx_id":"first","color":"green"}`+"\n")
	// More than one step lies between the first and the last blocks.
	for i := range 3 * firstReach {
		publish(events.Event, fmt.Sprintf("{\"tx_id\":\"%d\",\"color\":\"blue\"}\n", i))
		publish(events.Click, fmt.Sprintf("{\"tx_id\":\"c%d\",\"color\":\"red\"}\n", i))
	}
	publish(events.Conversion, "{\"tx_id\":\"a\",\"color\":\"grey\"}\nno line\n{\"tx_id\":\"b\",\"color\":\"grey\"}\n{\"tx_id\":\"c\",\"color\":\"white\"}\n")
	if _, err := latest(ctx, "color", "violet"); !errors.Is(err, ErrNotFound) || seen != 3*firstReach+4 {
		t.Errorf("%d rows were looked at, want each once: %d; %v", seen, 3*firstReach+4, err)
	}
	for color, want := range map[string]string{"green": "first", "blue": fmt.Sprint(3*firstReach - 1), "grey": "b", "white": "c"} {
		if id, err := latest(ctx, "color", color); id != want || err != nil {
			t.Errorf("the latest %s one is %q, %v, want %q", color, id, err, want)
		}
	}
	if id, err := latest(ctx, "color", "red"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a click is taken for a conversion: %q, %v", id, err)
	}
	if id, err := latest(ctx, "no_such_field", ""); id != "c" || err != nil {
		t.Errorf("a line that cannot be read is taken for %q, %v", id, err)
	}
	publish(events.Conversion, "no line\n")
	if id, err := latest(ctx, "no_such_field", ""); id != "c" || err != nil {
		t.Errorf("a last line that cannot be read hides %q, %v", id, err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if id, err := latest(ended, "color", "green"); err == nil {
		t.Errorf("a search that was given up finds %q", id)
	}
}
