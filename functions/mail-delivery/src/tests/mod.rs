//! Deliveries with a real table, the real SDK, and a stand-in for SES.

mod admins;
mod batches;
mod delivery_env;
mod invitations;
mod passwords;
mod ses_stand_in;
mod sqs_stand_in;
