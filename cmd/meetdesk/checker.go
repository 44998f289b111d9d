package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"meetdesk/command"
)

// checker collects problems, so that all of them are reported at once.
type checker struct {
	problems    []problem
	credentials string // systemd's credentials directory, or ""
}

// credentialsVariable is the environment variable that systemd sets to the directory with
// its copies of the files in LoadCredential=.
const credentialsVariable = "CREDENTIALS_DIRECTORY"

type problem struct {
	name, text string
	temporary  bool // whether the problem may disappear without a change to the setting
}

func (k *checker) add(name, format string, args ...any) {
	k.problems = append(k.problems, problem{name: envPrefix + name, text: fmt.Sprintf(format, args...)})
}

// addFileError is like add, but for a file or folder that cannot be used because of err.
func (k *checker) addFileError(name string, err error, format string, args ...any) {
	k.add(name, format, args...)
	k.problems[len(k.problems)-1].temporary = isTemporary(err)
}

// isTemporary reports whether the problem may disappear without a change to the settings,
// as with a full disk or a file server that does not respond.
func isTemporary(err error) bool {
	return slices.ContainsFunc([]error{
		syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.ESTALE, syscall.ETIMEDOUT, syscall.EMFILE, syscall.ENFILE,
	}, func(cause error) bool { return errors.Is(err, cause) })
}

// err returns an error that lists all problems, or nil if there are none. The error is a
// usage error unless all problems are temporary.
func (k *checker) err() error {
	if len(k.problems) == 0 {
		return nil
	}
	wrong := &wrongSettings{k.problems}
	if slices.ContainsFunc(k.problems, func(p problem) bool { return !p.temporary }) {
		return command.UsageError("%w", wrong)
	}
	return wrong
}

// wrongSettings lists the problems with missing and invalid settings. readConfig wraps it in
// a usage error unless all problems are temporary.
type wrongSettings struct{ problems []problem }

func (w *wrongSettings) Error() string {
	lines := []string{"meetdesk serve cannot start with this configuration:"}
	for _, p := range w.problems {
		lines = append(lines, "  "+p.name+": "+p.text)
	}
	return strings.Join(lines, "\n")
}

// spellings reports values that are in quotes, that begin or end with white space, or that
// seem to be followed by a comment. Docker's --env-file does not remove quotes, and systemd
// does not remove comments. The messages omit the values, which may be secret.
func (k *checker) spellings(values map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value := values[name]
		short, ours := strings.CutPrefix(name, envPrefix)
		switch {
		case !ours:
		case isQuoted(value):
			k.add(short, quoted)
		case strings.HasSuffix(value, "\r"):
			k.add(short, "the value ends with a carriage return; save the file with Unix line endings")
		case strings.TrimSpace(value) != value && short != "TICKET_HINT":
			k.add(short, "the value begins or ends with a space; remove it")
		case strings.Contains(value, " #") && !mayHaveHash[short]:
			k.add(short, "the value is followed by a comment, which became part of it; put the comment on a line of its own")
		}
	}
}

const quoted = "the value is in quotes, which became part of it; remove them"

// mayHaveHash lists the settings whose values may contain " #".
var mayHaveHash = map[string]bool{"CLIENT_SECRET": true, "APP_CLIENT_SECRET": true, "DATABASE": true, "TICKET_PATTERN": true, "TICKET_HINT": true}

// isQuoted reports whether the value is in straight quotes, or in the curly quotes that
// word processors insert.
func isQuoted(value string) bool {
	first, size := utf8.DecodeRuneInString(value)
	last, _ := utf8.DecodeLastRuneInString(value[size:])
	return strings.ContainsRune(`"'`, first) && first == last || strings.ContainsRune("‘’“”„", first) && strings.ContainsRune("‘’“”", last)
}

func (k *checker) yes(name, value string) bool {
	if value != "" && value != "0" && value != "1" {
		k.add(name, "%q; 1 for on, 0 for off", value)
	}
	return value == "1"
}

func missingOr(value, wrong string) string {
	if value == "" {
		return "missing"
	}
	return fmt.Sprintf("%q is %s", value, wrong)
}

func (k *checker) networks(name string, values []string) (list []netip.Prefix) {
	for _, value := range values {
		value = strings.TrimSpace(value)
		network, err := netip.ParsePrefix(value)
		if address, addressErr := netip.ParseAddr(value); addressErr == nil {
			network, err = netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen()), nil
		}
		if err != nil {
			k.add(name, "%q is neither an address nor a network, such as 10.0.0.0/8", value)
			continue
		}
		if network.Bits() == 0 {
			k.add(name, "%q trusts everybody, so anybody could invent an address; name only the proxies", value)
		}
		list = append(list, network.Masked())
	}
	return list
}

// address parses and checks an absolute URL. The URL must use https, or http if its host
// is this machine. If the URL is missing or invalid, address records the problem and
// returns nil.
func (k *checker) address(name, value, hint string) *url.URL {
	u, err := url.Parse(value)
	switch {
	case value == "":
		k.add(name, "missing; %s", hint)
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
		k.add(name, "%q is no address; %s", value, hint)
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		k.add(name, "%q holds more than an address; %s", value, hint)
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		k.add(name, "%q must begin with https://, since it is not on this machine", value)
	case name == "URL" && strings.Trim(u.Path, "/") != "":
		k.add(name, "%q must have no path; meetdesk needs a host name of its own", value)
	default:
		return u
	}
	return nil
}

func (k *checker) sessionKeys(list string) (keys [][]byte) {
	if list == "" {
		return nil // already reported
	}
	for i, text := range strings.Split(list, ",") {
		key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
		if err != nil || len(key) != 32 {
			k.add("SESSION_KEYS", "key %d is wrong; %s", i+1, sessionKeysHint)
		}
		keys = append(keys, key)
	}
	return keys
}

// The bounds of the SESSION_IDLE setting. The upper bound is the lifetime of a session.
const (
	minSessionIdle = 5 * time.Minute
	maxSessionIdle = 12 * time.Hour
)

func (k *checker) sessionIdle(value string) time.Duration {
	idle, err := time.ParseDuration(value)
	if err != nil || idle < minSessionIdle || idle > maxSessionIdle {
		k.add("SESSION_IDLE", "%q is not a time from 5m to 12h, such as 30m or 4h", value)
	}
	return idle
}

// maxDrain is the largest value of the DRAIN setting. Service managers kill a program that
// takes too long to stop.
const maxDrain = time.Minute

// drain parses and checks how long the desk continues to serve requests after the signal to
// stop.
func (k *checker) drain(value string) time.Duration {
	drain, err := time.ParseDuration(value)
	if err != nil || drain < 0 || drain > maxDrain {
		k.add("DRAIN", "%q is not a time from 0s to 1m, such as 10s", value)
	}
	return drain
}

// isAddress reports whether text is a listen address such as ":8080".
func isAddress(text string) bool {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
