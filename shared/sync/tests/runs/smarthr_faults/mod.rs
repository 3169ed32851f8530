//! Faults of SmartHR. A run ends with the reason in its record and in its log, and an incomplete
//! response never removes anybody.

mod access;
mod evening;
mod lasting;
mod people;
mod short;
