package meeting

// Relation is how a person stands to a meeting.
type Relation struct {
	Organizer  bool // the meeting belongs to them
	Maker      bool // they pressed the button
	HandedOver bool // a colleague's meeting they chose to use
}

// CanSee reports whether the person may open the meeting. A help desk's look at
// somebody else's meeting is audited; see Relation.Own.
func (u User) CanSee(r Relation) bool {
	return u.Role.Has(Staff) && (r.Own() || u.Role.Has(HelpDesk))
}

// CanChange reports whether the person may change the meeting: its organizer
// only, since a delegated token reaches nobody else's.
func (u User) CanChange(r Relation) bool {
	return u.Role.Has(Staff) && r.Organizer
}

// Own reports whether the meeting is one of the person's own list.
func (r Relation) Own() bool { return r.Organizer || r.Maker || r.HandedOver }
