package demo

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"meetdesk/command"
	"meetdesk/server"
)

// demoFolder is the content of server.DemoFile: the demo's key and secrets, and whether its
// history has been written.
type demoFolder struct {
	SessionKey   []byte `json:"sessionKey"`
	ClientSecret string `json:"clientSecret"`
	AppSecret    string `json:"appSecret"` // the client secret for application mode
	Seeded       bool   `json:"seeded"`

	path string
}

// openDemoFolder reads the directory's server.DemoFile and creates it if necessary. It
// returns an error if the directory contains a database that does not belong to a demo.
func openDemoFolder(dir string) (*demoFolder, error) {
	f := &demoFolder{path: filepath.Join(dir, server.DemoFile)}
	content, err := os.ReadFile(f.path)
	if err == nil {
		if err = json.Unmarshal(content, f); err == nil && f.AppSecret == "" {
			f.AppSecret = rand.Text() // the file was written by a version without this secret
			err = f.write()
		}
		return f, err
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.db")); len(left) > 0 {
		return nil, command.UsageError("-data %s: there is a database in it that is not a demo's", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f.SessionKey, f.ClientSecret, f.AppSecret = make([]byte, 32), rand.Text(), rand.Text()
	rand.Read(f.SessionKey)
	return f, f.write()
}

func (f *demoFolder) markSeeded() error {
	f.Seeded = true
	return f.write()
}

// write replaces the file atomically.
func (f *demoFolder) write() error {
	content, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(f.path+".new", content, 0o600); err != nil {
		return err
	}
	return os.Rename(f.path+".new", f.path)
}
