//! Inputs that are almost right: samples with a few things changed.

/// Texts that have broken programs before.
const TROUBLE: &[&[u8]] = &[
    b"\0",
    b"\r\n",
    b"\n\n",
    b"\"",
    b"\\ud800",
    b"\xFF",
    b"\xC3\x28",
    b"\xE2\x80\xAE",
    b"\xEF\xBB\xBF",
    b"\xC2\xA0",
    b"=",
    b"+",
    b"@",
    b"%00",
    b"%ff",
    b"../",
    b"<script>",
    b"null",
    b"true",
    b"[]",
    b"{}",
    b"-1",
    b"1e999",
    b"99999999999999999999",
    b"[[[[[[[[[[[[[[[[",
    b"{\"a\":{\"a\":{\"a\":",
    b"&",
    b";",
    b"\xE7\x94\xB0",
];

/// A source of mutations. The same seed yields the same ones.
pub(crate) struct Mutations(u64);

impl Mutations {
    /// Starts from a seed; 0 counts as 1.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.max(1))
    }

    /// Returns one of `samples` with 1 to 4 changes.
    pub(crate) fn next(&mut self, samples: &[Vec<u8>]) -> Vec<u8> {
        let mut input = self.one_of(samples).clone();
        for _ in 0..=self.below(4) {
            self.change(&mut input, samples);
        }
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, samples: &[Vec<u8>]) {
        let at = self.below(input.len() + 1);
        let to = at + self.below((input.len() - at).min(32) + 1);
        match self.below(7) {
            0 => input.truncate(at),
            1 => drop(input.drain(at..to)),
            2 => drop(input.splice(at..at, self.one_of(TROUBLE).iter().copied())),
            3 => drop(input.splice(at..to, self.one_of(TROUBLE).iter().copied())),
            4 => {
                let times = self.below(2_000);
                let again = input[at..to].repeat(times);
                drop(input.splice(at..at, again));
            }
            5 => {
                let other = self.one_of(samples);
                let from = self.below(other.len() + 1);
                drop(input.splice(at.., other[from..].iter().copied()));
            }
            _ => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << self.below(8);
                }
            }
        }
    }

    fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// Returns a number from 0 to `end` - 1 (xorshift64; Marsaglia 2003).
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).unwrap_or(0)
    }
}
