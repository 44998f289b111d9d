package tenant

// PersonalTenant is the tenant ID of all personal Microsoft accounts.
const PersonalTenant = "9188040d-6c67-4c5b-b112-36a304b66dad"

// Person is a user account.
type Person struct {
	ObjectID string // GUID, unique
	UPN      string // sign-in name, unique regardless of case
	Mail     string // "" means the UPN
	Name     string
	Roles    []string // app roles, sent in the roles claim
	Language string   // such as "pt-BR"; sent as preferredLanguage in GET /me and in the xms_pl claim
	Tenant   string   // "" means the home tenant; PersonalTenant means a personal account

	Disabled  bool     // the account cannot sign in, and its tokens cannot be renewed
	Guest     bool     // a guest account; its acct claim is 1
	NoLicense bool     // no Teams licence: Graph answers every meeting request with 403 and an empty message
	Denied    []string // Graph permissions to which the person does not consent
}

// Cast returns the demo's five people: two members of staff, a help desk agent, an
// administrator, and a user without a role.
func Cast() []Person {
	return []Person{
		{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01", UPN: "priya@contoso.example", Name: "Priya Nair", Roles: []string{"Meetdesk.Staff"}},
		{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e02", UPN: "tomas@contoso.example", Name: "Tomás Oliveira", Roles: []string{"Meetdesk.Staff"}, Language: "pt-BR"},
		{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e03", UPN: "dana@contoso.example", Name: "Dana Whitfield", Roles: []string{"Meetdesk.HelpDesk"}},
		{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e04", UPN: "alex@contoso.example", Name: "Alex Admin", Roles: []string{"Meetdesk.Admin"}},
		{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e05", UPN: "sam@contoso.example", Name: "Sam Norole"},
	}
}
