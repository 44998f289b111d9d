package views

import (
	"fmt"
	"slices"
	"time"

	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// AdminData holds the data for the administrator's overview.
type AdminData struct {
	Check      CheckData
	Days       []DayCount
	Failures   []ReasonCount
	Open       int // the number of attempts without an outcome
	People     int // the number of people who are signed in
	Sessions   int
	Waits      []ServiceWait
	Bytes      int64 // the size of the database
	FreeBytes  int64 // the free space on the disk; -1 if unknown
	Skew       time.Duration
	SkewKnown  bool // whether the clocks have been compared since the desk was started
	Backup     BackupState
	LastBackup time.Time // zero if there is no backup or its time is unknown
}

// BackupState is the state of the daily backups. Its value is part of the key of the message
// that describes it.
type BackupState string

// The states of the daily backups.
const (
	BackupOff        BackupState = "off"        // no folder is configured
	BackupElsewhere  BackupState = "elsewhere"  // the database is on a PostgreSQL server
	BackupUnreadable BackupState = "unreadable" // the folder cannot be read
	BackupNever      BackupState = "never"
	BackupOld        BackupState = "old"
	BackupRecent     BackupState = "recent"
)

func (s BackupState) tone() ui.Tone {
	if s == BackupElsewhere {
		return ui.Note
	}
	return ui.Warn
}

// DayCount is the number of meetings that were recorded on a day.
type DayCount struct {
	Day      time.Time
	Meetings int
}

// ReasonCount is the number of attempts that failed for one reason.
type ReasonCount struct {
	Reason meeting.Reason
	Count  int
}

// ServiceWait is a delay that one of Microsoft's services requested.
type ServiceWait struct {
	Service string
	Name    string // the user's name; "" if the delay applies to all users
	Until   time.Time
}

func (d AdminData) sum() (n int) {
	for _, day := range d.Days {
		n += day.Meetings
	}
	return n
}

// crowded reports whether the numbers above the bars are too wide for a phone. If they are,
// a phone shows only every other number.
func (d AdminData) crowded() bool {
	return slices.ContainsFunc(d.Days, func(day DayCount) bool { return day.Meetings >= 1000 })
}

// share returns the length of the bar for a failure reason, as a percentage of the longest
// bar's length, but at least 1.
func (d AdminData) share(f ReasonCount) string {
	return fmt.Sprint(max(1, f.Count*100/d.Failures[0].Count))
}

// barWidth is the width of a day's column in the chart. barHeight is the height of the
// tallest bar.
const (
	barWidth  = 40
	barHeight = 100
)

// bar holds the position and size of a bar in the chart's coordinates.
type bar struct {
	x, y, width, height, middle string
	top                         int
}

func (d AdminData) bar(i int) bar {
	highest := 1
	for _, day := range d.Days {
		highest = max(highest, day.Meetings)
	}
	height := d.Days[i].Meetings * barHeight / highest
	if d.Days[i].Meetings > 0 {
		height = max(height, 2)
	}
	return bar{top: 20 + barHeight - height, x: fmt.Sprint(i*barWidth + 4), y: fmt.Sprint(20 + barHeight - height), width: fmt.Sprint(barWidth - 8), height: fmt.Sprint(height), middle: fmt.Sprint(i*barWidth + barWidth/2)}
}

func (d AdminData) chartBox() string {
	return fmt.Sprintf("0 0 %d %d", len(d.Days)*barWidth, barHeight+44)
}

// failureText returns the message for the reason, or its code if the reason is unknown. The
// message does not contain an HTTP status, because attempts can fail for the same reason
// with different statuses.
func failureText(p Page, reason meeting.Reason) string {
	if key := string(reason); p.T.Has(key) {
		return p.T.T(key)
	}
	return string(reason)
}

// chartLabel returns the y coordinate of the number above a bar.
func chartLabel(b bar) string { return fmt.Sprint(b.top - 5) }

func waitText(p Page, w ServiceWait) string {
	name := w.Name
	if name == "" {
		name = p.T.T("overview.throttled.desk")
	}
	return p.T.T("overview.throttled.until", meeting.Args{"Service": p.T.T("overview.service." + w.Service), "Name": name, "When": p.T.DateTime(w.Until, p.zoneOr(nil))})
}

func (d AdminData) sizes() meeting.Args {
	sizes := meeting.Args{"Size": meeting.Bytes(d.Bytes)}
	if d.FreeBytes >= 0 {
		sizes["Free"] = meeting.Bytes(d.FreeBytes)
	}
	return sizes
}
