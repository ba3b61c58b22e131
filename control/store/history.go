package store

import (
	"cmp"
	"context"
	"slices"
)

// History returns the versions that the bucket remembers, the newest first:
// the last few thousand. Their documents are kept for as many revisions of
// each as Options.History says.
func (s *Store) History(ctx context.Context) ([]Head, error) {
	c, err := s.b.after(ctx, 0, logPrefix+"*")
	if err != nil {
		return nil, err
	}
	defer c.close()
	var heads []Head
	err = c.initial(ctx, func(e entry) error {
		if h, ok := decodeHead(e); ok {
			// The head itself follows its record.
			h.Revision++
			heads = append(heads, h)
		}
		return nil
	})
	slices.SortFunc(heads, func(a, b Head) int { return cmp.Compare(b.Version, a.Version) })
	return heads, err
}
