package gallery

import (
	"time"

	"meetdesk/meeting"
)

const tenant = "aadc5d1f-19e5-4ec4-9b1e-7f2f5f8c7a11"

// The current time, the people and the time zone in the samples.
var (
	Now    = time.Date(2027, 3, 2, 15, 4, 5, 0, time.UTC)
	Priya  = meeting.User{ID: 1, TenantID: tenant, ObjectID: "11111111-aaaa-4bbb-8ccc-000000000001", Name: "Priya Nair", UPN: "priya@contoso.example", Role: meeting.Staff}
	Tomas  = meeting.User{ID: 2, TenantID: tenant, ObjectID: "11111111-aaaa-4bbb-8ccc-000000000002", Name: "Tomás Oliveira", UPN: "tomas@contoso.example", Role: meeting.Staff}
	Dana   = meeting.User{ID: 3, Name: "Dana Whitfield", UPN: "dana@contoso.example", Role: meeting.HelpDesk}
	alex   = meeting.User{ID: 4, ObjectID: "11111111-aaaa-4bbb-8ccc-000000000004", Name: "Alex Admin", UPN: "alex@contoso.example", Role: meeting.Admin}
	sam    = meeting.User{ID: 5, Name: "Sam Norole", UPN: "sam@contoso.example"}
	Lisbon = mustZone("Europe/Lisbon")
)

func mustZone(name string) *time.Location {
	zone, ok := meeting.LoadZone(name)
	if !ok {
		panic(name)
	}
	return zone
}
