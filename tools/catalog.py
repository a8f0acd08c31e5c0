#!/usr/bin/env python3
"""Makes the three embedded tables of src/catalog from the full lists.

    tools/catalog.py CMDLET_INDEX.tsv PARAMETERS.tsv VIEWS.tsv src/catalog

CMDLET_INDEX.tsv has a header and the columns cmdlet, class, where and asks among others; VIEWS.tsv has the columns cmdlet, shape, sizing, wrap
and columns. PARAMETERS.tsv has one line for each parameter: cmdlet, parameter, type, is_switch, required (yes, set or no),
position, applicable (products, joined with +), aliases and accepted. The output depends on the input alone, so that a new list shows up as a readable difference.
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
    # The program does not carry the sizing: a table is fixed where its first column has a width.
    fixed = ":" in columns.split(";")[0]
    if row["shape"] == "table" and row["sizing"] != ("fixed" if fixed else "autosize"):
        sys.exit(f"{row['cmdlet']}: {row['sizing']}, and its first column says otherwise")
    return [row["cmdlet"], row["shape"], row["wrap"], columns]


# Types whose values are free text. Another type that is none of the kinds below is an enumeration.
TEXT = set(
    """
    ADAttribute CountryInfo CultureInfo DisclaimerText E164Number EmailAddress EventLogText ExTimeZoneValue Fqdn
    GeoCoordinates Guid HeaderName HeaderValue MessageTrackingReportId PSObject PSSessionOption ProxyAddress
    QuarantineMessageIdentity RegionInfo RejectEnhancedStatus RejectStatusCode RejectText Schedule SclValue SmtpAddress
    SmtpDomain SmtpDomainWithSubdomains String SubjectPrefix TlsCertificate Uri WindowsLiveId X509Certificate2
    """.split()
)

# The letter of a kind, as src/catalog/kind.rs reads it.
KINDS = {
    "SwitchParameter": "w",
    "Boolean": "b",
    **dict.fromkeys(["Int16", "Int32", "Int64", "UInt16", "UInt32", "UInt64", "Double"], "n"),
    **dict.fromkeys(["Unlimited", "UnlimitedInt", "ByteQuantifiedSize"], "z"),
    **dict.fromkeys(["TimeSpan", "EnhancedTimeSpan"], "t"),
    **dict.fromkeys(["DateTime", "ExDateTime", "DateTimeOffset"], "d"),
    **dict.fromkeys(["MultiValuedProperty", "ProxyAddressCollection", "ProxyAddressTemplateCollection"], "m"),
    "ApprovedApplicationCollection": "m",
    **dict.fromkeys(["Hashtable", "PswsHashtable"], "h"),
    "Hashtable[]": "H",
    **dict.fromkeys(["Byte[]", "Stream"], "y"),
    **dict.fromkeys(["SecureString", "PSCredential"], "p"),
}

# Parameters whose text is a filter, in which the module rewrites $true and $false.
FILTERS = {"Filter", "RecipientFilter", "RecipientPreviewFilter"}


def kind(row):
    if row["is_switch"] == "1":
        return "w"
    full = row["type"].strip("<>,")
    name = "Unlimited" if ".Unlimited`1" in full else full.rsplit(".", 1)[-1]
    name = "String" if name == "string" else name
    if name in KINDS:
        return KINDS[name]
    if name.endswith("[]"):
        return "a"
    if name == "String" and row["parameter"] in FILTERS:
        return "f"
    if name.endswith("IdParameter"):
        return "i"
    return "s" if name in TEXT and not row["accepted"] else "e"


# Where the reference is known to be wrong: cmdlet and parameter, and whether it is required after all.
CORRECTIONS = {
    # -AppId and -ObjectId name the principal; -ServiceId is an older name for the second.
    ("New-ServicePrincipal", "ServiceId"): "set",
    ("New-ServicePrincipal", "ObjectId"): "set",
}


def parameter(row):
    """`Name:kind`, then `!` or `+` where it is required, `@position`, `/alias` each, `=value|value`."""
    letter = kind(row)
    required = CORRECTIONS.get((row["cmdlet"], row["parameter"]), row["required"])
    text = row["parameter"] + ":" + letter + {"yes": "!", "set": "+"}.get(required, "")
    if row["position"] != "named":
        # "Positional" stands where the documentation does not say which.
        text += "@" + row["position"].replace("Positional", "1")
    # An alias that is the name of a type slipped from its own line of the documentation.
    text += "".join("/" + alias for alias in row["aliases"].split(",") if alias and alias != "MultiValuedProperty")
    if row["accepted"] and letter in "eam":
        text += "=" + "|".join(row["accepted"].split(","))
    return text


def parameters(path):
    of = {}
    for row in rows(path):
        if "EXO" in row["applicable"].split("+"):
            of.setdefault(row["cmdlet"], []).append(row)
    for cmdlet, known in of.items():
        yield [cmdlet, ";".join(parameter(row) for row in sorted(known, key=lambda row: key(row["parameter"])))]


def main(index, parameters_of, views, into):
    target = pathlib.Path(into)
    write(target / "cmdlets.tsv", [cmdlet(row) for row in rows(index)])
    write(target / "parameters.tsv", parameters(parameters_of))
    write(target / "views.tsv", [view(row) for row in rows(views) if row["shape"] in ("table", "list")])


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
