//! Has a function of the stack do something.

use aws_sdk_lambda::primitives::Blob;
use serde_json::Value;

use crate::error::KiteraError;
use crate::stack::Stack;

impl Stack {
    /// Invokes a function, named like its folder, and returns its answer. It may take the 15 minutes of a run; it is
    /// never tried again, because another invocation would be another run.
    ///
    /// # Errors
    /// [`KiteraError`] with the function's own words when it failed.
    pub(crate) async fn invoke(
        &self,
        function: &'static str,
        event: &Value,
    ) -> Result<Value, KiteraError> {
        let answered = self
            .lambda()
            .invoke()
            .function_name(format!("{}-{function}", self.name()))
            .qualifier("live")
            .payload(Blob::new(event.to_string()))
            .send()
            .await;
        let answer = answered.map_err(|error| KiteraError::not_invoked(function, &error))?;
        let payload = answer.payload.map(Blob::into_inner).unwrap_or_default();
        let payload: Value = serde_json::from_slice(&payload).unwrap_or_default();
        if answer.function_error.is_none() {
            return Ok(payload);
        }
        let why = payload["errorMessage"].as_str();
        Err(KiteraError::Function {
            function,
            why: why.unwrap_or("it was cut off or crashed").to_owned(),
        })
    }
}
