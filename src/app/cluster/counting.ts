import type { LoadReading, VersionDoings, WatchEvent } from '#contracts';
import type { Directory, Dispatch } from '#dispatch';
import type { CountedFacts } from '#schema';

/** What this process tells the others of the requests it has seen. */
export interface Counting {
  /** Learns which deployments scale. */
  apply(event: WatchEvent): void;
  facts(): CountedFacts;
  stop(): void;
}

/** What has not moved for so many looks is left out: by then everybody knows it. */
const quietLooks = 10;

interface Known {
  moved: string;
  quiet: number;
}

/** Remembers what moved, so that what rests need not be told for ever. */
function createRests() {
  const known = new Map<string, Known>();
  return (subject: string, moved: string): boolean => {
    const before = known.get(subject) ?? { moved: '', quiet: 0 };
    known.set(subject, { moved, quiet: before.moved === moved ? before.quiet + 1 : 0 });
    return (known.get(subject)?.quiet ?? 0) >= quietLooks;
  };
}

function movementOf({ arrivedWorkMs, takenMs, begun, due, inside }: LoadReading): string {
  return `${arrivedWorkMs} ${takenMs} ${begun} ${due} ${inside}`;
}

function movementOfDoings({ counts, values, alike }: VersionDoings): string {
  const scored = values.scorer.reduce((sum, count) => sum + count, 0);
  return `${counts.errors.requests} ${counts.feedback.requests} ${alike.copied} ${scored}`;
}

interface CountingDeps {
  readonly directory: Pick<Directory, 'evidence'>;
  readonly dispatch: Pick<Dispatch, 'loads'>;
  /** A request came that no replica could take: whoever starts replicas should know at once. */
  readonly starved: () => void;
}

export function createCounting({ directory, dispatch, starved }: CountingDeps): Counting {
  const scaling = new Set<string>();
  const hungry = new Map<string, number>();
  const rests = createRests();
  const stop = dispatch.loads.onStarved((deployment) => {
    hungry.set(deployment, (hungry.get(deployment) ?? 0) + 1);
    starved();
  });

  function loads(): CountedFacts['loads'] {
    const told: CountedFacts['loads'] = {};
    for (const deployment of scaling) {
      const reading = dispatch.loads.read(deployment);
      // What waits or runs stands in no sum: it counts for as long as it is told.
      if (reading !== undefined && (!rests(deployment, movementOf(reading)) || reading.inside > 0))
        told[deployment] = reading;
    }
    return told;
  }

  function evidence(): CountedFacts['evidence'] {
    const told: CountedFacts['evidence'] = {};
    for (const { deployment, template } of directory.evidence.subjects()) {
      const doings = directory.evidence.read(deployment, template);
      if (doings === undefined || rests(`${deployment} ${template}`, movementOfDoings(doings))) continue;
      told[deployment] = { ...told[deployment], [template]: doings };
    }
    return told;
  }

  return {
    apply({ type, resource }) {
      if (resource.kind !== 'Deployment') return;
      const { name } = resource.metadata;
      if (type === 'put' && resource.spec.scaling !== undefined) scaling.add(name);
      else {
        scaling.delete(name);
        hungry.delete(name);
      }
    },
    facts: () => ({ loads: loads(), evidence: evidence(), starved: Object.fromEntries(hungry) }),
    stop,
  };
}
