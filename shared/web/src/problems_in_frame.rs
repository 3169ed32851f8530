//! Shows a refusal to a signed-in user inside the console's frame, with the links to the other pages. Somebody who
//! only has to confirm first is redirected to where they do that.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use storage::{Store, StoreError};

use crate::confirmation::{CONFIRMATION_REQUIRED, address_to_confirm_at, page_of_form};
use crate::frame::Frame;
use crate::page::html_page;
use crate::problem_page::ProblemPage;
use crate::signed_in::SignedIn;

#[derive(Template)]
#[template(path = "problem_in_frame.html")]
struct Page {
    frame: Frame,
}

#[derive(Clone)]
struct Sessions {
    store: Store,
    clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

/// Adds a middleware that puts every [`ProblemPage`] into the console's frame. A browser that is not
/// signed in, or that has an initial password to replace, gets the page without the frame.
pub fn with_problems_in_frame(
    router: Router,
    store: Store,
    clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
) -> Router {
    router.layer(from_fn_with_state(Sessions { store, clock }, put_in_frame))
}

async fn put_in_frame(State(sessions): State<Sessions>, request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let Some(ProblemPage(problem)) = response.extensions().get().cloned() else {
        return response;
    };
    if problem.code == CONFIRMATION_REQUIRED {
        return Redirect::to(&address_to_confirm_at(page_of_form(&path))).into_response();
    }
    // Without the database no frame can be built.
    let Ok(Some(frame)) = sessions.frame(&headers).await else {
        return response;
    };
    let frame = frame.with_error(problem.detail);
    let page = html_page(problem.status, &Page { frame });
    let (parts, _) = response.into_parts();
    Response::from_parts(parts, page.into_body())
}

impl Sessions {
    async fn frame(&self, headers: &HeaderMap) -> Result<Option<Frame>, StoreError> {
        let signed_in = SignedIn::find(&self.store, headers, (self.clock)()).await?;
        let Some(signed_in) = signed_in.filter(SignedIn::has_full_access) else {
            return Ok(None);
        };
        let id = &signed_in.workspace_id;
        let Some(workspace) = self.store.workspace_to_show(id).await? else {
            return Ok(None);
        };
        let frame = Frame::of(&signed_in, &workspace, "");
        frame
            .with_banners_of(&self.store, &workspace)
            .await
            .map(Some)
    }
}
