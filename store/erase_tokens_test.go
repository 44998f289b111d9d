package store_test

import (
	"testing"

	"meetdesk/store/enginetest"
)

func TestErasedPersonHasNoTokens(t *testing.T) {
	for _, signedOut := range []bool{false, true} {
		dir := t.TempDir()
		s := open(t, dir)
		by, session := signIn(t, s, "two").User, signIn(t, s, "one")
		startedImport(t, s, session)
		if signedOut {
			must(t, s.EndSession(t.Context(), []byte("one"), ""))
		}
		must(t, startErase(s, by, session.User))
		if left := enginetest.Texts(t, enginetest.Connect(t, dir), `SELECT user_id FROM grants`); len(left) != 1 {
			t.Errorf("signed out %v: the tokens of %q are left", signedOut, left)
		}
	}
}
