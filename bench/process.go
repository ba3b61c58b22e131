package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// server is a target that runs in its own process.
type server struct {
	addr string
	cmd  *exec.Cmd
	// ops is the operators' listener; empty for servers without profiles.
	ops string
	// children are counted too: nginx works in a child.
	children bool
	// log is what the process printed.
	log *bytes.Buffer
}

// startServer runs a command on the servers' core and waits until addr
// answers.
func startServer(ctx context.Context, addr string, children bool, name string, args ...string) (*server, error) {
	cmd := exec.Command(name, args...)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := startPinned(cmd); err != nil {
		return nil, err
	}
	s := &server{addr: addr, cmd: cmd, children: children, log: &log}
	for {
		conn, err := net.DialTimeout("tcp", addr, time.Second)
		if err == nil {
			conn.Close()
			return s, nil
		}
		if ctx.Err() != nil {
			s.stop()
			return nil, fmt.Errorf("%s does not answer on %s:\n%s", name, addr, &log)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	timer := time.AfterFunc(20*time.Second, func() { _ = s.cmd.Process.Kill() })
	_ = s.cmd.Wait()
	timer.Stop()
}

// ticks is the unit of /proc times: USER_HZ is 100 on every Linux.
const tick = 10 * time.Millisecond

// cpu is the CPU time the server has used.
func (s *server) cpu() (time.Duration, error) {
	total, err := cpuOf(s.cmd.Process.Pid)
	if err != nil || !s.children {
		return total, err
	}
	pid := strconv.Itoa(s.cmd.Process.Pid)
	list, err := os.ReadFile("/proc/" + pid + "/task/" + pid + "/children")
	if err != nil {
		return 0, err
	}
	for _, child := range strings.Fields(string(list)) {
		n, _ := strconv.Atoi(child)
		used, err := cpuOf(n)
		if err != nil {
			return 0, err
		}
		total += used
	}
	return total, nil
}

func cpuOf(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The fields after the command, which is in parentheses, start with the
	// third; utime and stime are the 14th and 15th.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	var sum time.Duration
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(n) * tick
	}
	return sum, nil
}

// The servers work on the first core, the load comes from the second. On a
// machine with one core nothing is pinned.
const serverCore, loadCore = 0, 1

func pinSelf() string {
	if runtime.NumCPU() < 2 {
		return "one core: nothing is pinned, and the load takes the servers' time"
	}
	runtime.GOMAXPROCS(1)
	for _, task := range tasks() {
		_ = pin(task, loadCore)
	}
	return "servers on core 0, load on core 1"
}

func tasks() []int {
	entries, _ := os.ReadDir("/proc/self/task")
	ids := make([]int, 0, len(entries))
	for _, e := range entries {
		if id, err := strconv.Atoi(e.Name()); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

func pin(task, core int) error {
	var set unix.CPUSet
	set.Set(core)
	return unix.SchedSetaffinity(task, &set)
}

// startPinned starts cmd on the servers' core: a child inherits the affinity
// of the thread that starts it.
func startPinned(cmd *exec.Cmd) error {
	if runtime.NumCPU() < 2 && os.Getenv("GOMAXPROCS") == "" {
		return cmd.Start()
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := pin(0, serverCore); err != nil {
		return err
	}
	err := cmd.Start()
	if back := pin(0, loadCore); err == nil {
		err = back
	}
	return err
}

// freeAddr is a loopback address nobody listens on.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

func machine() string {
	model := "unknown CPU"
	info, _ := os.ReadFile("/proc/cpuinfo")
	for _, line := range strings.Split(string(info), "\n") {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			model = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(name), ":"))
			break
		}
	}
	return fmt.Sprintf("%s, %d cores, %s, %s", model, runtime.NumCPU(), runtime.Version(), time.Now().UTC().Format("2006-01-02"))
}
