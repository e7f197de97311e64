import type { z } from 'zod';
import {
  chatCompletionRequest,
  completionRequest,
  countTokensRequest,
  embeddingRequest,
  feedbackRequest,
  inferenceRequest,
  inferenceResponse,
  tensorRequest,
  tensorResponse,
  kindNames,
  kinds,
  messagesRequest,
  messagesResponse,
  problems,
  resourceSchemas,
  type ResourceKind,
} from '../../src/schema/index.ts';
import { durableAnswers, durablePaths, durableRequests } from './openapi-tasks.ts';
import { jsonSchemaOf, type JsonSchema } from './json-schema.ts';

type Json = Readonly<Record<string, unknown>>;

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Json): Json => ({ 'application/json': { schema } });
const text: Json = { type: 'string' };
const count: Json = { type: 'integer', minimum: 0 };

function object(properties: Readonly<Record<string, Json>>, required: readonly string[] = []): Json {
  return { type: 'object', properties, ...(required.length > 0 && { required }) };
}

function list(items: Json): Json {
  return { type: 'array', items };
}

const refusal: Json = {
  default: { description: 'A refusal; see the problem table.', content: json(ref('Problem')) },
};

function answers(description: string, schema: Json, status = '200'): Json {
  return { [status]: { description, content: json(schema) }, ...refusal };
}

function streamed(description: string, schema: Json): Json {
  const content = { ...json(schema), 'text/event-stream': { schema: text } };
  return { 200: { description, content }, ...refusal };
}

function body(schema: Json): Json {
  return { required: true, content: json(schema) };
}

function inPath(name: string, description: string): Json {
  return { name, in: 'path', required: true, description, schema: text };
}

function inQuery(name: string, description: string, schema: Json = text): Json {
  return { name, in: 'query', description, schema };
}

const reason = inQuery('reason', 'Why, for the audit log; also as header `x-reason`.');
const dryRun = inQuery('dryRun', 'Check and answer, but change nothing.', { type: 'boolean' });
const ifMatch: Json = {
  name: 'If-Match',
  in: 'header',
  description: 'Refuse unless the resource stands at this version.',
  schema: text,
};

function withoutStatus(schema: JsonSchema): JsonSchema {
  const { status: _status, ...properties } = schema.properties ?? {};
  return { ...schema, properties };
}

function kindSchemas(kind: ResourceKind): Readonly<Record<string, unknown>> {
  return {
    [kind]: jsonSchemaOf(resourceSchemas[kind], 'output'),
    [`${kind}List`]: object({ metadata: object({ resourceVersion: text }), items: list(ref(kind)) }, [
      'items',
    ]),
    ...(kinds[kind].writer === 'user' && {
      [`${kind}Input`]: withoutStatus(jsonSchemaOf(resourceSchemas[kind], 'input')),
    }),
  };
}

function changing(kind: ResourceKind): Json {
  const tags = ['resources'];
  const secret = kind === 'Key' ? ' The answer that makes a key carries its `secret`, once.' : '';
  const changed = {
    ...answers(`The ${kind} as it is now.${secret}`, ref(kind)),
    201: { description: `The ${kind} was created.${secret}`, content: json(ref(kind)) },
  };
  return {
    put: {
      operationId: `put${kind}`,
      tags,
      summary: `Create or replace a ${kind}.`,
      parameters: [reason, dryRun, ifMatch],
      requestBody: body(ref(`${kind}Input`)),
      responses: changed,
    },
    patch: {
      operationId: `patch${kind}`,
      tags,
      summary: `Change fields of a ${kind}: a JSON merge patch (RFC 7396).`,
      parameters: [reason, dryRun, ifMatch],
      requestBody: body({ type: 'object' }),
      responses: changed,
    },
    delete: {
      operationId: `delete${kind}`,
      tags,
      summary: `Delete a ${kind}.`,
      parameters: [reason, dryRun, ifMatch],
      responses: answers(`The ${kind} as it last was.`, ref(kind)),
    },
  };
}

function kindPaths(kind: ResourceKind): Readonly<Record<string, Json>> {
  const { plural, writer, summary } = kinds[kind];
  const tags = ['resources'];
  return {
    [`/api/v1/${plural}`]: {
      get: {
        operationId: `list${kind}`,
        tags,
        summary: `List or watch. ${summary}`,
        parameters: [
          inQuery('labelSelector', 'Only those with these labels: `a=b,c=d`.'),
          inQuery('watch', '`1`: server-sent events `put`, `deleted` and `synced`, for as long as you like.'),
          inQuery('resourceVersion', 'With `watch`: go on from here instead of being told the state first.'),
        ],
        responses: streamed('The list, or the stream of changes.', ref(`${kind}List`)),
      },
    },
    [`/api/v1/${plural}/{name}`]: {
      parameters: [inPath('name', `Name of the ${kind}.`)],
      get: { operationId: `get${kind}`, tags, summary: `One ${kind}.`, responses: answers('It.', ref(kind)) },
      ...(writer === 'user' ? changing(kind) : {}),
    },
  };
}

const upload = object(
  {
    id: text,
    sizeBytes: count,
    digest: text,
    offset: count,
    received: list(object({ from: count, to: count })),
    committed: ref('PushedFile'),
  },
  ['sizeBytes'],
);
const pushedFile = object({ digest: text, sizeBytes: count, format: text, facts: { type: 'object' } });
const uploadId = inPath('id', 'As answered when the upload was opened.');

const uploadPaths: Json = {
  '/api/v1/uploads': {
    post: {
      operationId: 'openUpload',
      tags: ['uploads'],
      summary: 'Open an upload, or the one already open for the same digest and size.',
      requestBody: body(object({ name: text, sizeBytes: count, digest: text }, ['name', 'sizeBytes'])),
      responses: {
        ...answers('The file is here already: `committed` says what it is.', ref('Upload')),
        201: { description: 'Open: send what is missing.', content: json(ref('Upload')) },
      },
    },
  },
  '/api/v1/uploads/{id}': {
    parameters: [uploadId],
    get: {
      operationId: 'getUpload',
      tags: ['uploads'],
      summary: 'What has come so far.',
      responses: answers('Its state.', ref('Upload')),
    },
    patch: {
      operationId: 'writeUpload',
      tags: ['uploads'],
      summary: 'Send bytes that belong at an offset.',
      parameters: [{ name: 'upload-offset', in: 'header', required: true, schema: count }],
      requestBody: {
        required: true,
        content: { 'application/octet-stream': { schema: { type: 'string' } } },
      },
      responses: answers('Its state.', ref('Upload')),
    },
    delete: {
      operationId: 'abortUpload',
      tags: ['uploads'],
      summary: 'Give it up.',
      responses: { 204: { description: 'It is gone.' }, ...refusal },
    },
  },
  '/api/v1/uploads/{id}/commit': {
    parameters: [uploadId],
    post: {
      operationId: 'commitUpload',
      tags: ['uploads'],
      summary:
        'Check the digest and see what kind of model it is; a file that is none is refused and removed.',
      requestBody: body(object({ name: text }, ['name'])),
      responses: answers('What it is.', ref('PushedFile')),
    },
  },
};

const figure: Json = { type: 'number' };

const deploymentLoad = object({
  deployment: text,
  inFlight: figure,
  waiting: figure,
  ready: figure,
  wanted: figure,
  advised: figure,
  min: figure,
  max: figure,
  utilisation: figure,
  arrivedMs: figure,
  takenMs: figure,
});

const adminPaths: Json = {
  '/api/v1/apply': {
    post: {
      operationId: 'apply',
      tags: ['resources'],
      summary: 'Create or change many resources, all or nothing.',
      requestBody: body(
        object({ resources: list({ type: 'object' }), dryRun: { type: 'boolean' }, reason: text }, [
          'resources',
        ]),
      ),
      responses: answers(
        'What became of each; secrets of new keys are told this once.',
        object({
          results: list(
            object({ kind: text, name: text, action: { enum: ['created', 'configured', 'unchanged'] } }),
          ),
          secrets: { type: 'object', additionalProperties: text },
        }),
      ),
    },
  },
  '/api/v1/audit': {
    get: {
      operationId: 'audit',
      tags: ['insight'],
      summary: 'Who changed what, when and why; newest first.',
      parameters: [
        inQuery('kind', 'Only this kind.'),
        inQuery('name', 'Only resources of this name.'),
        inQuery('from', 'Not before; RFC 3339.'),
        inQuery('until', 'Not after; RFC 3339.'),
        inQuery('limit', 'At most so many; 100 when absent.', { type: 'integer', minimum: 1, maximum: 1000 }),
      ],
      responses: answers('The entries.', object({ entries: list({ type: 'object' }) })),
    },
  },
  '/api/v1/status': {
    get: {
      operationId: 'status',
      tags: ['insight'],
      summary: 'The platform in short.',
      responses: answers('It.', { type: 'object' }),
    },
  },
  '/api/v1/deployments/{name}/load': {
    get: {
      operationId: 'deploymentLoad',
      tags: ['insight'],
      summary: 'What a deployment has to do and how many replicas it should have, for other autoscalers.',
      parameters: [inPath('name', 'Name of the deployment.')],
      responses: answers('The figures.', deploymentLoad),
    },
  },
  '/api/v1/replicas/{name}/logs': {
    get: {
      operationId: 'replicaLogs',
      tags: ['insight'],
      summary: 'The last lines a replica wrote, oldest first.',
      parameters: [
        inPath('name', 'Name of the replica.'),
        inQuery('lines', 'At most so many; 200 when absent.', {
          type: 'integer',
          minimum: 1,
          maximum: 10_000,
        }),
      ],
      responses: answers('The lines.', object({ replica: text, lines: list(text) })),
    },
  },
  '/api/v1/openapi.json': {
    get: {
      operationId: 'openapi',
      tags: ['insight'],
      summary: 'This description.',
      responses: answers('It.', { type: 'object' }),
    },
  },
};

interface Ask {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** The name of its schema, or a schema. */
  readonly request: string | Json;
  readonly answer: Json;
}

function askPath({ path, operationId, summary, request, answer }: Ask): Json {
  const requestBody = body(typeof request === 'string' ? ref(request) : request);
  const responses = streamed('The answer, or the stream of it.', answer);
  return { [path]: { post: { operationId, tags: ['models'], summary, requestBody, responses } } };
}

const openaiAnswer: Json = { type: 'object', description: "As OpenAI's API answers." };

const modelPaths: Json = {
  ...askPath({
    path: '/v1/chat/completions',
    operationId: 'chat',
    summary: "Chat, on OpenAI's wire.",
    request: 'ChatCompletionRequest',
    answer: openaiAnswer,
  }),
  ...askPath({
    path: '/v1/completions',
    operationId: 'complete',
    summary: "Text completion, on OpenAI's wire.",
    request: 'CompletionRequest',
    answer: openaiAnswer,
  }),
  ...askPath({
    path: '/v1/embeddings',
    operationId: 'embed',
    summary: "Embeddings, on OpenAI's wire.",
    request: 'EmbeddingRequest',
    answer: openaiAnswer,
  }),
  ...askPath({
    path: '/v1/inference',
    operationId: 'infer',
    summary: 'The plain way to ask, in words or in tensors, whatever the model is for.',
    request: { oneOf: [ref('InferenceRequest'), ref('TensorRequest')] },
    answer: { oneOf: [ref('InferenceResponse'), ref('TensorResponse')] },
  }),
  ...askPath({
    path: '/v1/messages',
    operationId: 'message',
    summary: "Chat, on Anthropic's wire. Refusals have Anthropic's shape.",
    request: 'MessagesRequest',
    answer: ref('MessagesResponse'),
  }),
  ...askPath({
    path: '/v1/messages/count_tokens',
    operationId: 'countTokens',
    summary: 'How many tokens a prompt has: the engine reads it and says so.',
    request: 'CountTokensRequest',
    answer: object({ input_tokens: count }, ['input_tokens']),
  }),
  '/v1/feedback': {
    post: {
      operationId: 'giveFeedback',
      tags: ['models'],
      summary: 'What somebody thinks of an answer: kept with the version that gave it.',
      requestBody: body(ref('FeedbackRequest')),
      responses: answers('It is kept.', object({ request_id: text, model: text }, ['request_id', 'model'])),
    },
  },
  '/v1/models': {
    get: {
      operationId: 'listServedModels',
      tags: ['models'],
      summary: 'What can be asked.',
      responses: answers('The deployments.', object({ object: text, data: list({ type: 'object' }) })),
    },
  },
};

function probe(operationId: string, summary: string, type: string): Json {
  const content = { [type]: { schema: type === 'application/json' ? { type: 'object' } : text } };
  return {
    get: {
      operationId,
      tags: ['probes'],
      summary,
      security: [],
      responses: { 200: { description: summary, content } },
    },
  };
}

const requests: Readonly<Record<string, z.ZodType>> = {
  ChatCompletionRequest: chatCompletionRequest,
  CompletionRequest: completionRequest,
  EmbeddingRequest: embeddingRequest,
  FeedbackRequest: feedbackRequest,
  InferenceRequest: inferenceRequest,
  InferenceResponse: inferenceResponse,
  TensorRequest: tensorRequest,
  TensorResponse: tensorResponse,
  MessagesRequest: messagesRequest,
  MessagesResponse: messagesResponse,
  CountTokensRequest: countTokensRequest,
  ...durableRequests,
};

const problemSchema = object(
  {
    error: object(
      {
        message: text,
        type: text,
        code: { enum: Object.keys(problems) },
        param: { type: ['string', 'null'] },
        doc: text,
        retry_after_ms: count,
      },
      ['message', 'type', 'code'],
    ),
  },
  ['error'],
);

/** The OpenAPI 3.1 description of everything the gateway serves. */
function openapiDocument(version: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Millrace',
      version,
      description: 'A self-hosted model cloud: one API in front of your models.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }],
    tags: ['models', 'tasks', 'resources', 'uploads', 'insight', 'probes'].map((name) => ({ name })),
    paths: {
      ...modelPaths,
      ...durablePaths,
      ...adminPaths,
      ...uploadPaths,
      ...Object.assign({}, ...kindNames.map(kindPaths)),
      '/healthz': probe('healthz', 'Alive.', 'application/json'),
      '/readyz': probe('readyz', 'Can serve.', 'application/json'),
      '/metrics': probe('metrics', 'Prometheus text.', 'text/plain'),
    },
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Problem: problemSchema,
        Upload: upload,
        PushedFile: pushedFile,
        ...Object.fromEntries(
          Object.entries(requests).map(([name, schema]) => [
            name,
            jsonSchemaOf(schema, name.endsWith('Response') ? 'output' : 'input'),
          ]),
        ),
        ...Object.fromEntries(
          Object.entries(durableAnswers).map(([name, schema]) => [name, jsonSchemaOf(schema, 'output')]),
        ),
        ...Object.assign({}, ...kindNames.map(kindSchemas)),
      },
    },
  };
}

/** `src/gateway/admin/openapi.gen.ts`. */
export function openapiModule(version: string): string {
  const document = JSON.stringify(openapiDocument(version), undefined, 1);
  return `/** Generated from the schema by \`npm run generate\`; do not edit. */\nexport const openapi: unknown = ${document};\n`;
}
