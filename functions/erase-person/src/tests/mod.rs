mod erasures;
mod story;
mod unread_logs;
