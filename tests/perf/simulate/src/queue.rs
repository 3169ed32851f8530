//! A queue of SQS: fair among groups of messages, with redelivery and dead letters.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::quotas::RECEIVES_WITH_AN_AGE;
use crate::time::Time;

/// A message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// The number of the run or the mail that it asks for.
    pub(crate) about: usize,
    /// Its group (`MessageGroupId`).
    pub(crate) group: usize,
    /// When it was sent.
    pub(crate) sent: Time,
    /// How often it was received.
    pub(crate) receives: u64,
    /// How often the function that receives it had sent it on to itself.
    pub(crate) hops: u64,
    /// The time before which it is sent on instead.
    pub(crate) not_before: Time,
}

#[derive(Debug, Default)]
struct Group {
    visible: VecDeque<Message>,
    in_flight: usize,
}

/// A queue.
#[derive(Debug)]
pub(crate) struct Queue {
    groups: BTreeMap<usize, Group>,
    /// Groups with visible messages: those with the fewest in flight first (Amazon SQS Developer Guide, "Amazon SQS
    /// fair queues"), among those the one that waited longest.
    order: BTreeSet<(usize, Time, usize)>,
    most_receives: u64,
    visible: usize,
    /// The messages that are being processed, or are to come later.
    hidden: usize,
    /// What the dead letters are about.
    pub(crate) dead: Vec<usize>,
}

impl Queue {
    /// Creates a queue that moves a message to its dead-letter queue after `most_receives` receives
    /// (`maxReceiveCount`).
    pub(crate) fn new(most_receives: u64) -> Self {
        Self {
            groups: BTreeMap::new(),
            order: BTreeSet::new(),
            most_receives,
            visible: 0,
            hidden: 0,
            dead: Vec::new(),
        }
    }

    /// Returns the number of messages that can be received now.
    pub(crate) fn visible(&self) -> usize {
        self.visible
    }

    /// Returns the number of all messages, as its attributes tell it.
    pub(crate) fn messages(&self) -> usize {
        self.visible + self.hidden
    }

    /// Returns the age of the oldest message, as far as the metric counts it.
    pub(crate) fn age_of_oldest(&self, now: Time) -> Time {
        let firsts = self.groups.values().filter_map(|it| it.visible.front());
        let counted = firsts.filter(|it| it.receives < RECEIVES_WITH_AN_AGE);
        counted
            .map(|it| now.saturating_sub(it.sent))
            .max()
            .unwrap_or(0)
    }

    fn key(&self, group: usize) -> Option<(usize, Time, usize)> {
        let it = self.groups.get(&group)?;
        Some((it.in_flight, it.visible.front()?.sent, group))
    }

    /// Changes a group, whose place in the order changes with it.
    fn change<T>(&mut self, group: usize, change: impl FnOnce(&mut Group) -> T) -> T {
        if let Some(key) = self.key(group) {
            self.order.remove(&key);
        }
        let result = change(self.groups.entry(group).or_default());
        if let Some(key) = self.key(group) {
            self.order.insert(key);
        }
        result
    }

    /// Takes note of a message that is to come later.
    pub(crate) fn hide(&mut self) {
        self.hidden += 1;
    }

    /// Makes a message visible that was hidden.
    pub(crate) fn show(&mut self, message: Message) {
        self.hidden -= 1;
        self.visible += 1;
        self.change(message.group, |group| group.visible.push_back(message));
    }

    /// Returns the next message, which is hidden from now on. A message that was received too often becomes a dead
    /// letter.
    pub(crate) fn receive(&mut self) -> Option<Message> {
        loop {
            let &(_, _, group) = self.order.first()?;
            let message = self.change(group, |group| group.visible.pop_front())?;
            self.visible -= 1;
            if message.receives >= self.most_receives {
                self.dead.push(message.about);
                continue;
            }
            self.hidden += 1;
            self.change(group, |group| group.in_flight += 1);
            return Some(Message {
                receives: message.receives + 1,
                ..message
            });
        }
    }

    /// Takes a received message out of flight, to be deleted or shown again.
    pub(crate) fn release(&mut self, message: Message, stays: bool) {
        self.change(message.group, |group| group.in_flight -= 1);
        if !stays {
            self.hidden -= 1;
        }
    }

    /// Moves a received message to the dead-letter queue.
    pub(crate) fn give_up(&mut self, message: Message) {
        self.release(message, false);
        self.dead.push(message.about);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(about: usize, group: usize) -> Message {
        Message {
            about,
            group,
            sent: 0,
            receives: 0,
            hops: 0,
            not_before: 0,
        }
    }

    fn of(messages: &[Message]) -> Queue {
        let mut queue = Queue::new(2);
        for message in messages {
            queue.hide();
            queue.show(*message);
        }
        queue
    }

    #[test]
    fn a_group_with_many_messages_does_not_delay_another() {
        let mut queue = of(&[message(1, 1), message(2, 1), message(3, 1), message(4, 2)]);
        let order: Vec<_> = std::iter::from_fn(|| queue.receive()).collect();
        let order: Vec<_> = order.iter().map(|it| it.about).collect();
        assert_eq!(order, [1, 4, 2, 3]);
    }

    #[test]
    fn a_message_that_fails_too_often_becomes_a_dead_letter() {
        let mut queue = of(&[message(7, 1)]);
        for receives in 1..=2 {
            let received = queue.receive().unwrap();
            assert_eq!(received.receives, receives);
            queue.release(received, true);
            queue.show(received);
        }
        assert_eq!(queue.receive(), None);
        assert_eq!((queue.dead.as_slice(), queue.messages()), (&[7][..], 0));
    }

    #[test]
    fn a_message_is_no_longer_old_after_three_receives() {
        let mut queue = of(&[message(1, 1)]);
        assert_eq!(queue.age_of_oldest(10), 10);
        let received = queue.receive().unwrap();
        queue.release(received, true);
        queue.show(Message {
            receives: 3,
            ..received
        });
        assert_eq!(queue.age_of_oldest(10), 0);
    }
}
