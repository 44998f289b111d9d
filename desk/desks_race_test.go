package desk_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"meetdesk/desk"
	"meetdesk/desk/desktest"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/store/postgrestest"
)

// another starts a second desk on the database of the first, with the same Microsoft.
func another(t *testing.T, d *desktest.Desk) *desk.Desk {
	t.Helper()
	if !postgrestest.Wanted() {
		t.Skip("only with PostgreSQL: one process owns an SQLite file")
	}
	second, err := store.Open(t.Context(), store.Options{Database: enginetest.Prepare(t, d.Dir), Keys: desktest.Keys, Now: d.Clock, Log: d.Desk.Log})
	if err != nil {
		t.Fatal(err)
	}
	other := &desk.Desk{Store: second, Auth: d.Auth, Graph: d.Graph, Now: d.Clock, Log: d.Desk.Log, Budget: d.Budget}
	t.Cleanup(func() {
		other.Wait()
		second.Close()
	})
	return other
}

// Two desks that need a person's token at the same time renew it once. The emulator
// refuses a refresh token that is used twice.
func TestDesksRenewATokenOnce(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withBudget(time.Minute))
	other := another(t, d)
	p := d.SignIn(priya)
	d.SetAhead(80 * time.Minute)
	before := d.Redeemed.Load()
	var requests sync.WaitGroup
	for i := range 8 {
		on := []*desk.Desk{d.Desk, other}[i%2]
		requests.Go(func() {
			if _, err := on.CreateOrGet(context.Background(), p, request(d, externalID(fmt.Sprint("R", i)))); err != nil {
				t.Error(err)
			}
		})
	}
	requests.Wait()
	if got := d.Redeemed.Load() - before; got != 1 || len(tokensUsed(d)) != 1 {
		t.Errorf("%d renewals, and %d tokens were used; want one of each", got, len(tokensUsed(d)))
	}
}
