package entra

// Exported for the tests in package entra_test.
const (
	DiscoveryPath = discoveryPath
	KeysPath      = keysPath
	AuthorizePath = authorizePath
	TokenPath     = tokenPath
	LogoutPath    = logoutPath
	SessionCookie = sessionCookie
	SignInLife    = signInLife
)

var (
	LoginHint   = loginHint
	Subject     = subject
	GraphScopes = graphScopes
)
