#!/usr/bin/env python3
"""Runs exo-mi and what others would write side by side against the emulator, and says which goals hold.

It is a benchmark and no test: ratios say something, milliseconds belong to this machine. docs/performance.md explains
what is measured and how, and holds the last whole run, which `--write` puts there.

    python3 benches/bench.py [--quick] [--large] [--runs N] [--rows NAME,...] [--binary PATH] [--write]
"""

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, replace

import plot
import report
import tracked
from measuring import Emulator, become_reaper, peak, stop, timed, timed_to_first_byte
from recording import Recorder, Recording
from rows import ROWS, Figures

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SLOW = 3.0
RUNS_OF_THE_SLOW = 3
COUNTED = 2_000
# IMDS, and so the emulator, answers twenty requests in any second and refuses the next.
BREATH = 0.06


@dataclass
class Place:
    """What contenders need to know: the programs, an emulator and a result that was read from it."""

    binary: str
    floor: str = ""
    empty: str = ""
    clients: str = ""
    recording: Recording = None


def target_directory():
    """Where cargo builds."""
    command = ["cargo", "metadata", "--locked", "--no-deps", "--format-version", "1"]
    return json.loads(subprocess.check_output(command, cwd=ROOT))["target_directory"]


def build(*words):
    """Builds in the profile of a release; returns the executables by name."""
    command = ["cargo", "build", "--release", "--locked", "--message-format=json-render-diagnostics", *words]
    built = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    messages = map(json.loads, built.stdout.splitlines())
    made = (message for message in messages if message.get("executable"))
    return {message["target"]["name"]: message["executable"] for message in made}


def clients(target):
    """The Python that has azure-identity."""
    path = os.path.join(target, "clients", "python", "bin", "python")
    if os.path.exists(path):
        return path
    print("azure-identity is not installed and takes no part: bash tests/clients/install")
    return ""


def prepared(options):
    """Builds what is not built yet."""
    target = target_directory()
    binary = os.path.abspath(options.binary) if options.binary else build("--bin", "exo-mi")["exo-mi"]
    programs = build("--bench", "floor", "--bench", "empty")
    return Place(binary, programs["floor"], programs["empty"], clients(target))


def variables(exports, tenant):
    """The emulator's, and nothing else of the caller's: proxies, roots or another identity would change the run."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, **exports, "TENANT": tenant}


def verify(contender, environment, directory):
    """Runs once into a file and looks at it, so that no failure is timed; returns what came and the seconds it took.

    It is the warm-up too: what the emulator was asked by now, it remembers.
    """
    path = os.path.join(directory, "output")
    began = time.perf_counter()
    with open(path, "wb") as output:
        ran = subprocess.run(
            contender.command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE,
            check=False,
        )
    took = time.perf_counter() - began
    if ran.returncode != 0 or os.path.getsize(path) == 0 and "empty" not in contender.name:
        stop(f"{contender.name} ended with {ran.returncode}: {ran.stderr.decode(errors='replace')[-2000:]}")
    return contender.look(path) if contender.look else None, took


def verified(row, mailboxes, place, contenders, environment, directory):
    """Looks at the output of every contender; returns who is slow."""
    seen, slow = {}, set()
    for contender in contenders:
        came, took = verify(contender, environment, directory)
        if took > SLOW:
            slow.add(contender.name)
        if isinstance(came, tuple) and came[0] == "pages":
            if came[1] != place.recording.pages:
                stop(f"{contender.name} fetched {came[1]} pages of {place.recording.pages}")
        elif came is not None:
            seen[contender.name] = came
            if row.expected and came[0] != row.expected(mailboxes):
                stop(f"{contender.name} gave {came[0]} lines in place of {row.expected(mailboxes)}")
    if len(set(seen.values())) > 1:
        stop(f"the contenders of {row.name} do not agree: {seen}")
    return slow


def once(contender, environment, nowhere, emulator):
    """One measured run, with what it cost the emulator."""
    time.sleep(BREATH)
    before = emulator.cpu()
    if contender.first_byte:
        sample = timed_to_first_byte(contender.command, environment)
    else:
        sample = timed(contender.command, environment, nowhere)
    return replace(sample, served=emulator.cpu() - before)


def measured(contenders, slow, runs, environment, emulator):
    """All contenders in turn, as often as is wanted; the slow ones drop out when they have run often enough."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    results = {contender.name: Figures() for contender in contenders}
    for run in range(runs):
        for contender in contenders:
            if run < RUNS_OF_THE_SLOW or contender.name not in slow:
                results[contender.name].samples.append(once(contender, environment, nowhere, emulator))
    for contender in contenders:
        for _ in range(1 if contender.name in slow else 3):
            time.sleep(BREATH)
            results[contender.name].peaks.append(peak(contender.command, environment, nowhere))
    os.close(nowhere)
    return results


def recorded(recorder, row):
    """The row's result, if it has one of several pages."""
    if row.mailboxes <= 1000:
        return None
    return recorder.small() if row.small else recorder.mailboxes()


def told(row, mailboxes, recording):
    """The row's title, with how much it is."""
    if not recording:
        return row.title
    size = f"{recording.unpacked / 1e6:.0f} MB in {recording.pages} pages, packed {recording.packed / 1e6:.1f} MB"
    return f"{row.title}: {mailboxes:,} mailboxes, {size}"


@contextlib.contextmanager
def served(place, row, mailboxes):
    """An emulator with so many mailboxes, and the place with what was read from it."""
    with Emulator(place.binary, mailboxes) as emulator, tempfile.TemporaryDirectory() as directory:
        recorder = Recorder(emulator.exports, directory)
        here = replace(place, recording=recorded(recorder, row))
        yield emulator, here, variables(emulator.exports, recorder.tenant), directory


def run(row, place, options):
    """Measures one row; returns its title and what came."""
    mailboxes = max(12, row.mailboxes // 10) if options.quick else row.mailboxes
    with served(place, row, mailboxes) as (emulator, here, environment, directory):
        contenders = list(row.contenders(here))
        slow = verified(row, mailboxes, here, contenders, environment, directory)
        runs = options.runs or (max(3, row.runs // 5) if options.quick else row.runs)
        results = measured(contenders, slow, runs, environment, emulator)
        return told(row, mailboxes, here.recording), results


def counted(rows, place):
    """The instructions of exo-mi in every row that has some of its own."""
    figures = {}
    for row in rows:
        if row.name == "local":
            for words in (["--version"], ["cmdlets", "mailbox"], ["explain", "AADSTS700016"]):
                environment = variables({}, "")
                figures[words[0].lstrip("-")] = tracked.instructions([place.binary, *words], environment)
        if row.counted:
            with served(place, replace(row, mailboxes=0), COUNTED) as (_, here, environment, _directory):
                command = row.counted(here)
                subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
                figures[row.name] = tracked.instructions(command, environment)
    return figures


def sizes(binary, bare):
    """The size of the program, and of the one without the emulator."""
    return {"exo-mi": os.path.getsize(binary), "exo-mi without the emulator": os.path.getsize(bare)}


def built_bare():
    """The program without the emulator, put aside, since both are built to one place."""
    path = os.path.join(tempfile.mkdtemp(), "exo-mi")
    return shutil.copy(build("--bin", "exo-mi", "--no-default-features")["exo-mi"], path)


def chosen(options):
    """The rows that were asked for."""
    names = [row.name for row in ROWS]
    wanted = options.rows.split(",") if options.rows else [name for name in names if name != "csv-large"]
    if options.large and "csv-large" not in wanted:
        wanted.append("csv-large")
    unknown = [name for name in wanted if name not in names]
    if unknown:
        stop(f"there is no row {', '.join(unknown)}; there are {', '.join(names)}")
    return [row for row in ROWS if row.name in wanted]


def arguments():
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the mailboxes and a fifth of the runs")
    parser.add_argument("--large", action="store_true", help="the row of 200,000 mailboxes too")
    parser.add_argument("--runs", type=int, default=0, help="how often each contender runs")
    parser.add_argument("--rows", help="these rows alone, with commas between them")
    parser.add_argument("--binary", help="an exo-mi that is built already")
    parser.add_argument("--no-instructions", action="store_true", help="no callgrind")
    parser.add_argument("--sizes", action="store_true", help="build without the emulator too, and compare sizes")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md, its plot and what is tracked")
    parser.add_argument("--limit", type=int, default=7200, help="seconds after which it gives up")
    options = parser.parse_args()
    if options.runs < 0:
        parser.error("--runs is how often, and at least 1")
    if options.write and (options.quick or options.rows or not options.large):
        parser.error("--write wants a whole run: with --large, without --quick and --rows")
    return options


def write(place, rows, figures, built_here):
    """The page, its plot and what is tracked."""
    block = "\n\n".join(
        ["\n".join(report.provenance(place.binary, ROOT, built_here)), *(report.markdown(*each) for each in rows)]
    )
    report.write_page(os.path.join(ROOT, "docs", "performance.md"), block)
    with open(os.path.join(ROOT, "docs", "images", "performance.svg"), "w", encoding="utf-8") as file:
        file.write(plot.svg(rows))
    for kept, numbers in figures.items():
        kept.write(numbers)


def main():
    """Builds, measures, compares and writes."""
    options = arguments()
    for tool in ("curl", "jq"):
        if not shutil.which(tool):
            stop(f"{tool} is not installed, and there is nothing to compare with")
    signal.signal(signal.SIGTERM, lambda *_: stop("terminated"))
    signal.signal(signal.SIGALRM, lambda *_: stop(f"not done after {options.limit} s"))
    signal.alarm(options.limit)
    become_reaper()

    wanted = chosen(options)
    if os.getloadavg()[0] > os.cpu_count() / 2:
        print(f"the machine is busy (load {os.getloadavg()[0]:.1f}): times are longer than they need be, and vary")
    bare = built_bare() if options.sizes else None
    place = prepared(options)
    rows = []
    for row in wanted:
        title, results = run(row, place, options)
        report.printed(row, title, results)
        rows.append((row, title, results))
    figures = {}
    if shutil.which("valgrind") and not options.no_instructions:
        figures[tracked.INSTRUCTIONS] = counted(wanted, place)
    if bare:
        figures[tracked.SIZES] = sizes(place.binary, bare)
    for kept, numbers in figures.items():
        kept.compare(numbers)
    if options.write:
        write(place, rows, figures, not options.binary)


if __name__ == "__main__":
    main()
