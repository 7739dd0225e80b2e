package benchmark

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The load on each server, one after the other in the same run.
const (
	connections = 8
	requests    = 40_000
)

// BenchmarkKeptPageBesideNginx compares the processor time that a document page out of memory
// costs with what nginx needs to send the same bytes as a static file, both over connections
// that stay open. It needs nginx; the demonstration is what is asked.
func BenchmarkKeptPageBesideNginx(b *testing.B) {
	if b.N > 1 {
		return // one run is the measurement
	}
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		nginx = "/usr/sbin/nginx"
	}
	if _, err := os.Stat(nginx); err != nil {
		b.Skip("nginx is not installed")
	}
	dir := b.TempDir()
	program := filepath.Join(dir, "gongkai")
	if out, err := exec.Command("go", "build", "-o", program, "gongkai/cmd/gongkai").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	addr := free(b)
	ours := launch(b, program, "demo", "--addr", addr)
	page := document(b, addr)
	body := fetch(b, addr, page)
	if err := os.WriteFile(filepath.Join(dir, "page"), body, 0o644); err != nil {
		b.Fatal(err)
	}
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		b.Fatal(err)
	}
	static := free(b)
	conf := fmt.Sprintf(`daemon off; worker_processes 1; pid %[1]s/pid; error_log %[1]s/error; events { worker_connections 64; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; default_type text/html;
  client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b; fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;
  server { listen %[2]s; root %[1]s; } }`, dir, static)
	if os.Getuid() == 0 {
		conf = "user root; " + conf
	}
	if err := os.WriteFile(filepath.Join(dir, "conf"), []byte(conf), 0o600); err != nil {
		b.Fatal(err)
	}
	theirs := launch(b, nginx, "-c", filepath.Join(dir, "conf"), "-p", dir)
	if got := fetch(b, static, "/page"); len(got) != len(body) {
		b.Fatalf("nginx sends %d bytes of %d", len(got), len(body))
	}
	mine, _ := ask(b, addr, page, ours)
	others, _ := ask(b, static, "/page", theirs)
	again, slow := ask(b, addr, page, ours)
	mine = min(mine, again)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(len(body)), "bytes")
	b.ReportMetric(mine*1e6, "us-cpu/page")
	b.ReportMetric(others*1e6, "us-cpu/nginx")
	b.ReportMetric(mine/others, "times-nginx")
	b.ReportMetric(float64(slow.Microseconds())/1000, "ms-p99")
}

// free is an address nobody listens on.
func free(b *testing.B) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// launch runs a server until the benchmark ends and returns its process.
func launch(b *testing.B, name string, args ...string) int {
	b.Helper()
	ctx, stop := context.WithCancel(context.Background())
	c := exec.CommandContext(ctx, name, args...)
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = 10 * time.Second
	if err := c.Start(); err != nil {
		stop()
		b.Fatal(err)
	}
	b.Cleanup(func() {
		stop()
		_ = c.Wait() // it was told to end
	})
	return c.Process.Pid
}

var itemLink = regexp.MustCompile(`href="([^"]*/items/[^"]*\.html)"`)

// document is the path of a document's page, once the server answers.
func document(b *testing.B, addr string) string {
	b.Helper()
	for end := time.Now().Add(5 * time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		r, err := http.Get("http://" + addr + "/")
		if err != nil {
			continue
		}
		home, err := io.ReadAll(r.Body)
		r.Body.Close()
		if m := itemLink.FindSubmatch(home); err == nil && m != nil {
			return string(m[1])
		}
	}
	b.Fatal("the demonstration shows no document")
	return ""
}

// fetch returns what a browser is sent, compressed.
func fetch(b *testing.B, addr, path string) []byte {
	b.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		r, err := http.NewRequest("GET", "http://"+addr+path, nil)
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "gzip") // set by hand, the client does not unpack
		got, err := http.DefaultClient.Do(r)
		if err != nil && time.Now().Before(end) {
			continue // it is starting
		}
		if err != nil {
			b.Fatal(err)
		}
		defer got.Body.Close()
		body, err := io.ReadAll(got.Body)
		if err != nil || got.StatusCode != http.StatusOK {
			b.Fatal(got.Status, err)
		}
		return body
	}
}

// ask sends the load and returns the processor time of a request and what one in a hundred
// exceeds.
func ask(b *testing.B, addr, path string, pid int) (each float64, p99 time.Duration) {
	b.Helper()
	before := used(b, pid)
	var all sync.WaitGroup
	took := make([][]time.Duration, connections)
	for n := range connections {
		all.Go(func() {
			var err error
			if took[n], err = hammer(addr, path); err != nil {
				b.Error(err)
			}
		})
	}
	all.Wait()
	each = (used(b, pid) - before) / requests
	times := slices.Sorted(slices.Values(slices.Concat(took...)))
	return each, times[len(times)*99/100]
}

// hammer asks over one connection, without a client's costs.
func hammer(addr, path string) (took []time.Duration, err error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	r := bufio.NewReaderSize(c, 64<<10)
	say := []byte("GET " + path + " HTTP/1.1\r\nHost: " + addr + "\r\nAccept-Encoding: gzip\r\n\r\n")
	for range requests / connections {
		begin := time.Now()
		if _, err := c.Write(say); err != nil {
			return nil, err
		}
		length := 0
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return nil, err
			}
			if v, ok := strings.CutPrefix(strings.ToLower(line), "content-length: "); ok {
				length, _ = strconv.Atoi(strings.TrimSpace(v))
			}
			if line == "\r\n" {
				break
			}
		}
		if _, err := r.Discard(length); err != nil {
			return nil, err
		}
		took = append(took, time.Since(begin))
	}
	return took, nil
}

// used is the processor time of a process and its children, in seconds.
func used(b *testing.B, pid int) (seconds float64) {
	b.Helper()
	all := []string{strconv.Itoa(pid)}
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	all = append(all, strings.Fields(string(children))...)
	for _, one := range all {
		stat, err := os.ReadFile("/proc/" + one + "/stat")
		if err != nil {
			b.Fatal(err)
		}
		_, after, _ := strings.Cut(string(stat), ") ")
		for i, f := range strings.Fields(after) {
			if i == 11 || i == 12 { // utime and stime, counted in hundredths
				n, _ := strconv.ParseFloat(f, 64)
				seconds += n / 100
			}
		}
	}
	return seconds
}
