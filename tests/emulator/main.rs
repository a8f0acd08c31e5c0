//! The emulator under a plain HTTP client: what is right passes, and every single defect is refused.
#![cfg(feature = "emulator")]

mod authority;
mod healthy;
mod world;
