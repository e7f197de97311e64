import { problem, ProblemError, type Problem } from '#schema';
import type { RawDialect, RawWireRequest } from '../../wire/index.ts';
import { admit } from './admit.ts';
import type { Counters } from './counters.ts';
import { writeInferAnswer } from './infer-answer.ts';
import { readInferRequest } from './infer-request.ts';
import type { Running } from './running.ts';
import type { Ran } from './session.ts';
import { checkInputs, checkOutput, type Port } from './signature.ts';
import type { TensorWork } from './work.ts';

export interface ServedModel {
  /** The model, or a thrown refusal while there is none. */
  readonly running: () => Running;
  readonly counters: Counters;
  readonly version: string;
}

export const runMsHeader = 'x-millrace-run-ms';

interface ModelPath {
  readonly name: string;
  readonly version: string | undefined;
  readonly what: 'metadata' | 'ready' | 'infer';
}

const modelPath = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(ready|infer))?$/;

function readPath(path: string): ModelPath | undefined {
  const found = modelPath.exec(path);
  if (found === null) return undefined;
  const [, name = '', version, what] = found;
  return {
    name: decodeURIComponent(name),
    version: version === undefined ? undefined : decodeURIComponent(version),
    what: what === 'ready' || what === 'infer' ? what : 'metadata',
  };
}

function described({ name, datatype, shape }: Port): object {
  return { name, datatype, shape: (shape ?? []).map((size) => (typeof size === 'number' ? size : -1)) };
}

function metadata({ running, version }: ServedModel, name: string): object {
  const { signature } = running();
  return {
    name,
    versions: [version],
    platform: 'onnx_onnxv1',
    inputs: signature.inputs.map(described),
    outputs: signature.outputs.map(described),
  };
}

interface Inference {
  readonly request: RawWireRequest;
  readonly path: ModelPath;
}

type Reply = Parameters<RawDialect['answer']>[1];

async function infer(served: ServedModel, { request, path }: Inference, reply: Reply): Promise<void> {
  const { counters, version } = served;
  const { gather, signature } = served.running();
  // Read inside: a request that is refused must not keep its batch waiting.
  let asked: ReturnType<typeof readInferRequest> | undefined;
  const ran = await admit<Ran>({
    gather,
    counters,
    call: request,
    work(hearing): TensorWork {
      asked = readInferRequest(request.headers, request.body);
      checkInputs(signature, asked.inputs);
      for (const output of asked.outputs) checkOutput(signature, output.name);
      const wanted = asked.outputs.length > 0 ? asked.outputs : signature.outputs;
      return {
        ...hearing,
        kind: 'tensors',
        feeds: asked.inputs,
        outputs: wanted.map((output) => output.name),
      };
    },
  });
  if (asked === undefined) return;
  const { headers, parts } = writeInferAnswer(asked, {
    modelName: path.name,
    modelVersion: version,
    outputs: ran.outputs,
  });
  reply.bytes({ status: 200, headers: { ...headers, [runMsHeader]: ran.runMs.toFixed(3) }, parts });
}

function checkAsked({ version }: ServedModel, path: ModelPath, request: RawWireRequest): void {
  const wanted = path.what === 'infer' ? 'POST' : 'GET';
  if (request.method !== wanted)
    throw new ProblemError(problem('method_not_allowed', `${request.path} takes ${wanted}.`));
  if (path.version !== undefined && path.version !== version)
    throw new ProblemError(
      problem('not_found', `"${path.name}" is here in version ${version}, not ${path.version}.`),
    );
}

async function answerModel(served: ServedModel, { request, path }: Inference, reply: Reply): Promise<void> {
  checkAsked(served, path, request);
  if (path.what === 'infer') await infer(served, { request, path }, reply);
  else if (path.what === 'metadata') reply.json(200, metadata(served, path.name));
  else {
    served.running();
    reply.json(200, { name: path.name, ready: true });
  }
}

function answerServer(served: ServedModel, path: string, reply: Reply): void {
  if (path === '/v2/health/live') reply.json(200, { live: true });
  else if (path === '/v2/health/ready') {
    served.running();
    reply.json(200, { ready: true });
  } else if (path === '/v2' || path === '/v2/')
    reply.json(200, { name: 'millrace-onnx', version: '2', extensions: ['binary_tensor_data'] });
  else throw new ProblemError(problem('not_found', `There is nothing at ${path}.`));
}

/** The Open Inference Protocol, version 2. The worker has one model and answers to any name. */
export function createOip(served: ServedModel): RawDialect {
  return {
    accepts: (path) => path === '/v2' || path.startsWith('/v2/'),
    describe: ({ message }: Problem) => ({ error: message }),
    answer(request, reply) {
      const path = readPath(request.path);
      if (path !== undefined) return answerModel(served, { request, path }, reply);
      answerServer(served, request.path, reply);
      return undefined;
    },
  };
}
