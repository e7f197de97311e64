import type { Result } from '#contracts';
import {
  didYouMean,
  explain,
  kindNamed,
  kindNames,
  problem,
  resourceSchemas,
  type Resource,
  type ResourceKind,
} from '#schema';
import { isRecord, type JsonObject } from './json.ts';

function refusal(
  message: string,
  param: string,
): { readonly ok: false; readonly problem: ReturnType<typeof problem> } {
  return { ok: false, problem: problem('invalid_resource', message, { param }) };
}

/** The kind that a resource claims, or a hint at the one that was probably meant. */
export function parseKind(word: unknown, param: string): Result<ResourceKind> {
  if (typeof word !== 'string')
    return refusal(`"${param}" is missing: say what kind of resource this is.`, param);
  const kind = kindNames.find((name) => name === word);
  if (kind !== undefined) return { ok: true, value: kind };
  const near = kindNamed(word);
  const hint = near === undefined ? didYouMean(word, kindNames) : ` Did you mean "${near}"?`;
  return refusal(`There is no kind "${word}".${hint}`, param);
}

/**
 * A resource as someone sent it, checked against its schema. `status` in it is ignored: it may hold anything,
 * since people send back what they were shown.
 */
export function parseResource(kind: ResourceKind, input: JsonObject): Result<Resource> {
  const { status: _ignored, ...wanted } = input;
  return parseStored(kind, wanted);
}

/** Like `parseResource`, with the status that the platform keeps. */
export function parseStored(kind: ResourceKind, input: JsonObject): Result<Resource> {
  const schema = resourceSchemas[kind];
  const parsed = schema.safeParse(input);
  if (parsed.success) return { ok: true, value: parsed.data };
  const { param, message } = explain(schema, parsed.error, input);
  return refusal(message, param);
}

/** Fills what the address already says, and refuses what contradicts it. */
export function addressed(input: unknown, kind: ResourceKind, name: string): Result<JsonObject> {
  if (!isRecord(input)) return refusal('The body must be a resource: a JSON object.', '');
  const metadata = input['metadata'] ?? {};
  if (!isRecord(metadata)) return refusal('"metadata" must be an object.', 'metadata');
  if ((input['kind'] ?? kind) !== kind)
    return refusal(`The address says ${kind}, the body says ${JSON.stringify(input['kind'])}.`, 'kind');
  if ((metadata['name'] ?? name) !== name)
    return refusal(
      `The address says "${name}", the body says ${JSON.stringify(metadata['name'])}. A name cannot be changed.`,
      'metadata.name',
    );
  return { ok: true, value: { ...input, kind, metadata: { ...metadata, name } } };
}
