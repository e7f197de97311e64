import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { apiVersion, resourceSchemas, type ServiceCurveRecord } from '#schema';
import { runLoad, type LoadReport } from '../gateway/load.ts';
import { startPlatform, type Platform } from '../harness/platform.ts';
import { cores } from '../harness/process.ts';
import { driveDirectly, timeDirectly, type DirectCall, type Timed } from './direct.ts';
import type { ServedModel } from './models.ts';

/** How a model is deployed: each request by itself, in batches, or in batches that have an objective. */
export interface Manner {
  readonly suffix: string;
  readonly batching?: { readonly maxSize: number };
  readonly objectiveMs?: number;
}

interface LoadPlan {
  readonly clients: number;
  readonly seconds: number;
  /** Requests per second that come by chance; absent: each client asks again when it has its answer. */
  readonly rate?: number;
  readonly withinMs?: number;
}

/** The platform and its load generator on one core, the engine on the other. */
export interface Stage {
  deploy(model: ServedModel, manners: readonly Manner[]): Promise<void>;
  load(model: ServedModel, manner: Manner, plan: LoadPlan): Promise<LoadReport>;
  /** What dispatch has learned of the model's speed. */
  curve(model: ServedModel, manner: Manner): Promise<ServiceCurveRecord>;
  /** The engine by itself, asked for batches of all sizes while nothing else asks it. */
  timeEngine(model: ServedModel, manner: Manner): Promise<Timed>;
  /** Requests per second that it answers by itself in batches of this size, one after the other. */
  driveEngine(model: ServedModel, manner: Manner, size: number): Promise<number>;
  stop(): Promise<void>;
}

/** So large that the objective decides, not the limit. */
export const sizeMax = 256;

const nameOf = (model: ServedModel, { suffix }: Manner): string => `${model.name}-${suffix}`;

/** Each manner has a version of its own of the same file, so that none learns from what another measured. */
function resourcesFor(model: ServedModel, manner: Manner): readonly unknown[] {
  const { source } = model;
  const name = nameOf(model, manner);
  const version = '1';
  return [
    { apiVersion, kind: 'Model', metadata: { name }, spec: { task: 'embedding' } },
    {
      apiVersion,
      kind: 'ModelVersion',
      metadata: { name: `${name}.${version}` },
      spec: { model: name, version, source },
    },
    {
      apiVersion,
      kind: 'Deployment',
      metadata: { name },
      spec: {
        model: name,
        version,
        engine: { name: 'onnx', options: { batchSizeMax: sizeMax } },
        limits: { queueDepthMax: 4096, objectiveMs: manner.objectiveMs },
        batching: manner.batching,
      },
    },
  ];
}

/** What is under way at the end is waited for: callers who leave would be taken as impatient, and rightly so. */
const patienceMs = 1000;

/** All threads of a process to one core. */
function pin(pid: number, core: number): void {
  const { status, stderr } = spawnSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`taskset: ${stderr}`);
}

/** A curve that rests on fewer measurements is not yet one. */
const samplesMin = 64;

/** It is written down at most every half minute. */
async function curveOf(platform: Platform, name: string): Promise<ServiceCurveRecord> {
  for (let tries = 0; tries < 300; tries += 1) {
    const version = resourceSchemas.ModelVersion.parse(
      await platform.read(`/api/v1/modelversions/${name}.1`),
    );
    const [curve] = version.status?.serviceCurves ?? [];
    if (curve !== undefined && curve.samples >= samplesMin) return curve;
    await delay(200);
  }
  throw new Error(`nothing was learned of ${name} in a minute`);
}

const driveSeconds = 0.7;

async function callTo(platform: Platform, model: ServedModel, manner: Manner): Promise<DirectCall> {
  const name = nameOf(model, manner);
  const { status } = await platform.ready(name);
  return {
    endpoint: z.string().parse(status?.endpoint),
    path: model.pathOf(name),
    headers: model.headers,
    body: readFileSync(model.bodyOf(name)),
  };
}

export async function startStage(): Promise<Stage> {
  const platform = await startPlatform(cores.load);
  const authorization = `Authorization: Bearer ${platform.key}`;
  return {
    async deploy(model, manners) {
      await platform.apply(manners.flatMap((manner) => resourcesFor(model, manner)));
      for (const manner of manners) {
        const { status } = await platform.ready(nameOf(model, manner));
        pin(z.number().parse(status?.identity?.['pid']), cores.gateway);
      }
    },
    load(model, manner, { clients, seconds, rate = 0, withinMs = patienceMs }) {
      const deployment = nameOf(model, manner);
      return runLoad({
        port: platform.port,
        headers: [authorization, ...model.headers],
        connections: clients,
        seconds,
        rate,
        poisson: rate > 0,
        bodyPath: model.bodyOf(deployment),
        path: model.pathOf(deployment),
        withinMs,
      });
    },
    timeEngine: async (model, manner) => timeDirectly(await callTo(platform, model, manner)),
    driveEngine: async (model, manner, size) =>
      driveDirectly(await callTo(platform, model, manner), size, driveSeconds),
    curve: (model, manner) => curveOf(platform, nameOf(model, manner)),
    stop: () => platform.stop(),
  };
}
