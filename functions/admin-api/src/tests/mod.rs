//! The API as a console meets it: the real router, and a world behind it.

mod console;
mod doors;
mod integration;
mod restoring;
mod runs;
mod users;
mod ways_in;
