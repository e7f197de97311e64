/**
 * Steps of a deployment: requests that hold a secret are refused, every answer is signed, and card numbers are blotted
 * out of answers, streams included. Name it in a deployment:
 *
 *   steps:
 *     pre: file:///path/to/no-secrets.mjs
 *     post: file:///path/to/no-secrets.mjs
 */

const secret = /\bsk-[a-z0-9]{8,}\b/i;
const card = /\b\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b/g;

/** Before the request is admitted. What it gives back (or what it changed in place) goes to the engine. */
export function pre(request, context) {
  if (secret.test(JSON.stringify(request.messages))) context.refuse('Do not send secrets to a model.');
  context.state.asked = request.messages?.length ?? 0;
  return { ...request, max_tokens: Math.min(request.max_tokens ?? 256, 256) };
}

/** A whole answer, before anything of it is sent. */
export function post(response, context) {
  for (const { message } of response.choices) message.content = message.content?.replace(card, '****');
  response.note = `checked for ${context.tenant}`;
}

/**
 * One event of a stream. A number may be cut into pieces, so digits are held back until something else comes.
 * Give back another event, several in a list, or null for none.
 */
export function chunk(event, context) {
  const [choice] = event.choices;
  if (choice === undefined) return event;
  const text = (context.state.held ?? '') + (choice.delta.content ?? '');
  const ended = choice.finish_reason !== null && choice.finish_reason !== undefined;
  const cut = ended ? text.length : text.search(/[\d -]*$/);
  context.state.held = text.slice(cut);
  choice.delta.content = text.slice(0, cut).replace(card, '****');
  return event;
}
