//! Which fields of stored records are left out: those that have the value they are read with when they are missing.

/// Returns whether the value is its type's default, for serde's `skip_serializing_if`.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
