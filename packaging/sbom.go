package main

import (
	"bytes"
	"debug/buildinfo"
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// named matches a line in THIRD-PARTY-NOTICES.txt that names a module and its licences.
var named = regexp.MustCompile(`(?m)^(\S+|The Go standard library) \(([\w.,+ -]+)\)$`)

// writeSBOM writes a CycloneDX SBOM for the binary. It lists the standard library and the
// modules in the binary's build information, with their licences from the notices file.
func writeSBOM(version, binary, notices, file string) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(notices)
	if err != nil {
		return err
	}
	licences := make(map[string]string)
	for _, m := range named.FindAllStringSubmatch(string(text), -1) {
		licences[m[1]] = m[2]
	}
	program := component("meetdesk", version)
	program.Type, program.Licenses = cdx.ComponentTypeApplication, &cdx.Licenses{{Expression: "Apache-2.0"}}
	components := []cdx.Component{component("std", info.GoVersion)}
	for _, m := range info.Deps {
		used := m
		if m.Replace != nil {
			used = m.Replace
		}
		components = append(components, component(used.Path, used.Version))
	}
	var refs []string
	for i := range components {
		c := &components[i]
		name := c.Name
		if name == "std" {
			name = "The Go standard library"
		}
		found := licences[name]
		if found == "" {
			return fmt.Errorf("%s has no licence for %s: run \"make notices\"", notices, name)
		}
		c.Licenses = &cdx.Licenses{{Expression: strings.ReplaceAll(found, ", ", " AND ")}}
		refs = append(refs, c.BOMRef)
	}
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Component: &program}
	bom.Components = &components
	bom.Dependencies = &[]cdx.Dependency{{Ref: program.BOMRef, Dependencies: &refs}}
	content, err := encode(bom)
	if err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o644)
}

func encode(bom *cdx.BOM) ([]byte, error) {
	var b bytes.Buffer
	err := cdx.NewBOMEncoder(&b, cdx.BOMFileFormatJSON).SetPretty(true).Encode(bom)
	return b.Bytes(), err
}

// rootModule is the module that the image's root certificates come from.
const rootModule = "golang.org/x/crypto/x509roots/fallback"

// withRoots adds the root certificates to an SBOM of the program.
func withRoots(sbom []byte) ([]byte, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil, errors.New("this program does not know its modules")
	}
	at := slices.IndexFunc(info.Deps, func(m *debug.Module) bool { return m.Path == rootModule })
	if at < 0 {
		return nil, errors.New("this program does not contain " + rootModule)
	}
	var bom cdx.BOM
	if err := cdx.NewBOMDecoder(bytes.NewReader(sbom), cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
		return nil, err
	}
	roots := component(rootModule, info.Deps[at].Version)
	roots.Type, roots.Description = cdx.ComponentTypeData, "Mozilla's root certificates, in /"+rootFile
	roots.Licenses = &cdx.Licenses{{Expression: "MPL-2.0 AND BSD-3-Clause"}} // as rootNotice says
	*bom.Components = append(*bom.Components, roots)
	refs := (*bom.Dependencies)[0].Dependencies
	*refs = append(*refs, roots.BOMRef)
	return encode(&bom)
}

func component(path, version string) cdx.Component {
	url := "pkg:golang/" + path + "@" + version
	return cdx.Component{BOMRef: url, Type: cdx.ComponentTypeLibrary, Name: path, Version: version, PackageURL: url}
}
