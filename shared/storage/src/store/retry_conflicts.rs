//! Retries of single writes that DynamoDB refused because a transaction was working on their item. The
//! SDK does not retry them by itself.

use aws_sdk_dynamodb::config::interceptors::InterceptorContext;
use aws_sdk_dynamodb::config::retry::{ClassifyRetry, RetryAction};
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;

/// Retries a single write while a transaction works on its item. The transaction ends soon, and
/// nothing was written.
#[derive(Debug)]
pub(crate) struct RetryTransactionConflicts;

impl ClassifyRetry for RetryTransactionConflicts {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let code = context.output_or_error().and_then(|result| {
            let error = result.err()?.as_operation_error()?;
            None.or_else(|| error.downcast_ref::<PutItemError>()?.code())
                .or_else(|| error.downcast_ref::<UpdateItemError>()?.code())
                .or_else(|| error.downcast_ref::<DeleteItemError>()?.code())
        });
        if code == Some("TransactionConflictException") {
            RetryAction::transient_error()
        } else {
            RetryAction::NoActionIndicated
        }
    }

    fn name(&self) -> &'static str {
        "retry transaction conflicts"
    }
}
