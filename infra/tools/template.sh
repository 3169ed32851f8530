#!/bin/sh
# Checks infra/template.yaml with cfn-lint, sam validate and checkov. What checkov is not asked, and why, is in
# infra/checkov.yaml and beside the resource.
set -eu
cd "$(dirname "$0")/../.."
infra/tools/install.sh tools template
target/template/bin/cfn-lint infra/template.yaml
SAM_CLI_TELEMETRY=0 target/tools/bin/sam validate --lint --region ap-northeast-1 --template infra/template.yaml
target/template/bin/checkov --config-file infra/checkov.yaml
