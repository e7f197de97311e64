import type { TaskRequest } from '#schema';
import { membersOf, objectOf, objectsIn } from '../http/members.ts';

/** A request for a task: read, and in the bytes it was sent in. */
export interface Sent {
  readonly request: TaskRequest;
  /** Undefined where they could not be followed: then it is written anew. */
  readonly bytes: Buffer | undefined;
}

/** The places of `{"tasks": […]}` in the bytes they were sent in; undefined where these cannot be followed. */
export function placesIn(list: Buffer): readonly Buffer[] | undefined {
  const tasks = membersOf(list)?.get('tasks');
  return tasks && objectsIn(tasks);
}

/** The body with the name of its model; the Open Inference Protocol names it in its path alone. */
function named({ endpoint, model }: TaskRequest) {
  return endpoint === '/v2/models/infer' ? {} : { model };
}

/** The same request gives the same text, however it was written. */
export function plainText(request: TaskRequest): string {
  return JSON.stringify({ ...request.body, ...named(request) });
}

/**
 * The body as it would have been sent to the endpoint itself. Its bytes stay what they were: written anew, a number
 * with more digits than JavaScript holds would be another one.
 */
export function bodyAsSent({ request, bytes }: Sent): Buffer {
  const body = bytes && membersOf(bytes)?.get('body');
  const members = body && membersOf(body);
  if (members === undefined) return Buffer.from(plainText(request));
  const others = [...members].filter(([name]) => name !== 'model');
  const model = Object.entries(named(request)).map(([name, value]) => [name, JSON.stringify(value)] as const);
  return objectOf([...model, ...others]);
}
