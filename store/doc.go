// Package store is the database: one file per noun, the SQL beside its method.
// It keeps what it is given and knows nothing of HTTP, Graph or OpenID Connect.
//
// The database is SQLite in WAL mode with synchronous=FULL: what a method has
// returned from is on the disk, but for AuditSoon, which says so. There is one writing connection and a pool of
// readers, and one process owns the data folder.
package store
