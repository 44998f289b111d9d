// Package store keeps the desk's data in a database. The package has one file for each
// kind of data, and each SQL statement is next to the method that runs it. The package
// knows nothing about HTTP, Graph or OpenID Connect.
//
// When a method that writes returns, its change is on the disk. AuditSoon is the only
// exception. With SQLite, only one process at a time uses the data directory. That
// process has one connection that writes and two pools of connections that read. With
// PostgreSQL, several processes may use the database.
package store
