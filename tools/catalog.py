#!/usr/bin/env python3
"""Makes the two embedded tables of src/catalog from the full lists.

    tools/catalog.py CMDLET_INDEX.tsv VIEWS.tsv src/catalog

CMDLET_INDEX.tsv has a header and the columns cmdlet, class, where and asks among others; VIEWS.tsv has the columns cmdlet, shape, wrap and
columns. The output depends on the input alone, so that a new list shows up as a readable difference.
"""

import csv
import pathlib
import sys


def rows(path):
    with open(path, encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def key(name):
    """The spelling that look-ups compare; src/catalog/table.rs searches in the order of this key."""
    return name.replace("-", "").lower()


def write(path, lines):
    ordered = sorted(lines, key=lambda line: key(line[0]))
    keys = [key(line[0]) for line in ordered]
    if len(set(keys)) != len(keys):
        sys.exit(f"{path}: two names differ only in hyphens or case")
    text = "".join("\t".join(line) + "\n" for line in ordered)
    pathlib.Path(path).write_text(text, encoding="utf-8", newline="\n")


def cmdlet(row):
    return [row["cmdlet"], row["class"], row["where"], "asks" if row["asks"] else ""]


def view(row):
    columns = next(value for name, value in row.items() if name.startswith("columns"))
    return [row["cmdlet"], row["shape"], row["wrap"], columns]


def main(index, views, into):
    target = pathlib.Path(into)
    write(target / "cmdlets.tsv", [cmdlet(row) for row in rows(index)])
    write(target / "views.tsv", [view(row) for row in rows(views) if row["shape"] in ("table", "list")])


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
