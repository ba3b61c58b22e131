//go:build race

package uap

// Under the race detector the package that we compare with takes twenty times
// as long, so the tests take samples.
const sparse = 40
