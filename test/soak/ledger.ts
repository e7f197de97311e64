/** How one request ended, as its client saw it. Exactly one for each. */
export type Outcome = 'answered' | 'refused' | 'broken' | 'left' | 'stuck';

/** What the platform says about its requests: each once, at the deployment where it ended. */
export interface Counts {
  /** All but the 400 that `/v1/inference` gets when it asks for log probabilities. */
  readonly counted: number;
  readonly countedWell: number;
  /** Callers who left are not among them. */
  readonly countedRefused: number;
  readonly inFlight: number;
}

/** The same requests as both sides saw them. */
export interface Ledger extends Counts {
  readonly requests: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Refusals with a status of 400, which are not counted. */
  readonly invalid: number;
}

/** How a series' requests ended; undefined where they are counted elsewhere or not at all. */
function endOf(labels: string): 'answered' | 'refused' | 'left' | undefined {
  const status = Number(/status="(\d+)"/.exec(labels)?.[1]);
  if (status === 200) return 'answered';
  if (status === 499) return 'left';
  // What fails there goes on to another deployment, and is counted there as what it comes to.
  const goesOn = labels.includes('deployment="failing"');
  return status === 400 || goesOn ? undefined : 'refused';
}

/** Reads the platform's metrics. */
export function countedIn(text: string): Counts {
  const ends = { answered: 0, refused: 0, left: 0 };
  for (const [, labels = '', value] of text.matchAll(/^millrace_requests_total\{([^}]*)\} (\d+)$/gm)) {
    const end = endOf(labels);
    if (end !== undefined) ends[end] += Number(value);
  }
  return {
    counted: ends.answered + ends.refused + ends.left,
    countedWell: ends.answered,
    countedRefused: ends.refused,
    inFlight: Number(/^millrace_requests_in_flight(?:\{[^}]*\})? (\d+)$/m.exec(text)?.[1]),
  };
}

/** What does not add up; empty when every request was answered or refused exactly once. */
export function faultsOf(ledger: Ledger): readonly string[] {
  const { requests, outcomes, invalid, counted, countedWell, countedRefused, inFlight } = ledger;
  const { answered, refused, broken, left, stuck } = outcomes;
  // Whoever left may have left before the request was read, or after it was answered.
  const unsure = left + broken;
  const faults: string[] = [];
  const hold = (holds: boolean, fault: string): void => {
    if (!holds) faults.push(fault);
  };
  const within = (what: string, count: number, seen: number): void => {
    hold(
      count >= seen && count <= seen + unsure,
      `${what}: ${count} counted, ${seen} seen, ${unsure} unsure`,
    );
  };
  hold(stuck === 0, `${stuck} requests were stuck`);
  hold(inFlight === 0, `${inFlight} requests are still in flight`);
  hold(answered + refused + unsure + stuck === requests, `${requests} requests have not one outcome each`);
  within('answered', countedWell, answered);
  within('refused', countedRefused, refused - invalid);
  within('in all', counted, answered + refused - invalid);
  return faults;
}
