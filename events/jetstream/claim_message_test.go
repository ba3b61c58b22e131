package jetstream

import (
	"strconv"
	"testing"
)

// FuzzReadRow: what is read of a reservation is a key and a sequence, and comes
// out of what they write.
func FuzzReadRow(f *testing.F) {
	for _, s := range []string{"ab 0", "ab 18446744073709551615", "ab", " 1", "> 1", "ab -1", "ab 1 2", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key, after, err := readRow(s)
		if err != nil {
			if key != "" || after != 0 {
				t.Errorf("%q: %q %d beside %v", s, key, after, err)
			}
			return
		}
		if again, n, err := readRow(key + " " + strconv.FormatUint(after, 10)); again != key || n != after || err != nil || !hexDigits(key) {
			t.Errorf("%q is %q %d, and that %q %d, %v", s, key, after, again, n, err)
		}
	})
}
