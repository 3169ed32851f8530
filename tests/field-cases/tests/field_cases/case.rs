//! A case, and how it is run.

use std::any::{Any, type_name};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread;

/// A sentence that must be right.
pub(crate) struct Case {
    claim: String,
    check: Box<dyn FnOnce() + Send>,
}

/// Returns the case that `check`, a function with a sentence for its name, stands for.
pub(crate) fn case<F: AsyncFnOnce() + Send + 'static>(check: F) -> Case {
    let path: Vec<&str> = type_name::<F>().split("::").collect();
    let names = path[path.len() - 2..].iter();
    let words: Vec<String> = names.map(|name| name.replace('_', " ")).collect();
    let runtime = || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().build().unwrap()
    };
    Case {
        claim: words.join(": "),
        check: Box::new(move || runtime().block_on(check())),
    }
}

/// Runs every case in a thread of its own, since a test's clock is a thread's; prints a line for each and the total.
/// Returns whether all are right.
pub(crate) fn run(cases: Vec<Case>) -> bool {
    let number = cases.len();
    let waiting = Mutex::new(cases.into_iter().enumerate());
    let done = Mutex::new(Vec::new());
    let work = || {
        while let Some((index, Case { claim, check })) = next(&waiting) {
            let result = thread::spawn(|| catch_unwind(AssertUnwindSafe(check))).join();
            done.lock().unwrap().push((index, claim, result.flatten()));
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(index, ..)| *index);
    let mut right = 0;
    for (_, claim, result) in done {
        match result {
            Ok(()) => {
                right += 1;
                println!("right  {claim}");
            }
            Err(panic) => println!("WRONG  {claim}\n       {}", message(&*panic)),
        }
    }
    println!("field cases: {number}, right: {right}");
    right == number
}

fn next<T>(waiting: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    waiting.lock().unwrap().next()
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref::<&str>().copied())
        .unwrap_or("it panicked")
}
