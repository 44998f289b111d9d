// Package store is the database: one file per noun, with each SQL statement next to
// the method that runs it. It knows nothing about HTTP, Graph or OpenID Connect.
//
// When a method that writes has returned, its change is on the disk. AuditSoon is the
// only exception. One process owns the data directory. It has one connection that
// writes and two pools that read.
package store
