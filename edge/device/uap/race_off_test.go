//go:build !race

package uap

const sparse = 1
