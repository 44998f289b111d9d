// Package store keeps the desk's data in a database. Each SQL statement is next to the
// method that runs it. The package knows nothing about HTTP, Graph or OpenID Connect.
//
// When a method that writes returns, its change is on the disk. Only AuditSoon and
// AuditExported return earlier. With SQLite, only one process uses the data directory. It
// has one connection that writes and two pools of connections that read. With PostgreSQL,
// several processes may use the database.
package store
