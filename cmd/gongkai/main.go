// Command gongkai is open-source software with which public bodies keep the law on open
// government information (政府信息公开): the office and the public pages, and the annual
// report, on the command line and in the browser.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"gongkai/internal/app"
	"gongkai/internal/cli"
	"gongkai/internal/date"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	program := app.App{Now: time.Now, Err: os.Stderr}
	code := cli.Main(ctx, os.Args[1:], cli.Shell{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Environ: os.Environ(),
		Today:   date.Of(time.Now().In(date.China)), // the law counts days of China, wherever the machine stands
		Now:     time.Now,
		Serve:   program.Serve,
		Mirror:  program.Mirror,
	})
	stop()
	os.Exit(code)
}
