#!/usr/bin/env bash
# Millrace with curl: which models there are, a chat answer, a stream, a plain inference, an embedding.
#   npm start                (in another terminal)
#   bash examples/curl.sh
set -euo pipefail

url="${MILLRACE_URL:-http://127.0.0.1:8080}"
key="${MILLRACE_KEY:-$(cat "${MILLRACE_HOME:-$HOME/.millrace}/admin.key")}"
model="${MILLRACE_MODEL:-demo}"

ask() {
  curl --silent --show-error --fail-with-body --no-buffer --header "authorization: Bearer $key" \
    --header 'content-type: application/json' "$url$1" "${@:2}"
  echo
}

ask /v1/models

ask /v1/chat/completions --data '{
  "model": "'"$model"'",
  "messages": [{"role": "user", "content": "What is the capital of France?"}],
  "max_tokens": 32
}'

ask /v1/chat/completions --data '{
  "model": "'"$model"'",
  "messages": [{"role": "user", "content": "Count from 1 to 5."}],
  "max_tokens": 32,
  "stream": true
}'

ask /v1/inference --data '{"model": "'"$model"'", "input_text": "Once upon a time", "max_length": 32}'

ask /v1/embeddings --data '{"model": "'"$model"'", "input": "a mill by the river"}'
