//! What can happen between one moment and the next.

use proptest::prelude::*;

/// One thing that happens. Numbers that name somebody count round.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    /// With an address, a code, or both.
    Hire {
        email: bool,
        code: bool,
    },
    Retire(usize),
    RetireMany(usize),
    /// A retired person comes back under the same crew.
    Return(usize),
    /// Somebody with the address and code of another one, who is retired.
    Rehire(usize),
    Rename(usize),
    /// An address out of few, so that some meet.
    ChangeEmail(usize, u32),
    SwapEmails(usize, usize),
    DropEmail(usize),
    ChangeCode(usize, u32),
    /// The crew is deleted in SmartHR.
    Vanish(usize),
    CodeOnlyToo(bool),
    Sso(bool),
    Editors(bool),
    /// An invitation is accepted.
    Accept(usize),
    AnswerHeld(bool),
    AddByHand,
    Wait(i64),
    Night(Night),
}

/// How a night goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Night {
    Quiet,
    WrongTotal,
    SmartHrDown,
    /// Dies at a call, before or after it; its message comes back or does not.
    Dies {
        call: usize,
        after: bool,
        comes_back: bool,
    },
}

fn night() -> impl Strategy<Value = Night> {
    prop_oneof![
        4 => Just(Night::Quiet),
        1 => Just(Night::WrongTotal),
        1 => Just(Night::SmartHrDown),
        6 => (6..18_usize, any::<bool>(), any::<bool>())
            .prop_map(|(call, after, comes_back)| Night::Dies { call, after, comes_back }),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    let who = || 0..12_usize;
    prop_oneof![
        3 => (any::<bool>(), any::<bool>()).prop_map(|(email, code)| Op::Hire { email, code }),
        2 => who().prop_map(Op::Retire),
        1 => who().prop_map(Op::RetireMany),
        1 => who().prop_map(Op::Return),
        1 => who().prop_map(Op::Rehire),
        1 => who().prop_map(Op::Rename),
        1 => (who(), 0..12_u32).prop_map(|(at, email)| Op::ChangeEmail(at, email)),
        2 => (who(), who()).prop_map(|(one, other)| Op::SwapEmails(one, other)),
        1 => who().prop_map(Op::DropEmail),
        1 => (who(), 0..12_u32).prop_map(|(at, code)| Op::ChangeCode(at, code)),
        1 => who().prop_map(Op::Vanish),
        1 => any::<bool>().prop_map(Op::CodeOnlyToo),
        1 => any::<bool>().prop_map(Op::Sso),
        1 => any::<bool>().prop_map(Op::Editors),
        3 => who().prop_map(Op::Accept),
        2 => any::<bool>().prop_map(Op::AnswerHeld),
        1 => Just(Op::AddByHand),
        1 => (1..120_i64).prop_map(Op::Wait),
        8 => night().prop_map(Op::Night),
    ]
}

/// A story, which ends with a quiet night.
pub(crate) fn story() -> impl Strategy<Value = Vec<Op>> {
    prop::collection::vec(op(), 4..16).prop_map(|mut ops| {
        ops.push(Op::Night(Night::Quiet));
        ops
    })
}
