package config

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestDigest(t *testing.T) {
	documents := slices.Collect(validSet(t).All())
	want, _ := NewSet(documents...)
	slices.Reverse(documents)
	for _, tc := range []struct {
		name  string
		set   *Set
		equal bool
	}{
		{"another order", new(Set).With(documents, nil), true},
		{"there and back", want.With([]Document{page("x", "")}, nil).With(nil, []Key{{KindLandingPage, "x"}}), true},
		{"a document more", want.With([]Document{page("x", "")}, nil), false},
		{"a document less", want.With(nil, []Key{{KindOffer, "second"}}), false},
		{"a document changed", want.With([]Document{&Offer{Meta: Meta{ID: "second"}}}, nil), false},
		{"settings changed", want.With([]Document{withVPNSettings(t, want, `{"lookback_hours":1}`)}, nil), false},
		{"an amount spelled otherwise", want.With([]Document{withPayout(t, want, "15e-1")}, nil), true},
		{"an amount changed", want.With([]Document{withPayout(t, want, "1.500001")}, nil), false},
		{"settings spelled otherwise", want.With([]Document{withVPNSettings(t, want, ` {"lookback_hours" : 0.0}`)}, nil), true},
	} {
		if got := tc.set.Digest(); (got == want.Digest()) != tc.equal {
			t.Errorf("%s: digest %s, that of the valid set %s; want equal %t", tc.name, got, want.Digest(), tc.equal)
		}
	}
	if got := len(new(Set).Digest()); got != 64 {
		t.Errorf("digest of the empty set has %d characters, want 64", got)
	}
}

// withVPNSettings is integration/demo with other settings of its second filter.
func withVPNSettings(t *testing.T, s *Set, settings string) *Integration {
	t.Helper()
	d, _ := s.Get(Key{KindIntegration, "demo"})
	changed := *d.(*Integration)
	changed.DefaultFilters = slices.Clone(changed.DefaultFilters)
	changed.DefaultFilters[1].Settings = Raw(settings)
	return &changed
}

// withPayout is offer/demo-offer, whose payout is 1.5, with another one.
func withPayout(t *testing.T, s *Set, payout string) *Offer {
	t.Helper()
	d, _ := s.Get(Key{KindOffer, "demo-offer"})
	text, err := Encode(d)
	if err != nil {
		t.Fatal(err)
	}
	was := []byte(`"default_payout":{"payout":1.5,`)
	if !bytes.Contains(text, was) {
		t.Fatalf("%s does not hold %s", text, was)
	}
	changed, problems := DecodeDocument(KindOffer, bytes.Replace(text, was, []byte(`"default_payout":{"payout":`+payout+`,`), 1))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return changed.(*Offer)
}

// TestDigestConstruction makes the digest as its comment says, from scratch,
// for sets that came about by many changes.
func TestDigestConstruction(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	set := validSet(t)
	for range 30 {
		var puts []Document
		var deletes []Key
		for range random.IntN(400) {
			puts = append(puts, page(fmt.Sprint("page-", random.IntN(3000)), fmt.Sprint(random.IntN(3))))
			deletes = append(deletes, Key{KindLandingPage, fmt.Sprint("page-", random.IntN(3000))})
		}
		set = set.With(puts, deletes)
		if got, want := set.Digest(), plainDigest(t, set); got != want {
			t.Fatalf("%d documents: digest %s, want %s", set.Len(), got, want)
		}
	}
	if n := len(set.shelves[kindIndex(KindLandingPage)].chunks()); n < 4 {
		t.Errorf("the landing pages make %d chunks only", n)
	}
	// Digests are kept beside documents: the construction must not change.
	const first = "a5dd651e87a2601091c0946b6fa3fa943a3adf10d11e427062e2dd7468c5f043"
	if got := new(Set).With(manyPages(), nil).Digest(); got != first {
		t.Errorf("digest %s, always was %s", got, first)
	}
}

func manyPages() (pages []Document) {
	for i := range 1000 {
		pages = append(pages, page(fmt.Sprint("page-", i), ""))
	}
	return pages
}

func plainDigest(t *testing.T, s *Set) string {
	t.Helper()
	var all strings.Builder
	for kind := range slices.Values(append(Kinds(), AccountKinds()...)) {
		var chunks, chunk strings.Builder
		for d := range s.OfKind(kind) {
			text, err := Encode(d)
			if err != nil {
				t.Fatal(err)
			}
			if beginsPlainly(d.Key().ID) && chunk.Len() > 0 {
				chunks.WriteString(plainSum(chunk.String()))
				chunk.Reset()
			}
			chunk.WriteString(plainSum(d.Key().String() + "\n" + string(text)))
		}
		if chunk.Len() > 0 {
			chunks.WriteString(plainSum(chunk.String()))
			all.WriteString(string(kind) + "\n" + plainSum(chunks.String()))
		}
	}
	return hex.EncodeToString([]byte(plainSum(all.String())))
}

func beginsPlainly(id string) bool {
	h := fnv.New64a()
	h.Write([]byte(id))
	n := h.Sum64()
	n = (n ^ n>>33) * 0xff51afd7ed558ccd
	n = (n ^ n>>33) * 0xc4ceb9fe1a85ec53
	return byte(n^n>>33) == 0
}

func plainSum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return string(sum[:])
}

// TestChunksAreOfUsefulSize wants ids as people and programs make them to
// begin a chunk about once in 256.
func TestChunksAreOfUsefulSize(t *testing.T) {
	for _, form := range []string{"%d", "offer-%06d", "%08x", "%d-shoes", "a%d_b"} {
		begun, last, longest := 0, 0, 0
		const n = 30_000
		for i := range n {
			if beginsChunk(fmt.Sprintf(form, i)) {
				longest, last = max(longest, i-last), i
				begun++
			}
		}
		if begun < n/256*8/10 || begun > n/256*12/10 || longest > 256*12 {
			t.Errorf("%s: %d chunks of %d ids, the longest of %d; want about %d", form, begun, n, longest, n/256)
		}
	}
}

func TestDigestFromManyGoroutines(t *testing.T) {
	set := validSet(t).With(manyPages(), nil)
	want := plainDigest(t, set)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if got := set.Digest(); got != want {
				t.Errorf("digest %s, want %s", got, want)
			}
			if got := set.With(nil, []Key{{KindOffer, "none"}}).Digest(); got != want {
				t.Errorf("digest of a set that shares all is %s, want %s", got, want)
			}
		})
	}
	group.Wait()
}
