"""What is measured: each row with those who run it side by side, and the goals that it is held to."""

import csv
import hashlib
import json
import os
import statistics
import sys
from dataclasses import dataclass, field

HERE = os.path.dirname(os.path.abspath(__file__))
WIDE = "DisplayName,PrimarySmtpAddress,RecipientTypeDetails,ProhibitSendQuota,WhenCreatedUTC,Guid"
NARROW = "DisplayName,PrimarySmtpAddress,RecipientTypeDetails,Guid"

EXO_MI = "exo-mi"
TWO_CALLS = "sh, two calls of curl"
FLOOR = "floor: std TCP and rustls"
AZURE = "Python, azure-identity, all rows kept"
CAREFUL = "Python, careful, page by page"
CAREFUL_CSV = "Python, careful, to CSV"
JQ = "sh, curl and jq"
CURL = "curl to /dev/null, unpacked"
PACKED = "curl to /dev/null, left packed"
WHOLE = "exo-mi, the whole, jsonl"
WHOLE_CSV = "exo-mi, the whole, csv"
PAGE = "exo-mi, one page, jsonl"
EMPTY = "an empty program"


@dataclass
class Contender:
    """One way to do the work of a row. `look` makes of its output what must be the same for all who have one."""

    name: str
    command: list
    look: object = None
    first_byte: bool = False


@dataclass
class Figures:
    """What came of one contender; times in milliseconds, memory in MiB."""

    samples: list = field(default_factory=list)
    peaks: list = field(default_factory=list)

    def all(self, what="wall"):
        return [getattr(sample, what) for sample in self.samples]

    def median(self, what="wall"):
        return statistics.median(self.all(what))

    def memory(self):
        return statistics.median(self.peaks)


@dataclass
class Goal:
    """What a row shall reach; `figure` computes it from what was measured, None where something is missing."""

    text: str
    figure: object
    bound: float
    least: bool = False

    def measured(self, results, of=statistics.median):
        """By the medians, or by another of all runs: the best ones show what a busy machine hides."""
        try:
            return self.figure(results, of)
        except KeyError:
            return None

    def holds(self, measured):
        return measured >= self.bound if self.least else measured <= self.bound


@dataclass
class Row:
    """One kind of work. `counted` is what callgrind counts of it."""

    name: str
    title: str
    contenders: object
    goals: list
    mailboxes: int = 12
    small: bool = False
    runs: int = 5
    counted: object = None
    expected: object = None


def ratio(ours, theirs, what="wall"):
    """How the one is to the wall time of the other."""
    return lambda results, of: of(results[ours].all(what)) / of(results[theirs].all())


def memory(name):
    """The peak memory, which hardly differs from run to run."""
    return lambda results, _: results[name].memory()


# What is made of an output, so that two can be compared.


def _digest(items):
    digest, count = hashlib.sha256(), 0
    for item in items:
        digest.update(repr(item).encode())
        count += 1
    return count, digest.hexdigest()


def rows_of_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return _digest(csv.reader(file))


def rows_of_jsonl(path):
    """Objects without their annotations, whatever the order of their properties."""
    with open(path, encoding="utf-8") as file:
        return _digest(json.dumps(json.loads(line), sort_keys=True) for line in file)


def rows_of_table(path):
    """Lines without their padding."""
    with open(path, encoding="utf-8") as file:
        words = (line.split() for line in file)
        return _digest(line for line in words if line)


def lines_of_curl(path):
    """How many pages came, all of them well and over one connection."""
    with open(path, encoding="utf-8") as file:
        lines = [line.split() for line in file]
    whole = all(line[0] == "200" and int(line[2]) > 0 for line in lines)
    connections = sum(int(line[1]) for line in lines)
    return ("pages", len(lines)) if whole and connections == 1 else ("broken", lines)


def domains(path):
    """The three domains are named, whatever the form."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    named = ("contoso.onmicrosoft.com", "contoso.com", "relay.contoso.com")
    return "domains" if all(name in text for name in named) else text


# Who takes part.


def script(name, *words):
    return ["sh", os.path.join(HERE, "contenders", name), *words]


def python(name, *words, interpreter=sys.executable):
    return [interpreter, os.path.join(HERE, "contenders", name), *words]


def connect(place, *words):
    return [place.binary, "connect", *words]


def all_mailboxes(place, form, *words):
    return connect(place, "get-mailbox", "-ResultSize", "Unlimited", "--output", form, *words)


def small_table(place):
    return connect(place, "get-exo-mailbox", "-ResultSize", "Unlimited", "--output", "table", "--columns", NARROW)


def limits(place):
    """The pages of the place, thrown away. Left packed, the difference to it is what unpacking costs."""
    yield Contender(CURL, ["curl", "--compressed", "--config", place.recording.config], lines_of_curl)
    yield Contender(PACKED, ["curl", "--config", place.recording.config], lines_of_curl)


def with_azure(place, *words, look):
    """Microsoft's library, where it is installed."""
    if place.clients:
        yield Contender(AZURE, python("azure_identity.py", *words, interpreter=place.clients), look)


def cold(place):
    yield Contender(EXO_MI, connect(place, "get-accepted-domain"), domains)
    yield Contender(TWO_CALLS, script("two-calls.sh"), domains)
    if place.floor:
        yield Contender(FLOOR, [place.floor], domains)
    yield Contender(CAREFUL, python("careful.py", "domains"), domains)
    yield from with_azure(place, "domains", look=domains)


def to_csv(place):
    yield Contender(EXO_MI, all_mailboxes(place, "csv", "--columns", WIDE), rows_of_csv)
    yield from limits(place)
    yield Contender(CAREFUL, python("careful.py", "csv", "mailboxes", WIDE), rows_of_csv)
    yield from with_azure(place, "csv", WIDE, look=rows_of_csv)
    yield Contender(JQ, script("pages-to-csv.sh", WIDE), rows_of_csv)


def to_csv_at_length(place):
    yield Contender(EXO_MI, all_mailboxes(place, "csv", "--columns", WIDE), rows_of_csv)
    yield from limits(place)


def to_jsonl(place):
    yield Contender(EXO_MI, all_mailboxes(place, "jsonl"), rows_of_jsonl)
    yield from limits(place)
    yield Contender(CAREFUL, python("careful.py", "jsonl", "mailboxes"), rows_of_jsonl)


def to_table(place):
    yield Contender(EXO_MI, small_table(place), rows_of_table)
    yield from limits(place)
    yield Contender(CAREFUL, python("careful.py", "table", "small", NARROW), rows_of_table)
    yield Contender(CAREFUL_CSV, python("careful.py", "csv", "small", NARROW))


def first_row(place):
    # Quiet, because it is warned that there are more.
    one_page = ["--quiet", "get-mailbox", "-ResultSize", "1000", "--output", "jsonl"]
    yield Contender(WHOLE, all_mailboxes(place, "jsonl"), first_byte=True)
    yield Contender(WHOLE_CSV, all_mailboxes(place, "csv", "--columns", WIDE), first_byte=True)
    yield Contender(PAGE, connect(place, *one_page))


def without_a_service(place):
    yield Contender("exo-mi --version", [place.binary, "--version"])
    yield Contender("exo-mi cmdlets", [place.binary, "cmdlets", "mailbox"])
    yield Contender("exo-mi explain", [place.binary, "explain", "AADSTS700016: Application was not found"])
    yield Contender(EMPTY, [place.empty or "true"])


def to_an_empty_program(words):
    return Goal(f"`{words}`: wall to an empty program", ratio(words, EMPTY), 2)


ROWS = [
    Row(
        "cold",
        "one whole cold run: a token from IMDS, Get-AcceptedDomain over TLS, a table",
        cold,
        [
            Goal("wall to a shell script's two calls of curl", ratio(EXO_MI, TWO_CALLS), 0.6),
            Goal("wall to Python with azure-identity", ratio(EXO_MI, AZURE), 0.05),
            Goal("wall to the floor", ratio(EXO_MI, FLOOR), 2.5),
            Goal("peak memory in MiB", memory(EXO_MI), 12),
        ],
        runs=50,
        counted=lambda place: connect(place, "get-accepted-domain"),
    ),
    Row(
        "csv",
        "all mailboxes with all properties to CSV with six columns",
        to_csv,
        [
            Goal("wall to curl", ratio(EXO_MI, CURL), 1.3),
            Goal("peak memory in MiB", memory(EXO_MI), 24),
        ],
        mailboxes=20_000,
        counted=lambda place: all_mailboxes(place, "csv", "--columns", WIDE),
        expected=lambda mailboxes: mailboxes + 1,
    ),
    Row(
        "csv-large",
        "the same, ten times as many",
        to_csv_at_length,
        [
            Goal("wall to curl", ratio(EXO_MI, CURL), 1.3),
            Goal("peak memory in MiB", memory(EXO_MI), 24),
        ],
        mailboxes=200_000,
        runs=3,
        expected=lambda mailboxes: mailboxes + 1,
    ),
    Row(
        "jsonl",
        "all mailboxes with all properties to JSON Lines",
        to_jsonl,
        [
            Goal("wall to curl", ratio(EXO_MI, CURL), 1.6),
            Goal("peak memory in MiB", memory(EXO_MI), 24),
        ],
        mailboxes=20_000,
        counted=lambda place: all_mailboxes(place, "jsonl"),
        expected=lambda mailboxes: mailboxes,
    ),
    Row(
        "table",
        "small rows of Get-EXOMailbox to a table of four columns",
        to_table,
        [
            Goal("times faster than the careful script", ratio(CAREFUL, EXO_MI), 5, least=True),
            Goal("times faster than the careful script to CSV", ratio(CAREFUL_CSV, EXO_MI), 5, least=True),
        ],
        mailboxes=50_000,
        small=True,
        counted=small_table,
        expected=lambda mailboxes: mailboxes + 2,
    ),
    Row(
        "first",
        "the first byte of all mailboxes on a pipe",
        first_row,
        [
            Goal("jsonl: first byte to one page", ratio(WHOLE, PAGE, "first"), 1.1),
            Goal("csv: first byte to one page", ratio(WHOLE_CSV, PAGE, "first"), 1.1),
        ],
        mailboxes=20_000,
    ),
    Row(
        "local",
        "commands that ask nobody",
        without_a_service,
        [to_an_empty_program(f"exo-mi {word}") for word in ("--version", "cmdlets", "explain")],
        runs=100,
    ),
]
