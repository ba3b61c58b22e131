package events

import (
	"bytes"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

func TestIntakeComesBack(t *testing.T) {
	in := &Intake{
		TxID: "0190a1b2c3d4e5f60718293a4b5c6d7e", ReceivedMS: 1_772_368_215_123, IntegrationID: "demo", Endpoint: "pixel", Method: "GET",
		Host: "trk.example", RemoteIP: netip.MustParseAddr("203.0.113.9"), ServerIP: netip.MustParseAddr("2001:db8::1"),
		UserAgent: "Mozilla/5.0", Referer: "https://shop.example/", Languages: "de", UUID: "u", AuthenticatedBy: ByClickID,
		Params: []click.Param{{Name: "a", Value: "1"}, {Name: "a", Value: "\"\n\u2028"}},
	}
	line := in.Append(nil)
	if !bytes.HasPrefix(line, []byte(`{"tx_id":"`+in.TxID+`"`)) || bytes.IndexByte(line, '\n') != len(line)-1 {
		t.Errorf("the line is %q", line)
	}
	if got, err := DecodeIntake(line); err != nil || !reflect.DeepEqual(got, in) {
		t.Errorf("%v came back as\n%+v, want\n%+v", err, got, in)
	}
}

func TestIntakeRefusesWhatItCannotFinish(t *testing.T) {
	for line, want := range map[string]string{
		`{`: "decode received conversion: ",
		`{"tx_id":"a","received_time":"noon","integration_id":"i"}`:                                         "decode received conversion a: received_time: ",
		`{"tx_id":"","received_time":"2026-01-02T03:04:05Z","integration_id":"i"}`:                          "has no tx_id",
		`{"tx_id":"a","received_time":"2026-01-02T03:04:05Z"}`:                                              "no integration_id",
		`{"tx_id":"a","received_time":"2026-01-02T03:04:05Z","integration_id":"i","params":{"keys":["a"]}}`: "1 names of parameters and 0 values",
	} {
		if _, err := DecodeIntake([]byte(line)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
}

// FuzzIntake: what can be read is written as it was read.
func FuzzIntake(f *testing.F) {
	f.Add([]byte(`{"tx_id":"a","received_time":"2026-01-02T03:04:05.678Z","integration_id":"i","params":{"keys":["a"],"values":["b"]}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		in, err := DecodeIntake(line)
		if err != nil {
			return
		}
		again, err := DecodeIntake(in.Append(nil))
		if err != nil || again.TxID != in.TxID || !reflect.DeepEqual(again.Params, in.Params) {
			t.Errorf("%+v came back as %+v, %v", in, again, err)
		}
	})
}
