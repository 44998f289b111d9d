package main

import (
	"archive/tar"
	"bytes"
	_ "embed" // for rootNotice
	"encoding/pem"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// user is the numeric ID of the user and the group that the container runs as.
const user = 65532

// writeImage writes an image for each folder and an index of the images. An image contains
// no operating system, only the folder's files, root certificates, and directories for data
// and temporary files.
func writeImage(version string, at time.Time, directory string, folders []string) error {
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, folder := range folders {
		image, err := imageOf(version, at, folder)
		if err != nil {
			return err
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add: image,
			Descriptor: v1.Descriptor{
				Platform:    &v1.Platform{OS: "linux", Architecture: filepath.Base(folder)},
				Annotations: map[string]string{"org.opencontainers.image.ref.name": strings.ReplaceAll(version, "~", "-")},
			},
		})
	}
	_, err := layout.Write(directory, index)
	return err
}

func imageOf(version string, at time.Time, folder string) (v1.Image, error) {
	files, err := layerOf(at, folder)
	if err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(files)), nil }, tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, err
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	image, err = mutate.Append(image, mutate.Addendum{Layer: layer, History: v1.History{Created: v1.Time{Time: at}, CreatedBy: "make dist"}})
	if err != nil {
		return nil, err
	}
	return mutate.ConfigFile(image, withConfig(image, version, at, filepath.Base(folder)))
}

// withConfig returns the image's configuration with the settings for meetdesk. The desk
// listens on all addresses, because the loopback address cannot be reached from outside
// the container.
func withConfig(image v1.Image, version string, at time.Time, architecture string) *v1.ConfigFile {
	config, err := image.ConfigFile()
	if err != nil {
		panic(err) // cannot happen: the image was built by this program
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created = "linux", architecture, v1.Time{Time: at}
	config.Config = v1.Config{
		User: "65532:65532", Entrypoint: []string{"/usr/bin/meetdesk"}, Cmd: []string{"serve"}, WorkingDir: "/",
		Env:          []string{"MEETDESK_DATA=/var/lib/meetdesk", "MEETDESK_ADDR=:8080"},
		ExposedPorts: map[string]struct{}{"8080/tcp": {}}, Volumes: map[string]struct{}{"/var/lib/meetdesk": {}},
		StopSignal: "SIGTERM",
		Labels: map[string]string{
			"org.opencontainers.image.title": "meetdesk", "org.opencontainers.image.version": version, "org.opencontainers.image.licenses": "Apache-2.0",
		},
	}
	return config
}

// rootNotice names the source of the root certificates and the terms that apply to them.
//
//go:embed root-certificates.txt
var rootNotice []byte

// rootFile is the path of the root certificates, and sbomFile that of the SBOM.
const (
	rootFile = "etc/ssl/certs/ca-certificates.crt"
	sbomFile = "usr/share/doc/meetdesk/sbom.cdx.json"
)

// layerOf returns a tar archive of the folder's files and the system files that the
// program needs. It adds the latter to the SBOM.
func layerOf(at time.Time, folder string) ([]byte, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	add := func(h tar.Header, content []byte) error {
		h.ModTime, h.Size = at, int64(len(content))
		if err := w.WriteHeader(&h); err != nil {
			return err
		}
		_, err := w.Write(content)
		return err
	}
	for _, h := range []tar.Header{
		{Name: "tmp/", Typeflag: tar.TypeDir, Mode: 0o1777},
		{Name: "var/lib/meetdesk/", Typeflag: tar.TypeDir, Mode: 0o700, Uid: user, Gid: user},
	} {
		if err := add(h, nil); err != nil {
			return nil, err
		}
	}
	if err := add(tar.Header{Name: rootFile, Typeflag: tar.TypeReg, Mode: 0o644}, authorities()); err != nil {
		return nil, err
	}
	if err := add(tar.Header{Name: "usr/share/doc/meetdesk/root-certificates.txt", Typeflag: tar.TypeReg, Mode: 0o644}, rootNotice); err != nil {
		return nil, err
	}
	hasSBOM := false
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if name == sbomFile {
			hasSBOM = true
			if content, err = withRoots(content); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
		mode := int64(0o644)
		if filepath.Dir(name) == "usr/bin" {
			mode = 0o755
		}
		return add(tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: mode}, content)
	})
	if err != nil {
		return nil, err
	}
	if !hasSBOM {
		return nil, fmt.Errorf("%s lacks %s", folder, sbomFile)
	}
	err = w.Close()
	return b.Bytes(), err
}

// authorities returns Mozilla's root certificates in PEM. It omits roots that are trusted
// only under certain conditions, because PEM cannot express the conditions.
func authorities() []byte {
	var b bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint == nil {
			pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}) // writing to a buffer never fails
		}
	}
	return b.Bytes()
}
