package main

import (
	"archive/tar"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

func TestImage(t *testing.T) {
	at := time.Unix(1700000000, 0).UTC()
	var folders []string
	for _, architecture := range []string{"amd64", "arm64"} {
		folder := filepath.Join(t.TempDir(), architecture)
		if err := os.MkdirAll(filepath.Join(folder, "usr/bin"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "usr/bin/meetdesk"), []byte(architecture), 0o600); err != nil {
			t.Fatal(err)
		}
		folders = append(folders, folder)
	}
	directory := filepath.Join(t.TempDir(), "image")
	if err := writeImage("1.0~1", at, directory, folders); err != nil {
		t.Fatal(err)
	}
	index, err := layout.ImageIndexFromPath(directory)
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Index(index); err != nil {
		t.Error(err)
	}
	manifest, err := index.IndexManifest()
	if err != nil || len(manifest.Manifests) != 2 {
		t.Fatalf("%v: %+v", err, manifest)
	}
	for i, m := range manifest.Manifests {
		image, err := index.Image(m.Digest)
		if err != nil {
			t.Fatal(err)
		}
		config, err := image.ConfigFile()
		if err != nil {
			t.Fatal(err)
		}
		architecture := filepath.Base(folders[i])
		if m.Platform.Architecture != architecture || config.Architecture != architecture || config.Config.User != "65532:65532" || !config.Created.Time.Equal(at) {
			t.Errorf("%s: %+v, %+v", architecture, m.Platform, config)
		}
		if name := m.Annotations["org.opencontainers.image.ref.name"]; name != "1.0-1" {
			t.Errorf("the name %q is no tag", name)
		}
		files := make(map[string]string)
		for r := tar.NewReader(mutate.Extract(image)); ; {
			h, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			files[strings.TrimSuffix(h.Name, "/")] = h.FileInfo().Mode().String() + " " + string(content)
		}
		if files["usr/bin/meetdesk"] != "-rwxr-xr-x "+architecture {
			t.Errorf("the program is %q", files["usr/bin/meetdesk"])
		}
		if n := strings.Count(files["etc/ssl/certs/ca-certificates.crt"], "BEGIN CERTIFICATE"); n < 100 {
			t.Errorf("there are %d certificates", n)
		}
		for _, says := range []string{"certdata.txt", "Mozilla Public License", "The Go Authors"} {
			if !strings.Contains(files["usr/share/doc/meetdesk/root-certificates.txt"], says) {
				t.Errorf("the notice about the root certificates lacks %q", says)
			}
		}
		if !strings.HasPrefix(files["var/lib/meetdesk"], "drwx------") {
			t.Errorf("the data directory is %q", files["var/lib/meetdesk"])
		}
	}
}
