//! Deliveries with a real table and the real SDK; SES is played by a server that speaks its answers.

mod admins;
mod batches;
mod invitations;
mod office;
mod passwords;
mod queue;
mod ses;
