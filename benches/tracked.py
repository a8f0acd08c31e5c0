"""Figures that are kept in the repository, because they hardly differ from run to run: instructions and sizes."""

import os
import re
import subprocess
import tempfile

from measuring import stop

HERE = os.path.dirname(os.path.abspath(__file__))
NOTABLE = 0.05


class Tracked:
    """A file of names and numbers that a run is compared with."""

    def __init__(self, name, heading):
        self.path, self.heading = os.path.join(HERE, name), heading

    def read(self):
        if not os.path.exists(self.path):
            return {}
        with open(self.path, encoding="utf-8") as file:
            lines = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
        return {name: int(number) for name, number in lines}

    def write(self, figures):
        """Keeps what was not measured now."""
        with_old = {**self.read(), **figures}
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(f"# {self.heading}\n")
            file.writelines(f"{name}\t{number}\n" for name, number in sorted(with_old.items()))

    def compare(self, figures):
        """Prints what was measured, and marks what the commit has to explain."""
        before = self.read()
        print(f"\n{self.heading}\n")
        for name, number in figures.items():
            change = number / before[name] - 1 if name in before else None
            told = "not tracked yet" if change is None else f"{change:+.1%} to what is tracked"
            mark = "   <- explain it in the commit" if change and abs(change) > NOTABLE else ""
            print(f"{name:32}{number:>16,}   {told}{mark}")


INSTRUCTIONS = Tracked(
    "instructions.tsv", "Instructions of the client by callgrind, with 2,000 mailboxes where there are some"
)
SIZES = Tracked("sizes.tsv", "Bytes of the stripped release binary")


def instructions(command, environment):
    """How many instructions a command takes in all its threads."""
    with tempfile.TemporaryDirectory() as directory:
        out = os.path.join(directory, "callgrind.out")
        tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *command]
        ran = subprocess.run(
            tool, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if ran.returncode != 0:
            stop(f"callgrind ended with {ran.returncode}: {ran.stderr[-500:]}")
        with open(out, encoding="utf-8") as file:
            totals = re.search(r"^totals: (\d+)", file.read(), re.MULTILINE)
    return int(totals.group(1))
