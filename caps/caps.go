// Package caps limits what offers and publishers take in a day, a month or in
// all: conversions, events, clicks, impressions, payout and revenue (R-55, R-56,
// D-19).
//
// Rules are the caps of a config, compiled. A cap that is told apart by
// publisher, goal, sub id or period has many counters, and a Key names one by
// a hash of all that. What a Thing (a click, a conversion) adds to which
// counters depends on the thing and the cap alone, so edges and workers agree
// without talking about it.
//
// Every process of an edge has a Book. It counts what it recorded itself at
// once. A worker has a Fold, which reads the whole event log once and tells the
// edges, in Deltas, what has been counted by everybody. A counter is therefore
// what this process has counted, or the Fold has read of it where that is more,
// and what the Fold has read of the others. Sums that grow and sums that are
// taken back (a conversion that is rejected later) are kept apart, so that each
// of them only grows and the later one of two is the larger one.
//
// How exact that is:
//   - One edge: exact at once. Take judges and counts in one step, so of many
//     requests at a time no more pass than a cap allows.
//   - A restart: exact as soon as the Fold has read what the process before
//     wrote; see Book.AppliedMS. Nothing is written to disk on an edge.
//   - Several edges: together they exceed a cap at most by what the others
//     record from a Delta to the next, a second.
//   - In the end: exact. The Fold writes its sums in the same batch as its
//     position in the log, so it counts everything once, whatever fails.
//   - A cap that is new or measures something else counts from the beginning of
//     its period, once the worker has read that (Fold.Backfill). What is being
//     recorded in that very moment may be missing until the next Delta about
//     the counter.
//
// Another limit of a cap keeps its counts; so do the order of the caps and
// their removal and return in one change. Amounts are whole millionths in 64
// bits: sums stop at nine trillion.
package caps
