// Package store manages the desk's database. SQL statements are next to the methods that
// run them. The package does not depend on HTTP, Graph or OpenID Connect.
//
// When a write method returns without an error, its change is on disk. The exceptions are
// methods that queue audit entries, such as AuditSoon. With SQLite, only one process uses
// the data directory. That process has one connection for writing and two pools of
// connections for reading. With PostgreSQL, several processes may use the database.
package store
