package events

import (
	"strings"
	"testing"
)

func TestTableLinesAlign(t *testing.T) {
	row := decode(t, []byte(`{"tx_id":"0190a1b2c3d4e5f60718293a4b5c6d7e","status":"Approved","offer":"A very long offer name","sub_id":"\u001b[2J"}`))
	var out strings.Builder
	if err := WriteHeading(&out, Columns()); err != nil {
		t.Fatal(err)
	}
	if err := WriteRow(&out, Columns(), row); err != nil {
		t.Fatal(err)
	}
	want := "time                     status   reason               offer            publisher        sub_id       ip              country browser      tx_id\n" +
		"-                        Approved -                    A very long off… -                \uFFFD[2J         -               -       -            0190a1b2c3d4e5f60718293a4b5c6d7e\n"
	if out.String() != want {
		t.Errorf("table\n%s\nwant\n%s", out.String(), want)
	}
}

func TestParseFilter(t *testing.T) {
	if f, err := ParseFilter("offer=a=b"); err != nil || f != (Filter{"offer", "a=b"}) {
		t.Errorf("filter %+v, %v", f, err)
	}
	for _, bad := range []string{"", "offer", "=x"} {
		if _, err := ParseFilter(bad); err == nil {
			t.Errorf("%q is taken as a filter", bad)
		}
	}
}
