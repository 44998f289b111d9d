package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"meetdesk/paths"
	"meetdesk/store/postgresdb"
	"meetdesk/testenv"
)

// cluster consists of three desks behind haproxy and the PostgreSQL cluster that they share.
// Patroni and etcd manage its three nodes. All programs listen on loopback addresses.
type cluster struct {
	dir      string
	etcd     *exec.Cmd
	proxy    *exec.Cmd
	nodes    [3]*node
	desks    [3]*process
	addrs    [3]string // the addresses of the desks
	database string    // the address from which haproxy forwards connections to the primary
	etcdAddr string
	owner    *syscall.SysProcAttr // the user that runs the cluster's programs; PostgreSQL refuses to run as root
}

// node is a PostgreSQL server and the Patroni process that manages it.
type node struct {
	name, dir, addr, rest string
	patroni               *exec.Cmd
}

// clusterLimit is how long the cluster may take to start or to recover from a fault.
const clusterLimit = 90 * time.Second

func newCluster(s *site) (c *cluster, err error) {
	c = &cluster{dir: filepath.Join(s.dir, "cluster")}
	if c.owner, err = postgresUser(); err != nil {
		return nil, err
	}
	folders := []string{c.dir}
	for i := range c.nodes {
		n := &node{name: fmt.Sprint("pg", i+1), dir: filepath.Join(c.dir, fmt.Sprint("pg", i+1))}
		c.nodes[i], folders = n, append(folders, n.dir)
		for _, address := range []*string{&n.addr, &n.rest, &c.addrs[i]} {
			if *address, err = testenv.FindFreeAddress(); err != nil {
				return nil, err
			}
		}
	}
	for _, address := range []*string{&c.database, &c.etcdAddr} {
		if *address, err = testenv.FindFreeAddress(); err != nil {
			return nil, err
		}
	}
	for _, folder := range folders {
		if err := errors.Join(os.MkdirAll(folder, 0o700), c.give(folder)); err != nil {
			return nil, err
		}
	}
	for folder := s.dir; folder != filepath.Dir(folder); folder = filepath.Dir(folder) { // so that the user who runs PostgreSQL can reach the data
		if info, err := os.Stat(folder); err == nil && info.Mode().Perm()&0o001 == 0 {
			if err := os.Chmod(folder, info.Mode().Perm()|0o011); err != nil {
				return nil, err
			}
		}
	}
	return c, c.writeSettings(s)
}

func postgresUser() (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return &syscall.SysProcAttr{}, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

func (c *cluster) give(path string) error {
	if c.owner.Credential == nil {
		return nil
	}
	return os.Chown(path, int(c.owner.Credential.Uid), int(c.owner.Credential.Gid))
}

func (c *cluster) writeSettings(s *site) error {
	bins, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(bins) == 0 {
		return errors.Join(err, errors.New("PostgreSQL is not installed"))
	}
	for _, n := range c.nodes {
		path := filepath.Join(n.dir, "patroni.yml")
		if err := errors.Join(os.WriteFile(path, []byte(c.patroniSettings(n, bins[len(bins)-1])), 0o600), c.give(path)); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(c.dir, "haproxy.cfg"), []byte(c.proxySettings(s)), 0o644)
}

func (c *cluster) proxySettings(s *site) string {
	_, port, _ := net.SplitHostPort(s.deskAddr)
	proxy := fmt.Sprintf(`defaults
  timeout connect 1s
  timeout client 60s
  timeout server 60s
frontend web
  mode http
  bind 127.0.0.1:%s
  default_backend desks
backend desks
  mode http
  balance roundrobin
  option httpchk GET %s
  http-check expect status 200
  option redispatch
  default-server inter 300ms fall 1 rise 1
`, port, paths.Ready)
	for i, address := range c.addrs {
		proxy += fmt.Sprintf("  server desk%d %s check\n", i+1, address)
	}
	proxy += fmt.Sprintf(`listen database
  mode tcp
  bind %s
  timeout client 1h
  timeout server 1h
  option httpchk OPTIONS /primary
  http-check expect status 200
  default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
`, c.database)
	for _, n := range c.nodes {
		proxy += fmt.Sprintf("  server %s %s check addr 127.0.0.1 port %s\n", n.name, n.addr, n.rest[strings.LastIndex(n.rest, ":")+1:])
	}
	return proxy
}

// patroniSettings returns settings that make commits wait for the synchronous standby, if
// there is one, so that a failover loses nothing.
func (c *cluster) patroniSettings(n *node, bin string) string {
	return fmt.Sprintf(`scope: meetdesk
name: %[1]s
restapi: {listen: '%[2]s', connect_address: '%[2]s'}
etcd: {host: '%[3]s'}
bootstrap:
  dcs:
    ttl: 6
    loop_wait: 1
    retry_timeout: 2
    master_start_timeout: 0
    synchronous_mode: true
    postgresql:
      use_pg_rewind: true
      parameters: {max_connections: 120, shared_buffers: 32MB, fsync: 'off', full_page_writes: 'on', wal_log_hints: 'on', min_wal_size: 32MB, max_wal_size: 64MB, wal_keep_size: 128MB}
  initdb: [{encoding: UTF8}, {locale: C.UTF-8}, {auth: trust}]
postgresql:
  listen: '%[4]s'
  connect_address: '%[4]s'
  data_dir: '%[5]s/data'
  bin_dir: '%[6]s'
  pgpass: '%[5]s/pgpass'
  remove_data_directory_on_rewind_failure: true
  remove_data_directory_on_diverged_timelines: true
  parameters: {unix_socket_directories: '%[5]s'}
  authentication:
    superuser: {username: postgres, password: loopback}
    replication: {username: replicator, password: loopback}
    rewind: {username: postgres, password: loopback}
  pg_hba: ['local all all trust', 'host all all 127.0.0.1/32 trust', 'host replication all 127.0.0.1/32 trust']
`, n.name, n.rest, c.etcdAddr, n.addr, n.dir, bin)
}

// run starts a program and appends its output to the log. When this process ends, the kernel
// kills the program.
func (c *cluster) run(log string, program string, args ...string) (*exec.Cmd, error) {
	out, err := os.OpenFile(filepath.Join(c.dir, log), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd := exec.Command(program, args...)
	attributes := *c.owner
	attributes.Pdeathsig = syscall.SIGKILL
	cmd.SysProcAttr, cmd.Dir, cmd.Stdout, cmd.Stderr = &attributes, "/", out, out
	cmd.Env = []string{"HOME=" + c.dir, "PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	return cmd, cmd.Start()
}

// start starts the cluster's programs, except for the desks, and creates the desks'
// database.
func (c *cluster) start(ctx context.Context) (err error) {
	if c.etcd, err = c.run("etcd.log", "etcd", "--data-dir", filepath.Join(c.dir, "etcd"), "--enable-v2", "--unsafe-no-fsync", "--listen-client-urls", "http://"+c.etcdAddr,
		"--advertise-client-urls", "http://"+c.etcdAddr, "--listen-peer-urls", "http://127.0.0.1:0"); err != nil {
		return err
	}
	for _, n := range c.nodes {
		if err := c.startNode(n); err != nil {
			return err
		}
	}
	if c.proxy, err = c.run("haproxy.log", "haproxy", "-f", filepath.Join(c.dir, "haproxy.cfg")); err != nil {
		return err
	}
	if err := c.whole(ctx); err != nil {
		return err
	}
	db, err := c.open("postgres")
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, `CREATE DATABASE meetdesk`)
	return err
}

func (c *cluster) startNode(n *node) (err error) {
	n.patroni, err = c.run(n.name+".log", "patroni", filepath.Join(n.dir, "patroni.yml"))
	return err
}

func (c *cluster) address(database string) string {
	return "postgres://postgres@" + c.database + "/" + database + "?sslmode=disable"
}

// open opens a database on the primary.
func (c *cluster) open(database string) (*sql.DB, error) {
	address, err := postgresdb.Parse(c.address(database))
	if err != nil {
		return nil, err
	}
	return address.OpenAside(), nil
}

// is reports whether the node has the given role, according to Patroni. The role is given
// as a path in Patroni's API, such as "/primary".
func (n *node) is(path string) bool {
	client := http.Client{Timeout: time.Second}
	resp, err := client.Get("http://" + n.rest + path)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode == http.StatusOK
}

func (c *cluster) primary() *node {
	for _, n := range c.nodes {
		if n.is("/primary") {
			return n
		}
	}
	return nil
}

// whole waits until the cluster has a primary and a synchronous standby, and haproxy can
// reach the primary.
func (c *cluster) whole(ctx context.Context) error {
	db, err := c.open("postgres")
	if err != nil {
		return err
	}
	defer db.Close()
	for deadline := time.Now().Add(clusterLimit); ; time.Sleep(200 * time.Millisecond) {
		standby := false
		for _, n := range c.nodes {
			standby = standby || n.is("/synchronous")
		}
		asking, cancel := context.WithTimeout(ctx, 2*time.Second)
		var readOnly bool
		err := db.QueryRowContext(asking, `SELECT pg_is_in_recovery()`).Scan(&readOnly)
		cancel()
		if err == nil && !readOnly && standby && c.primary() != nil {
			return nil
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return errors.Join(fmt.Errorf("no primary with a standby after %v; see the logs in %s", clusterLimit, c.dir), err, ctx.Err())
		}
	}
}

// processes returns the IDs of Patroni, the PostgreSQL server and the server's children.
func (n *node) processes() (list []int) {
	list = append(list, n.patroni.Process.Pid)
	text, err := os.ReadFile(filepath.Join(n.dir, "data", "postmaster.pid"))
	first, _, _ := strings.Cut(string(text), "\n")
	postmaster, convErr := strconv.Atoi(first)
	if err != nil || convErr != nil || !isServer(postmaster, n.dir) {
		return list
	}
	list = append(list, postmaster)
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", postmaster))
	for child := range strings.FieldsSeq(string(children)) {
		if id, err := strconv.Atoi(child); err == nil {
			list = append(list, id)
		}
	}
	return list
}

// isServer reports whether the process is the PostgreSQL server whose data is in the
// folder. The ID in postmaster.pid may be out of date and now belong to another process.
func isServer(pid int, dir string) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err == nil && strings.Contains(string(line), dir)
}

func (n *node) signal(s syscall.Signal) {
	for _, pid := range n.processes() {
		_ = syscall.Kill(pid, s) // fails if the process has ended
	}
}

func (n *node) kill() {
	n.signal(syscall.SIGKILL)
	_ = n.patroni.Wait() // Wait returns an error, because the process was killed
}

// close kills the desks and the cluster's other programs.
func (c *cluster) close() {
	for _, desk := range c.desks {
		if desk != nil {
			desk.kill()
		}
	}
	for _, n := range c.nodes {
		if n.patroni != nil {
			n.signal(syscall.SIGCONT)
			n.kill()
		}
	}
	for _, cmd := range []*exec.Cmd{c.proxy, c.etcd} {
		if cmd != nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	}
}
