package meeting

import "time"

// HandedOver describes a person's access to a colleague's meeting.
type HandedOver struct {
	Person User
	Since  time.Time
	By     User // who granted the access; the ID is 0 if the person obtained it with the ticket number

	Ended   time.Time // zero while the person has access
	EndedBy User
}

// People contains the people who have or had access to a meeting, or to the meeting that
// it replaced. The meeting's organizer and maker are not included.
type People struct {
	Now     []HandedOver // people who have access
	Ended   []HandedOver // people whose access has ended
	Earlier []HandedOver // people with access to the replaced meeting who never had access to this one
}

// Any reports whether p contains any people.
func (p People) Any() bool { return len(p.Now)+len(p.Ended)+len(p.Earlier) > 0 }

// CanManage reports whether a person with this relation to the meeting may revoke and
// restore other people's access to it.
func (u User) CanManage(r Relation) bool {
	return u.Role.Has(Admin) || u.Role.Has(Staff) && r.Organizer || u.Role.Has(HelpDesk) && r.Maker
}
