package store

import (
	"runtime"

	"golang.org/x/sync/errgroup"
)

// parallel calls do for 0 to n-1 on all cores and returns one of the errors.
// Strict decoding takes most of the time in which a large configuration loads.
func parallel(n int, do func(i int) error) error {
	const smallest = 256
	chunk := max(smallest, n/runtime.GOMAXPROCS(0)+1)
	var workers errgroup.Group
	for start := 0; start < n; start += chunk {
		workers.Go(func() error {
			for i := start; i < min(start+chunk, n); i++ {
				if err := do(i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return workers.Wait()
}
