"""Anthropic's official Python client against a running platform. Prints one line for each thing that holds."""

import sys

import anthropic

client = anthropic.Anthropic(base_url=sys.argv[1], api_key=sys.argv[2], max_retries=0)
asked = {
    "model": "demo",
    "max_tokens": 32,
    "messages": [{"role": "user", "content": "What is the capital of France?"}],
    "extra_body": {"temperature": 0},
}


def holds(name: str, condition: bool) -> None:
    if not condition:
        raise SystemExit(f"does not hold: {name}")
    print(f"holds: {name}", flush=True)


answer = client.messages.create(**asked, system="Answer shortly.")
holds("message", "Paris" in answer.content[0].text and answer.stop_reason == "end_turn")

with client.messages.stream(**asked, system="Answer shortly.") as stream:
    text = "".join(stream.text_stream)
    final = stream.get_final_message()
holds("stream", text == answer.content[0].text and final.usage.output_tokens == answer.usage.output_tokens)

counted = client.messages.count_tokens(model="demo", system="Answer shortly.", messages=asked["messages"])
holds("count", counted.input_tokens == answer.usage.input_tokens + answer.usage.cache_read_input_tokens)

tools = [{"name": "f", "description": "f", "input_schema": {"type": "object", "properties": {}}}]
try:
    client.messages.create(**asked, tools=tools)
    holds("tools are refused by an engine without them", False)
except anthropic.BadRequestError as fault:
    holds("tools are refused by an engine without them", fault.body["error"]["param"] == "tools")

try:
    client.messages.create(**{**asked, "model": "nobody"})
    holds("unknown model is refused", False)
except anthropic.NotFoundError as fault:
    holds("unknown model is refused", fault.body["error"]["type"] == "not_found_error")

try:
    anthropic.Anthropic(base_url=sys.argv[1], api_key="mr_wrong", max_retries=0).messages.create(**asked)
    holds("wrong key is refused", False)
except anthropic.AuthenticationError as fault:
    holds("wrong key is refused", fault.body["error"]["type"] == "authentication_error")
