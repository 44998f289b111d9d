package msgraph

// Exported for the tests in package msgraph_test.
const (
	GenericMessage  = genericMessage
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
