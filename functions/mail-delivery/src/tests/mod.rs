//! Deliveries in the test environment, with the real SDK.

mod admins;
mod batches;
mod deliveries;
mod invitations;
mod passwords;
