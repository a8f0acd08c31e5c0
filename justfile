# Shorter names for what is done often. Each recipe is one plain command, so that nobody needs `just`.

# Lists the recipes.
default:
    @just --list

# Builds the binary as it is released.
build:
    cargo build --release --locked

# Runs the tests, or those whose names contain a text.
test *filter:
    cargo test --locked {{ filter }}

# Checks formatting, and clippy with and without the emulator.
lint:
    cargo fmt --check
    cargo clippy --locked --all-targets -- -D warnings
    cargo clippy --locked --all-targets --no-default-features -- -D warnings

# Runs everything that a change must pass.
ci:
    bash .ci/run

# Installs Microsoft's own token libraries, which tests/clients.rs lets loose on the emulator.
clients:
    bash tests/clients/install

# Makes target/book of the documents. Install mdbook by: cargo install --locked mdbook
book:
    mdbook build docs

# Draws the recordings of docs/images anew, from runs.
pictures:
    UPDATE_PICTURES=1 cargo test --locked --test docs pictures

# Fuzzes all targets, or those that are named, for so many seconds each; needs cargo-fuzz.
fuzz seconds="60" *targets:
    bash fuzz/run {{ seconds }} {{ targets }}

# Looks at the doctor's page in a real browser, where Chromium is installed.
browser:
    cargo test --locked --test browser -- --ignored --nocapture

# Runs twelve hundred commands against an emulator that fails by chance, and looks what they say and what is left.
soak:
    EXO_MI_SOAK=full cargo test --release --locked --test soak -- --ignored --nocapture --test-threads=1

# Runs ten thousand identities against a tenant that takes its time, also killed twenty times, and says how long it took.
many latency="80ms":
    EXO_MI_MANY=full EXO_MI_MANY_LATENCY={{ latency }} cargo test --release --locked --test many -- --nocapture --test-threads=1

# Checks licences, bans and sources of the dependency tree.
deny:
    cargo deny --locked check bans licenses sources

# Checks the dependency tree against the database of advisories, which is fetched from GitHub.
advisories:
    cargo deny --locked check advisories

# Writes exo-mi.cdx.json, a CycloneDX list of every crate of every platform. Install it by: cargo install --locked cargo-cyclonedx
sbom:
    cargo metadata --locked --format-version 1 >/dev/null
    cargo cyclonedx --format json --spec-version 1.5 --all-features --target all

# Builds exo-mi.deb and exo-mi.rpm with manual, completions and units, into target/packages.
package:
    bash packaging/package

# Builds for another system, such as x86_64-unknown-linux-musl; packaging/cross has the list.
cross target:
    bash packaging/cross {{ target }}

# Runs what was built for another system: in an empty folder, under qemu or under Wine.
try target:
    bash packaging/try {{ target }}

# Checks the units, and says how much a job may do. Needs systemd; nothing is started.
units:
    bash packaging/systemd/check

# Runs exo-mi and what others would write side by side, and says which goals hold: docs/performance.md.
bench *options:
    python3 benches/bench.py {{ options }}

# Measures what a run does most often, each by itself.
micro *filter:
    cargo bench --locked --bench micro -- {{ filter }}

# Runs a cmdlet against the emulator, without Azure and without a tenant.
run *cmdlet="get-accepted-domain":
    cargo run --release --locked -- connect --org contoso.onmicrosoft.com --emulate {{ cmdlet }}
