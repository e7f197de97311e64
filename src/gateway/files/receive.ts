import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import { expiresAfter, filePurposes, problem, ProblemError, type Payload } from '#schema';
import type { Gathering } from '#dispatch';
import { createUploadBody, dropRest } from '../admin/upload-body.ts';
import type { Exchange } from '../http/exchange.ts';
import type { FilesDeps } from './deps.ts';

/** What stands around the file in the body. */
const aroundBytes = 65_536;

export interface ReceivedFile {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly keepMs: number;
  readonly payload: Payload;
}

function refusal(message: string, param?: string): ProblemError {
  return new ProblemError(problem('invalid_request', message, { param }));
}

/** The form as it comes in. */
interface Form {
  readonly fields: Map<string, string>;
  name: string | undefined;
  /** Resolves once the file is put away. */
  kept: Promise<void>;
  tooLarge: boolean;
}

function openParser({ request }: Exchange, bytesMax: number): BusboyInstance {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data'))
    throw refusal('A file is sent as multipart/form-data, with the fields "file" and "purpose".');
  try {
    const limits = { files: 1, fileSize: bytesMax, fields: 20, fieldSize: 1024, parts: 21 };
    return new Busboy({ headers: { ...request.headers, 'content-type': type }, limits });
  } catch (fault) {
    throw refusal(`The form cannot be read: ${fault instanceof Error ? fault.message : 'unreadable'}.`);
  }
}

async function putAway(stream: BusboyFileStream, gathering: Gathering): Promise<void> {
  const pieces: AsyncIterable<unknown> = stream;
  for await (const piece of pieces) if (piece instanceof Uint8Array) await gathering.add(piece);
}

function follow(parser: BusboyInstance, gathering: Gathering): Form {
  const form: Form = { fields: new Map(), name: undefined, kept: Promise.resolve(), tooLarge: false };
  parser.on('field', (name, value) => form.fields.set(name, value));
  parser.on('file', (field, stream, name) => {
    if (field !== 'file') {
      stream.resume();
      return;
    }
    form.name = name;
    stream.once('limit', () => {
      form.tooLarge = true;
    });
    form.kept = putAway(stream, gathering).catch((fault: unknown) => {
      // Ends the reading of the rest, and with it the whole.
      parser.destroy(fault instanceof Error ? fault : new Error(String(fault)));
      throw fault;
    });
    form.kept.catch(() => undefined);
  });
  return form;
}

function purposeOf({ fields }: Form): string {
  const purpose = filePurposes.find((one) => one === fields.get('purpose'));
  if (purpose !== undefined) return purpose;
  throw refusal(`"purpose" must be ${filePurposes.map((one) => `"${one}"`).join(' or ')}.`, 'purpose');
}

function keepMsOf({ fields }: Form, fallbackMs: number): number {
  const anchor = fields.get('expires_after[anchor]');
  const seconds = fields.get('expires_after[seconds]');
  if (anchor === undefined && seconds === undefined) return fallbackMs;
  const parsed = expiresAfter.safeParse({ anchor, seconds: Number(seconds) });
  if (parsed.success) return parsed.data.seconds * 1000;
  const shape = '"expires_after" has an anchor, "created_at", and a whole number of seconds, a year at most.';
  throw refusal(shape, 'expires_after');
}

/** The whole form; what of the file came before something was found wrong is the caller's to drop. */
async function readForm(
  exchange: Exchange,
  { clock, config }: FilesDeps,
  gathering: Gathering,
): Promise<Form> {
  const tooLarge = problem('payload_too_large', `A file may have ${config.bytesMax} bytes.`);
  const body = createUploadBody(exchange.request, config.bytesMax + aroundBytes, clock);
  const parser = openParser(exchange, config.bytesMax + 1);
  const form = follow(parser, gathering);
  try {
    await pipeline(Readable.from(body.bytes), parser);
    await form.kept;
  } catch (fault) {
    if (exchange.request.destroyed && !exchange.request.complete)
      throw new ProblemError(problem('client_closed_request'));
    if (body.overran()) throw new ProblemError(tooLarge);
    if (fault instanceof ProblemError) throw fault;
    throw refusal(`The form cannot be read: ${fault instanceof Error ? fault.message : 'unreadable'}.`);
  }
  if (body.overran() || form.tooLarge) throw new ProblemError(tooLarge);
  return form;
}

const nameCharactersMax = 512;

/** Never ends with one half of a character: that could not be told in a header. */
function shortened(name: string): string {
  return name.slice(0, nameCharactersMax).replace(/[\ud800-\udbff]$/, '');
}

/** `POST /v1/files`: puts the file away as it comes, never holding more than a part of it. */
export async function receiveFile(deps: FilesDeps, exchange: Exchange): Promise<ReceivedFile> {
  const id = deps.nextId('file-');
  const gathering = deps.payloads.gather(id);
  try {
    const form = await readForm(exchange, deps, gathering);
    if (form.name === undefined) throw refusal('There is no file in the field "file".', 'file');
    const purpose = purposeOf(form);
    const keepMs = keepMsOf(form, deps.config.keepMs);
    return { id, name: shortened(form.name), purpose, keepMs, payload: await gathering.end() };
  } catch (fault) {
    await gathering.drop();
    await dropRest(exchange.request, deps.clock);
    if (!exchange.request.complete) exchange.response.setHeader('connection', 'close');
    throw fault;
  }
}
