//! The pages that the admin sees, one per outcome.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use connection::CallbackOutcome;
use web::html_page;

/// The path of the page with the button [連携する].
pub(crate) const SETTINGS: &str = "/settings/smarthr";

#[derive(Template)]
#[template(path = "callback.html")]
struct Page {
    title: &'static str,
    paragraphs: Vec<String>,
    button: Button,
}

/// The link at the end of the page, which looks like a button.
struct Button {
    label: &'static str,
    href: &'static str,
}

const BACK: Button = Button {
    label: "KiteRaに戻る",
    href: SETTINGS,
};
const AGAIN: Button = Button {
    label: "KiteRaに戻って、もう一度連携する",
    href: SETTINGS,
};

/// Returns the page for an outcome.
pub(crate) fn response(outcome: &CallbackOutcome) -> Response {
    let (status, page) = page(outcome);
    html_page(status, &page)
}

/// Returns the page for a callback that was used before, to an admin whose workspace is connected.
pub(crate) fn already_connected(company_name: &str) -> Response {
    let what = format!("SmartHR企業アカウント<{company_name}>と連携しています。");
    html_page(StatusCode::OK, &message("SmartHRと連携中です", &what, BACK))
}

fn page(outcome: &CallbackOutcome) -> (StatusCode, Page) {
    match outcome {
        CallbackOutcome::Connected { company_name } => (
            StatusCode::OK,
            Page {
                title: "SmartHRとの連携が完了しました。",
                paragraphs: vec![format!("SmartHR企業アカウント<{company_name}>と連携しました。")],
                button: BACK,
            },
        ),
        CallbackOutcome::ConfirmationNeeded {
            connected_name,
            new_name,
        } => (
            StatusCode::OK,
            Page {
                title: "別のSmartHR企業アカウントです。まだ切り替えていません。",
                paragraphs: vec![
                    format!("これまでの連携先は<{connected_name}>、今回選択されたのは<{new_name}>です。"),
                    "切り替えると、ユーザーはメールアドレス、従業員コードの順に照合し直されます。KiteRaの画面で、切り替えるかどうかを選択してください。".into(),
                ],
                button: Button {
                    label: "KiteRaに戻って確認する",
                    href: SETTINGS,
                },
            },
        ),
        CallbackOutcome::Denied => (
            StatusCode::OK,
            message(
                "連携がキャンセルされました",
                "SmartHRでKiteRaへのアクセスが許可されなかったため、連携していません。",
                BACK,
            ),
        ),
        failed => failure(failed),
    }
}

/// Returns the page with the problem and its remedy.
fn failure(outcome: &CallbackOutcome) -> (StatusCode, Page) {
    let (status, what, button) = match outcome {
        CallbackOutcome::OtherSession => (
            StatusCode::FORBIDDEN,
            "連携を開始したときと同じログイン状態を確認できませんでした。同じブラウザーでKiteRaにログインし、もう一度[連携する]をクリックしてください。",
            Button {
                label: "ログインする",
                href: "/sign-in",
            },
        ),
        CallbackOutcome::NotAllowed => (
            StatusCode::FORBIDDEN,
            "SmartHR連携の設定は、役割が「システム管理者」「管理者」のユーザーのみ操作できます。",
            BACK,
        ),
        CallbackOutcome::Expired => (
            StatusCode::BAD_REQUEST,
            "操作の有効期限(10分)が切れました。KiteRaに戻り、もう一度[連携する]をクリックしてください。",
            AGAIN,
        ),
        CallbackOutcome::Refused => (
            StatusCode::BAD_REQUEST,
            "SmartHRが連携を受け付けませんでした。KiteRaに戻り、もう一度[連携する]をクリックしてください。繰り返す場合はサポートにお問い合わせください。",
            AGAIN,
        ),
        CallbackOutcome::ClientRefused => (
            StatusCode::SERVICE_UNAVAILABLE,
            "KiteRaのシステムの設定に問題があり、連携できませんでした(当社側の問題です)。復旧してから、もう一度[連携する]をクリックしてください。",
            AGAIN,
        ),
        CallbackOutcome::Forbidden => (
            StatusCode::FORBIDDEN,
            "SmartHRの企業情報を取得できませんでした。SmartHRでKiteRaアプリの権限を確認し、もう一度[連携する]をクリックしてください。",
            AGAIN,
        ),
        CallbackOutcome::SubdomainUnknown => (
            StatusCode::BAD_REQUEST,
            "SmartHRのサブドメインを確認できませんでした。KiteRaに戻り、サブドメインを入力してもう一度[連携する]をクリックしてください。",
            AGAIN,
        ),
        CallbackOutcome::Unavailable => (
            StatusCode::SERVICE_UNAVAILABLE,
            "SmartHRに接続できませんでした。時間をおいて、もう一度[連携する]をクリックしてください。",
            AGAIN,
        ),
        CallbackOutcome::InvalidState
        | CallbackOutcome::Connected { .. }
        | CallbackOutcome::ConfirmationNeeded { .. }
        | CallbackOutcome::Denied => (
            StatusCode::BAD_REQUEST,
            "このURLは無効か、すでに使用されています。KiteRaに戻り、もう一度[連携する]をクリックしてください。",
            AGAIN,
        ),
    };
    (
        status,
        message("SmartHRと連携できませんでした", what, button),
    )
}

fn message(title: &'static str, what: &str, button: Button) -> Page {
    Page {
        title,
        paragraphs: vec![what.to_owned()],
        button,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(outcome: &CallbackOutcome) -> (StatusCode, String) {
        let (status, page) = page(outcome);
        (status, page.render().expect("a page"))
    }

    #[test]
    fn a_new_connection_is_reported_in_the_words_of_the_manual() {
        let (status, html) = html(&CallbackOutcome::Connected {
            company_name: "株式会社<あおぞら>".into(),
        });
        assert_eq!(status, StatusCode::OK);
        assert!(html.contains("SmartHRとの連携が完了しました。"));
        assert!(html.contains("KiteRaに戻る"));
        assert!(html.contains("href=\"/settings/smarthr\""));
        assert!(!html.contains("<あおぞら>"), "a name is no markup");
    }

    #[test]
    fn a_refusal_at_smarthr_is_called_a_cancellation() {
        let (_, html) = html(&CallbackOutcome::Denied);
        assert!(html.contains("連携がキャンセルされました"));
    }

    #[test]
    fn another_company_is_asked_about_and_not_called_linked() {
        let (_, html) = html(&CallbackOutcome::ConfirmationNeeded {
            connected_name: "あおぞら商事".into(),
            new_name: "みどり物産".into(),
        });
        assert!(html.contains("あおぞら商事") && html.contains("みどり物産"));
        assert!(!html.contains("完了しました"));
    }

    #[test]
    fn every_failure_says_what_to_do() {
        for outcome in [
            CallbackOutcome::InvalidState,
            CallbackOutcome::Expired,
            CallbackOutcome::OtherSession,
            CallbackOutcome::NotAllowed,
            CallbackOutcome::Refused,
            CallbackOutcome::ClientRefused,
            CallbackOutcome::Forbidden,
            CallbackOutcome::SubdomainUnknown,
            CallbackOutcome::Unavailable,
        ] {
            let (status, html) = html(&outcome);
            assert!(status.is_client_error() || status.is_server_error());
            assert!(
                html.contains("SmartHRと連携できませんでした"),
                "{outcome:?}"
            );
        }
    }
}
