import type { Dispatcher } from 'undici';
import type { ByteRange } from '#contracts';
import type { Problem } from '#schema';
import { ProblemError } from '#schema';
import { unavailable } from '../unavailable.ts';
import type { FileFacts } from './file-facts.ts';
import { contentRange, factsOf } from './file-facts.ts';
import { shown } from './web-address.ts';
import type { WebGet } from './web-client.ts';
import { dropBody, mustGet } from './web-client.ts';

interface RemoteFile {
  readonly get: WebGet;
  readonly url: URL;
  /** As they were when the file was opened. */
  readonly facts: FileFacts;
}

/** Asks at the first address each time: what it redirects to is often signed for minutes only. */
export async function* readRange(
  file: RemoteFile,
  range: ByteRange,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  if (range.from >= range.to) return;
  const answer = await mustGet(file.get, file.url, headersFor(file.facts, range), signal);
  const refusal = refusalOfAnswer(file, range, answer);
  if (refusal) {
    dropBody(answer);
    throw new ProblemError(refusal);
  }
  yield* file.facts.ranged ? answer.body : upTo(range.to, answer.body);
}

function headersFor(facts: FileFacts, range: ByteRange): Readonly<Record<string, string>> {
  if (!facts.ranged) return {};
  const condition = facts.strongTag === undefined ? {} : { 'if-range': facts.strongTag };
  return { range: `bytes=${range.from}-${range.to - 1}`, ...condition };
}

function refusalOfAnswer(
  { url, facts }: RemoteFile,
  range: ByteRange,
  answer: Dispatcher.ResponseData,
): Problem | undefined {
  const where = shown(url);
  const now = factsOf(answer, where);
  if (!now.ok) return now.problem;
  const { identity, ranged } = now.value;
  if (identity !== facts.identity || ranged !== facts.ranged) {
    return unavailable(`${where} has changed since it was opened. Start the pull anew.`);
  }
  const from = ranged ? contentRange(answer)?.from : 0;
  return from === range.from ? undefined : unavailable(`${where} sends another part than was asked for.`);
}

async function* upTo(end: number, body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let at = 0;
  for await (const chunk of body) {
    yield chunk.subarray(0, end - at);
    at += chunk.length;
    if (at >= end) return;
  }
}
