package meeting

// Relation is how a person stands to a meeting.
type Relation struct {
	Organizer  bool // the meeting belongs to them
	Maker      bool // their own attempt created it, or is to create it; for another organizer too
	HandedOver bool // a colleague's meeting they chose to use
}

// CanSee reports whether the person may open the meeting. A help desk's look at
// somebody else's meeting is audited; see Relation.Own.
func (u User) CanSee(r Relation) bool {
	return u.Role.Has(Staff) && (r.Own() || u.Role.Has(HelpDesk))
}

// CanChange reports whether the person may change the meeting, and in which
// mode: its organizer with their own token, and a help desk that made it for
// somebody else with the program's. A delegated token reaches nobody else's
// meeting, and an application's would reach everybody's.
func (u User) CanChange(r Relation) (Mode, bool) {
	switch {
	case u.Role.Has(Staff) && r.Organizer:
		return Delegated, true
	case u.Role.Has(HelpDesk) && r.Maker:
		return Application, true
	}
	return "", false
}

// KitOnly reports whether the meeting was handed over to the person and is
// otherwise none of theirs: they see how to come to it, not what was done.
func (r Relation) KitOnly() bool { return r.HandedOver && !r.Organizer && !r.Maker }

// Own reports whether the meeting is one of the person's own list.
func (r Relation) Own() bool { return r.Organizer || r.Maker || r.HandedOver }
