//! The door as people meet it: requests as API Gateway hands them over, a real table behind.

mod brake;
mod door;
mod invitations;
mod passwords;
mod people;
mod sign_in;
