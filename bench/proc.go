package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of CPU times in /proc (USER_HZ). It is the same on every Linux platform
// that Go supports.
const tick = 10 * time.Millisecond

// residentMemory returns the process's resident memory in bytes.
func residentMemory(pid int) (int64, error) { return memoryLine(pid, "VmRSS") }

// peakMemory returns the process's peak resident memory in bytes.
func peakMemory(pid int) (int64, error) { return memoryLine(pid, "VmHWM") }

func memoryLine(pid int, name string) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	return kilobytes(string(status), name)
}

// writtenBytes returns how many bytes the process has written to disk. Writes to in-memory
// file systems do not count.
func writtenBytes(pid int) (int64, error) {
	file, err := os.ReadFile(fmt.Sprintf("/proc/%d/io", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(file)) {
		if value, ok := strings.CutPrefix(line, "write_bytes: "); ok {
			return strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		}
	}
	return 0, errors.New("/proc does not say how many bytes were written")
}

// kilobytes finds a line such as "VmRSS:     5124 kB" in a /proc file. It returns the value
// in bytes.
func kilobytes(file, name string) (int64, error) {
	for line := range strings.Lines(file) {
		value, ok := strings.CutPrefix(line, name+":")
		if !ok {
			continue
		}
		kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
		return kb << 10, nil
	}
	return 0, fmt.Errorf("no %s", name)
}

// cpuTime returns the CPU time of the process in user and kernel mode. The resolution is
// one tick.
func cpuTime(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	return parseCPU(string(stat))
}

// parseCPU returns the sum of utime and stime, fields 14 and 15 of a process's stat file
// in /proc. Field 2, the program's name in parentheses, may contain spaces and
// parentheses.
func parseCPU(stat string) (time.Duration, error) {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0, fmt.Errorf("stat %q: too short", stat)
	}
	var sum time.Duration
	for _, field := range fields[11:13] { // fields[0] is field 3 of the line
		ticks, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("stat: %w", err)
		}
		sum += time.Duration(ticks) * tick
	}
	return sum, nil
}

func machine() string {
	memory := "memory unknown"
	if info, err := os.ReadFile("/proc/meminfo"); err == nil {
		if total, err := kilobytes(string(info), "MemTotal"); err == nil {
			memory = fmt.Sprintf("%.0f GB memory", float64(total)/(1<<30))
		}
	}
	return fmt.Sprintf("%d cores, %s, %s %s/%s", runtime.NumCPU(), memory, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
