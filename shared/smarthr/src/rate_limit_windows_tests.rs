//! The rate limiter against simulated servers, in steps of a millisecond, without a clock or a
//! network.

use reqwest::header::HeaderName;

use super::*;

/// How a server counts requests. SmartHR does not document which variant it uses.
#[derive(Clone, Copy, Debug)]
struct Counting {
    limit: u32,
    window: u64,
    /// The offset in milliseconds of windows that begin at whole multiples of their length. `None`
    /// if a window begins with its first request.
    aligned_at: Option<u64>,
    rounds_up: bool,
}

const TEN_A_SECOND: Counting = Counting {
    limit: 10,
    window: 1000,
    aligned_at: None,
    rounds_up: true,
};

struct Server {
    counting: Counting,
    window_began: Option<u64>,
    used: u32,
}

impl Server {
    /// Returns whether the server accepts the request, and the headers of the response.
    fn take(&mut self, now: u64) -> (bool, HeaderMap) {
        let Counting {
            limit,
            window,
            aligned_at,
            rounds_up,
        } = self.counting;
        let began = match (aligned_at, self.window_began) {
            (Some(offset), _) => now - (now - offset) % window,
            (None, Some(began)) if now < began + window => began,
            (None, _) => now,
        };
        if self.window_began != Some(began) {
            self.window_began = Some(began);
            self.used = 0;
        }
        let served = self.used < limit;
        self.used += u32::from(served);
        let left = began + window - now;
        let reset = if rounds_up {
            left.div_ceil(1000)
        } else {
            left / 1000
        };
        (served, headers(limit, limit - self.used, reset))
    }
}

fn headers(limit: u32, remaining: u32, reset: u64) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("x-rate-limit-limit", limit.into());
    headers.insert("x-rate-limit-remaining", remaining.into());
    headers.insert("x-rate-limit-reset", reset.into());
    headers
}

struct Flight {
    sent: Instant,
    arrives: u64,
    returns: u64,
    answer: Option<(bool, HeaderMap)>,
}

/// Requests the first page alone, then the others ten at once, and repeats refused requests.
/// Returns the elapsed milliseconds and the number of refused requests.
fn read(counting: Counting, pages: usize, travel: u64) -> (u64, usize) {
    let start = Instant::now();
    let mut server = Server {
        counting,
        window_began: None,
        used: 0,
    };
    let mut limits = Limits::default();
    let (mut flights, mut done, mut refusals) = (Vec::<Flight>::new(), 0, 0);
    // A server counts from a time before its first request.
    let began = counting.window;
    for now in began..began + 600_000 {
        let instant = start + Duration::from_millis(now);
        for flight in &mut flights {
            if flight.answer.is_none() && flight.arrives <= now {
                flight.answer = Some(server.take(now));
            }
        }
        flights.retain(|flight| {
            let Some((granted, headers)) = &flight.answer else {
                return true;
            };
            if flight.returns > now {
                return true;
            }
            if *granted {
                limits.answered(flight.sent, instant, headers);
                done += 1;
            } else {
                limits.refused(flight.sent, instant, headers, Duration::from_millis(500));
                refusals += 1;
            }
            false
        });
        if done == pages {
            return (now - began, refusals);
        }
        let at_once = if done == 0 { 1 } else { 10 };
        while flights.len() < at_once.min(pages - done)
            && limits.admit(instant) == Admission::Granted
        {
            // The travel time varies, so that consecutive requests take different times.
            let there = travel / 2 + (now * 7 + flights.len() as u64 * 5) % (travel / 4 + 1);
            flights.push(Flight {
                sent: instant,
                arrives: now + there,
                returns: now + there + travel / 2,
                answer: None,
            });
        }
    }
    panic!("600 s and still not done");
}

/// Reads 600 pages, which must take hardly longer than the limit forces. Returns the number of
/// refused requests.
fn refusals_of_a_long_read(counting: Counting, travel: u64) -> usize {
    let (took, refusals) = read(counting, 600, travel);
    let forced = 599 / u64::from(counting.limit) * counting.window;
    let bound = forced * 11 / 10;
    assert!(took <= bound, "{took} ms of {bound}: {counting:?} {travel}");
    refusals
}

#[test]
fn a_long_read_takes_hardly_longer_than_the_limit_forces_and_is_never_refused() {
    for travel in [4, 40, 200] {
        let refusals = refusals_of_a_long_read(TEN_A_SECOND, travel);
        assert_eq!(refusals, 0, "at {travel} ms");
    }
}

#[test]
fn windows_that_begin_at_the_clock_s_seconds_are_kept_to_as_well() {
    for offset in [0, 50, 300, 700, 950] {
        let counting = Counting {
            aligned_at: Some(offset),
            ..TEN_A_SECOND
        };
        let refusals = refusals_of_a_long_read(counting, 40);
        assert_eq!(refusals, 0, "at {offset}");
    }
}

#[test]
fn a_server_that_rounds_seconds_down_is_understood_after_its_first_refusals() {
    for aligned_at in [None, Some(0), Some(400)] {
        let counting = Counting {
            aligned_at,
            rounds_up: false,
            ..TEN_A_SECOND
        };
        let refusals = refusals_of_a_long_read(counting, 40);
        assert!(refusals <= 20, "{refusals} refusals at {aligned_at:?}");
    }
}

#[test]
fn a_small_read_is_not_slowed_down() {
    let (took, _) = read(TEN_A_SECOND, 10, 40);
    assert!(took <= 150, "{took} ms");
}

/// Returns what is known after one request and its answer.
fn after_one_answer(now: Instant, headers: &HeaderMap) -> Limits {
    let mut limits = Limits::default();
    assert_eq!(limits.admit(now), Admission::Granted);
    limits.answered(now, now, headers);
    limits
}

#[test]
fn of_both_header_sets_the_one_that_is_used_up_decides() {
    let now = Instant::now();
    let mut both = headers(5000, 4000, 1800);
    both.insert("x-intensive-rate-limit-limit", 10.into());
    both.insert("x-intensive-rate-limit-remaining", 0.into());
    both.insert("x-intensive-rate-limit-reset", 3.into());
    let next = after_one_answer(now, &both).admit(now);
    let expected = now + Duration::from_secs(3) + FIRST_MARGIN;
    assert_eq!(next, Admission::At(expected));
}

#[test]
fn what_is_under_way_counts_before_it_is_answered() {
    let now = Instant::now();
    let mut limits = after_one_answer(now, &headers(10, 2, 1));
    assert_eq!(limits.admit(now), Admission::Granted);
    assert_eq!(limits.admit(now), Admission::Granted);
    assert!(matches!(limits.admit(now), Admission::AfterResponse(_)));
}

#[test]
fn a_request_without_an_answer_counts_as_used() {
    let now = Instant::now();
    let mut limits = after_one_answer(now, &headers(10, 1, 1));
    assert_eq!(limits.admit(now), Admission::Granted);
    limits.lost();
    assert!(matches!(limits.admit(now), Admission::At(_)));
}

#[test]
fn a_refusal_without_headers_delays_everybody_for_a_while() {
    let now = Instant::now();
    let mut limits = Limits::default();
    assert_eq!(limits.admit(now), Admission::Granted);
    let otherwise = Duration::from_millis(500);
    limits.refused(now, now, &HeaderMap::new(), otherwise);
    assert_eq!(limits.admit(now), Admission::At(now + otherwise));
    assert_eq!(limits.admit(now + otherwise), Admission::Granted);
}

#[test]
fn retry_after_is_obeyed_and_an_epoch_in_reset_is_not_believed() {
    let mut refusal = headers(10, 0, 1_800_000_000);
    assert_eq!(requested_wait(&refusal), None);
    refusal.insert(RETRY_AFTER, 7.into());
    assert_eq!(requested_wait(&refusal), Some(Duration::from_secs(7)));
}

#[test]
fn retry_after_may_be_a_date_which_the_server_s_own_clock_counts_down() {
    let mut refusal = HeaderMap::new();
    let (now, then) = (
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:51:07 GMT",
    );
    refusal.insert(RETRY_AFTER, then.parse().unwrap());
    assert_eq!(
        requested_wait(&refusal),
        None,
        "nobody knows the server's clock"
    );
    refusal.insert(DATE, now.parse().unwrap());
    assert_eq!(requested_wait(&refusal), Some(Duration::from_secs(90)));
    refusal.insert(DATE, "Mon, 07 Nov 1994 08:49:37 GMT".parse().unwrap());
    assert_eq!(
        requested_wait(&refusal),
        Some(Duration::ZERO),
        "it has passed"
    );
}

#[test]
fn the_limits_of_every_family_of_headers_are_obeyed() {
    let now = Instant::now();
    for family in [
        "x-rate-limit",
        "x-intensive-rate-limit",
        "x-ratelimit",
        "ratelimit",
    ] {
        let values = [("limit", "10"), ("remaining", "0"), ("reset", "60")];
        let headers = values.map(|(name, value)| {
            let name: HeaderName = format!("{family}-{name}").parse().unwrap();
            (name, value.parse().unwrap())
        });
        let mut limits = after_one_answer(now, &headers.into_iter().collect());
        assert!(matches!(limits.admit(now), Admission::At(_)), "{family}");
    }
}

#[test]
fn the_limits_of_a_single_header_are_obeyed_each_for_itself() {
    let now = Instant::now();
    for (used_up, seconds) in [
        ("limit=100, remaining=0, reset=5", 5),
        (r#""default";r=0;t=30"#, 30),
        (r#""burst";r=9;t=1, "day";r=0;t=3600"#, 3600),
    ] {
        let headers = [("ratelimit".parse().unwrap(), used_up.parse().unwrap())];
        let headers: HeaderMap = headers.into_iter().collect();
        let expected = now + Duration::from_secs(seconds) + FIRST_MARGIN;
        let next = after_one_answer(now, &headers).admit(now);
        assert_eq!(next, Admission::At(expected), "{used_up}");
        assert_eq!(requested_wait(&headers), Some(Duration::from_secs(seconds)));
    }
}
