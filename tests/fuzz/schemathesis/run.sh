#!/bin/sh
# Sends the running product what its OpenAPI document allows, and what it forbids: the limits of every value, and
# SCHEMATHESIS_EXAMPLES (20) examples for each operation. Words after the command are for schemathesis.
set -eu

examples=${SCHEMATHESIS_EXAMPLES:-20}
target=${CARGO_TARGET_DIR:-target}
tools=$target/schemathesis
here=$(dirname "$0")

if ! cmp -s "$here/requirements.txt" "$tools/requirements.txt"; then
    python3 -m venv --clear "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$tools/requirements.txt"
fi

work=$(mktemp -d)
: > "$work/product.log"
LOCAL_PORT=0 "$target/debug/demo" >> "$work/product.log" 2>&1 &
product=$!
trap 'kill $product 2>/dev/null || true; wait $product 2>/dev/null || true; rm -r "$work"' EXIT
trap 'exit 1' INT TERM
until grep -q '^running until' "$work/product.log"; do
    kill -0 $product 2>/dev/null || { cat "$work/product.log"; exit 1; }
    sleep 1
done
base=$(sed -n 's|^history: *\(http://localhost:[0-9]*\)/.*|\1|p' "$work/product.log")
PREVIEW=$(sed -n 's|^preview: .*/previews/||p' "$work/product.log")
export PREVIEW

# Signs in with this address and password, with a session of their own.
ask_as() {
    answer=$(curl -sS -D "$work/headers" -H 'content-type: application/json' \
        -d "{\"email\": \"$1\", \"password\": \"$2\"}" "$base/api/v1/sign-in")
    SESSION=$(sed -n 's/^set-cookie: __Host-session=\([^;]*\);.*/\1/ip' "$work/headers")
    CSRF=$(printf %s "$answer" | python3 -c 'import json, sys; print(json.load(sys.stdin)["csrf"])')
    export SESSION CSRF
    shift 2
    "$tools/bin/schemathesis" --config-file "$here/schemathesis.toml" run "$base/openapi.json" \
        --max-examples "$examples" "$@"
}

# What ends the link or the session comes last, each with a session of its own. Wrong guesses at a current
# password, also in a confirmation, end the session as well, so another user makes them.
admin='kanri@aozora-shoji.example hashiru-neko-2026'
member='megumi.ikeda@aozora-shoji.example mizuumi-no-hotori'
last='disconnect sign_out sign_in'
ask_as $admin $(printf -- '--exclude-operation-id %s ' change_password confirm $last) "$@"
ask_as $member --include-operation-id change_password --include-operation-id confirm "$@"
for operation in $last; do
    ask_as $admin --include-operation-id "$operation" "$@"
done
