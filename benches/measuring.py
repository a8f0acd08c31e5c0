"""Starts processes and measures them from outside: wall time, processor time, peak memory, the first byte.

Nothing here knows what is measured. Every time belongs to this machine; what says something are ratios of what took
turns in one run, because whatever else the machine does then meets all of them.
"""

import ctypes
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

NEEDED = ("AZURE_POD_IDENTITY_AUTHORITY_HOST", "EXO_MI_CONNECTION_URI", "EXO_MI_CA_FILE", "EXO_MI_ORG")
MS = 1e3


def stop(message):
    """Ends the benchmark: half a table would be taken for a whole one."""
    sys.exit(f"bench.py: {message}")


class Emulator:
    """`exo-mi emulate --remember`, for as long as the block lasts."""

    def __init__(self, binary, mailboxes):
        self.command = [binary, "emulate", "--remember", "--mailboxes", str(mailboxes)]

    def __enter__(self):
        # Its journal goes nowhere: a terminal that draws a line for each request is slower than the emulator.
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.exports = {}
        self.complete = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        self.complete.wait(15)
        missing = [name for name in NEEDED if name not in self.exports]
        if missing:
            self._end()
            stop(f"`exo-mi emulate` did not say what {', '.join(missing)} is")
        self.exports = {name: self.exports[name] for name in NEEDED}
        return self

    def _read(self):
        """Takes the `export NAME='value'` lines, and whatever follows, so that the emulator never waits for us."""
        for line in self.process.stdout:
            if line.startswith("export "):
                for word in shlex.split(line[len("export ") :]):
                    name, _, value = word.partition("=")
                    self.exports[name] = value
            if all(name in self.exports for name in NEEDED):
                self.complete.set()
        self.complete.set()

    def cpu(self):
        """The processor time that it has used so far, in milliseconds, where the system tells."""
        if not sys.platform.startswith("linux"):
            return 0.0
        # The clock of another process, which the kernel names so; /proc counts in steps of ten milliseconds.
        return time.clock_gettime(~self.process.pid << 3 | 2) * MS

    def _end(self):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __exit__(self, *_):
        self._end()


@dataclass
class Sample:
    """One run of one process; times in milliseconds."""

    wall: float
    cpu: float
    served: float = 0.0
    first: float = 0.0


def _spawn(command, environment, output):
    to = [(os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
    return os.posix_spawnp(command[0], command, environment, file_actions=to)


def _ended(pid):
    """Waits for a child; returns what it used, or stops if it failed or was interrupted."""
    try:
        _, status, usage = os.wait4(pid, 0)
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    if os.waitstatus_to_exitcode(status) != 0:
        stop(f"a measured run ended with {os.waitstatus_to_exitcode(status)}")
    return usage


def timed(command, environment, nowhere):
    """One whole process, from its start to its end, whose output goes nowhere."""
    began = time.perf_counter()
    usage = _ended(_spawn(command, environment, nowhere))
    return Sample((time.perf_counter() - began) * MS, (usage.ru_utime + usage.ru_stime) * MS)


def timed_to_first_byte(command, environment):
    """One whole process that writes into a pipe, and when its first byte came out of it."""
    reading, writing = os.pipe()
    os.set_inheritable(reading, False)
    began = time.perf_counter()
    pid = _spawn(command, environment, writing)
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        came = pipe.read(1)
        first = time.perf_counter() - began
        while pipe.read(1 << 20):
            pass
    usage = _ended(pid)
    if not came:
        stop("a measured run wrote nothing")
    wall = time.perf_counter() - began
    return Sample(wall * MS, (usage.ru_utime + usage.ru_stime) * MS, first=first * MS)


def peak(command, environment, nowhere):
    """The peak memory of one run in MiB, its own children included.

    Linux counts what a process was before it became another program, so a child of ours could never be smaller than
    Python. Here a shell starts it and ends, and as the reaper of orphans we wait for what the shell left behind. It begins
    when the shell is gone, which would otherwise wait for one that ends at once.
    """
    if not sys.platform.startswith("linux"):
        usage = _ended(_spawn(command, environment, nowhere))
        return usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    reading, told = os.pipe()
    begins, begin = os.pipe()
    start = '(read -r _ <&4; exec "$@" >/dev/null 4<&-) & echo $!'
    to = [(os.POSIX_SPAWN_DUP2, told, 1), (os.POSIX_SPAWN_DUP2, begins, 4)]
    shell = os.posix_spawnp("sh", ["sh", "-c", start, "sh", *command], environment, file_actions=to)
    os.close(told)
    os.close(begins)
    with os.fdopen(reading) as pipe:
        pid = int(pipe.readline())
    _ended(shell)
    os.write(begin, b"\n")
    os.close(begin)
    return _ended(pid).ru_maxrss / (1 << 10)


def become_reaper():
    """Lets this process wait for orphans, which `peak` needs."""
    set_child_subreaper = 36
    if sys.platform.startswith("linux") and ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0) != 0:
        stop("this kernel does not let a process wait for orphans")
