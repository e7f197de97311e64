import { problemOf, type KafkaStream, type NewTask, type Problem } from '#schema';
import type { BusMessage, Handled, MessageBus, OutgoingMessage } from '#contracts';
import type { TasksDeps } from '../tasks/deps.ts';
import { enqueue } from '../tasks/submit.ts';
import { createReading, isFinal, type Fate } from './reading.ts';

export interface IntakeDeps {
  readonly tasks: TasksDeps;
  readonly bus: Pick<MessageBus, 'produce'>;
  readonly stream: KafkaStream;
}

interface Dead {
  readonly message: BusMessage;
  readonly why: Problem;
}

function deadLetterOf({ deadLetters, topic }: KafkaStream, { message, why }: Dead): OutgoingMessage {
  return {
    topic: deadLetters ?? `${topic}.dead-letters`,
    key: message.key,
    value: message.value ?? '',
    headers: {
      ...message.headers,
      'millrace-reason': why.code,
      'millrace-message': why.message,
      'millrace-source-topic': message.topic,
      'millrace-source-partition': String(message.partition),
      'millrace-source-offset': message.offset,
    },
  };
}

/** Reads until one has to wait. */
async function readAll(
  readOne: (message: BusMessage) => Promise<Fate>,
  messages: readonly BusMessage[],
): Promise<readonly Fate[]> {
  const fates: Fate[] = [];
  for (const message of messages) {
    const fate = await readOne(message);
    fates.push(fate);
    if (fate.kind === 'later') break;
  }
  return fates;
}

/** Undefined once the tasks are on disk; what the queue has against them where that will never change. */
async function submit(tasks: TasksDeps, asked: readonly NewTask[]): Promise<Problem | undefined> {
  try {
    if (asked.length > 0) await enqueue(tasks, asked);
    return undefined;
  } catch (fault) {
    const why = problemOf(fault);
    if (isFinal(why)) return why;
    throw fault;
  }
}

export type Intake = (messages: readonly BusMessage[]) => Promise<Handled>;

/**
 * Messages become tasks: all that could be read are on disk, and what never can be a task is with its reason in the
 * topic for dead letters, before this resolves. What comes a second time is the same task.
 */
export function createIntake({ tasks, bus, stream }: IntakeDeps): Intake {
  const readOne = createReading({ tasks, stream });

  async function oneByOne(messages: readonly BusMessage[]): Promise<Handled> {
    for (const [at, message] of messages.entries()) {
      const { count, pauseMs } = await takeIn([message]);
      if (count === 0) return { count: at, pauseMs };
    }
    return { count: messages.length };
  }

  async function takeIn(messages: readonly BusMessage[]): Promise<Handled> {
    const fates = await readAll(readOne, messages);
    const dead: Dead[] = fates.filter((fate) => fate.kind === 'dead');
    const refused = await submit(
      tasks,
      fates.flatMap((fate) => (fate.kind === 'task' ? [fate.task] : [])),
    );
    // One of them is at fault, and all went back.
    if (refused && messages.length > 1) return oneByOne(messages);
    if (refused) dead.push(...messages.map((message) => ({ message, why: refused })));
    await bus.produce(dead.map((one) => deadLetterOf(stream, one)));
    const last = fates.at(-1);
    if (last?.kind !== 'later') return { count: fates.length };
    const { code, message, retryAfterMs } = last.why;
    tasks.log.warn('kafka-stream-paused', { topic: stream.topic, code, message });
    return { count: fates.length - 1, pauseMs: retryAfterMs };
  }
  return takeIn;
}
