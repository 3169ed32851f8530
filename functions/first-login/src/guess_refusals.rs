//! The answers to guesses that the throttles refuse.

use jiff::Timestamp;
use web::Problem;

/// Returns the 429 for guesses at one account, with the seconds to wait.
pub(crate) fn too_many_guesses(retry_after: u64) -> Problem {
    let wait = wait(retry_after);
    Problem::too_many_requests(
        retry_after,
        format!(
            "ログインの失敗が続いたため、一時的に制限しています。{wait}ほど待ってから、もう一度お試しください。「パスワードをお忘れの方」からパスワードを再設定すると、すぐにログインできます。"
        ),
    )
}

/// Returns the 429 for guesses from one network, with the seconds to wait. An office may share one network: nobody's
/// account is the reason.
pub(crate) fn network_locked(retry_after: u64) -> Problem {
    let wait = wait(retry_after);
    Problem::too_many_requests(
        retry_after,
        format!(
            "お使いのネットワークからのログインの失敗が続いたため、このネットワークからのログインを一時的に制限しています。お客様のアカウントが制限されているわけではありません。{wait}ほど待ってから、またはほかのネットワークから、もう一度お試しください。"
        ),
    )
}

/// Returns the seconds after which a guess that is refused until this moment may be repeated.
pub(crate) fn seconds_until(until: Timestamp, now: Timestamp) -> u64 {
    until.duration_since(now).as_secs().max(0).unsigned_abs() + 1
}

/// Returns how long to wait, as the screen says it.
fn wait(seconds: u64) -> String {
    match seconds {
        0..=90 => format!("{seconds}秒"),
        _ => format!("{}分", seconds.div_ceil(60)),
    }
}
