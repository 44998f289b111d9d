package meeting

// Relation describes how a person is connected to a meeting.
type Relation struct {
	Organizer  bool // the person is the meeting's organizer
	Maker      bool // the person created the meeting or has an unfinished attempt to create it; the organizer may be somebody else
	HandedOver bool // the person obtained or was given access to a colleague's meeting
}

// CanSee reports whether the person may open the meeting. Unless the person is the
// organizer or the maker, the caller must record the access in the audit log.
func (u User) CanSee(r Relation) bool {
	return u.Role.Has(Staff) && (r.Own() || u.Role.Has(HelpDesk))
}

// CanChange reports whether the person may change the meeting, and in which mode. Help desk
// staff may change another person's meeting only if they made it, because the application's
// token gives access to all of the organizer's meetings.
func (u User) CanChange(r Relation) (Mode, bool) {
	switch {
	case u.Role.Has(Staff) && r.Organizer:
		return Delegated, true
	case u.Role.Has(HelpDesk) && r.Maker:
		return Application, true
	}
	return "", false
}

// KitOnly reports whether the person's only relation to the meeting is that it was handed
// over to them. Unless such a person works for the help desk, they do not see the meeting's
// history.
func (r Relation) KitOnly() bool { return r.HandedOver && !r.Organizer && !r.Maker }

// Own reports whether the meeting is in the person's own list.
func (r Relation) Own() bool { return r.Organizer || r.Maker || r.HandedOver }
