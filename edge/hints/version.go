package hints

import "strings"

// maxVersion bounds the versions that are believed.
const maxVersion = 32

// isVersion tells whether v is numbers with dots between them.
func isVersion(v string) bool {
	if v == "" || len(v) > maxVersion || v[0] == '.' || v[len(v)-1] == '.' {
		return false
	}
	for i := range len(v) {
		if v[i] != '.' && (v[i] < '0' || v[i] > '9') {
			return false
		}
	}
	return !strings.Contains(v, "..")
}

// major is the number that v begins with, at most 10^6; 0 without one.
func major(v string) int {
	n := 0
	for i := 0; i < len(v) && '0' <= v[i] && v[i] <= '9'; i++ {
		n = min(n*10+int(v[i]-'0'), 1_000_000)
	}
	return n
}

// parts is the first n parts of v.
func parts(v string, n int) string {
	for i := range len(v) {
		if v[i] == '.' {
			if n--; n == 0 {
				return v[:i]
			}
		}
	}
	return v
}

// windowsName is the name of the Windows behind a Sec-CH-UA-Platform-Version,
// which counts releases of an interface; empty when there is none. The table is
// Microsoft's
// (https://learn.microsoft.com/microsoft-edge/web-platform/how-to-detect-win11),
// before Windows 10 the specification's
// (https://wicg.github.io/ua-client-hints/#get-windows-platform-version).
func windowsName(v string) string {
	switch n := major(v); {
	case n >= 13:
		return "11"
	case n >= 1 && n <= 10:
		return "10"
	case n > 0:
		return ""
	}
	switch parts(v, 2) {
	case "0.1":
		return "7"
	case "0.2":
		return "8"
	case "0.3":
		return "8.1"
	}
	return ""
}
