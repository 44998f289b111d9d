// Command crash kills meetdesk and its emulator at random moments while several people
// use them. After each round it checks that nothing that a person was told is lost, that
// nothing exists twice, and that every unfinished attempt can be finished or dismissed.
//
// The desk is the real "meetdesk serve", and the emulator runs in a separate process.
// People sign in through the emulator and use the pages over HTTP. What they were told is
// taken from the pages and redirects that reached them, never from the database.
//
// SIGKILL ends a process but not the machine: the kernel keeps what the process has
// written, even without fsync. So the emulator's journal keeps everything that the
// emulator has acknowledged, as Graph would, and files in memory are as good as files on
// a disk. Power cuts are not covered.
//
// The seed determines what people do, what goes wrong at Microsoft, and when processes are
// killed. Two runs with the same seed still differ, because the processes do not always
// take the same time.
package main
