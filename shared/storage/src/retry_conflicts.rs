//! Single writes that a transaction stands in the way of. DynamoDB refuses them, and the SDK does
//! not try that again by itself.

use aws_sdk_dynamodb::config::interceptors::InterceptorContext;
use aws_sdk_dynamodb::config::retry::{ClassifyRetry, RetryAction};
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;

/// Has every single write tried again while a transaction is at its item: that is over soon, and
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
        "try past transactions"
    }
}
