package tenant

// GraphAudience is the audience of access tokens: Graph's application ID, which
// is the same in every tenant.
const GraphAudience = "00000003-0000-0000-c000-000000000000"

// The delegated permissions that Graph's routes require.
const (
	MeetingsRead      = "OnlineMeetings.Read"
	MeetingsReadWrite = "OnlineMeetings.ReadWrite"
	UserRead          = "User.Read"
)

// The application permissions that Graph's routes require. UserReadBasicAll and
// UserReadAll are delegated permissions as well.
const (
	MeetingsReadAll      = "OnlineMeetings.Read.All"
	MeetingsReadWriteAll = "OnlineMeetings.ReadWrite.All"
	UserReadBasicAll     = "User.ReadBasic.All"
	UserReadAll          = "User.Read.All"
)
