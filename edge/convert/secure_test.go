package convert

import (
	"encoding/hex"
	"testing"

	"github.com/clickgate/clickgate/config"
)

func TestSameSecret(t *testing.T) {
	for _, tt := range []struct {
		secret, sent string
		want         bool
	}{
		{"demo-secret", "demo-secret", true},
		{"demo-secret", "demo-secre", false},
		{"demo-secret", "", false},
		{"", "", false},
	} {
		if got := SameSecret(tt.secret, tt.sent); got != tt.want {
			t.Errorf("SameSecret(%q, %q) is %t", tt.secret, tt.sent, got)
		}
	}
}

func TestSigned(t *testing.T) {
	m := NewMapping(&config.ConversionParameters{})
	params, _ := ReadQuery(nil, "transaction_id=t&purchase_value=9.5&secure=s")
	// printf 'purchase_value=9.5\ntransaction_id=t' | openssl dgst -sha256 -hmac key
	const right = "4fd4172cc42982f4cd8f7155cde621ddefe159a62203d755add20ea57a6f3658"
	made := hex.EncodeToString(m.signatureOf("key", params))
	if !m.Signed("key", made, params) {
		t.Error("the right signature is refused")
	}
	another, _ := ReadQuery(nil, "transaction_id=t&purchase_value=95&secure=s")
	for name, got := range map[string]bool{
		"another value": m.Signed("key", made, another), "another key": m.Signed("kez", made, params),
		"no key": m.Signed("", made, params), "no hex": m.Signed("key", "zz", params), "none": m.Signed("key", "", params),
	} {
		if got {
			t.Errorf("%s is taken for signed", name)
		}
	}
	reordered, _ := ReadQuery(nil, "purchase_value=9.5&signature="+made+"&transaction_id=t")
	if !m.Signed("key", made, reordered) {
		t.Error("the order of parameters and the signature among them matter")
	}
	if made != right {
		t.Errorf("the signature is %s, want %s", made, right)
	}
}
