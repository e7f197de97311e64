import { endpointPaths, problem, ProblemError, type EndpointPath, type Task } from '#schema';
import type { Ask } from '#dispatch';
import { scan, type Scanned } from '../openai/scan.ts';

function endpointOf({ endpoint }: Task): EndpointPath {
  const found = endpointPaths.find((path) => path === endpoint);
  if (found) return found;
  throw new ProblemError(problem('unsupported_endpoint', `${endpoint} cannot be run as a task.`));
}

/** A body of tensors, or one the scan cannot follow: the engine says what is wrong with it. */
const unread: Scanned = {
  model: undefined,
  stream: false,
  maxTokens: undefined,
  answers: 1,
  user: undefined,
  modelFrom: -1,
  modelTo: -1,
  promptFrom: -1,
  promptTo: -1,
};

const tensors: EndpointPath = '/v2/models/infer';

function headersOf({ id, jsonBytes, traceparent }: Task): string[] {
  const trace = traceparent === undefined ? [] : ['traceparent', traceparent];
  const plain = [...trace, 'x-request-id', id, 'content-type'];
  return jsonBytes === undefined
    ? [...plain, 'application/json']
    : [...plain, 'application/octet-stream', 'inference-header-content-length', jsonBytes];
}

/** A task as the request it is: what dispatch wants to know is read from its bytes, as for any other. */
export function toAsk(task: Task, input: Uint8Array): Ask {
  const body = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const endpoint = endpointOf(task);
  const read = endpoint === tensors ? unread : (scan(body) ?? unread);
  const { user, modelFrom, modelTo, promptFrom, promptTo, stream, maxTokens, answers } = read;
  return {
    requestId: task.id,
    tenant: task.tenant,
    key: task.key,
    priority: task.priority,
    session: task.session ?? user,
    user,
    model: task.model,
    endpoint,
    body,
    modelFrom,
    modelTo,
    promptFrom,
    promptTo,
    stream,
    maxTokens,
    answers,
    headers: headersOf(task),
    deadlineMs: undefined,
  };
}
