package main

import (
	"os"
	"testing"
	"time"
)

func TestKilobytes(t *testing.T) {
	const status = "Name:\tmeetdesk\nVmHWM:\t   52000 kB\nVmRSS:\t   51234 kB\nThreads:\t9\n"
	if got, err := kilobytes(status, "VmRSS"); err != nil || got != 51234<<10 {
		t.Errorf("VmRSS = %d, %v; want %d", got, err, 51234<<10)
	}
	for _, name := range []string{"VmSwap", "Name", "RSS"} {
		if got, err := kilobytes(status, name); err == nil {
			t.Errorf("%s = %d, want an error", name, got)
		}
	}
}

func TestParseCPU(t *testing.T) {
	const after = " S 1 42 42 0 -1 4194560 900 0 0 0 130 27 5 6 20 0 9 0 1000 2000 300"
	for _, name := range []string{"(meetdesk)", "(a b) c)", "()"} {
		if got, err := parseCPU("42 " + name + after); err != nil || got != 1570*time.Millisecond {
			t.Errorf("%s: %v, %v; want 1.57s", name, got, err)
		}
	}
	for _, stat := range []string{"", "42 (meetdesk) S 1 2", "42 (meetdesk) S 1 2 3 4 5 6 7 8 9 10 x y z"} {
		if got, err := parseCPU(stat); err == nil {
			t.Errorf("%q = %v, want an error", stat, got)
		}
	}
}

func TestOwnProcess(t *testing.T) {
	if memory, err := residentMemory(os.Getpid()); err != nil || memory < 1<<20 {
		t.Errorf("resident memory of this process: %d, %v", memory, err)
	}
	begun, err := cpuTime(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	// Use CPU time until the counter advances. Other processes may be using the CPU too.
	for until := time.Now().Add(20 * time.Second); ; {
		now, err := cpuTime(os.Getpid())
		if err == nil && now > begun {
			break
		}
		if err != nil || time.Now().After(until) {
			t.Fatalf("CPU time went from %v to %v, %v; want more", begun, now, err)
		}
	}
}
