import type { z } from 'zod';
import {
  batchRequest,
  batchView,
  chatCompletionRequest,
  feedbackRequest,
  fileView,
  inferenceRequest,
  inferenceResponse,
  tensorRequest,
  tensorResponse,
  kindNames,
  kinds,
  problems,
  resourceSchemas,
  taskRequest,
  taskView,
  type ResourceKind,
} from '../../src/schema/index.ts';
import { jsonSchemaOf, type JsonSchema } from './json-schema.ts';
import { typeOf } from './typescript.ts';

/** What people send has no status: the platform writes it. */
function withoutStatus(schema: JsonSchema): JsonSchema {
  const { status: _status, ...properties } = schema.properties ?? {};
  return { ...schema, properties };
}

function kindTypes(kind: ResourceKind): string {
  const { summary, writer } = kinds[kind];
  const read = typeOf(jsonSchemaOf(resourceSchemas[kind], 'output'));
  const sent = typeOf(withoutStatus(jsonSchemaOf(resourceSchemas[kind], 'input')));
  const input =
    writer === 'user'
      ? `\n/** ${kind} as you send it: what has a default may be left out. */\nexport interface ${kind}Input ${sent}\n`
      : '';
  return `/** ${summary} */\nexport interface ${kind} ${read}\n${input}`;
}

function typed(heading: string, schema: z.ZodType, io: 'input' | 'output'): string {
  return `${heading} ${typeOf(jsonSchemaOf(schema, io))}\n`;
}

/** An interface with one line for each kind. */
function byKind(heading: string, of: readonly ResourceKind[], suffix: string): string {
  const lines = of.map((kind) => `  readonly ${kind}: ${kind}${suffix};\n`);
  return `${heading} {\n${lines.join('')}}\n`;
}

/** `sdk/src/types.gen.ts`: the resource kinds and the problem table, for a client that imports nothing of ours. */
export function sdkTypes(): string {
  const written = kindNames.filter((kind) => kinds[kind].writer === 'user');
  const plurals = kindNames.map((kind) => `  ${kind}: '${kinds[kind].plural}',\n`).join('');
  const table = Object.entries(problems)
    .map(([code, row]) => `  ${code}: ${JSON.stringify(row)},\n`)
    .join('');
  return [
    '/** Generated from the schema by `npm run generate`; do not edit. */\n',
    ...kindNames.map(kindTypes),
    byKind('/** Every kind as you get it. */\nexport interface Resources', kindNames, ''),
    byKind(
      '/** Every kind you may write, as you send it. */\nexport interface ResourceInputs',
      written,
      'Input',
    ),
    typed("/** OpenAI's chat request. */\nexport interface ChatRequest", chatCompletionRequest, 'input'),
    typed(
      '/** What somebody thinks of an answer. */\nexport interface FeedbackRequest',
      feedbackRequest,
      'input',
    ),
    typed('/** The plain way to ask. */\nexport interface InferenceRequest', inferenceRequest, 'input'),
    typed('/** The answer to it. */\nexport interface InferenceAnswer', inferenceResponse, 'output'),
    typed('/** Asking with tensors. */\nexport interface TensorRequest', tensorRequest, 'input'),
    typed('/** The answer to it. */\nexport interface TensorAnswer', tensorResponse, 'output'),
    typed('/** A request that is to be run later. */\nexport interface TaskRequest', taskRequest, 'input'),
    typed('/** A durable task. */\nexport interface TaskView', taskView, 'output'),
    typed(
      '/** A file that is kept for batches, or that one wrote. */\nexport interface FileView',
      fileView,
      'output',
    ),
    typed('/** Every line of a file as a request. */\nexport interface BatchRequest', batchRequest, 'input'),
    typed('/** A batch. */\nexport interface BatchView', batchView, 'output'),
    `/** Kinds and the plural that stands for them in addresses. */\nexport const kinds = {\n${plurals}} as const;\n`,
    `/** Every refusal the platform knows: HTTP status, who can mend it, whether trying again can help. */\nexport const problems = {\n${table}} as const;\n`,
  ].join('\n');
}
