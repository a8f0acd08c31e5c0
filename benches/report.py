"""What was measured as text: for the terminal, and as Markdown for docs/performance.md."""

import datetime
import os
import platform
import re
import shlex
import subprocess
import sys

BEGIN = "<!-- measured: begin -->"
END = "<!-- measured: end -->"
HEADINGS = ("min", "median", "max", "first byte", "cpu", "emulator's cpu", "memory", "runs")


def time_of(ms):
    """Three digits, and the unit that suits them."""
    if ms >= 1000:
        return f"{ms / 1000:.2f} s"
    return f"{ms:.0f} ms" if ms >= 100 else f"{ms:.1f} ms" if ms >= 10 else f"{ms:.2f} ms"


def cells(figures):
    """One contender's line, in the order of the headings."""
    walls = [sample.wall for sample in figures.samples]
    first = figures.median("first")
    return (
        time_of(min(walls)),
        time_of(figures.median()),
        time_of(max(walls)),
        time_of(first) if first else "",
        time_of(figures.median("cpu")),
        time_of(figures.median("served")),
        f"{figures.memory():.1f} MiB",
        str(len(walls)),
    )


def columns(results):
    """The headings that this row has something for."""
    lines = [cells(figures) for figures in results.values()]
    return [at for at in range(len(HEADINGS)) if any(line[at] for line in lines)]


def verdicts(row, results):
    """Each goal, its bound, what it was by the medians and by the best runs, and whether it holds by the medians."""
    for goal in row.goals:
        bound = f"{'at least' if goal.least else 'at most'} {goal.bound:g}"
        measured, best = goal.measured(results), goal.measured(results, min)
        if measured is None:
            yield goal.text, bound, "", "", "not measured"
        else:
            verdict = "holds" if goal.holds(measured) else "missed"
            yield goal.text, bound, f"{measured:.3g}", f"{best:.3g}", verdict


def printed(row, title, results):
    """For the terminal."""
    shown = columns(results)
    width = max(len(name) for name in results) + 2
    print(f"\n{row.name}: {title}\n")
    print(" " * width + "".join(f"{HEADINGS[at]:>15}" for at in shown))
    for name, figures in results.items():
        line = cells(figures)
        print(f"{name:{width}}" + "".join(f"{line[at]:>15}" for at in shown))
    print()
    for text, bound, measured, best, verdict in verdicts(row, results):
        print(f"  {text}: {measured or '-'}, best runs {best or '-'} ({bound}) {verdict}")


def markdown(row, title, results):
    """For the page."""
    shown = columns(results)
    lines = [f"### `{row.name}`", "", f"{title[0].upper()}{title[1:]}.", ""]
    lines.append("| | " + " | ".join(HEADINGS[at] for at in shown) + " |")
    lines.append("|---|" + "--:|" * len(shown))
    for name, figures in results.items():
        line = cells(figures)
        lines.append(f"| {name} | " + " | ".join(line[at] for at in shown) + " |")
    lines += ["", "| goal | bound | medians | best runs | |", "|---|---|--:|--:|---|"]
    lines += [f"| {' | '.join(verdict)} |" for verdict in verdicts(row, results)]
    return "\n".join(lines)


def answer(*command):
    """The first line that a program prints, empty where it cannot be run."""
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return (ran.stdout or ran.stderr).partition("\n")[0].strip()


def machine():
    """Processor, memory and system, where Linux says so."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            processor = re.search(r"model name\s*: (.*)", file.read())
        gibibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    except (OSError, ValueError):
        return platform.platform()
    name = processor.group(1) if processor else platform.machine()
    return f"{os.cpu_count()} processors ({name}), {gibibytes:.0f} GiB, {platform.system()} {platform.release()}"


def source(root):
    """The commit that was built here. Of a program that was built already nobody can say."""
    commit = answer("git", "-C", root, "rev-parse", "--short=12", "HEAD")
    changed = answer("git", "-C", root, "status", "--porcelain", "--", "src", "Cargo.toml", "Cargo.lock")
    return f" of commit {commit}" + (", changed since" if changed else "")


def provenance(binary, root, built_here):
    """Where the figures come from, so that they can be made again."""
    versions = [answer(binary, "--version") + (source(root) if built_here else ", built before")]
    versions += [answer("curl", "--version").partition(" (")[0], answer("jq", "--version")]
    versions += [f"Python {platform.python_version()}", answer("rustc", "--version"), answer("valgrind", "--version")]
    load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return [
        f"Measured on {datetime.date.today():%Y-%m-%d} by `{command()}`",
        f"on {machine()}; its load was {load} at the end.",
        "Versions: " + ", ".join(version for version in versions if version) + ".",
    ]


def command():
    """How it was called."""
    return shlex.join(["python3", "benches/bench.py", *sys.argv[1:]])


def write_page(path, block):
    """Puts the block between the page's markers."""
    with open(path, encoding="utf-8") as file:
        before, begin, rest = file.read().partition(BEGIN)
        _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"bench.py: {path} has no markers")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{before}{BEGIN}\n{block}\n{END}{after}")
