// Package web is the site: routes, access, sessions and one file per area,
// named after its URLs. It turns requests into acts of the desk and reads of
// the store, and what came of them into pages. It knows no SQL, none of
// Graph's JSON, and no sentence.
package web
