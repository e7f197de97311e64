import { z } from 'zod';
import { fit, problem, sentJson, type Problem, type Task } from '#schema';
import type { Result } from '#contracts';
import {
  batchEnds,
  type AskedLine,
  type BatchEnd,
  type BatchLine,
  type BatchWire,
  type LineEnd,
} from '#dispatch';
import { membersOf } from '../http/members.ts';

/** A batch's input: what it was made with. */
export const specShape = z.object({
  inputFile: z.string(),
  endpoint: z.string(),
  deadlineMs: z.number(),
  filesKeepMs: z.number(),
  window: z.string(),
  metadata: z.record(z.string(), z.string()).nullish(),
});
export type KeptSpec = z.infer<typeof specShape>;

const fault = z.object({ code: z.string(), message: z.string(), param: z.string().optional() });
/** A batch's output: how it ended. */
export const endShape = z.object({
  status: z.enum(batchEnds),
  outputFile: z.string().optional(),
  errorFile: z.string().optional(),
  counts: z.object({ total: z.number(), completed: z.number(), failed: z.number() }),
  errors: z.array(fault.extend({ line: z.number().optional() })),
});
export type KeptEnd = z.infer<typeof endShape>;

const lineShape = z.object({
  custom_id: z.string().min(1).max(256),
  method: z.literal('POST'),
  url: z.string(),
  body: z.looseObject({
    model: z.string().regex(/^[^\p{Cc}\p{Cs}]{1,512}$/u, 'must be 1 to 512 characters'),
    stream: z.literal(false).nullish(),
  }),
});

/** JSON that was written here, or nothing where it cannot be read. */
export function parseKept<T>(shape: z.ZodType<T>, bytes: Uint8Array): T | undefined {
  try {
    return shape.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    return undefined;
  }
}

function refused(message: string, param?: string): Result<never> {
  return { ok: false, problem: problem('invalid_request', message, { param }) };
}

/** Files of Windows begin with a mark that is no JSON; the decoder takes it away. What is not UTF-8 is refused. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseLine(bytes: Uint8Array): Result<z.infer<typeof lineShape>> {
  const line = sentJson('The line', () => utf8.decode(bytes));
  return line.ok ? fit(lineShape, line.value) : line;
}

function readLine({ endpoint }: { readonly endpoint: string }, bytes: Uint8Array): Result<AskedLine> {
  const line = parseLine(bytes);
  if (!line.ok) return line;
  const { custom_id: customId, url, body } = line.value;
  if (url !== endpoint) return refused(`The url is ${url}, but the batch is for ${endpoint}.`, 'url');
  // Its bytes stay what they were: written anew, long numbers would be others.
  const sent = membersOf(Buffer.from(bytes))?.get('body') ?? Buffer.from(JSON.stringify(body));
  return { ok: true, value: { customId, model: body.model, body: sent } };
}

const lineEnds = /[\r\n]/g;

/** An answer as it came, on one line: JSON has its ends of lines between its parts only. What is no JSON is a string. */
function onOneLine(body: Uint8Array): Buffer {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const text = bytes.toString('utf8');
  try {
    JSON.parse(text);
    return text.search(lineEnds) >= 0 ? Buffer.from(text.replaceAll(lineEnds, ' ')) : bytes;
  } catch {
    return Buffer.from(JSON.stringify(text));
  }
}

function customIdOf({ asked }: BatchLine): string | null {
  return asked.ok ? asked.value.customId : null;
}

function writeAnswer(line: BatchLine, task: Task, answer: Uint8Array): Buffer {
  const { status = 200 } = task.output ?? {};
  const head = JSON.stringify({ id: `batch_req_${task.id}`, custom_id: customIdOf(line) }).slice(0, -1);
  const response = `,"response":{"status_code":${status},"request_id":${JSON.stringify(task.id)},"body":`;
  const body = onOneLine(answer);
  return Buffer.concat([Buffer.from(head + response), body, Buffer.from('},"error":null}\n')]);
}

function writeFault(
  line: BatchLine,
  { code, message, param }: Pick<Problem, 'message' | 'param'> & { code: string },
): Buffer {
  const error = { code, message, ...(param !== undefined && { param }), line: line.number };
  const told = { id: `batch_req_${line.taskId}`, custom_id: customIdOf(line), response: null, error };
  return Buffer.from(`${JSON.stringify(told)}\n`);
}

function writeLine(line: BatchLine, end: LineEnd): Uint8Array {
  if (end.kind === 'untaken') return writeFault(line, end.problem);
  if (end.answer !== undefined) return writeAnswer(line, end.task, end.answer);
  return writeFault(
    line,
    end.task.fault ?? { code: 'internal', message: 'The task ended without an answer.' },
  );
}

function writeEnd({ errors, ...end }: BatchEnd): Uint8Array {
  const kept: KeptEnd = {
    ...end,
    errors: errors.map(({ line, problem: { code, message, param } }) => ({ code, message, param, line })),
  };
  return Buffer.from(JSON.stringify(kept));
}

/** Batches as OpenAI's wire has them: JSON, one object on each line. */
export const batchWire: BatchWire = {
  readSpec: (input) => parseKept(specShape, input),
  readLine,
  writeLine,
  writeEnd,
};
