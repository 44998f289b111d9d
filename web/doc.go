// Package web implements the site: its routes, access rules, sessions and handlers. The
// handlers call the desk and the store, and respond with pages and files.
package web
