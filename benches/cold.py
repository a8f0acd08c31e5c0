#!/usr/bin/env python3
"""Compares one whole cold run of exo-mi with a shell script that makes the same two requests with curl.

Both fetch a token from the emulator's IMDS and send Get-AcceptedDomain to its admin API over TLS, with the same roots
and the same content encoding. They take turns in one run, so that whatever else the machine does meets both. It is a
benchmark and no test: the ratio says something, the milliseconds belong to this machine.

    python3 benches/cold.py [--runs N] [--binary PATH]
"""

import argparse
import base64
import ctypes
import json
import os
import shlex
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NEEDED = ("AZURE_POD_IDENTITY_AUTHORITY_HOST", "EXO_MI_CONNECTION_URI", "EXO_MI_CA_FILE", "EXO_MI_ORG")
TOKEN_PATH = (
    "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Foutlook.office365.com"
)
MEMORY_RUNS = 5

# What someone would write who has curl and no exo-mi. It starts no process beside the two: the token is cut out of the
# reply by the shell itself, and the tenant, which exo-mi reads from the token, is written down.
SCRIPT = """#!/bin/sh
set -eu
answer=$(curl --silent --show-error --fail --noproxy '*' --header 'Metadata: true' {token_url})
token=${{answer#*\\"access_token\\"*:*\\"}}
token=${{token%%\\"*}}
curl --silent --show-error --fail --cacert "$EXO_MI_CA_FILE" --compressed \\
  --header "Authorization: Bearer $token" \\
  --header 'Accept: application/json' \\
  --header 'Accept-Encoding: gzip' \\
  --header 'Content-Type: application/json' \\
  --header 'Prefer: odata.maxpagesize=1000' \\
  --header 'X-AnchorMailbox: APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{tenant}' \\
  --header 'X-CmdletName: Get-AcceptedDomain' \\
  --header 'X-ClientApplication: exo-mi' \\
  --header 'X-ResponseFormat: json' \\
  --header 'client-request-id: 5d0b2f0e-6f0a-4c5e-9d0c-0f3c7f6f2a11' \\
  --header 'connection-id: 0c1b9a5e-0d53-4d0e-8a1d-8a2f8d0c7b22' \\
  --data '{{"CmdletInput":{{"CmdletName":"Get-AcceptedDomain","Parameters":{{}}}}}}' \\
  {invoke_url}
"""


def stop(message):
    sys.exit(f"cold.py: {message}")


def build():
    """Builds the release binary and returns its path."""
    subprocess.run(["cargo", "build", "--release", "--locked"], cwd=ROOT, check=True)
    metadata = subprocess.check_output(
        ["cargo", "metadata", "--locked", "--no-deps", "--format-version", "1"], cwd=ROOT
    )
    return os.path.join(json.loads(metadata)["target_directory"], "release", "exo-mi")


class Emulator:
    """`exo-mi emulate`, for as long as the block lasts."""

    def __init__(self, binary):
        self.binary = binary

    def __enter__(self):
        self.process = subprocess.Popen(
            [self.binary, "emulate"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        self.exports = {}
        self.complete = threading.Event()
        threading.Thread(target=self.read, daemon=True).start()
        if not self.complete.wait(15) or not all(name in self.exports for name in NEEDED):
            self.end()
            missing = ", ".join(name for name in NEEDED if name not in self.exports)
            stop(f"`exo-mi emulate` did not say what {missing} is")
        return {name: self.exports[name] for name in NEEDED}

    def read(self):
        """Takes the `export NAME='value'` lines, and whatever follows, so that the emulator never waits for us."""
        for line in self.process.stdout:
            if line.startswith("export "):
                for word in shlex.split(line[len("export ") :]):
                    name, _, value = word.partition("=")
                    self.exports[name] = value
            if all(name in self.exports for name in NEEDED):
                self.complete.set()
        self.complete.set()

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __exit__(self, *_):
        self.end()


def tenant_of(token_url):
    """The tenant in the emulator's token: what the author of a script would look up once."""
    request = urllib.request.Request(token_url, headers={"Metadata": "true"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=10) as reply:
        claims = json.load(reply)["access_token"].split(".")[1]
    return json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["tid"]


def write_script(directory, exports):
    token_url = exports["AZURE_POD_IDENTITY_AUTHORITY_HOST"].rstrip("/") + TOKEN_PATH
    tenant = tenant_of(token_url)
    invoke_url = f"{exports['EXO_MI_CONNECTION_URI'].rstrip('/')}/adminapi/beta/{tenant}/InvokeCommand"
    path = os.path.join(directory, "two-calls.sh")
    with open(path, "w", encoding="utf-8") as script:
        script.write(
            SCRIPT.format(token_url=shlex.quote(token_url), invoke_url=shlex.quote(invoke_url), tenant=tenant)
        )
    return path


def check(name, command, environment):
    """Runs once and looks at the answer, so that no failure is timed."""
    ran = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    if ran.returncode != 0 or environment["EXO_MI_ORG"].encode() not in ran.stdout:
        sys.stderr.write(ran.stdout.decode(errors="replace") + ran.stderr.decode(errors="replace"))
        stop(f"{name} ended with {ran.returncode}, or without the domain {environment['EXO_MI_ORG']}")


def spawn(command, environment, output):
    to = [(os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
    return os.posix_spawnp(command[0], command, environment, file_actions=to)


def ended(pid):
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
    """One whole process, from its start to its end: wall and processor time in milliseconds."""
    began = time.perf_counter_ns()
    usage = ended(spawn(command, environment, nowhere))
    wall = (time.perf_counter_ns() - began) / 1e6
    return wall, (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_maxrss


def peak(command, environment, nowhere):
    """The peak memory of one run, in kilobytes, its own children included.

    Linux counts what a process was before it became another program, so a child of ours could never be smaller than
    Python. Here a shell starts it and ends, and as the reaper of orphans we wait for what the shell left behind.
    """
    if not sys.platform.startswith("linux"):
        return timed(command, environment, nowhere)[2] / (1024 if sys.platform == "darwin" else 1)
    reading, writing = os.pipe()
    start = '"$@" >/dev/null 3>&- & echo $!'
    shell = os.posix_spawnp(
        "sh", ["sh", "-c", start, "sh", *command], environment, file_actions=[(os.POSIX_SPAWN_DUP2, writing, 1)]
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        pid = int(pipe.readline())
    ended(shell)
    return ended(pid).ru_maxrss


def become_reaper():
    set_child_subreaper = 36
    if sys.platform.startswith("linux") and ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0) != 0:
        stop("this kernel does not let a process wait for orphans")


def measure(contenders, environment, runs):
    nowhere = os.open(os.devnull, os.O_WRONLY)
    samples = {name: [] for name in contenders}
    peaks = {name: [] for name in contenders}
    for _ in range(2):
        for command in contenders.values():
            timed(command, environment, nowhere)
    for _ in range(runs):
        for name, command in contenders.items():
            samples[name].append(timed(command, environment, nowhere))
    for _ in range(MEMORY_RUNS):
        for name, command in contenders.items():
            peaks[name].append(peak(command, environment, nowhere))
    return samples, peaks


def report(samples, peaks, runs):
    print(f"\n{runs} runs each, in turn; times in ms, memory in MB (median of {MEMORY_RUNS} runs of their own)\n")
    print(f"{'':24}{'min':>9}{'median':>9}{'max':>9}{'cpu':>9}{'memory':>9}")
    medians = []
    for name, values in samples.items():
        walls = [wall for wall, _, _ in values]
        medians.append(statistics.median(walls))
        cpu = statistics.median(cpu for _, cpu, _ in values)
        memory = statistics.median(peaks[name]) / 1024
        print(f"{name:24}{min(walls):9.2f}{medians[-1]:9.2f}{max(walls):9.2f}{cpu:9.2f}{memory:9.1f}")
    ours, theirs = medians
    print(f"\nratio of medians, curl to exo-mi: {theirs / ours:.2f}")


def main():
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--runs", type=int, default=50, help="how often each is measured (default 50)")
    options.add_argument("--binary", help="an exo-mi that is built already")
    options.add_argument("--limit", type=int, default=300, help="seconds after which it gives up (default 300)")
    options = options.parse_args()
    if options.runs < 1:
        stop("--runs is at least 1")
    if not shutil.which("curl"):
        stop("curl is not installed, and there is nothing to compare with")
    binary = os.path.abspath(options.binary) if options.binary else build()

    signal.signal(signal.SIGTERM, lambda *_: stop("terminated"))
    signal.signal(signal.SIGALRM, lambda *_: stop(f"not done after {options.limit} s"))
    signal.alarm(options.limit)
    become_reaper()
    with Emulator(binary) as exports, tempfile.TemporaryDirectory() as directory:
        # Nothing else of the caller's environment: proxies, roots or another identity would change what is measured.
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        environment = {**kept, **exports}
        contenders = {
            "exo-mi": [binary, "connect", "--org", exports["EXO_MI_ORG"], "get-accepted-domain"],
            "sh, two calls of curl": ["sh", write_script(directory, exports)],
        }
        for name, command in contenders.items():
            check(name, command, environment)
        report(*measure(contenders, environment, options.runs), options.runs)


if __name__ == "__main__":
    main()
