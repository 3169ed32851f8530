//! What AWS lets an account do, each number with the page that says so. Where AWS names none, as for SES, it is a
//! scenario's.

use crate::time::{DAY, Time};

/// Batches that an event source begins with. This and the next two: AWS Lambda Developer Guide, "Configuring scaling
/// behavior for SQS event source mappings", <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html>.
pub const FIRST_BATCHES: u64 = 5;
/// How many batches more an event source reads at the same time, each minute.
pub const MORE_BATCHES_A_MINUTE: u64 = 300;
/// The most batches that one event source reads at the same time.
pub const MOST_BATCHES: u64 = 1_000;

/// Concurrent executions of all functions of a new account, after AWS raised it from its first days. AWS Lambda
/// Developer Guide, "Understanding Lambda function scaling",
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html>.
pub const ACCOUNT_CONCURRENCY: u64 = 1_000;

/// Concurrent executions that no function may reserve. AWS Lambda Developer Guide, "Configuring reserved concurrency",
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html>.
pub const UNRESERVED: u64 = 100;

/// The memory at which a function has one processor. AWS Lambda Developer Guide, "Configure Lambda function memory",
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>.
pub const MEGABYTES_OF_A_PROCESSOR: u64 = 1_769;

/// How often about a function is invoked in one chain of its own messages before Lambda ends it, unless the function
/// says `Allow`. AWS Lambda Developer Guide, "Use Lambda recursive loop detection",
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html>.
pub const RECURSIONS: u64 = 16;

/// `PutSecretValue` in a second, all secrets together. AWS Secrets Manager User Guide, "AWS Secrets Manager quotas",
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html>.
pub const SECRET_WRITES_A_SECOND: u64 = 50;

/// Write units a second of a new table on demand. Amazon DynamoDB Developer Guide, "Understanding DynamoDB warm
/// throughput in different scenarios",
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html>.
pub const TABLE_WRITE_UNITS: u64 = 4_000;
/// Write units a second of one partition, and so of one workspace. The same page.
pub const PARTITION_WRITE_UNITS: u64 = 1_000;

/// The time over which SES counts mails. Amazon SES Developer Guide, "Errors related to the sending quotas",
/// <https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html>.
pub const SES_QUOTA_TIME: Time = DAY;

/// After so many receives `ApproximateAgeOfOldestMessage` no longer counts a message. Amazon SQS Developer Guide,
/// "Available CloudWatch metrics for Amazon SQS",
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html>.
pub const RECEIVES_WITH_AN_AGE: u64 = 3;
