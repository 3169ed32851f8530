//! Authentication of forms with a file.

use accounts::FileError;
use axum::body::Bytes;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use web::ProblemPage;

use super::page::{PageUser, incomplete_form};
use crate::api::users::import::import_problem;
use crate::app::App;

/// An extractor of a form with one file, which a システム管理者 or 管理者 sent from a page of ours. How large it may be
/// is a layer of the route.
pub(crate) struct AdminUpload {
    pub(crate) admin: PageUser,
    /// The content of the file; empty if none was chosen.
    pub(crate) file: Bytes,
}

impl FromRequest<App> for AdminUpload {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let admin = PageUser::admin_who_may_write(app, &parts).await?;
        let request = Request::from_parts(parts, body);
        let fields = match Multipart::from_request(request, app).await {
            Ok(form) => fields(form).await.map_err(IntoResponse::into_response)?,
            Err(_) => Fields::default(),
        };
        admin
            .signed_in
            .check_csrf_field(&fields.csrf)
            .map_err(|problem| ProblemPage(problem).into_response())?;
        let file = fields.file;
        Ok(Self { admin, file })
    }
}

#[derive(Default)]
struct Fields {
    csrf: String,
    file: Bytes,
}

async fn fields(mut form: Multipart) -> Result<Fields, ProblemPage> {
    let mut fields = Fields::default();
    while let Some(field) = form.next_field().await.map_err(refused)? {
        match field.name() {
            Some("csrf") => fields.csrf = field.text().await.map_err(refused)?,
            Some("file") => fields.file = field.bytes().await.map_err(refused)?,
            _ => {}
        }
    }
    Ok(fields)
}

#[expect(clippy::needless_pass_by_value, reason = "an argument of map_err")]
fn refused(error: MultipartError) -> ProblemPage {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return ProblemPage(import_problem(FileError::TooLarge.into()));
    }
    incomplete_form()
}
