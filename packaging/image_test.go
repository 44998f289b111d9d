package main

import (
	"archive/tar"
	"debug/buildinfo"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

// write writes the file and creates its directory.
func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, content, 0o600)); err != nil {
		t.Fatal(err)
	}
}

// sbomOf returns the SBOM of this test's program, whose modules all have the licence
// "MIT".
func sbomOf(t *testing.T) []byte {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	info, err := buildinfo.ReadFile(self)
	if err != nil || len(info.Deps) == 0 {
		t.Fatalf("%d modules, %v", len(info.Deps), err)
	}
	notices := "The Go standard library (BSD-3-Clause)\n"
	for _, m := range info.Deps {
		notices += m.Path + " (MIT)\n"
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "notices"), []byte(notices))
	if err := writeSBOM("1.0", self, filepath.Join(dir, "notices"), filepath.Join(dir, "sbom")); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(dir, "sbom"))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// checkRoots checks that the SBOM lists the root certificates, with the version in go.mod,
// beside the program's own modules.
func checkRoots(t *testing.T, sbom string) {
	t.Helper()
	var bom cdx.BOM
	if err := cdx.NewBOMDecoder(strings.NewReader(sbom), cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
		t.Fatalf("%v in %q", err, sbom)
	}
	module, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	last := (*bom.Components)[len(*bom.Components)-1]
	if last.Type != cdx.ComponentTypeData || !strings.Contains(string(module), "\t"+last.Name+" "+last.Version+"\n") || (*last.Licenses)[0].Expression != "MPL-2.0 AND BSD-3-Clause" {
		t.Errorf("the SBOM lists the root certificates as %+v", last)
	}
	if refs := *(*bom.Dependencies)[0].Dependencies; refs[len(refs)-1] != last.BOMRef || len(*bom.Components) < 5 {
		t.Errorf("the image depends on %q; want %s at the end", refs, last.BOMRef)
	}
}

func TestImage(t *testing.T) {
	at := time.Unix(1700000000, 0).UTC()
	var folders []string
	for _, architecture := range []string{"amd64", "arm64"} {
		folder := filepath.Join(t.TempDir(), architecture)
		write(t, filepath.Join(folder, "usr/bin/meetdesk"), []byte(architecture))
		if err := writeImage("1.0~1", at, filepath.Join(t.TempDir(), "image"), []string{folder}); err == nil {
			t.Error("an image without an SBOM")
		}
		write(t, filepath.Join(folder, "usr/share/doc/meetdesk/sbom.cdx.json"), sbomOf(t))
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
		_, sbom, _ := strings.Cut(files["usr/share/doc/meetdesk/sbom.cdx.json"], " ")
		checkRoots(t, sbom)
		if !strings.HasPrefix(files["var/lib/meetdesk"], "drwx------") {
			t.Errorf("the data directory is %q", files["var/lib/meetdesk"])
		}
	}
}
