package msgraph

// What the tests in package msgraph_test need.
const (
	AnError         = anError
	GraphJSON       = graphJSON
	NoContentType   = noContentType
	UnknownValue    = unknownValue
	MaxBody         = maxBody
	DefaultPageSize = defaultPageSize
	JoinableFor     = joinableFor
)

var (
	MeetingShape     = meetingShape
	CreateOrGetShape = createOrGetShape
	FormatTime       = formatTime
	Expiry           = expiry
	LowerEscape      = lowerEscape
)
