package demo

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"meetdesk/command"
	"meetdesk/emulator"
	"meetdesk/paths"
	"meetdesk/server"
)

const emulatorSettings = `The emulator is at %[1]s. Nothing here reaches Microsoft. To use it from meetdesk serve:

  MEETDESK_ALLOW_EMULATOR=1
  MEETDESK_ISSUER=%[2]s
  MEETDESK_GRAPH_URL=%[1]s
  MEETDESK_TENANT_ID=%[3]s
  MEETDESK_CLIENT_ID=%[4]s
  MEETDESK_CLIENT_SECRET=%[5]s

A second application gets tokens of its own. It may act for those with the role %[8]s:

  MEETDESK_APP_CLIENT_ID=%[6]s
  MEETDESK_APP_CLIENT_SECRET=%[7]s
  MEETDESK_APP_ORGANIZERS=%[9]s

What it does, and what is to go wrong with it: http://%[10]s/emulator/control/
`

// emulate runs only the emulator, for use by meetdesk serve or another program.
func emulate(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("meetdesk-demo emulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:8081", "loopback `address` to listen on")
	data := flags.String("data", ".emulator", "`folder` that keeps its people's meetings, tokens and keys")
	client := flags.String("client", emulator.DefaultClientID, "client `ID` of the program that uses it")
	secret := flags.String("secret", "", "client `secret`; by default a random one, kept in the data folder")
	redirect := flags.String("redirect", "http://localhost:8080/auth/callback", "redirect `addresses` to accept, with commas")
	logout := flags.String("frontchannel-logout", "", "`address` that a sign-out at the emulator calls; by default meetdesk's beside the first -redirect")
	public := flags.String("url", "", "public `address` of a TLS proxy in front, such as https://login.example; by default http:// and -addr")
	tenant := flags.String("tenant", emulator.DefaultTenant, "tenant `GUID`")
	certificate := flags.String("certificate", "", "`file` with certificates in PEM that may authenticate instead of the secrets")
	if err := command.ParseFlags(flags, args); err != nil {
		return err
	}
	certificates, err := readCertificates(*certificate)
	if err != nil {
		return err
	}
	listener, err := listenLoopback("-addr", *addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	base, err := publicAddress(cmp.Or(*public, "http://"+listener.Addr().String()))
	if err != nil {
		return err
	}
	if *secret == "" {
		if *secret, err = storedSecret(filepath.Join(*data, "client-secret")); err != nil {
			return err
		}
	}
	appSecret, err := storedSecret(filepath.Join(*data, "app-client-secret"))
	if err != nil {
		return err
	}
	redirects := strings.Split(*redirect, ",")
	em, err := emulator.New(emulator.Options{
		URL: base, Data: *data,
		Tenant: *tenant, ClientID: *client, ClientSecret: *secret,
		ClientCertificates: certificates, AppClientCertificates: certificates,
		RedirectURIs: redirects, PostLogoutRedirectURIs: onEachDesk(redirects, paths.SignedOut),
		FrontChannelLogoutURI: cmp.Or(append([]string{*logout}, onEachDesk(redirects, paths.FrontChannelLogout)...)...),
		AppClientID:           emulator.DefaultAppClientID, AppClientSecret: appSecret, AccessPolicy: staffOf(emulator.Cast()),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, em.Close()) }()
	fmt.Fprintf(stdout, emulatorSettings, base, em.Issuer(), *tenant, *client, *secret, emulator.DefaultAppClientID, appSecret, staffRole, staffUPNs(), listener.Addr())
	return server.ServeUntil(ctx, server.NewHTTPServer(em, slog.New(slog.NewTextHandler(stderr, nil))), listener, server.Grace)
}

func readCertificates(name string) (list []*x509.Certificate, err error) {
	if name == "" {
		return nil, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, command.UsageError("-certificate: %w", err)
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, command.UsageError("-certificate %s: %w", name, err)
		}
		list = append(list, c)
	}
	if len(list) == 0 {
		return nil, command.UsageError("-certificate %s: the file has no certificate in PEM", name)
	}
	return list, nil
}

func publicAddress(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", command.UsageError("-url %q: must be a scheme and a host without a path, such as https://login.example", text)
	}
	return u.Scheme + "://" + u.Host, nil
}

// staffRole is the app role of the people whom the access policy initially covers. Other
// people are excluded so that developers can test how a program handles denied access.
const staffRole = "Meetdesk.Staff"

func staffUPNs() string {
	var upns []string
	for _, p := range emulator.Cast() {
		if slices.Contains(p.Roles, staffRole) {
			upns = append(upns, p.UPN)
		}
	}
	return strings.Join(upns, ",")
}

func staffOf(people []emulator.Person) (objectIDs []string) {
	for _, p := range people {
		if slices.Contains(p.Roles, staffRole) {
			objectIDs = append(objectIDs, p.ObjectID)
		}
	}
	return objectIDs
}

// onEachDesk returns the URL of the given path on each desk. It derives the desks from the
// redirect URIs, which include their callback URLs.
func onEachDesk(redirects []string, path string) (addresses []string) {
	for _, redirect := range redirects {
		if desk, ok := strings.CutSuffix(redirect, paths.Callback); ok {
			addresses = append(addresses, desk+path)
		}
	}
	return addresses
}

// listenLoopback listens on the loopback interface only, because neither the demo nor
// the emulator is safe to expose.
func listenLoopback(flagName, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil || host != "127.0.0.1" && host != "localhost" { // the demo prints URLs with these names, so no other loopback address would work
		return nil, command.UsageError("%s %q: must be an address of this machine only, such as 127.0.0.1:8080", flagName, addr)
	}
	listener, err := net.Listen("tcp4", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s %s: %w; another port can be given with %s", flagName, addr, err, flagName)
	}
	if err != nil {
		return nil, command.UsageError("%s %s: %w", flagName, addr, err)
	}
	return listener, nil
}

// storedSecret returns the secret in the file. If the file does not exist, storedSecret
// creates it with a random secret.
func storedSecret(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err == nil {
		return string(content), nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	text := rand.Text()
	return text, os.WriteFile(path, []byte(text), 0o600)
}
