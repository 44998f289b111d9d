package meeting

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestSameIndexProperties checks that the index finds the same people as a linear search.
func TestSameIndexProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		attendee := rapid.Custom(func(t *rapid.T) Attendee {
			return Attendee{
				UPN:      rapid.SampledFrom([]string{"", "a@b.example", "A@b.example", "c@b.example"}).Draw(t, "upn"),
				ObjectID: rapid.SampledFrom([]string{"", "1", "x2", "X2"}).Draw(t, "id"),
				Identity: rapid.SampledFrom([]Identity{"", IdentityGuest, IdentityPhone}).Draw(t, "identity"),
				Name:     rapid.SampledFrom([]string{"", "Ana", "Bob"}).Draw(t, "name"),
			}
		})
		list, sought := rapid.SliceOfN(attendee, 0, 6).Draw(t, "list"), attendee.Draw(t, "sought")
		index := make(sameIndex)
		for i, a := range list {
			index.add(a, "", i)
		}
		if got, want := index.find(sought, ""), slices.IndexFunc(list, sought.Same); got != want {
			t.Errorf("find(%+v) = %d in %+v, want %d", sought, got, list, want)
		}
	})
}
