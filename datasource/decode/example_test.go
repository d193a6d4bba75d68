package decode_test

import (
	"fmt"

	"ticktop/datasource"
	"ticktop/datasource/decode"
)

// The API's page and the Redis value of one datum decode to the same.
func ExampleValue() {
	ref := datasource.Ref{Kind: datasource.KindString, Key: "positions:ACC-1001", Fallback: datasource.Endpoint{Path: "/api/positions/", Pick: "results"}}
	for _, raw := range []datasource.Raw{
		{Ref: &ref, Bytes: []byte(`[{"symbol": "EURUSD", "qty": 1000, "entry": "1.08340"}]`)},
		{Ref: &ref, JSON: true, Bytes: []byte(`{"count": 1, "next": null, "results": [{"symbol": "EURUSD", "qty": 1000, "entry": "1.08340"}]}`)},
	} {
		v, _, err := decode.Value(&raw)
		fmt.Println(string(decode.JSON(v)), err)
	}
	// Output:
	// [{"symbol":"EURUSD","qty":1000,"entry":1.08340}] <nil>
	// [{"symbol":"EURUSD","qty":1000,"entry":1.08340}] <nil>
}
