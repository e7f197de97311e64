import { modelVersionName, type Deployment, type ModelVersion, type ModelVersionStatus } from '#schema';

export interface EngineKnown {
  /** Empty when it needs no file. */
  readonly formats: readonly string[];
  /** What is wrong with `spec.engine.options`, if anything. */
  readonly optionsProblem: string | undefined;
}

export interface StartConditions {
  readonly engine: EngineKnown | undefined;
  /** For the message, when the wanted one is not among them. */
  readonly engineNames: readonly string[];
  /** Whether there is a node that takes replicas. */
  readonly hasNode: boolean;
  readonly version: ModelVersion | undefined;
  /** Whether the version's file is in the blob store. */
  readonly hasFile: boolean;
}

function percent({ receivedBytes = 0, sizeBytes = 0 }: ModelVersionStatus): string {
  return sizeBytes === 0 ? '' : `, ${Math.floor((receivedBytes / sizeBytes) * 100)} %`;
}

/** What a version that is not ready is waiting for, or why it never will be. */
function unready(name: string, status: ModelVersionStatus): string {
  if (status.state === 'failed')
    return `The model version ${name} cannot be used: ${status.message ?? 'it failed.'}`;
  if (status.state === 'pulling')
    return `Waits for the model version ${name}: its file is being pulled${percent(status)}.`;
  return `Waits for the model version ${name}: ${status.message ?? 'it is being checked.'}`;
}

function versionObstacle(
  { spec }: Deployment,
  engine: EngineKnown,
  { version, hasFile }: StartConditions,
): string | undefined {
  const name = modelVersionName(spec.model, spec.version);
  if (version === undefined) return `Waits for the model version ${name}: it does not exist.`;
  const status = version.status ?? { state: 'pending' };
  if (status.state !== 'ready') return unready(name, status);
  if (!hasFile) return `The file of the model version ${name} is not in the blob store.`;
  const { format } = status;
  if (format !== undefined && !engine.formats.includes(format))
    return `The engine "${spec.engine.name}" loads ${engine.formats.join(', ')}; ${name} is ${format}.`;
  return undefined;
}

/** What keeps replicas of this deployment from being started, as a sentence; `undefined` when nothing does. */
export function obstacleTo(deployment: Deployment, conditions: StartConditions): string | undefined {
  const { engine, engineNames, hasNode } = conditions;
  if (engine === undefined)
    return `There is no engine "${deployment.spec.engine.name}" here. There are: ${engineNames.join(', ') || 'none'}.`;
  if (engine.optionsProblem !== undefined)
    return `The options of the engine "${deployment.spec.engine.name}" are wrong: ${engine.optionsProblem}`;
  if (!hasNode) return 'There is nothing here that replicas could run on.';
  return engine.formats.length === 0 ? undefined : versionObstacle(deployment, engine, conditions);
}
