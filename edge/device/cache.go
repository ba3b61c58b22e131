package device

import (
	"hash/maphash"
	"unsafe"

	"github.com/dgraph-io/ristretto/v2"

	"github.com/clickgate/clickgate/internal/click"
)

// cache remembers parsed user agents. An entry may be lost at any time; that
// costs a parse. Newcomers must prove themselves against what is in it, so that
// a flood of strings that are never seen again does not push out the common ones.
type cache = ristretto.Cache[string, answer]

// answer is a parsed user agent, and the generation of the list of patterns that
// judged it.
type answer struct {
	device *click.Device
	list   uint64
}

// entryCost is what an entry takes beside its strings: the device, ristretto's
// item and the shares of its maps.
const entryCost = int64(unsafe.Sizeof(click.Device{})) + 128

// newCache makes a cache of about size bytes. The strings themselves are not
// kept: an entry is found by two hashes under two secret random seeds, 128 bits
// together, so that nobody can construct, and nobody will meet, a collision.
func newCache(size int64) (*cache, error) {
	slot, check := maphash.MakeSeed(), maphash.MakeSeed()
	return ristretto.NewCache(&ristretto.Config[string, answer]{
		NumCounters: max(10*size/(entryCost+64), 1000),
		MaxCost:     size,
		BufferItems: 64,
		Metrics:     true,
		KeyToHash: func(ua string) (uint64, uint64) {
			return maphash.String(slot, ua), maphash.String(check, ua)
		},
	})
}

func cost(d *click.Device) int64 {
	return entryCost + int64(len(d.BrowserName)+len(d.BrowserVersion)+len(d.OSName)+len(d.OSVersion)+
		len(d.Brand)+len(d.Model)+len(d.BotName))
}
