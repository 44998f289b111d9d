package web

import (
	"net/http"
	"time"

	"meetdesk/selfcheck"
	"meetdesk/views"
)

// overviewDays is the number of days that the overview covers, including today.
const overviewDays = 14

// adminOverview shows an administrator an overview of the desk's meetings, failures and
// state.
func (s *Server) adminOverview(w http.ResponseWriter, r *http.Request) error {
	now, zone := s.Now(), zoneOf(visitOf(r).session.User.TimeZone)
	o, err := s.Store.Overview(r.Context(), dayStarts(now.In(zone), overviewDays), s.sessions.idle)
	if err != nil {
		return err
	}
	state, err := s.Store.State(r.Context())
	if err != nil {
		return err
	}
	check, err := s.lastCheck(r)
	if err != nil {
		return err
	}
	data := views.AdminData{Check: check, Open: o.Open, People: o.People, Sessions: o.Sessions, Bytes: state.Bytes, FreeBytes: state.FreeBytes, Skew: s.Desk.Skew()}
	for _, d := range o.Days {
		data.Days = append(data.Days, views.DayCount(d))
	}
	for _, f := range o.Failures {
		data.Failures = append(data.Failures, views.ReasonCount(f))
	}
	for _, wait := range o.Waits {
		data.Waits = append(data.Waits, views.ServiceWait{Service: string(wait.Service), Name: wait.Name, Until: wait.Until})
	}
	if s.LastBackup != nil {
		data.BacksUp = true
		if data.LastBackup, err = s.LastBackup(); err != nil {
			visitOf(r).err = err // for the log; the page says that there is no backup
		}
		data.BackupOld = now.Sub(data.LastBackup) > selfcheck.OldBackup
	}
	return s.render(w, r, http.StatusOK, views.Admin(s.page(r, visitOf(r).text.T("admin.overview")), data))
}

// dayStarts returns the start of each of the last n days, including today, and the start of
// tomorrow. It uses the time zone of the first argument.
func dayStarts(now time.Time, n int) (starts []time.Time) {
	for i := range n + 1 {
		starts = append(starts, time.Date(now.Year(), now.Month(), now.Day()-n+1+i, 0, 0, 0, 0, now.Location()))
	}
	return starts
}
