package accounts

import (
	"fmt"
	"unicode/utf8"

	"golang.org/x/crypto/bcrypt"
)

// The lengths of a password: bcrypt looks at 72 bytes and no more.
const (
	ShortestPassword = 8
	LongestPassword  = 72
)

// CheckPassword says what is wrong with a password.
func CheckPassword(password string) error {
	if n := utf8.RuneCountInString(password); n < ShortestPassword {
		return fmt.Errorf("must have at least %d characters, found %d", ShortestPassword, n)
	}
	if n := len(password); n > LongestPassword {
		return fmt.Errorf("must have at most %d bytes, found %d", LongestPassword, n)
	}
	return nil
}

// HashPassword returns what is kept of a password.
func HashPassword(password string) (string, error) {
	if err := CheckPassword(password); err != nil {
		return "", err
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	return string(hash), err
}
