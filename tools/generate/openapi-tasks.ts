import type { z } from 'zod';
import {
  batchPage,
  batchRequest,
  batchView,
  fileDeleted,
  filePage,
  fileView,
  taskRequest,
  taskRequests,
  taskStates,
  taskView,
} from '../../src/schema/index.ts';

type Json = Readonly<Record<string, unknown>>;

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const text: Json = { type: 'string' };
const refusal: Json = {
  default: {
    description: 'A refusal; see the problem table.',
    content: { 'application/json': { schema: ref('Problem') } },
  },
};

function answers(description: string, schema: Json, given: { status?: string; type?: string } = {}): Json {
  const { status = '200', type = 'application/json' } = given;
  return { [status]: { description, content: { [type]: { schema } } }, ...refusal };
}

function body(schema: Json, type = 'application/json'): Json {
  return { required: true, content: { [type]: { schema } } };
}

const inQuery = (name: string, description: string, schema = text): Json => ({
  name,
  in: 'query',
  description,
  schema,
});
const id: Json = { name: 'id', in: 'path', required: true, description: 'Its id.', schema: text };
const after = inQuery('after', 'The last id of the page before.');
const limit = inQuery('limit', 'At most so many.', { type: 'integer', minimum: 1 });
const ofTenant = inQuery('tenant', 'For administrators: whose.');

const tags = ['tasks'];

const taskPaths: Json = {
  '/v1/tasks': {
    post: {
      operationId: 'submitTask',
      tags,
      summary: 'Hand in a request that is run later, or up to 1000, all or none.',
      requestBody: body({ oneOf: [ref('TaskRequest'), ref('TaskRequests')] }),
      responses: answers('On disk: the task, or the list of them.', ref('Task'), { status: '202' }),
    },
    get: {
      operationId: 'listTasks',
      tags,
      summary: 'Tasks, newest first.',
      parameters: [
        inQuery('status', 'Only those in this state.', { enum: taskStates }),
        inQuery('model', 'Only those for this model.'),
        inQuery('from', 'Submitted at or after; RFC 3339.'),
        inQuery('until', 'Submitted before; RFC 3339.'),
        ofTenant,
        after,
        limit,
      ],
      responses: answers('A page.', {
        type: 'object',
        properties: {
          data: { type: 'array', items: ref('Task') },
          has_more: { type: 'boolean' },
          last_id: text,
        },
      }),
    },
  },
  '/v1/tasks/counts': {
    get: {
      operationId: 'countTasks',
      tags,
      summary: 'How many there are by model and state.',
      parameters: [ofTenant],
      responses: answers('The counts.', { type: 'object' }),
    },
  },
  '/v1/tasks/webhook-secret': {
    get: {
      operationId: 'webhookSecret',
      tags,
      summary: 'What deliveries to your webhooks are signed with.',
      responses: answers('It.', { type: 'object', properties: { secret: text } }),
    },
  },
  '/v1/tasks/{id}': {
    parameters: [id],
    get: { operationId: 'getTask', tags, summary: 'One task.', responses: answers('It.', ref('Task')) },
    delete: {
      operationId: 'cancelTask',
      tags,
      summary: 'Stop a task, and the engine that works on it.',
      responses: answers('As it is now.', ref('Task')),
    },
  },
  '/v1/tasks/{id}/replay': {
    parameters: [id],
    post: {
      operationId: 'replayTask',
      tags,
      summary: 'Begin a task anew that has ended without success.',
      responses: answers('As it is now.', ref('Task')),
    },
  },
  '/v1/tasks/{id}/events': {
    parameters: [id],
    get: {
      operationId: 'followTask',
      tags,
      summary: 'How it is, then every change until its end: events `status`, `progress` and `end`.',
      responses: answers('The stream.', text, { type: 'text/event-stream' }),
    },
  },
  '/v1/tasks/{id}/result': {
    parameters: [id],
    get: {
      operationId: 'taskResult',
      tags,
      summary: 'What the endpoint would have answered.',
      responses: answers('The answer, in the shape of its endpoint.', { type: 'object' }),
    },
  },
};

const filePaths: Json = {
  '/v1/files': {
    post: {
      operationId: 'createFile',
      tags,
      summary: 'Put a file down for batches.',
      requestBody: body(
        {
          type: 'object',
          required: ['file', 'purpose'],
          properties: {
            file: { type: 'string', contentMediaType: 'application/octet-stream' },
            purpose: { const: 'batch' },
            'expires_after[anchor]': { const: 'created_at' },
            'expires_after[seconds]': { type: 'integer', minimum: 1 },
          },
        },
        'multipart/form-data',
      ),
      responses: answers('It.', ref('File')),
    },
    get: {
      operationId: 'listFiles',
      tags,
      summary: 'Files, newest first.',
      parameters: [inQuery('purpose', 'Only those for this.'), ofTenant, after, limit],
      responses: answers('A page.', ref('FilePage')),
    },
  },
  '/v1/files/{id}': {
    parameters: [id],
    get: { operationId: 'getFile', tags, summary: 'One file.', responses: answers('It.', ref('File')) },
    delete: {
      operationId: 'deleteFile',
      tags,
      summary: 'Forget a file.',
      responses: answers('It is gone.', ref('FileDeleted')),
    },
  },
  '/v1/files/{id}/content': {
    parameters: [id],
    get: {
      operationId: 'fileContent',
      tags,
      summary: 'Its bytes.',
      responses: answers('They.', text, { type: 'application/octet-stream' }),
    },
  },
};

const batchPaths: Json = {
  '/v1/batches': {
    post: {
      operationId: 'createBatch',
      tags,
      summary: 'Have every line of a file answered.',
      requestBody: body(ref('BatchRequest')),
      responses: answers('It.', ref('Batch')),
    },
    get: {
      operationId: 'listBatches',
      tags,
      summary: 'Batches, newest first.',
      parameters: [ofTenant, after, limit],
      responses: answers('A page.', ref('BatchPage')),
    },
  },
  '/v1/batches/{id}': {
    parameters: [id],
    get: { operationId: 'getBatch', tags, summary: 'One batch.', responses: answers('It.', ref('Batch')) },
  },
  '/v1/batches/{id}/cancel': {
    parameters: [id],
    post: {
      operationId: 'cancelBatch',
      tags,
      summary: 'Stop a batch; what was answered is kept.',
      responses: answers('As it is now.', ref('Batch')),
    },
  },
};

/** Paths of durable work. */
export const durablePaths: Json = { ...taskPaths, ...filePaths, ...batchPaths };

/** What is sent there. */
export const durableRequests: Readonly<Record<string, z.ZodType>> = {
  TaskRequest: taskRequest,
  TaskRequests: taskRequests,
  BatchRequest: batchRequest,
};

/** What is answered there. */
export const durableAnswers: Readonly<Record<string, z.ZodType>> = {
  Task: taskView,
  File: fileView,
  FilePage: filePage,
  FileDeleted: fileDeleted,
  Batch: batchView,
  BatchPage: batchPage,
};
