package web

import "testing"

// TestIdentitiesAcrossKeys checks that an identity in a form stays valid when session keys are
// added and is refused when its key is removed.
func TestIdentitiesAcrossKeys(t *testing.T) {
	t.Parallel()
	old, older, fresh := []byte("old"), []byte("older"), []byte("fresh")
	with := func(keys ...[]byte) identities {
		i, err := newIdentities(keys)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	for _, userID := range []int64{1, 42, 1 << 40} {
		for _, page := range []identities{with(old), with(older), with(old, older), with(older, old)} {
			if got, ok := with(fresh, old, older).userID(page.valueFor(userID)); !ok || got != userID {
				t.Errorf("%s is user %d, %v; want %d", page.valueFor(userID), got, ok, userID)
			}
			if got, ok := with(fresh).userID(page.valueFor(userID)); ok {
				t.Errorf("%s is accepted as user %d without its key", page.valueFor(userID), got)
			}
		}
	}
}
