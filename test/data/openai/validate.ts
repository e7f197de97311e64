import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export type OpenAISchema =
  | 'CreateChatCompletionRequest'
  | 'CreateChatCompletionResponse'
  | 'CreateChatCompletionStreamResponse'
  | 'CreateCompletionRequest'
  | 'CreateCompletionResponse'
  | 'CreateEmbeddingRequest'
  | 'CreateEmbeddingResponse'
  | 'ListModelsResponse'
  | 'Model'
  | 'ErrorResponse';

/** Formats and discriminators say nothing about the shape, so they are let through. */
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema(JSON.parse(readFileSync(new URL('schemas.json', import.meta.url), 'utf8')), 'openai');

const compiled = new Map<OpenAISchema, ValidateFunction>();

function validator(name: OpenAISchema): ValidateFunction {
  const known = compiled.get(name);
  if (known) return known;
  const fresh = ajv.compile({ $ref: `openai#/components/schemas/${name}` });
  compiled.set(name, fresh);
  return fresh;
}

/** Holds a value against OpenAI's own schema: a sentence for each fault, none when it fits. */
export function validateOpenAI(name: OpenAISchema, value: unknown): readonly string[] {
  const check = validator(name);
  if (check(value)) return [];
  return (check.errors ?? []).map(
    (fault) => `${fault.instancePath || '/'} ${fault.message ?? fault.keyword}`,
  );
}
