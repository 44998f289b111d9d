// Package store manages the desk's database. Each SQL statement is next to the method that
// runs it. The package does not depend on HTTP, Graph or OpenID Connect.
//
// By the time a write method returns, its change is on disk. The exceptions are methods
// that queue audit entries, such as AuditSoon. With SQLite, only one process uses the data
// directory. That process has one connection for writing and two pools of connections for
// reading. With PostgreSQL, several processes may use the database.
package store
