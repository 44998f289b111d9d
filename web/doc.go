// Package web is the site: routes, access, sessions, and one file per area, named after
// its address. It turns requests into calls of the desk and the store, and their results
// into pages. It contains no SQL, no JSON of Graph, and no text that people read.
package web
