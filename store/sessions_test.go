package store

import (
	"fmt"
	"testing"
	"time"

	"meetdesk/meeting"
)

// A sign-in beyond the limit ends one of the person's older sessions, but no other person's
// session.
func TestSessionsPerPerson(t *testing.T) {
	ctx, s := t.Context(), openNew(t)
	signIn := func(objectID, id string) {
		t.Helper()
		u := meeting.User{TenantID: "t", ObjectID: objectID, UPN: objectID + "@contoso.example", Name: objectID}
		if _, err := s.SignIn(ctx, u, Tokens{}, []byte(id), "", time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	isValid := func(id string) bool {
		_, err := s.Session(ctx, []byte(id), time.Hour)
		return err == nil
	}
	signIn("other", "other")
	for i := range maxSessions + 3 {
		signIn("priya", fmt.Sprint(i))
		if !isValid(fmt.Sprint(i)) {
			t.Fatalf("sign-in %d ended its own session", i)
		}
	}
	valid := 0
	for i := range maxSessions + 3 {
		if isValid(fmt.Sprint(i)) {
			valid++
		}
	}
	if valid != maxSessions || !isValid("other") {
		t.Errorf("%d sessions are valid, want %d; the other person's: %v", valid, maxSessions, isValid("other"))
	}
}
