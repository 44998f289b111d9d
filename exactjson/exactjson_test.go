package exactjson_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"meetdesk/exactjson"
)

type inner struct {
	ID   string `json:"id"`
	Scop string `json:"scp,omitempty"`
}

type document struct {
	OID    string          `json:"oid"`
	Roles  []string        `json:"roles"`
	Join   string          `json:"joinWebUrl"`
	Inner  *inner          `json:"inner"`
	List   []inner         `json:"list"`
	Switch bool            `json:"on"`
	Raw    json.RawMessage `json:"raw"`
}

func TestNamesMatchExactly(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       document
	}{
		{"as written", `{"oid":"a","roles":["r"],"joinWebUrl":"u"}`, document{OID: "a", Roles: []string{"r"}, Join: "u"}},
		{"upper case after", `{"roles":[],"ROLES":["Meetdesk.Admin"]}`, document{Roles: []string{}}},
		{"upper case before", `{"ROLES":["Meetdesk.Admin"],"roles":["r"]}`, document{Roles: []string{"r"}}},
		{"upper case alone", `{"OID":"b","JOINWEBURL":"u","Roles":["x"]}`, document{}},
		{"lower case of a mixed name", `{"joinweburl":"u"}`, document{}},
		{"the long s and the Kelvin sign fold in encoding/json", `{"roleſ":["x"],"joinWebUrl":"u"}`, document{Join: "u"}},
		{"escaped, the same name", `{"\u006fid":"c"}`, document{OID: "c"}},
		{"escaped, another case", `{"\u004fid":"c"}`, document{}},
		{"within an object", `{"inner":{"ID":"x","id":"y","Id":"z"}}`, document{Inner: &inner{ID: "y"}}},
		{"within a list", `{"list":[{"ID":"x"},{"id":"y"}]}`, document{List: []inner{{}, {ID: "y"}}}},
		{"a dash or an underscore makes another name", `{"o_id":"x","join-web-url":"y","id":"z"}`, document{}},
		{"the same name twice: the last counts, as in RFC 7519", `{"oid":"a","oid":"b"}`, document{OID: "b"}},
		{"null", `{"oid":null,"roles":null,"inner":null}`, document{}},
		{"raw JSON stays unchanged", `{"raw":{"ID" : 1}}`, document{Raw: json.RawMessage(`{"ID" : 1}`)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got document
			if err := exactjson.Unmarshal([]byte(tt.text), &got); err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%s gives %+v, %v; want %+v", tt.text, got, err, tt.want)
			}
		})
	}
}

func TestUnexpectedTypesLeaveTheRestAlone(t *testing.T) {
	for _, text := range []string{
		`{"oid":7,"roles":["r"],"joinWebUrl":"u"}`,
		`{"roles":["r"],"oid":{"a":1},"joinWebUrl":"u"}`,
		`{"inner":"none","roles":["r"],"joinWebUrl":"u","on":"yes"}`,
		`{"list":{},"roles":["r"],"joinWebUrl":"u"}`,
	} {
		var got document
		err := exactjson.Unmarshal([]byte(text), &got)
		if !exactjson.IsType(err) || got.Join != "u" || !reflect.DeepEqual(got.Roles, []string{"r"}) {
			t.Errorf("%s gives %+v, %v; want the join link, the roles and an error of type", text, got, err)
		}
	}
	for _, text := range []string{``, `{`, `{"oid":"a"} x`, `<html>`, `{"oid":"a",}`} {
		if err := exactjson.Unmarshal([]byte(text), new(document)); err == nil || exactjson.IsType(err) {
			t.Errorf("%q gives %v, want an error that is not one of type", text, err)
		}
	}
}

// TestMatchesEncodingJSON checks that exactjson and encoding/json give the same results
// when the case of names makes no difference.
func TestMatchesEncodingJSON(t *testing.T) {
	for _, text := range []string{
		"{\"oid\":\"\xff\"}", `{"oid":"\ud800"}`, `{"raw":1e400}`, `{"on":true,"list":[]}`, `{"list":[null]}`, `null`, `[]`, `"x"`, `7`,
	} {
		var ours, theirs document
		errOurs, errTheirs := exactjson.Unmarshal([]byte(text), &ours), json.Unmarshal([]byte(text), &theirs)
		if fmt.Sprintf("%+v", ours) != fmt.Sprintf("%+v", theirs) || (errOurs == nil) != (errTheirs == nil) {
			t.Errorf("%q gives %+v, %v; encoding/json %+v, %v", text, ours, errOurs, theirs, errTheirs)
		}
	}
}
