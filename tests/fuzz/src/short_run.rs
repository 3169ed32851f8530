//! The short run that is part of the tests.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::mutation::Mutations;

/// The seed of the mutations, unless `FUZZ_SEED` is set.
const SEED: u64 = 20_261_123;

/// Replays every sample of a target, then a number of mutations of them, which are the same every time.
pub fn short_run(target: &str, mutations: usize, promise: fn(&[u8])) {
    let samples = samples(target);
    for sample in &samples {
        check(promise, sample);
    }
    let seed = std::env::var("FUZZ_SEED").map_or(SEED, |seed| seed.parse().unwrap());
    println!(
        "{target}: {} samples, {mutations} mutations, FUZZ_SEED={seed}",
        samples.len()
    );
    let mut source = Mutations::new(seed);
    for _ in 0..mutations {
        check(promise, &source.next(&samples));
    }
}

/// Prints the input if it breaks the promise.
fn check(promise: fn(&[u8]), input: &[u8]) {
    let kept = catch_unwind(AssertUnwindSafe(|| promise(input)));
    if let Err(panic) = kept {
        println!("broken by {} bytes: {}", input.len(), input.escape_ascii());
        resume_unwind(panic);
    }
}

/// Returns the samples of a target in the order of their names.
fn samples(target: &str) -> Vec<Vec<u8>> {
    let folder = format!("{}/samples/{target}", env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(&folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{folder} is empty");
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}
