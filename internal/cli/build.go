package cli

import (
	"runtime"
	"runtime/debug"
)

// version is set when a release is built: -ldflags "-X gongkai/internal/cli.version=1.2.3".
var version string

type build struct{ version, goVersion, platform string }

// buildOf says what program this is, from the release's number or else the commit.
func buildOf() build {
	b := build{version: version, goVersion: runtime.Version(), platform: runtime.GOOS + "/" + runtime.GOARCH}
	if b.version != "" {
		return b
	}
	b.version = "(devel)"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	for _, set := range info.Settings {
		if set.Key == "vcs.revision" && len(set.Value) >= 12 {
			b.version = set.Value[:12]
		}
	}
	return b
}

// Version returns the program's version, as the page of the system shows it.
func Version() string { return buildOf().version }
