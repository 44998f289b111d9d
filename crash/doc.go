// Command crash kills meetdesk and its emulator at random moments while several users work.
// After each round, it checks that no result reported to a user was lost, that nothing was
// duplicated, and that every unfinished attempt can be completed or dismissed.
//
// The checks compare the subject, times, attendees, roles and options of each confirmed
// meeting with the submitted forms and with the emulator's meeting. They also require an
// audit entry for each confirmed action, and search for every meeting in the database.
//
// The desk is the real "meetdesk serve", and the emulator runs in a separate process. Users
// send HTTP requests. What was reported to them is derived only from the pages and
// redirects that they received, never from the database.
//
// SIGKILL ends a process, not the machine: the kernel keeps what the process wrote, even
// without fsync. The emulator's journal therefore keeps everything that the emulator has
// acknowledged, as Graph would. Power failures are not covered.
//
// With -cluster, three desks behind haproxy share a PostgreSQL cluster of three servers,
// managed by Patroni and etcd. A commit waits for a second server. Desks and primaries are
// killed, stopped, or frozen with SIGSTOP, which simulates a network partition. To save
// time, most rounds end the leases of killed desks early and make pending attempts older.
//
// The seed determines the users' actions, Microsoft's failures, and when processes are
// killed. Two runs with the same seed still differ in their timing.
package main
