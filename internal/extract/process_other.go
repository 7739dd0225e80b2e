//go:build !unix

package extract

import "os/exec"

// alone leaves a program as it is where there are no process groups; it ends by itself.
func alone(*exec.Cmd) {}
