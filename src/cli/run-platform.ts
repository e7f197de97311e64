import { createMillrace, type Millrace, type Replica } from '@millrace/sdk';
import { giveHeapRoom, loadConfig, localConnection, startPlatform, type Platform } from '#app';
import { ProblemError, type Config } from '#schema';
import { configFlags, type ConfigOptions } from './config-flags.ts';
import type { Context } from './context.ts';
import { ageText } from './format/units.ts';
import { greeting, keyFile, type Running } from './greeting.ts';
import { createProgress, type Progress } from './progress.ts';
import { follow } from './wait/follow.ts';

/** The platform through its own front door; undefined where somebody has taken the key away. */
function clientOf({ url, home }: Pick<Running, 'url' | 'home'>): Millrace | undefined {
  const { key } = localConnection(home);
  return key === undefined ? undefined : createMillrace({ baseUrl: url, apiKey: key });
}

async function look(url: string, adminKey: string | undefined, home: string): Promise<Running> {
  const served = await clientOf({ url, home })
    ?.models()
    .catch(() => []);
  const isKeyKept = localConnection(home).key !== undefined;
  return { home, url, adminKey, isKeyKept, models: served?.map((one) => one.id) ?? [] };
}

/** Tells when replicas come and go, with a bar while one loads. */
function createNews(context: Context, progress: Progress): (all: ReadonlyMap<string, Replica>) => void {
  const said = new Map<string, string>();
  const tell = ({ metadata, spec, status }: Replica): void => {
    const state = status?.state ?? 'starting';
    if (said.get(metadata.name) === state || state === 'starting' || state === 'loading') return;
    said.set(metadata.name, state);
    progress.end();
    const after = ageText(metadata.createdAt, context.terminal.nowMs());
    const how = state === 'ready' ? `ready after ${after}` : state;
    const why = status?.message === undefined ? '' : `: ${status.message}`;
    context.say(`${spec.deployment} (${metadata.name}) is ${how}${why}`);
  };
  return (all) => {
    for (const name of said.keys()) if (!all.has(name)) said.delete(name);
    for (const replica of all.values()) tell(replica);
    const loading = [...all.values()].find((one) => one.status?.state === 'loading');
    if (loading?.status === undefined) return;
    const { loadedFraction: fraction, remainingMs, message } = loading.status;
    const label = `Loading ${loading.spec.deployment}`;
    // What does not answer is not on its way: it has no time left.
    if (fraction === undefined && message !== undefined) progress.show({ label: `${label}: ${message}` });
    else progress.show({ label, fraction, remainingMs });
  };
}

/** What happens to replicas, for as long as the platform runs. Without a key nothing is told, and nothing is lost. */
async function tellNews(context: Context, running: Running, signal: AbortSignal): Promise<void> {
  const client = clientOf(running);
  if (client === undefined || context.options.json === true) return;
  const progress = createProgress(context);
  const changed = createNews(context, progress);
  try {
    await follow(client, 'Replica', { signal, isWanted: () => true, changed });
  } catch {
    // The platform is stopping, or the key was revoked: nothing that would have to be said.
  } finally {
    progress.end();
  }
}

/**
 * Resolves at the first SIGTERM, SIGINT or SIGHUP; another ends the process at once, but for SIGHUP: a terminal that
 * goes away may say so more than once.
 */
function askedToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    const hear = (signal: NodeJS.Signals): void => {
      if (asked && signal === 'SIGHUP') return;
      if (asked) process.exit(1);
      asked = true;
      resolve(signal);
    };
    process.on('SIGTERM', hear);
    process.on('SIGINT', hear);
    process.on('SIGHUP', hear);
  });
}

/** A process without a gateway has no address: its name is what others know of it. */
function tellPart(context: Context, { name }: Platform, { cluster }: Config): void {
  const { role } = cluster;
  context.result({ node: name, role }, `${name} takes part as ${role}.`);
}

/** Tells where it listens, and what happens to replicas until the signal fires. */
async function tellGateway(context: Context, running: Running, signal: AbortSignal): Promise<void> {
  const { home, url, adminKey, isKeyKept } = running;
  const adminKeyFile = isKeyKept ? keyFile(home) : undefined;
  context.result({ url, adminKeyFile, adminKey }, greeting(running));
  await tellNews(context, running, signal);
}

/** Starts this process's part of the platform, tells where it is, and stops it when asked to. */
export async function runPlatform(context: Context, options: ConfigOptions): Promise<void> {
  const stop = askedToStop();
  giveHeapRoom();
  context.terminal.outliveReaders();
  const loaded = loadConfig({ flags: configFlags(options, context.options), file: options.config });
  if (!loaded.ok) throw new ProblemError(loaded.problem);
  const { config, warnings } = loaded.value;
  for (const warning of warnings) context.say(warning);
  const started = await startPlatform(config);
  if (!started.ok) throw new ProblemError(started.problem);
  const platform = started.value;
  const { url, adminKey } = platform;
  const leaving = new AbortController();
  let news = Promise.resolve();
  if (url === undefined) tellPart(context, platform, config);
  else news = tellGateway(context, await look(url, adminKey, config.home), leaving.signal);
  const signal = await stop;
  leaving.abort();
  context.say(`Stopping (${signal}). Running requests may finish; a second signal ends at once.`);
  await platform.stop();
  await news;
}
