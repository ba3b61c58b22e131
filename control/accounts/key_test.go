package accounts

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
)

func TestKeys(t *testing.T) {
	text, doc := NewKey(config.APIKey{UserID: "u"})
	id, secret, ok := splitKey(text)
	if !ok || id != doc.ID || !matches(doc, secret) || !strings.HasSuffix(text, doc.Hint) || len(doc.Hint) != 4 {
		t.Errorf("the key %q of %+v does not prove itself", text, doc)
	}
	if strings.Contains(doc.Hash, secret) || matches(doc, secret+"a") || matches(doc, "") || matches(nil, secret) {
		t.Error("another secret proves the key")
	}
	again, _ := NewKey(config.APIKey{UserID: "u"})
	if again == text {
		t.Error("two keys are the same")
	}
	for _, bad := range []string{"", "cg_", "cg_a", "cg_a_", "cg__b", "xx_a_b", "cg_a_" + strings.Repeat("b", 300)} {
		if _, _, ok := splitKey(bad); ok {
			t.Errorf("%q is taken for a key", bad)
		}
	}
}

func TestKeyInHeaders(t *testing.T) {
	for name, tc := range map[string]struct {
		headers []string
		want    string
		err     error
	}{
		"none":           {nil, "", ErrNoKey},
		"key":            {[]string{"Api-Key", "k"}, "k", nil},
		"bearer":         {[]string{"Authorization", "Bearer k"}, "k", nil},
		"bearer, spaced": {[]string{"Authorization", "bearer  k "}, "k", nil},
		"basic":          {[]string{"Authorization", "Basic k"}, "", ErrNoKey},
		"the same twice": {[]string{"Api-Key", "k", "Authorization", "Bearer k"}, "k", nil},
		"two":            {[]string{"Api-Key", "k", "Authorization", "Bearer l"}, "", ErrTwoKeys},
	} {
		h := http.Header{}
		for i := 0; i < len(tc.headers); i += 2 {
			h.Set(tc.headers[i], tc.headers[i+1])
		}
		if got, err := keyIn(h); got != tc.want || !errors.Is(err, tc.err) {
			t.Errorf("%s: %q, %v, want %q, %v", name, got, err, tc.want, tc.err)
		}
	}
}

func TestPasswords(t *testing.T) {
	for password, good := range map[string]bool{
		"short": false, "12345678": true, strings.Repeat("x", 72): true, strings.Repeat("x", 73): false, strings.Repeat("ä", 37): false,
	} {
		if err := CheckPassword(password); (err == nil) != good {
			t.Errorf("%q: %v, want good %v", password, err, good)
		}
	}
	if hash, err := HashPassword("12345678"); err != nil || hash == "12345678" {
		t.Errorf("the hash is %q, %v", hash, err)
	}
}

func FuzzSplitKey(f *testing.F) {
	f.Add("cg_abc_def")
	f.Fuzz(func(t *testing.T, text string) {
		id, secret, ok := splitKey(text)
		if ok && text != keyPrefix+id+"_"+secret {
			t.Errorf("%q was taken apart as %q and %q", text, id, secret)
		}
	})
}
