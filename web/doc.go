// Package web is the site: routes, access rules, sessions and handlers. It turns requests
// into calls to the desk and the store, and their results into pages and files.
package web
