import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { fit, problem, ProblemError } from '#schema';
import { datatypes, isDatatype, type Datatype } from '../datatypes.ts';
import { fromJson } from './json-data.ts';
import { bytesOf, elementsOf, type Tensor, type Tensors } from './tensor.ts';

/** What a client of the Open Inference Protocol asks. */
export interface InferRequest {
  readonly id: string | undefined;
  readonly inputs: Tensors;
  /** Empty: all there are. */
  readonly outputs: readonly WantedOutput[];
  /** For outputs that do not say. */
  readonly binary: boolean;
}

interface WantedOutput {
  readonly name: string;
  readonly binary: boolean;
}

export const headerLengthName = 'inference-header-content-length';

const parameters = z.record(z.string(), z.unknown()).default({});

const requestSchema = z.object({
  id: z.string().optional(),
  parameters,
  inputs: z
    .array(
      z.object({
        name: z.string(),
        shape: z.array(z.number().int().min(0)).max(32),
        datatype: z.string(),
        parameters,
        data: z.unknown().optional(),
      }),
    )
    .max(4096),
  outputs: z
    .array(z.object({ name: z.string(), parameters }))
    .max(4096)
    .default([]),
});

type RequestBody = z.infer<typeof requestSchema>;
type InputBody = RequestBody['inputs'][number];

function refused(message: string, param?: string): ProblemError {
  return new ProblemError(problem('invalid_request', message, { param }));
}

/** What other servers can do and this one cannot: ignoring it would answer another question. */
const unable = [
  'sequence_id',
  'sequence_start',
  'sequence_end',
  'classification',
  'shared_memory_region',
  'shared_memory_offset',
  'shared_memory_byte_size',
];

function refuseUnable(given: Readonly<Record<string, unknown>>): void {
  for (const name of unable)
    if (Object.hasOwn(given, name))
      throw new ProblemError(
        problem('unsupported_parameter', `This engine does not do "${name}". Leave it out.`, { param: name }),
      );
}

interface Split {
  readonly json: unknown;
  readonly binary: Buffer;
}

function splitBody(headers: IncomingHttpHeaders, body: Buffer): Split {
  const told = headers[headerLengthName];
  const length = told === undefined ? body.length : Number(told);
  if (!Number.isInteger(length) || length < 0 || length > body.length)
    throw refused(`"${headerLengthName}" is ${String(told)}, but the body has ${body.length} bytes.`);
  try {
    return { json: JSON.parse(body.toString('utf8', 0, length)), binary: body.subarray(length) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ProblemError(problem('invalid_json', `The request is not JSON: ${why}`));
  }
}

/** Texts in the binary form: for each a length of four bytes, then its bytes. */
function readTexts(name: string, bytes: Buffer, count: number): readonly string[] {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const texts: string[] = [];
  let at = 0;
  while (at + 4 <= bytes.length && texts.length < count) {
    const length = bytes.readUInt32LE(at);
    at += 4;
    if (at + length > bytes.length) break;
    try {
      texts.push(decoder.decode(bytes.subarray(at, at + length)));
    } catch {
      throw refused(`The input "${name}" holds bytes that are no UTF-8; the model reads texts.`, name);
    }
    at += length;
  }
  if (texts.length === count && at === bytes.length) return texts;
  throw refused(
    `The input "${name}" does not fit: its binary data are not ${count} texts with their lengths.`,
    name,
  );
}

interface Described {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
}

function fromBinary(described: Described, bytes: Buffer): Tensor {
  const { name, datatype, shape } = described;
  if (datatype === 'BYTES') return { datatype, shape, data: readTexts(name, bytes, elementsOf(shape)) };
  const wanted = bytesOf(datatype, shape);
  if (bytes.length !== wanted)
    throw refused(
      `The input "${name}" does not fit: ${datatype} [${shape.join(', ')}] has ${wanted} bytes, "binary_data_size" says ${bytes.length}.`,
      name,
    );
  // A copy of its own: aligned, and free to be handed to the thread that computes.
  return { datatype, shape, data: new Uint8Array(bytes) };
}

/** Of a tensor without elements: its sizes cost whoever sends it nothing, but what the model makes of them has to be held. */
const emptySizesMax = 65_536;

function describedOf({ name, datatype, shape }: InputBody): Described {
  if (elementsOf(shape.filter((size) => size > 0)) > emptySizesMax && shape.includes(0))
    throw refused(
      `The input "${name}" has no elements; its other sizes may make ${emptySizesMax} at most.`,
      name,
    );
  if (isDatatype(datatype)) return { name, datatype, shape };
  const known = Object.keys(datatypes).join(', ');
  throw refused(`The input "${name}" has the datatype "${datatype}"; there are ${known}.`, name);
}

function binarySize({ name, parameters: given, data }: InputBody): number | undefined {
  const size = given['binary_data_size'];
  if (size === undefined) return undefined;
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 0)
    throw refused(`"binary_data_size" of the input "${name}" must be a number of bytes.`, name);
  if (data !== undefined) throw refused(`The input "${name}" has both "data" and "binary_data_size".`, name);
  return size;
}

function readInputs(body: RequestBody, binary: Buffer): Tensors {
  const inputs = new Map<string, Tensor>();
  let at = 0;
  for (const input of body.inputs) {
    refuseUnable(input.parameters);
    const described = describedOf(input);
    if (inputs.has(input.name)) throw refused(`The input "${input.name}" is there twice.`, input.name);
    const size = binarySize(input);
    if (size !== undefined) {
      if (at + size > binary.length)
        throw refused(`The body ends inside the binary data of the input "${input.name}".`, input.name);
      inputs.set(input.name, fromBinary(described, binary.subarray(at, at + size)));
      at += size;
    } else {
      if (!Array.isArray(input.data)) throw refused(`The input "${input.name}" has no "data".`, input.name);
      inputs.set(input.name, fromJson(described, input.data));
    }
  }
  if (at !== binary.length)
    throw refused(`The body has ${binary.length - at} bytes more than its inputs announce.`);
  return inputs;
}

/** Reads a request, JSON alone or JSON with binary tensors behind it; throws `invalid_request` and what is wrong. */
export function readInferRequest(headers: IncomingHttpHeaders, bytes: Buffer): InferRequest {
  const { json, binary } = splitBody(headers, bytes);
  const parsed = fit(requestSchema, json);
  if (!parsed.ok) throw new ProblemError(parsed.problem);
  const { value: body } = parsed;
  refuseUnable(body.parameters);
  const binaryDefault = body.parameters['binary_data_output'] === true;
  const outputs = body.outputs.map(({ name, parameters: given }) => {
    refuseUnable(given);
    return {
      name,
      binary: given['binary_data'] === undefined ? binaryDefault : given['binary_data'] === true,
    };
  });
  return { id: body.id, inputs: readInputs(body, binary), outputs, binary: binaryDefault };
}
