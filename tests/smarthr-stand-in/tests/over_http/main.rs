//! What the stand-in promises, seen from outside: every test starts one and talks HTTP to it.

#[cfg(test)]
mod calendar;
#[cfg(test)]
mod control;
#[cfg(test)]
mod crews;
#[cfg(test)]
mod custom_items;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod published_swagger;
#[cfg(test)]
mod visitor;
