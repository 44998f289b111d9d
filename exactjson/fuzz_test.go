package exactjson_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"meetdesk/exactjson"
)

// FuzzUnmarshal checks that exactjson and encoding/json decode every input identically if
// the target has type any. In a struct, exactjson must set only fields whose exact names
// occur in the input.
func FuzzUnmarshal(f *testing.F) {
	for _, text := range []string{
		`{"roles":["a"],"ROLES":["b"]}`, `{"name":"a","name":"b"}`, `{"name":1,"roles":["x"]}`, `[1,2.5e10,"\ud800","\u0000",null,true]`, `{"a":{"b":[{}]}}`,
		" {} ", "{}x", `{"a":1,}`, "\xff", `"\xff"`, "nul", `{"Name":"x"}`, `{"naMe":"x","name":null}`, "1e999", `-0`,
	} {
		f.Add([]byte(text))
	}
	type document struct {
		Name  string   `json:"name"`
		Roles []string `json:"roles"`
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var want, got any
		wantErr, gotErr := json.Unmarshal(text, &want), exactjson.Unmarshal(text, &got)
		if (wantErr == nil) != (gotErr == nil) || wantErr == nil && !reflect.DeepEqual(want, got) {
			t.Errorf("%q is %v, %v; encoding/json reads %v, %v", text, got, gotErr, want, wantErr)
		}
		var exact document
		err := exactjson.Unmarshal(text, &exact)
		if err != nil && !exactjson.IsType(err) {
			return
		}
		var members map[string]json.RawMessage
		_ = json.Unmarshal(text, &members) // if a name occurs several times, the last member wins
		var name string
		if json.Unmarshal(members["name"], &name) == nil && err == nil && exact.Name != name && string(members["name"]) != "null" {
			t.Errorf("%q has the name %q, want %q", text, exact.Name, name)
		}
		if members["name"] == nil && exact.Name != "" || members["roles"] == nil && exact.Roles != nil {
			t.Errorf("%q lacks a member, but is read as %+v", text, exact)
		}
	})
}
