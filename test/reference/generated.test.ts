import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { MillraceError, problems as sdkProblems } from '@millrace/sdk';
import { kindNames, kinds, problems } from '#schema';
import { openapi } from '../../src/gateway/admin/openapi.gen.ts';
import { startAdmin } from '../admin/harness.ts';

const page = await readFile(new URL('../../docs/reference/problems.md', import.meta.url), 'utf8');

interface Operation {
  readonly operationId?: string;
  readonly responses?: object;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>> & Operation>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const document: Document = JSON.parse(JSON.stringify(openapi));
const methods = ['get', 'put', 'post', 'patch', 'delete'];

/** Path, method and operation of everything that is described. */
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  methods.flatMap((method) => {
    const operation = item[method];
    return operation === undefined ? [] : [{ path, method, operation, item }];
  }),
);

describe('the problem table', () => {
  it('is the same in the reference page, both ways', () => {
    const sections = [...page.matchAll(/^## (\S+)$/gm)].map(([, code]) => code);
    expect(sections).toEqual(Object.keys(problems));
    for (const [code, { status, summary }] of Object.entries(problems)) {
      const section = page.slice(page.indexOf(`## ${code}\n`)).split('\n## ')[0];
      expect(section).toContain(summary);
      expect(section).toContain(`HTTP status ${status} `);
    }
  });

  it('is the same in the SDK, both ways, and its errors say so', () => {
    expect(sdkProblems).toEqual(problems);
    for (const [code, { status, blame, retry }] of Object.entries(problems))
      expect(new MillraceError({ code, status, message: '' })).toMatchObject({ blame, retry });
  });
});

describe('the OpenAPI description', () => {
  it('names every operation once and declares what its path needs', () => {
    expect(document.openapi).toBe('3.1.0');
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { path, item, operation } of operations) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = [...(item.parameters ?? []), ...(operation.parameters ?? [])]
        .filter((one) => one.in === 'path')
        .map((one) => one.name);
      expect([path, ...declared]).toEqual([path, ...wanted]);
      expect(Object.keys(operation.responses ?? {})).not.toEqual([]);
    }
  });

  it('has schemas that compile, and no reference that leads nowhere', () => {
    const text = JSON.stringify(document);
    const ajv = new Ajv2020({ strict: false, validateFormats: true });
    addFormats.default(ajv);
    ajv.addSchema(document, 'document');
    for (const name of Object.keys(document.components.schemas))
      expect(ajv.compile({ $ref: `document#/components/schemas/${name}` })).toBeTypeOf('function');
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
      expect(document.components.schemas).toHaveProperty(name ?? '');
  });

  it('describes a real answer, and refuses a wrong one', () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema(document, 'document');
    const check = ajv.compile({ $ref: 'document#/components/schemas/ModelInput' });
    expect(check({ kind: 'Model', metadata: { name: 'a' }, spec: {} })).toBe(true);
    expect(check({ kind: 'Model', metadata: { name: 'a' }, spec: { tsak: 1 } })).toBe(false);
  });

  it('describes no admin path that is not served, and every kind', async () => {
    const server = await startAdmin();
    const missing: string[] = [];
    for (const { path, method } of operations.filter((one) => one.path.startsWith('/api/v1/'))) {
      const address = path.replaceAll(/\{\w+\}/g, 'unknown');
      const answer = await fetch(`${server.url}${address}`, {
        method: method.toUpperCase(),
        headers: { authorization: 'Bearer admin' },
        ...(method === 'get' || method === 'delete' ? {} : { body: '{}' }),
      });
      const text = await answer.text();
      if (answer.status === 405 || text.includes('There is nothing under')) missing.push(`${method} ${path}`);
    }
    await server.close();
    expect(missing).toEqual([]);
    for (const kind of kindNames) expect(document.paths).toHaveProperty([`/api/v1/${kinds[kind].plural}`]);
  });
});
