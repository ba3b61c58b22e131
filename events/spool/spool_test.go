package spool

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func open(t testing.TB, dir string, opt Options) *Spool {
	t.Helper()
	s, err := Open(dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func record(i int) Record {
	return Record{
		Kind: uint8(i % 5), After: uint64(100 + i), BornMS: int64(1_700_000_000_000 + i),
		Lines: uint32(i), ID: fmt.Sprintf("n1.%d", i), Data: bytes.Repeat([]byte{byte(i)}, i%300),
	}
}

func fill(t testing.TB, s *Spool, from, to int) {
	t.Helper()
	var batch []Record
	for i := from; i < to; i++ {
		batch = append(batch, record(i))
	}
	if err := s.Append(batch); err != nil {
		t.Fatal(err)
	}
}

// drain commits records until none is left and returns their ids.
func drain(t testing.TB, s *Spool) (ids []string) {
	t.Helper()
	for {
		r, ok, err := s.Next()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return ids
		}
		ids = append(ids, r.ID)
		if err := s.Commit(uint64(len(ids))); err != nil {
			t.Fatal(err)
		}
	}
}

func wantIDs(t testing.TB, got []string, from, to int) {
	t.Helper()
	var want []string
	for i := from; i < to; i++ {
		want = append(want, record(i).ID)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("records %v, want %v", got, want)
	}
}

func segmentFiles(t testing.TB, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"+segmentSuffix))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestRecordsComeBackInOrderAndWhole(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{SegmentBytes: 500})
	for i := 0; i < 40; i += 4 {
		fill(t, s, i, i+4)
	}
	if n := len(segmentFiles(t, dir)); n < 3 {
		t.Fatalf("%d segments, want several", n)
	}
	for i := range 40 {
		got, ok, err := s.Next()
		if !ok || err != nil {
			t.Fatalf("record %d: %v %v", i, ok, err)
		}
		want := record(i)
		want.Uncertain = i == 0
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("record %d is %v, want %v", i, got, want)
		}
		if err := s.Commit(uint64(i)); err != nil {
			t.Fatal(err)
		}
	}
	if !s.Empty() || s.Stats().Bytes != 0 || len(segmentFiles(t, dir)) != 0 {
		t.Errorf("after the last commit: empty %v, %+v, files %v", s.Empty(), s.Stats(), segmentFiles(t, dir))
	}
}

func TestRestartGoesOnAtTheFirstRecordNotCommitted(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{SegmentBytes: 500})
	fill(t, s, 0, 8)
	for i := range 5 {
		if _, _, err := s.Next(); err != nil {
			t.Fatal(err)
		}
		if err := s.Commit(uint64(1000 + i)); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()

	s = open(t, dir, Options{SegmentBytes: 500})
	fill(t, s, 8, 10)
	first, _, err := s.Next()
	if err != nil {
		t.Fatal(err)
	}
	if !first.Uncertain || first.After != 1004 {
		t.Errorf("first record uncertain %v after %d, want true after the last commit 1004", first.Uncertain, first.After)
	}
	wantIDs(t, drain(t, s), 5, 10)
}

func TestTornTailCostsTheTornRecordOnly(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	fill(t, s, 10, 13)
	s.Close()
	name := segmentFiles(t, dir)[0]
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lastSize := frameSize + headerSize + len(record(12).ID) + len(record(12).Data)
	for cut := 1; cut < lastSize; cut++ {
		if err := os.WriteFile(name, whole[:len(whole)-cut], 0o600); err != nil {
			t.Fatal(err)
		}
		os.Remove(filepath.Join(dir, "cursor"))
		s := open(t, dir, Options{})
		fill(t, s, 13, 15)
		got := drain(t, s)
		if want := "[n1.10 n1.11 n1.13 n1.14]"; fmt.Sprint(got) != want {
			t.Fatalf("cut by %d: records %v, want %v", cut, got, want)
		}
		if d := s.Stats().DamagedBytes; d != int64(lastSize-cut) {
			t.Errorf("cut by %d: %d damaged bytes, want %d", cut, d, lastSize-cut)
		}
		s.Close()
	}
}

func TestFlippedBitCostsOneRecord(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	fill(t, s, 10, 13)
	s.Close()
	name := segmentFiles(t, dir)[0]
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	data[frameSize+headerSize] ^= 1
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir, Options{})
	wantIDs(t, drain(t, s), 11, 13)
	if s.Stats().DamagedBytes == 0 {
		t.Error("the damage was not counted")
	}
}

func TestFullSpoolRefusesAndRecovers(t *testing.T) {
	s := open(t, t.TempDir(), Options{MaxBytes: 500})
	fill(t, s, 200, 201)
	if err := s.Append([]Record{record(299)}); !errors.Is(err, ErrFull) {
		t.Fatalf("append to a full spool: %v, want ErrFull", err)
	}
	wantIDs(t, drain(t, s), 200, 201)
	fill(t, s, 201, 202)
	wantIDs(t, drain(t, s), 201, 202)
}

func TestSpoolWithoutRoom(t *testing.T) {
	noRoom := errors.New("no room")
	room := noRoom
	s := open(t, t.TempDir(), Options{Room: func() error { return room }})
	if err := s.Append([]Record{record(299)}); !errors.Is(err, noRoom) {
		t.Fatalf("append without room: %v", err)
	}
	room = nil
	fill(t, s, 201, 202)
	wantIDs(t, drain(t, s), 201, 202)
}

func TestFailedWriteLosesNothingWrittenBefore(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	fill(t, s, 0, 2)
	s.writer.Close()
	if err := s.Append([]Record{record(2)}); err == nil {
		t.Fatal("a write to a closed file succeeded")
	}
	fill(t, s, 3, 5)
	if got, want := fmt.Sprint(drain(t, s)), "[n1.0 n1.1 n1.3 n1.4]"; got != want {
		t.Errorf("records %v, want %v", got, want)
	}
}

func TestTooLargeRecordIsRefused(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	if err := s.Append([]Record{{ID: "x", Data: make([]byte, maxBody)}}); !errors.Is(err, errTooLarge) {
		t.Errorf("append: %v, want %v", err, errTooLarge)
	}
}

// FuzzOpen reads segments of any content: no panic, no endless loop, and what
// comes back is no longer than the file.
func FuzzOpen(f *testing.F) {
	r := record(7)
	good, err := appendRecord(nil, &r)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(append(good[:len(good)-1:len(good)-1], good...))
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "0000000000000001"+segmentSuffix), data, 0o600); err != nil {
			t.Fatal(err)
		}
		s := open(t, dir, Options{})
		if n := len(drain(t, s)); n*frameSize > len(data) {
			t.Errorf("%d records from %d bytes", n, len(data))
		}
		if !s.Empty() {
			t.Error("the segment stayed after it was read")
		}
	})
}
