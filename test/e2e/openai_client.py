"""The official Python client against a running platform. Prints one line for each thing that holds."""

import json
import sys
import time

import openai

client = openai.OpenAI(base_url=sys.argv[1] + "/v1", api_key=sys.argv[2], max_retries=0)
question = [{"role": "user", "content": "What is the capital of France?"}]


def holds(name: str, condition: bool) -> None:
    if not condition:
        raise SystemExit(f"does not hold: {name}")
    print(f"holds: {name}", flush=True)


holds("list", [model.id for model in client.models.list()] == ["demo"])

answer = client.chat.completions.create(model="demo", messages=question, max_tokens=32, temperature=0)
holds("chat", "Paris" in (answer.choices[0].message.content or ""))

stream = client.chat.completions.create(
    model="demo", messages=question, max_tokens=32, temperature=0, stream=True
)
text = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
holds("stream", text == answer.choices[0].message.content)

line = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions"}
line["body"] = {"model": "demo", "messages": question, "max_tokens": 32, "temperature": 0}
file = client.files.create(file=("lines.jsonl", json.dumps(line).encode()), purpose="batch")
batch = client.batches.create(
    input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
)
while batch.status in ("validating", "in_progress", "finalizing"):
    time.sleep(0.2)
    batch = client.batches.retrieve(batch.id)
said = json.loads(client.files.content(batch.output_file_id or "").text)
holds("batch", "Paris" in said["response"]["body"]["choices"][0]["message"]["content"])

vectors = client.embeddings.create(model="demo", input=["a cat", "a dog"])
holds("embeddings", len(vectors.data) == 2 and len(vectors.data[0].embedding) > 8)

schema = {
    "type": "object",
    "properties": {"answer": {"enum": ["Paris", "London"]}},
    "required": ["answer"],
    "additionalProperties": False,
}
structured = client.chat.completions.create(
    model="demo",
    messages=question,
    max_tokens=128,
    response_format={"type": "json_schema", "json_schema": {"name": "a", "schema": schema, "strict": True}},
)
holds("json schema", list(json.loads(structured.choices[0].message.content or "")) == ["answer"])

try:
    client.chat.completions.create(model="nobody", messages=question)
    holds("unknown model is refused", False)
except openai.NotFoundError as fault:
    holds("unknown model is refused", fault.code == "model_not_found")

try:
    openai.OpenAI(base_url=sys.argv[1] + "/v1", api_key="mr_wrong", max_retries=0).models.list()
    holds("wrong key is refused", False)
except openai.AuthenticationError as fault:
    holds("wrong key is refused", fault.code == "invalid_key")

cancelled = client.completions.create(
    model="demo", prompt="Once upon a time", max_tokens=900, temperature=1, stream=True
)
next(iter(cancelled))
cancelled.close()
holds("cancel", client.chat.completions.create(model="demo", messages=question, max_tokens=4).id != "")
