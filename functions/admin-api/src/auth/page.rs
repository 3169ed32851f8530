//! Authentication of pages and forms. A browser that is not signed in is redirected to the sign-in
//! page and from there back, and forms carry the CSRF token in a hidden field.

use askama::Template;
use axum::Form;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Connection, Workspace, WorkspaceId};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use web::{
    Frame, LARGEST_BODY, Problem, ProblemPage, RequestSource, SignedIn, UNREADABLE,
    address_to_confirm_at, check_confirmed, confirmed_notice, html_page, is_confirmed,
    page_of_form, second_factor_due, to_sign_in,
};

use crate::app::App;

/// An extractor of the signed-in user who opens a page. The role decides what the page shows.
pub(crate) struct PageUser {
    pub(crate) signed_in: SignedIn,
    /// The workspace, as far as its record can be read.
    pub(crate) workspace: Workspace,
    /// Whether its record cannot be read as a whole: then no form changes anything.
    is_unreadable: bool,
    connection: Option<Connection>,
    connection_is_unreadable: bool,
    /// The address that was asked for.
    address: Uri,
    is_confirmed: bool,
    second_factor_due: Option<Timestamp>,
}

impl PageUser {
    pub(crate) fn workspace_id(&self) -> &WorkspaceId {
        &self.signed_in.workspace_id
    }

    /// Returns the connection to SmartHR as it was when the request came; `None` if there never was one.
    ///
    /// # Errors
    /// The 500 when its record cannot be read.
    pub(crate) fn connection(&self) -> Result<Option<&Connection>, Problem> {
        if self.connection_is_unreadable {
            return Err(Problem::unreadable());
        }
        Ok(self.connection.as_ref())
    }

    /// Returns the connection as [`PageUser::connection`] does; `None` as well when its record cannot be read.
    pub(crate) fn connection_to_show(&self) -> Option<&Connection> {
        self.connection.as_ref()
    }

    pub(crate) fn is_admin(&self) -> bool {
        self.signed_in.user.role.may_manage_connection()
    }

    /// Returns the frame of a page under the navigation entry `here`.
    pub(crate) fn frame(&self, here: &'static str) -> Frame {
        let frame = Frame::of(&self.signed_in, &self.workspace, here)
            .with_second_factor_due(self.second_factor_due)
            .with_banners(self.connection_to_show());
        let page = page_of_form(self.address.path());
        Frame {
            confirm_at: (!self.is_confirmed).then(|| address_to_confirm_at(page)),
            error: (self.is_unreadable || self.connection_is_unreadable)
                .then(|| UNREADABLE.to_owned()),
            ..frame.with_notice(confirmed_notice(&self.address))
        }
    }

    async fn of(app: &App, parts: &Parts) -> Result<Self, Response> {
        let signed_in = SignedIn::find(app.store(), &parts.headers, app.now())
            .await
            .map_err(|error| ProblemPage::from(error).into_response())?
            .ok_or_else(|| to_sign_in(&parts.method, &parts.uri).into_response())?;
        let signed_in = signed_in.coming_from(RequestSource::of(&parts.extensions));
        if let Some(step) = signed_in.next_step() {
            return Err(Redirect::to(step.page()).into_response());
        }
        let id = &signed_in.workspace_id;
        let read = tokio::try_join!(workspace(app, id), connection(app, id));
        let ((workspace, is_unreadable), (connection, connection_is_unreadable)) =
            read.map_err(|problem| ProblemPage(problem).into_response())?;
        let due = second_factor_due(app.store(), &signed_in, &workspace)
            .await
            .map_err(|error| ProblemPage::from(error).into_response())?;
        Ok(Self {
            second_factor_due: due,
            is_confirmed: is_confirmed(&signed_in.session, app.now()),
            address: parts.uri.clone(),
            signed_in,
            workspace,
            is_unreadable,
            connection,
            connection_is_unreadable,
        })
    }

    /// Returns the user if they are an admin, and the 403 page otherwise.
    ///
    /// Manual: 「SmartHR連携の設定は、役割が「システム管理者」「管理者」のユーザーのみ操作可能です」.
    async fn admin(app: &App, parts: &Parts) -> Result<Self, Response> {
        let user = Self::of(app, parts).await?;
        if user.is_admin() {
            return Ok(user);
        }
        let page = Forbidden {
            frame: user.frame(""),
        };
        Err(html_page(StatusCode::FORBIDDEN, &page))
    }

    /// Returns the user if they are an admin whose forms may change something; the 403 or 500 page otherwise.
    pub(super) async fn admin_who_may_write(app: &App, parts: &Parts) -> Result<Self, Response> {
        let admin = Self::admin(app, parts).await?;
        if admin.is_unreadable {
            return Err(ProblemPage(Problem::unreadable()).into_response());
        }
        Ok(admin)
    }
}

/// Returns the connection, and whether there is one whose record cannot be read.
async fn connection(app: &App, id: &WorkspaceId) -> Result<(Option<Connection>, bool), Problem> {
    match app.store().connection(id).await {
        Err(error) if error.is_unreadable() => Ok((None, true)),
        read => Ok((read?, false)),
    }
}

/// Returns the workspace, and whether its record cannot be read as a whole.
async fn workspace(app: &App, id: &WorkspaceId) -> Result<(Workspace, bool), Problem> {
    match app.store().workspace(id).await {
        Err(error) if error.is_unreadable() => {
            let shown = app.store().workspace_to_show(id).await?;
            Ok((shown.ok_or_else(Problem::internal)?, true))
        }
        read => Ok((read?.ok_or_else(Problem::internal)?, false)),
    }
}

/// The page of a 403: the user's role does not allow this page.
#[derive(Template)]
#[template(path = "forbidden.html")]
struct Forbidden {
    frame: Frame,
}

impl FromRequestParts<App> for PageUser {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        Self::of(app, parts).await
    }
}

/// An extractor of the システム管理者 or 管理者 who opens a page.
pub(crate) struct PageAdmin(pub(crate) PageUser);

impl FromRequestParts<App> for PageAdmin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        PageUser::admin(app, parts).await.map(Self)
    }
}

/// An extractor of a form with only a button, sent from a page of ours by somebody who is signed in, whatever their
/// role is.
pub(crate) struct UserForm(pub(crate) PageUser);

/// An extractor of a form that a システム管理者 or 管理者 sent from a page of ours.
pub(crate) struct AdminForm<T> {
    pub(crate) admin: PageUser,
    /// The fields of the form, without the CSRF token.
    pub(crate) fields: T,
}

/// The fields of a form that has only buttons.
#[derive(Deserialize)]
pub(crate) struct NoFields {}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CsrfField {
    csrf: String,
}

impl<T: DeserializeOwned> FromRequest<App> for AdminForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let admin = PageUser::admin_who_may_write(app, &parts).await?;
        let fields = fields_of(app, &admin.signed_in, parts, body).await?;
        Ok(Self { admin, fields })
    }
}

impl FromRequest<App> for UserForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let user = PageUser::of(app, &parts).await?;
        let NoFields {} = fields_of(app, &user.signed_in, parts, body).await?;
        Ok(Self(user))
    }
}

/// Returns the fields of a form that carries the CSRF token of its sender.
async fn fields_of<T: DeserializeOwned>(
    app: &App,
    sender: &SignedIn,
    parts: Parts,
    body: Body,
) -> Result<T, Response> {
    let body = to_bytes(body, LARGEST_BODY)
        .await
        .map_err(|_| incomplete_form().into_response())?;
    let form = || Request::from_parts(parts.clone(), Body::from(body.clone()));
    let field = Form::<CsrfField>::from_request(form(), app).await;
    let csrf = field.map_or_else(|_| String::new(), |Form(field)| field.csrf);
    sender
        .check_csrf_field(&csrf)
        .map_err(|problem| ProblemPage(problem).into_response())?;
    match Form::from_request(form(), app).await {
        Ok(Form(fields)) => Ok(fields),
        Err(_) => Err(incomplete_form().into_response()),
    }
}

/// An extractor of an [`AdminForm`] whose sender proved who they are within the last 10 minutes. Others are redirected
/// to where they do that, and from there back to the page with the form.
pub(crate) struct ConfirmedForm<T>(pub(crate) AdminForm<T>);

impl<T: DeserializeOwned> FromRequest<App> for ConfirmedForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let form = AdminForm::from_request(request, app).await?;
        match check_confirmed(&form.admin.signed_in.session, app.now()) {
            Ok(()) => Ok(Self(form)),
            Err(problem) => Err(ProblemPage(problem).into_response()),
        }
    }
}

/// Returns the 400 for a form that no page of ours sends.
pub(crate) fn incomplete_form() -> ProblemPage {
    ProblemPage(Problem::bad_request(
        "invalid_request",
        "フォームの内容が正しくありません。画面を更新して、もう一度お試しください。",
    ))
}
