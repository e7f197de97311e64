import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, describe, expect, it } from 'vitest';
import { noKafka, startKafka } from '../conformance/kafka-server.ts';
import {
  call,
  eventually,
  makeHome,
  readyReplica,
  removeHome,
  startPlatform,
  type Json,
} from './platform.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

const chat = (text: string) =>
  JSON.stringify({ model: 'quick', body: { messages: [{ role: 'user', content: text }] } });

interface Heard {
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Everything that was ever written to a topic, as a client sees it. */
async function listen(kafka: Kafka, topic: string): Promise<readonly Heard[]> {
  const heard: Heard[] = [];
  const consumer = kafka.consumer({
    groupId: `test-${randomBytes(4).toString('hex')}`,
    maxWaitTimeInMs: 100,
  });
  ends.push(() => consumer.disconnect());
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const headers = Object.entries(message.headers ?? {}).map(
        ([name, value]) => [name, String(value)] as const,
      );
      heard.push({
        key: String(message.key),
        value: String(message.value),
        headers: Object.fromEntries(headers),
      });
      return Promise.resolve();
    },
  });
  return heard;
}

describe('kafka', () => {
  it(
    'messages become tasks, each once, and tell their ends, though platform and broker die in between',
    { timeout: 240_000 },
    async (context) => {
      if (noKafka !== undefined) context.skip(noKafka);
      const run = randomBytes(4).toString('hex');
      const topics = {
        in: `prompts-${run}`,
        out: `answers-${run}`,
        dead: `prompts-${run}.dead-letters`,
        events: `events-${run}`,
      };
      const server = await startKafka(Object.values(topics));
      ends.push(() => server.stop());
      const home = makeHome();
      ends.push(() => removeHome(home));
      const file = `${home}.yaml`;
      ends.push(() => rmSync(file, { force: true }));
      const stream = { topic: topics.in, results: topics.out };
      const { events } = topics;
      writeFileSync(
        file,
        JSON.stringify({ kafka: { brokers: [server.address], events, streams: [stream] } }),
      );
      const args = ['--config', file, '--set', 'tasks.leaseMs=2000'];
      const platform = await startPlatform({ home, args });
      ends.push(() => platform.kill());
      const resources = [
        { kind: 'Model', metadata: { name: 'quick' }, spec: {} },
        {
          kind: 'ModelVersion',
          metadata: { name: 'quick.1' },
          spec: { model: 'quick', version: '1', source: 'none' },
        },
        {
          kind: 'Deployment',
          metadata: { name: 'quick' },
          spec: {
            model: 'quick',
            version: '1',
            engine: { name: 'fake', options: { tokens: 4, tokenMs: 20 } },
          },
        },
      ];
      expect((await call(platform, 'POST /api/v1/apply', { resources })).status).toBe(200);
      await readyReplica(platform, 'quick');

      const kafka = new Kafka({ brokers: [server.address], logLevel: logLevel.NOTHING });
      const producer = kafka.producer();
      ends.push(() => producer.disconnect());
      await producer.connect();
      const good = Array.from({ length: 60 }, (_, at) => ({ key: `k${at}`, value: chat(`number ${at}`) }));
      const bad = [
        { key: 'b0', value: 'no JSON' },
        { key: 'b1', value: JSON.stringify({ model: 'nobody', body: {} }) },
        { key: 'b2', value: JSON.stringify({ body: {} }) },
      ];
      await producer.send({ topic: topics.in, acks: -1, messages: [...good.slice(0, 30), ...bad] });
      const tasks = async (on: typeof platform): Promise<Json[]> =>
        (await call(on, 'GET /v1/tasks?limit=1000')).body.data;
      await eventually(async () => (await tasks(platform)).length >= 5, 'the first tasks');
      await platform.kill();
      // The same message again, as from a producer that was not sure.
      const twice = { ...good[59], headers: { 'idempotency-key': 'only-once' } };
      const rest = [...good.slice(30, 59), twice, twice];
      await producer.send({
        topic: topics.in,
        acks: -1,
        messages: rest.map((message) => ({ ...message, value: message.value ?? null })),
      });
      await server.down();
      const again = await startPlatform({ home, args });
      ends.push(() => again.stop());
      await server.up();

      const results = await listen(kafka, topics.out);
      const dead = await listen(kafka, topics.dead);
      const told = () => new Set(results.map(({ headers }) => headers['millrace-source-key']));
      await eventually(async () => Promise.resolve(told().size >= 60), 'sixty results', 120_000);
      await eventually(async () => Promise.resolve(dead.length >= 3), 'the dead letters');
      const all = await tasks(again);
      expect(all.map((task) => task.status)).toEqual(Array.from({ length: 60 }, () => 'succeeded'));
      expect(told()).toEqual(new Set(good.map(({ key }) => key)));
      expect(new Set(results.map(({ key }) => key))).toEqual(new Set(all.map((task) => task.task_id)));

      // Everything is told as an event, whichever way it came in, and no answer with it.
      const asked = { model: 'quick', body: { messages: [{ role: 'user', content: 'x' }] } };
      const own = await call(again, 'POST /v1/tasks', asked);
      const late = await call(again, 'POST /v1/tasks', { ...asked, delay_s: 600 });
      await call(again, `DELETE /v1/tasks/${late.body.task_id}`);
      const heard = await listen(kafka, topics.events);
      const isTold = (id: string, type: string): boolean =>
        heard.some(({ key, value }) => key === id && JSON.parse(value).type === type);
      const ended = new Map<string, string>([
        ...all.map((task) => [task.task_id, 'task.succeeded'] as const),
        [own.body.task_id, 'task.succeeded'],
        [late.body.task_id, 'task.cancelled'],
      ]);
      await eventually(
        async () =>
          Promise.resolve([...ended].every(([id, type]) => isTold(id, 'task.queued') && isTold(id, type))),
        'all events',
      );
      const types = new Set(heard.map(({ value }) => JSON.parse(value).type));
      expect(types).toEqual(new Set(['task.queued', 'task.succeeded', 'task.cancelled']));
      expect(new Set(heard.map(({ key }) => key))).toEqual(new Set(ended.keys()));
      expect(heard.some(({ value }) => value.includes('"response"'))).toBe(false);

      const [first] = results;
      expect(JSON.parse(first?.value ?? '')).toMatchObject({
        type: 'task.succeeded',
        data: { task_id: first?.key, model: 'quick' },
        response: { status: 200, body: { object: 'chat.completion' } },
      });
      // At least once: some may be told twice.
      const reasons = new Map(dead.map(({ key, headers }) => [key, headers['millrace-reason']]));
      expect([...reasons].toSorted(([one], [other]) => one.localeCompare(other))).toEqual([
        ['b0', 'invalid_json'],
        ['b1', 'model_not_found'],
        ['b2', 'invalid_request'],
      ]);
    },
  );
});
