package config

import (
	"strings"
	"testing"
)

func TestConversionRules(t *testing.T) {
	demo := func(problems ...string) (list []string) {
		for _, p := range problems {
			list = append(list, "integration/demo: "+p)
		}
		return list
	}
	mapping := "conversions_config.request_parameters_mapping."
	taken := "; a name feeds one field, and a field without names is fed by its own"
	checkRules(t, testChecks, []rule{
		{"event: [goal]", "event: [status]", demo(mapping + `event[0]: query name "status" feeds status already` + taken)},
		{"event: [goal]", "event: [secure]", demo(mapping + `event[0]: query name "secure" feeds secure already` + taken)},
		{"event: [goal]", "event: [sum]", demo(mapping + `purchase_value[0]: query name "sum" feeds event already` + taken)},
		{"event: [goal]", "event: ['']", demo(mapping + `event[0]: must not be empty`)},
		{"event: [goal]", "payout: [sum_out]\n    status: [s]\n    secure: [pass]\n    revenue: [status]", nil},

		{"allowed_ip: 198.51.100.7", "allowed_ip: anywhere", demo(`conversions_config.allowed_ip: line 1: must be an address such as 192.0.2.1 or 2001:db8::1, a range such as 192.0.2.1-192.0.2.9 or a network such as 192.0.2.0/24, found "anywhere"`)},
		{"a-key-of-16-bytes", "fifteen-bytes-x", demo(`conversions_config.signing_key: must have at least 16 bytes, found 15`)},
		{"a-key-of-16-bytes", "sixteen-bytes-xx", nil},
		{"a-key-of-16-bytes", "' a-key-of-16-bytes'", demo(`conversions_config.signing_key: must not begin or end with a space`)},
		{"a-key-of-16-bytes", "''", nil},
		{"by: [device_id, ip_user_agent]", "by: []", demo(`conversions_config.fallback_matching.by: missing; allowed are device_id, uuid or ip_user_agent`)},
		{"by: [device_id, ip_user_agent]", "by: [ip, device_id, device_id]", demo(
			`conversions_config.fallback_matching.by[0]: unknown value "ip"; allowed are device_id, uuid or ip_user_agent`,
			`conversions_config.fallback_matching.by[2]: "device_id" is given already as entry 1; keep one`,
		)},
		{"window_seconds: 3600", "window_seconds: 59", demo(`conversions_config.fallback_matching.window_seconds: must be from 60 to 604800, found 59`)},
		{"window_seconds: 3600", "window_seconds: 604801", demo(`conversions_config.fallback_matching.window_seconds: must be from 60 to 604800, found 604801`)},
		{"window_seconds: 3600", "window_seconds: 604800", nil},
		{"answer_format: affise", "answer_format: Affise", demo(`conversions_config.answer_format: unknown value "Affise"; did you mean affise?; allowed are standard, affise, tune or metrics24`)},

		{"click_paths: [/aff_c]", "click_paths: [aff_c]", demo(`click_paths[0]: must begin with "/", found "aff_c"`)},
		{"click_paths: [/aff_c]", "click_paths: ['/aff_c?a=1']", demo(`click_paths[0]: must be a plain path without query, macros and escapes, found '?' at byte 6`)},
		{"click_paths: [/aff_c]", "click_paths: [/click, /, /i/demo/click, /i, /cg.js]", demo(
			`click_paths[0]: /click has a meaning of its own`,
			`click_paths[1]: / has a meaning of its own`,
			`click_paths[2]: paths below /i/ name integrations`,
			`click_paths[3]: paths below /i/ name integrations`,
			`click_paths[4]: /cg.js has a meaning of its own`,
		)},
		{"click_paths: [/aff_c]", "click_paths: [/" + strings.Repeat("x", 100) + "]", demo(`click_paths[0]: must have at most 100 bytes, found 101`)},
		{"click_paths: [/aff_c]", "click_paths: [/a, /b, /c, /d, /e, /f, /g, /h]", nil},
		{"click_paths: [/aff_c]", "click_paths: [/a, /b, /c, /d, /e, /f, /g, /h, /i]", demo(`click_paths: must have at most 8 entries, found 9`)},
		{"[/postback, /aff_lsr]", "[/postback, /postback]", demo(`conversion_paths[1]: "/postback" is given already as entry 0; keep one`)},
		{"[/postback, /aff_lsr]", "[/aff_c]", demo(`conversion_paths[0]: "/aff_c" is in click_paths already; a path is for one of them`)},
		{"[/postback, /aff_lsr]", "[/pixel.gif]", demo(`conversion_paths[0]: /pixel.gif has a meaning of its own`)},
	})
}
