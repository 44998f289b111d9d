// Command packaging writes two parts of a release: the software bill of materials (SBOM)
// and the container image.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

const usage = `usage:
  packaging sbom VERSION BINARY NOTICES FILE   writes a CycloneDX list of the modules in the program
  packaging image VERSION EPOCH DIRECTORY FOLDER…   writes an OCI image layout; each folder is named after
                                               its architecture and has the image's files
`

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "packaging:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 5 && args[0] == "sbom":
		return writeSBOM(args[1], args[2], args[3], args[4])
	case len(args) >= 5 && args[0] == "image":
		epoch, err := strconv.ParseInt(args[2], 10, 64)
		if err != nil {
			return err
		}
		return writeImage(args[1], time.Unix(epoch, 0).UTC(), args[3], args[4:])
	}
	return fmt.Errorf("unknown arguments %q\n%s", args, usage)
}
