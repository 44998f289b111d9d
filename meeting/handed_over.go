package meeting

import "time"

// HandedOver is a person's access to a colleague's meeting.
type HandedOver struct {
	Person User
	Since  time.Time
	By     User // who gave the access; the ID is 0 if the person obtained it with the ticket number

	Ended   time.Time // zero while the person has access
	EndedBy User
}

// People lists who may see a meeting besides its organizer and maker.
type People struct {
	Now     []HandedOver // who has access
	Ended   []HandedOver // who had access until somebody ended it
	Earlier []HandedOver // who has access to the meeting that was replaced by this one, but never had access to this one
}

// Any reports whether there is anybody to list.
func (p People) Any() bool { return len(p.Now)+len(p.Ended)+len(p.Earlier) > 0 }

// CanManage reports whether a person with this relation may end other people's access to
// the meeting and give it back.
func (u User) CanManage(r Relation) bool {
	return u.Role.Has(Admin) || u.Role.Has(Staff) && r.Organizer || u.Role.Has(HelpDesk) && r.Maker
}
