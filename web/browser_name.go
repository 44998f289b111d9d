package web

import "strings"

// browserName returns the browser and the operating system in a User-Agent header, such as
// "Firefox, Windows", or "" if it recognizes neither. It omits versions.
func browserName(userAgent string) string {
	var found []string
	for _, names := range [][][2]string{
		// The order matters, because many User-Agent headers also contain names further down
		// the list.
		{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}},
		{{"Windows", "Windows"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"CrOS", "ChromeOS"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"}},
	} {
		for _, name := range names {
			if strings.Contains(userAgent, name[0]) {
				found = append(found, name[1])
				break
			}
		}
	}
	return strings.Join(found, ", ")
}
