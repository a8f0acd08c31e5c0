//! A program that does nothing: what it takes, every program takes. `bench.py` runs it.

fn main() {}
