package msgraph

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
