//! What people type and other systems send, met by those who do this job: the cases are in `tests/field_cases`.
