import type { Clock, Engine, Log, Meters, Rng } from '#contracts';
import {
  createDirectory,
  createInformedDispatch,
  createRecorder,
  type CatchUp,
  type Directory,
  type DirectoryDeps,
  type Dispatch,
  type Recorder,
} from '#dispatch';
import { createHttpTransport } from '#transports';
import { externalHeaders } from './external-headers.ts';
import { createHardwareOf } from './hardware.ts';
import { composeKafka, type KafkaDoor } from './kafka.ts';
import { composeRequestPath } from './request-path.ts';
import { batchSizeMaxOf, servingOf } from './serving.ts';
import { composeTasks, type Tasks } from './tasks.ts';
import type { World } from './world.ts';

type Engines = ReadonlyMap<string, Engine>;

interface DirectoryParts {
  readonly engines: Engines;
  readonly log: Log;
  readonly recorder: Recorder | undefined;
  readonly catchUp: CatchUp | undefined;
}

function openDirectory({ engines, log, recorder, catchUp }: DirectoryParts): Directory {
  const deps: DirectoryDeps = {
    headersOf(deployment) {
      const headers = externalHeaders(engines, deployment);
      if (headers.ok) return headers.value;
      log.warn('credentials-missing', {
        deployment: deployment.metadata.name,
        message: headers.problem.message,
      });
      return [];
    },
    hardwareOf: createHardwareOf(),
    servingOf: (deployment) => servingOf(engines, deployment),
    batchSizeMaxOf: (deployment) => batchSizeMaxOf(engines, deployment),
    catchUp,
  };
  if (recorder === undefined) return createDirectory(deps);
  return recorder.directory(createDirectory(recorder.directoryDeps(deps)));
}

interface RequestParts {
  readonly engines: Engines;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly meters: Meters;
}

export interface Requests {
  readonly transport: ReturnType<typeof createHttpTransport>;
  readonly directory: Directory;
  readonly dispatch: Dispatch;
  readonly tasks: Tasks;
  /** Undefined where this process takes nothing in, or there is no Kafka. */
  readonly kafka: KafkaDoor | undefined;
}

/** The part of requests and tasks: where they can go and how they get there. */
export function composeRequests(world: World, { engines, ...common }: RequestParts): Requests {
  const { config, identity, queue, limits, taskBlobs: blobs, webhookSecret } = world;
  const { recording, catchUp, clock, log } = world;
  const { roles } = identity;
  const transport = createHttpTransport(clock);
  const recorder = recording && createRecorder({ clock, write: recording.write });
  const directory = openDirectory({ engines, log, recorder, catchUp });
  const path = composeRequestPath({ directory, transport, recorder, ...common });
  const dispatch = catchUp === undefined ? path : createInformedDispatch(path, { directory });
  const tasks = composeTasks({
    config,
    roles,
    webhookSecret,
    queue,
    limits,
    blobs,
    directory,
    dispatch,
    ...common,
  });
  const kafka = roles.has('gateway') ? composeKafka({ config, tasks, directory, ...common }) : undefined;
  return { transport, directory, dispatch, tasks, kafka };
}
