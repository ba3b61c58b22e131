package clickid

import (
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const someMS = 1_790_000_000_123

func newGenerator(tb testing.TB, node uint16) (*Generator, Keys) {
	tb.Helper()
	keys := NewKeys(time.UnixMilli(someMS))
	g, err := NewGenerator(node, keys)
	if err != nil {
		tb.Fatal(err)
	}
	return g, keys
}

func next(g *Generator, ms int64) string {
	var id [Size]byte
	g.Next(ms, &id)
	return string(id[:])
}

func TestNextParse(t *testing.T) {
	g, _ := newGenerator(t, 0xabcd)
	for seq, want := range []Info{{someMS, 0xabcd, 0}, {someMS, 0xabcd, 1}, {someMS, 0xabcd, 2}} {
		id := next(g, someMS)
		got, err := g.Parse(id)
		if err != nil || got != want {
			t.Errorf("id %d %s says %+v, %v; want %+v", seq, id, got, err, want)
		}
	}
}

// TestVector pins the form of an id: ids in logs outlive the program.
func TestVector(t *testing.T) {
	g, err := NewGenerator(0x0102, Keys{Current: Key{Secret: Secret{0: 1, 15: 2}}})
	if err != nil {
		t.Fatal(err)
	}
	// The last twelve digits were computed with openssl enc -aes-128-ecb.
	const want = "01a0c4506c7b" + "0102" + "0000" + "7c6c2324af57"
	if got := next(g, someMS); got != want {
		t.Errorf("id is %s, want %s", got, want)
	}
}

func TestSequence(t *testing.T) {
	for _, tc := range []struct {
		name  string
		clock []int64
		want  []Info
	}{
		{"new millisecond starts at 0", []int64{5, 5, 6}, []Info{{5, 1, 0}, {5, 1, 1}, {6, 1, 0}}},
		{"clock goes back", []int64{9, 5, 9, 10}, []Info{{9, 1, 0}, {9, 1, 1}, {9, 1, 2}, {10, 1, 0}}},
		{"clock before 1970", []int64{-3}, []Info{{0, 1, 1}}},
	} {
		g, _ := newGenerator(t, 1)
		for i, ms := range tc.clock {
			id := next(g, ms)
			if got, err := g.Parse(id); err != nil || got != tc.want[i] {
				t.Errorf("%s: id %d of clock %v says %+v, %v; want %+v", tc.name, i, tc.clock, got, err, tc.want[i])
			}
		}
	}
}

func TestFullMillisecondRunsAhead(t *testing.T) {
	g, _ := newGenerator(t, 7)
	var id string
	for range 1<<16 + 1 {
		id = next(g, someMS)
	}
	want := Info{TimeMS: someMS + 1, Node: 7, Seq: 0}
	if got, err := g.Parse(id); err != nil || got != want {
		t.Errorf("id 65,537 of one millisecond says %+v, %v; want %+v", got, err, want)
	}
}

func TestUniqueUnderConcurrency(t *testing.T) {
	const workers, each = 8, 20_000
	g, _ := newGenerator(t, 3)
	ids := make([][]string, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				ids[w] = append(ids[w], next(g, someMS+int64(i/5000)))
			}
		})
	}
	wg.Wait()
	for w, own := range ids {
		if !slices.IsSorted(own) {
			t.Errorf("the ids of worker %d do not ascend", w)
		}
	}
	all := slices.Concat(ids...)
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != workers*each {
		t.Errorf("%d of %d ids are different, want all", n, workers*each)
	}
}

func TestParseRefuses(t *testing.T) {
	g, _ := newGenerator(t, 1)
	id := next(g, someMS)
	for _, tc := range []struct {
		name, id string
		want     error
	}{
		{"empty", "", ErrMalformed},
		{"short", id[1:], ErrMalformed},
		{"long", id + "0", ErrMalformed},
		{"upper case", strings.ToUpper(id[:31]) + "A", ErrMalformed},
		{"not hex in the first half", "g" + id[1:], ErrMalformed},
		{"not hex in the second half", id[:31] + "/", ErrMalformed},
		{"zeros", strings.Repeat("0", Size), ErrForged},
	} {
		if info, err := g.Parse(tc.id); !errors.Is(err, tc.want) || info != (Info{}) {
			t.Errorf("%s: Parse(%q) = %+v, %v; want %v", tc.name, tc.id, info, err, tc.want)
		}
	}
}

func TestParseRefusesEveryFlippedBit(t *testing.T) {
	g, _ := newGenerator(t, 1)
	raw, err := hex.DecodeString(next(g, someMS))
	if err != nil {
		t.Fatal(err)
	}
	for bit := range 128 {
		raw[bit/8] ^= 1 << (bit % 8)
		if id := hex.EncodeToString(raw); !errors.Is(parseErr(g, id), ErrForged) {
			t.Errorf("bit %d flipped: %s is accepted, want it refused as forged", bit, id)
		}
		raw[bit/8] ^= 1 << (bit % 8)
	}
}

func parseErr(g *Generator, id string) error {
	_, err := g.Parse(id)
	return err
}

func TestRotation(t *testing.T) {
	g, keys := newGenerator(t, 1)
	first := next(g, someMS)
	steps := []struct {
		name string
		want error
	}{{"its own keys", nil}, {"one rotation", nil}, {"two rotations", ErrForged}}
	for _, step := range steps {
		if err := parseErr(g, first); !errors.Is(err, step.want) {
			t.Errorf("after %s an id is judged %v, want %v", step.name, err, step.want)
		}
		keys = keys.Rotate(time.UnixMilli(someMS))
		if err := g.SetKeys(keys); err != nil {
			t.Fatal(err)
		}
		if err := parseErr(g, next(g, someMS)); err != nil {
			t.Errorf("a fresh id after %s and a rotation: %v", step.name, err)
		}
	}
}

func TestOtherInstallationIsRefused(t *testing.T) {
	ours, _ := newGenerator(t, 1)
	theirs, _ := newGenerator(t, 1)
	if err := parseErr(ours, next(theirs, someMS)); !errors.Is(err, ErrForged) {
		t.Errorf("an id made with other keys is judged %v, want %v", err, ErrForged)
	}
}
