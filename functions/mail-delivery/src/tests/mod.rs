//! Deliveries with a real table and the real SDK; SES is played by a server that speaks its answers.

mod admins;
mod batches;
mod delivery_env;
mod invitations;
mod passwords;
mod ses_stand_in;
mod sqs_stand_in;
