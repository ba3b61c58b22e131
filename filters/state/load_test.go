package state

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// small are sizes that keep tests quick.
var small = Options{Keys: 5000, RateBytes: 1 << 19, LedgerBytes: 1 << 19, UniqueKeys: 2000}

// saved returns a snapshot of m.
func saved(t testing.TB, m *Memory, nowMS int64) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Save(&b, nowMS); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// used tells how much of each part is in use.
func used(m *Memory) (n []int) {
	for _, s := range m.Stats() {
		n = append(n, s.Used)
	}
	return n
}

func empty(m *Memory) bool { return fmt.Sprint(used(m)) == "[0 0 0 0 0]" }

// act does something to m that depends on r alone, and returns the answer.
func act(m *Memory, r *rand.Rand, now int64) any {
	k := m.Namespace("test", "click", "", "").Mark(uint8(r.ExpFloat64() * 20))
	hours := []int{1, 5, 24, 720}[r.IntN(4)]
	windowMS := 1 + r.Int64N(3*hour)
	switch r.IntN(12) {
	case 0:
		return m.Counts.Peek(k, now)
	case 1:
		m.Counts.Extend(k, now, windowMS)
		return nil
	case 2, 3:
		all, bad := m.Rates.Count(k.Mark(uint8(hours)), now, hours, r.IntN(3) == 0)
		return [2]int64{all, bad}
	case 4:
		m.Ledger.Click(k, now)
		return nil
	case 5:
		m.Ledger.Conversion(k, now, r.IntN(2) == 0)
		return nil
	case 6:
		return m.Ledger.Sum(k, now, hours)
	case 7, 8:
		return m.Uniques.Admit(k.Mark(uint8(hours)), k.Mark(uint8(r.IntN(15))), now, int64(hours)*hour, 10, r.IntN(4) > 0)
	default:
		return m.Counts.Add(k, now, windowMS)
	}
}

// A memory that is saved, loaded and asked goes on like one that was only
// asked, whatever came before and however long it was away.
func TestLoadedGoesOn(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	for range 30 {
		m, now := NewMemory(small), start
		for range 5 {
			for range 500 {
				now += r.Int64N(hour / 20)
				act(m, r, now)
			}
			snapshot := saved(t, m, now)
			back := now + []int64{0, r.Int64N(2 * hour), r.Int64N(30 * day), r.Int64N(400 * day)}[r.IntN(4)]
			for ; now < back; now = min(now+30*day, back) {
				m.Sweep(now)
			}
			m.Sweep(now)
			loaded, err := Load(bytes.NewReader(snapshot), now, small)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if got, want := used(loaded), used(m); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("seed %d: %v slots are used after loading, want %v", seed, got, want)
			}
			next := r.Uint64()
			a, b := rand.New(rand.NewPCG(next, 1)), rand.New(rand.NewPCG(next, 1))
			for i := range 500 {
				now += r.Int64N(hour / 20)
				if got, want := act(loaded, a, now), act(m, b, now); got != want {
					t.Fatalf("seed %d: step %d after loading gives %v, want %v", seed, i, got, want)
				}
			}
			m = loaded
		}
	}
}

// filled is a memory with something in every part.
func filled(t testing.TB) *Memory {
	t.Helper()
	m := NewMemory(small)
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		act(m, r, start)
	}
	for i, n := range used(m) {
		if n == 0 {
			t.Fatalf("part %d is empty", i)
		}
	}
	return m
}

func TestLoadRefuses(t *testing.T) {
	good := saved(t, filled(t), start)
	with := func(at int, b ...byte) []byte {
		bad := bytes.Clone(good)
		copy(bad[at:], b)
		return bad
	}
	second := len(format) + 4 + int(binary.LittleEndian.Uint32(good[len(format):])) + 4 // frame
	third := second + 4 + int(binary.LittleEndian.Uint32(good[second:])) + 4
	for _, tc := range []struct {
		name, want string
		content    []byte
	}{
		{"nothing", "it is empty", nil},
		{"something else", `begins with "#!/bin/sh`, []byte("#!/bin/sh\necho hello, world\n")},
		{"a part of the first line", `begins with "clickg`, good[:6]},
		{"another version", "another version", with(16, '9')},
		{"the first line", "ends within frame 0", good[:len(format)]},
		{"no end", "ends within frame", good[:len(good)-9]},
		{"something after the end", "something follows the end", append(bytes.Clone(good), 0)},
		{"a huge frame", "claims 4294967295 bytes", with(second, 255, 255, 255, 255)},
		{"a frame longer than the file", "ends within frame 1", with(second, 0, 0, 0, 3)},
		{"an empty frame", "claims 0 bytes", with(second, 0, 0, 0, 0)},
		{"a frame left out", "checksum", append(bytes.Clone(good[:second]), good[third:]...)},
		{"a frame twice", "checksum", append(bytes.Clone(good[:third]), good[second:]...)},
		{"another secret", "checksum", with(len(format)+6, good[len(format)+6]+1)},
	} {
		m, err := Load(bytes.NewReader(tc.content), start, small)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: Load says %v, want %q", tc.name, err, tc.want)
		}
		if !empty(m) {
			t.Errorf("%s: %v slots are used, want an empty memory", tc.name, used(m))
		}
		if m.Counts.Add(m.Namespace("a", "b", "c", "d"), start, hour) != 1 {
			t.Errorf("%s: the memory is of no use", tc.name)
		}
	}
}

// Whatever single byte is wrong, and wherever it ends, it is refused.
func TestLoadNoticesEveryByte(t *testing.T) {
	few := Options{Keys: 10, RateBytes: 1, LedgerBytes: 1, UniqueKeys: 10}
	m := NewMemory(few)
	r := rand.New(rand.NewPCG(1, 1))
	for range 100 {
		act(m, r, start)
	}
	good := saved(t, m, start)
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1 << (i % 8)
		if m, err := Load(bytes.NewReader(bad), start, few); err == nil || !empty(m) {
			t.Fatalf("byte %d of %d is wrong: error %v, %v slots used", i, len(good), err, used(m))
		}
		if m, err := Load(bytes.NewReader(good[:i]), start, few); err == nil || !empty(m) {
			t.Fatalf("torn after %d of %d bytes: error %v, %v slots used", i, len(good), err, used(m))
		}
	}
}

func TestLoadAtOtherTimes(t *testing.T) {
	m := filled(t)
	snapshot := saved(t, m, start)
	for _, tc := range []struct {
		name  string
		after int64
		want  string // error
		empty bool
	}{
		{"a second later", 1000, "", false},
		{"a clock that stepped back", -2 * day, "", false},
		{"a clock far back", -4 * day, "ahead of the clock", true},
		{"before 1970", -2 * start, "ahead of the clock", true},
		{"after all windows", 31 * day, "", true},
		{"when expiries have wrapped around once", tickMS << expiryBits, "", true},
		{"when they have nearly", tickMS<<expiryBits - 10_000, "", true},
	} {
		loaded, err := Load(bytes.NewReader(snapshot), start+tc.after, small)
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: Load says %v, want %q", tc.name, err, tc.want)
		}
		if empty(loaded) != tc.empty {
			t.Errorf("%s: %v slots are used, want none: %t", tc.name, used(loaded), tc.empty)
		}
	}
}

func TestLoadIntoOtherSizes(t *testing.T) {
	m := NewMemory(small)
	space := m.Namespace("test", "click", "", "")
	m.Counts.Add(space, start, day)
	m.Uniques.Admit(space, space, start, day, 1, true)
	for i := range 1400 {
		for range 1 + i%2*10 {
			m.Rates.Count(space.Mark(uint8(i)).Mark(uint8(i>>8)), start, 24, true)
		}
	}
	m.Ledger.Click(space, start)
	snapshot := saved(t, m, start)

	larger, err := Load(bytes.NewReader(snapshot), start, Options{Keys: 10_000, RateBytes: 1 << 20, LedgerBytes: 1 << 20, UniqueKeys: 4000})
	for _, want := range []string{"counts begin anew", "limited sets begin anew", "and this one has"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Load into a larger memory says %v, want %q", err, want)
		}
	}
	if got, want := fmt.Sprint(used(larger)), "[0 1400 1 0 0]"; got != want {
		t.Errorf("a larger memory uses %s after loading, want %s", got, want)
	}

	o := small
	o.RateBytes = 1 << 16
	smaller, err := Load(bytes.NewReader(snapshot), start, o)
	if err != nil {
		t.Fatal(err)
	}
	busy, idle := 0, 0
	space = smaller.Namespace("test", "click", "", "")
	for i := range 1400 {
		switch all, bad := smaller.Rates.Peek(space.Mark(uint8(i)).Mark(uint8(i>>8)), start, 24); {
		case all != bad || all > 0 && all != int64(1+i%2*10):
			t.Fatalf("key %d has %d of %d", i, bad, all)
		case all == 11:
			busy++
		case all == 1:
			idle++
		}
	}
	if busy < 3*idle {
		t.Errorf("a smaller memory holds %d busy keys and %d idle ones, want mostly busy ones", busy, idle)
	}
	if s := smaller.Rates.Stats(); s.Evictions == 0 {
		t.Errorf("no eviction is counted: %+v", s)
	}
}

// What is dead is not written, and takes no place from the living when it dies
// between saving and loading.
func TestSnapshotsHoldTheLiving(t *testing.T) {
	m := filled(t)
	if got, want := len(saved(t, m, start+31*day)), len(saved(t, NewMemory(small), start)); got != want {
		t.Errorf("a snapshot of what has expired takes %d bytes, want %d as for nothing", got, want)
	}
	r := NewMemory(small)
	k := r.Namespace("test", "click", "", "")
	for i := range 1000 {
		r.Rates.Count(k.Mark(uint8(i)).Mark(uint8(i>>8)), start, 1+i%2*23, true)
	}
	full, now := Options{RateBytes: 1}, start+2*hour
	before := saved(t, r, start)
	r.Sweep(now)
	if got, want := evictions(t, before, now, full), evictions(t, saved(t, r, now), now, full); got != want || want == 0 {
		t.Errorf("%d keys gave way when others were loaded, dead ones among them; want %d as without those", got, want)
	}
}

// evictions loads a snapshot and tells how many keys gave way.
func evictions(t *testing.T, snapshot []byte, nowMS int64, o Options) uint64 {
	t.Helper()
	m, err := Load(bytes.NewReader(snapshot), nowMS, o)
	if err != nil && !strings.Contains(err.Error(), "begin anew") {
		t.Fatal(err)
	}
	return m.Rates.Stats().Evictions
}

// Frames that are whole and make no sense are refused.
func TestFramesThatMakeNoSense(t *testing.T) {
	// A cell is: key, newest hour, window, pages; a page: number, counters.
	counters := make([]byte, 2*pageHours)
	cell := func(head ...byte) []byte { return append(make([]byte, 8), head...) }
	page := func(to []byte, number byte) []byte { return append(append(to, number), counters...) }
	for _, tc := range []struct {
		name    string
		kind    frameKind
		content []byte
		want    bool
	}{
		{"a cell", frameRates, page(cell(17, 24, 1), 2), true},
		{"a cell with two pages", frameRates, page(page(cell(17, 24, 2), 2), 0), true},
		{"no window", frameRates, page(cell(17, 0, 1), 2), false},
		{"too long a window", frameRates, page(cell(17, 0xd1, 5, 1), 2), false}, // 721
		{"no page", frameRates, cell(17, 24, 0), false},
		{"a page to come", frameRates, page(cell(17, 24, 1), 3), false},
		{"the same page twice", frameRates, page(page(cell(17, 24, 2), 2), 2), false},
		{"pages upside down", frameRates, page(page(cell(17, 24, 2), 1), 2), false},
		{"too many pages", frameRates, cell(17, 24, 92), false},
		{"a page too few", frameRates, page(cell(17, 24, 2), 2), false},
		{"half a page", frameRates, page(cell(17, 24, 1), 2)[:20], false},
		{"half a key", frameRates, make([]byte, 4), false},
		{"a stripe too many", frameCounts, append([]byte{1}, make([]byte, 100)...), false},
		{"too few buckets", frameCounts, []byte{0, 0}, false},
		{"too many buckets", frameCounts, make([]byte, 1000), false},
		{"a slot too few", frameCounts, []byte{0, 0, 1}, false},
		{"another kind", 'X', nil, false},
	} {
		l := loader{memory: NewMemory(Options{Keys: 10, RateBytes: 1})}
		if got := l.part(tc.kind, &decoder{b: tc.content}); got != tc.want {
			t.Errorf("%s makes sense: %t, want %t", tc.name, got, tc.want)
		}
	}
}

// An empty slot that is marked as alive is none.
func TestEmptySlotsStayEmpty(t *testing.T) {
	l := loader{memory: NewMemory(Options{Keys: 1}), savedMS: tickMS * (expiryMask - 10), nowMS: tickMS * (expiryMask - 10)}
	l.part(frameCounts, &decoder{b: append([]byte{0, 1}, make([]byte, 20)...)})
	if n := l.memory.Counts.Stats().Used; n != 0 {
		t.Errorf("%d slots are used, want none", n)
	}
}

// What a length claims is not allocated.
func TestFramesClaimNothing(t *testing.T) {
	f := frameReader{r: strings.NewReader("\xff\xff\xff\x02little")}
	if _, _, err := f.next(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a frame of 6 bytes that claims 50 million is read with error %v", err)
	}
	if n := f.buf.Cap(); n > 1<<16 {
		t.Errorf("%d bytes were allocated for 6", n)
	}
}

// FuzzLoad loads anything, as it is and with its checksums set right. A memory
// that was loaded without complaint can be used, saved, and loaded again.
func FuzzLoad(f *testing.F) {
	few := Options{Keys: 10, RateBytes: 1, LedgerBytes: 1, UniqueKeys: 10}
	for _, n := range []int{0, 10, 300} {
		m := NewMemory(few)
		r := rand.New(rand.NewPCG(1, 1))
		for range n {
			act(m, r, start)
		}
		f.Add(saved(f, m, start), int64(1000))
	}
	f.Add([]byte("clickgate state 1\n\x00\x00\x00\x01"), int64(-1))
	f.Fuzz(func(t *testing.T, content []byte, after int64) {
		for _, b := range [][]byte{content, mended(content)} {
			m, err := Load(bytes.NewReader(b), start+after, few)
			if err != nil && !strings.Contains(err.Error(), "begin anew") && !empty(m) {
				t.Fatalf("%v, but the memory has %v", err, used(m))
			}
			before := used(m)
			again, err := Load(bytes.NewReader(saved(t, m, max(start+after, 0))), start+after, few)
			if err != nil {
				t.Fatalf("what was loaded and saved cannot be loaded: %v", err)
			}
			for i, n := range used(again) { // fewer when keys of a full part gave way
				if n > before[i] {
					t.Fatalf("%v slots are used after saving and loading, before %v", used(again), before)
				}
			}
			r := rand.New(rand.NewPCG(1, 1))
			for range 100 {
				act(m, r, start+after)
			}
			m.Sweep(start + after)
		}
	})
}

// mended sets the checksums of all frames right.
func mended(content []byte) []byte {
	if len(content) < len(format) {
		return content
	}
	r := bytes.NewReader(content[len(format):])
	var b bytes.Buffer
	b.WriteString(format)
	f := frameWriter{w: &b}
	for {
		var n, sum uint32
		if binary.Read(r, binary.LittleEndian, &n) != nil || n < 1 || int(n) > r.Len() {
			return b.Bytes()
		}
		f.begin(0)
		f.buf = f.buf[:4]
		frame := make([]byte, n)
		_, _ = r.Read(frame)
		f.buf = append(f.buf, frame...)
		f.end()
		_ = binary.Read(r, binary.LittleEndian, &sum)
	}
}
