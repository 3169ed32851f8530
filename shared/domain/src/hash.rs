//! Maps over everybody: with foldhash, which takes a third of the time of the standard library's
//! hash and is seeded at random as well.

/// A map over people.
pub(crate) type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

/// A set of people.
pub(crate) type HashSet<K> = std::collections::HashSet<K, foldhash::fast::RandomState>;
