//! Deliveries in the test environment, with the real SDK.

mod admins;
mod batches;
mod chat;
mod deliveries;
mod invitation_limits;
mod invitations;
mod notices;
mod passwords;
mod quota;
mod rotation;
mod unreceived_passwords;
