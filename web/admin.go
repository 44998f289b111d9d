package web

import (
	"net/http"
	"time"

	"meetdesk/selfcheck"
	"meetdesk/views"
)

// overviewDays is the number of days that the overview covers, including today.
const overviewDays = 14

func (s *Server) adminOverview(w http.ResponseWriter, r *http.Request) error {
	now, zone := s.Now(), zoneOf(visitOf(r).session.User.TimeZone)
	o, err := s.Store.Overview(r.Context(), dayStarts(now.In(zone), overviewDays), s.sessions.idle)
	if err != nil {
		return err
	}
	size, err := s.Store.Size(r.Context())
	if err != nil {
		return err
	}
	check, err := s.lastCheck(r)
	if err != nil {
		return err
	}
	data := views.AdminData{Check: check, Open: o.Open, People: o.People, Sessions: o.Sessions, Bytes: size.Bytes, FreeBytes: size.FreeBytes}
	data.Skew, data.SkewKnown = s.Desk.Skew()
	for _, d := range o.Days {
		data.Days = append(data.Days, views.DayCount(d))
	}
	for _, f := range o.Failures {
		data.Failures = append(data.Failures, views.ReasonCount(f))
	}
	for _, wait := range o.Waits {
		data.Waits = append(data.Waits, views.ServiceWait{Service: string(wait.Service), Name: wait.Name, Until: wait.Until})
	}
	data.Backup, data.LastBackup, visitOf(r).err = s.backupState(now)
	if size.FreeBytes < 0 { // the database is on a PostgreSQL server
		data.Backup = views.BackupElsewhere
	}
	return s.render(w, r, http.StatusOK, views.Admin(s.page(r, visitOf(r).text.T("admin.overview")), data))
}

// backupState returns the state of the daily backups and the time of the newest one. The
// error need only be logged, because the state already says that the folder cannot be read.
func (s *Server) backupState(now time.Time) (state views.BackupState, last time.Time, err error) {
	if s.LastBackup == nil {
		return views.BackupOff, last, nil
	}
	last, err = s.LastBackup()
	switch {
	case err != nil:
		return views.BackupUnreadable, last, err
	case last.IsZero():
		return views.BackupNever, last, nil
	case now.Sub(last) > selfcheck.OldBackup:
		return views.BackupOld, last, nil
	}
	return views.BackupRecent, last, nil
}

// dayStarts returns the start of each of the last n days, including today, and the start of
// tomorrow, in the time zone of now.
func dayStarts(now time.Time, n int) (starts []time.Time) {
	for i := range n + 1 {
		starts = append(starts, time.Date(now.Year(), now.Month(), now.Day()-n+1+i, 0, 0, 0, 0, now.Location()))
	}
	return starts
}
