package redirect

import (
	"strings"
	"testing"
)

func TestCompileRefuses(t *testing.T) {
	for _, test := range []struct{ name, template, want string }{
		{"nothing", "", "does not begin with http"},
		{"relative", "/path", "does not begin with http"},
		{"without scheme", "//shop.example/", "does not begin with http"},
		{"other scheme", "javascript:alert(1)", "does not begin with http"},
		{"one slash", "https:/shop.example", "does not begin with http"},
		{"no host", "https:///path", "no valid host"},
		{"user", "https://user@shop.example/", "user name"},
		{"macro as user", "https://{sub_id}@shop.example/", `macro in "{sub_id}@shop.example"`},
		{"macro as scheme", "{sub_id}://shop.example/", "begins with a macro"},
		{"macro as host", "https://{sub_id}/", `macro in "{sub_id}"`},
		{"macro in the host", "https://{sub_id}.shop.example/", "host and port must be written out"},
		{"macro behind the host", "https://shop.example{raw:sub_id}/", "host and port must be written out"},
		{"macro as port", "https://shop.example:{sub_id}/", "host and port must be written out"},
		{"macro as the whole URL", "{raw:site_url}", "begins with a macro"},
		{"port 0", "https://shop.example:0/", "1 to 65535"},
		{"port too high", "https://shop.example:65536/", "1 to 65535"},
		{"port that wraps around", "https://shop.example:18446744073709551617/", "1 to 65535"},
		{"port with zeros", "https://shop.example:080/", "1 to 65535"},
		{"port missing", "https://shop.example:/", "1 to 65535"},
		{"host with a space", "https://shop example/", "byte 0x20 at offset 12"},
		{"space in the query", "https://shop.example/?q=a b", "byte 0x20 at offset 25"},
		{"line break", "https://shop.example/\r\nSet-Cookie:a", "byte 0x0d at offset 21"},
		{"delete", "https://shop.example/\x7f", "byte 0x7f at offset 21"},
		{"backslash in the host", `https://shop.example\.evil.example/`, "no valid host"},
		{"non-ASCII host", "https://bücher.example/", "punycode"},
		{"escaped host", "https://shop%2eexample/", "no valid host"},
		{"final dot", "https://shop.example./", "no valid host"},
		{"number as a host", "https://2130706433/", "no valid host"},
		{"short IPv4", "https://127.1/", "no valid host"},
		{"octal IPv4", "https://0177.0.0.1/", "no valid host"},
		{"hexadecimal IPv4", "https://0x7f.0.0.0x1/", "no valid host"},
		{"IPv6 with zone", "https://[fe80::1%25eth0]/", "no valid host"},
		{"IPv6 not closed", "https://[::1/", "no valid host"},
		{"label of 64", "https://" + strings.Repeat("a", 64) + ".example/", "no valid host"},
		{"name of 254", "https://" + strings.Repeat("a.", 126) + "aa/", "no valid host"},
		{"unknown macro", "https://shop.example/?a={subid}", `{subid}: unknown macro "subid"; did you mean sub_id?`},
		{"unknown macro in the path", "https://shop.example/{Offer_ID}", "did you mean offer_id?; known are "},
		{"unknown macro in the fragment", "https://shop.example/#{clickid}", "did you mean click_id?; known are "},
		{"unknown raw macro", "https://shop.example/?a={raw:countri}", "did you mean country?; known are "},
		{"unknown form", "https://shop.example/?a={hex:sub_id}", `unknown macro "hex:sub_id"`},
		{"parameter without name", "https://shop.example/?a={param:}", `parameter name ""`},
		{"parameter with an odd name", "https://shop.example/?a={param:a=b}", `parameter name "a=b"`},
		{"too long", "https://shop.example/" + strings.Repeat("a", MaxURL-20), "URL of 8193 bytes: allowed are 8192"},
	} {
		err := Check(test.template)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: Check(%.60q) says %v, want it to mention %q", test.name, test.template, err, test.want)
		}
	}
}

func TestCompileAccepts(t *testing.T) {
	for _, test := range []struct{ template, host, authority string }{
		{"https://shop.example", "shop.example", "shop.example"},
		{"HTTPS://Shop.Example:443/", "shop.example", "shop.example"},
		{"http://shop.example:443/", "shop.example", "shop.example:443"},
		{"http://shop.example:80?a=b", "shop.example", "shop.example"},
		{"https://shop.example:65535#x", "shop.example", "shop.example:65535"},
		{"http://localhost:8080/", "localhost", "localhost:8080"},
		{"http://127.0.0.1/", "127.0.0.1", "127.0.0.1"},
		{"http://[2001:DB8::1]:81/", "[2001:db8::1]", "[2001:db8::1]:81"},
		{"https://xn--bcher-kva.example/", "xn--bcher-kva.example", "xn--bcher-kva.example"},
		{"https://a_b-c.example/", "a_b-c.example", "a_b-c.example"},
		{"https://shop.example/" + strings.Repeat("a", MaxURL-21), "shop.example", "shop.example"},
	} {
		tpl, err := Compile(test.template)
		if err != nil {
			t.Errorf("Compile(%.60q): %v", test.template, err)
			continue
		}
		if tpl.Host() != test.host || tpl.Authority() != test.authority || tpl.String() != test.template {
			t.Errorf("Compile(%.60q): host %q, authority %q, text %.60q; want %q, %q and the template",
				test.template, tpl.Host(), tpl.Authority(), tpl, test.host, test.authority)
		}
	}
}

func TestMacroNames(t *testing.T) {
	for _, name := range MacroNames() {
		for _, form := range []string{"{" + name + "}", "{raw:" + name + "}"} {
			if err := Check("https://shop.example/?a=" + form); err != nil {
				t.Errorf("macro %s is listed, but: %v", form, err)
			}
		}
	}
}
