// Package web is the site: routes, access rules, sessions, and one file for each area,
// named after the area's path. It turns requests into calls to the desk and the store, and
// their results into pages.
package web
