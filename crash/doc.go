// Command crash kills meetdesk and its emulator at random moments while several people use
// them. After each round, it checks that nothing a person was told has been lost, that
// nothing exists twice, and that every unfinished attempt can be finished or dismissed.
//
// The desk is the real "meetdesk serve", and the emulator runs in a separate process.
// People use the pages over HTTP. The checks derive what people were told only from the
// pages and redirects that reached them, never from the database.
//
// SIGKILL ends a process, not the machine: the kernel keeps what the process wrote, even
// without fsync. The emulator's journal therefore keeps everything that the emulator has
// acknowledged, as Graph would. Power cuts are not covered.
//
// With -cluster, three desks behind haproxy share a PostgreSQL cluster of three servers,
// which Patroni and etcd manage. A commit waits for a second server. Desks and primaries
// are killed, stopped, or frozen with SIGSTOP, which cuts them off from the others. To save
// time, most rounds end the leases of killed desks early.
//
// The seed determines what people do, what goes wrong at Microsoft, and when processes
// are killed. Two runs with the same seed still differ in their timing.
package main
