package config

import "strings"

// longestGuess bounds the names that are compared, since the work grows with
// the square of their length.
const longestGuess = 64

// nearest returns the candidate that name is probably a slip of the pen for,
// or "".
func nearest(name string, candidates []string) string {
	if name == "" || len(name) > longestGuess {
		return ""
	}
	best, bestDistance := "", 1+max(1, len(name)/4)
	for _, candidate := range candidates {
		if d := distance(strings.ToLower(name), strings.ToLower(candidate)); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// distance is the number of bytes to insert, remove or replace between a and b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// DidYouMean is a hint to append to a message about an unknown name, such as
// "; did you mean offer?"; empty when no candidate comes near.
func DidYouMean(name string, candidates []string) string {
	if guess := nearest(name, candidates); guess != "" {
		return "; did you mean " + guess + "?"
	}
	return ""
}
