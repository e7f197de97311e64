import { problem, type Payload, type Problem } from '#schema';
import type { Result } from '#contracts';
import type { Payloads } from '../tasks/payloads.ts';
import { splitLines, type RawLine } from './split-lines.ts';
import type { AskedLine, BatchLine, BatchSpec, BatchWire } from './wire.ts';

export interface Reading {
  readonly payloads: Pick<Payloads, 'read'>;
  readonly wire: Pick<BatchWire, 'readLine'>;
  readonly batchId: string;
  readonly spec: BatchSpec;
  /** The file of the lines. */
  readonly file: Payload;
}

/** Longer than any body a gateway takes. */
const lineBytesMax = 10 * 1024 * 1024;

function refused(cause: Problem): Result<never> {
  return { ok: false, problem: cause };
}

const tooLong = refused(problem('payload_too_large', `A line may have ${lineBytesMax} bytes.`));

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

function taskIdOf(batchId: string, line: number): string {
  return `task_${batchId.slice(batchId.indexOf('_') + 1)}_${line.toString(16).padStart(6, '0')}`;
}

/** The lines of a batch's file, in order. Each reading says the same of each line. */
export async function* readLines(reading: Reading): AsyncGenerator<BatchLine> {
  const { payloads, wire, spec, batchId } = reading;
  const seen = new Set<string>();

  function asked({ bytes }: RawLine): Result<AskedLine> {
    if (bytes === undefined) return tooLong;
    const line = wire.readLine(spec, bytes);
    if (!line.ok) return line;
    const { customId } = line.value;
    if (!seen.has(customId)) {
      seen.add(customId);
      return line;
    }
    const message = `Another line before has the custom_id "${customId}".`;
    return refused(problem('invalid_request', message, { param: 'custom_id' }));
  }
  for await (const raw of splitLines(payloads.read(reading.file), lineBytesMax)) {
    if (raw.bytes !== undefined && isBlank(raw.bytes)) continue;
    const { number } = raw;
    yield { number, taskId: taskIdOf(batchId, number), asked: asked(raw) };
  }
}

const chunkLines = 50;
const chunkBytes = 4 * 1024 * 1024;

/** Lines by the handful, so that a question to the queue serves many. Few where they are long. */
export async function* inChunks(lines: AsyncIterable<BatchLine>): AsyncGenerator<readonly BatchLine[]> {
  let chunk: BatchLine[] = [];
  let bytes = 0;
  for await (const line of lines) {
    chunk.push(line);
    bytes += line.asked.ok ? line.asked.value.body.length : 0;
    if (chunk.length < chunkLines && bytes < chunkBytes) continue;
    yield chunk;
    chunk = [];
    bytes = 0;
  }
  if (chunk.length > 0) yield chunk;
}
