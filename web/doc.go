// Package web is the site. It contains the routes, access rules and sessions, and one
// file for each area of the site, named after the area's path. It turns requests into
// calls to the desk and the store, and their results into pages. SQL, Graph's JSON and
// the user interface text are left to other packages.
package web
