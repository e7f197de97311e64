/** Who gave an answer. */
export interface Answerer {
  readonly deployment: string;
  /** `name@version`. */
  readonly model: string;
  /** Tells its version from others, as in a release. */
  readonly template: string;
}

/** Which version gave the last answers, by request: for those who have something to say about one later. */
export interface AnsweredBook {
  /** A number for whoever answers, to be noted with each answer. */
  numberOf(answerer: Answerer): number;
  /** `number` as `numberOf` gave it. */
  note(tenant: string, requestId: string, number: number): void;
  find(tenant: string, requestId: string): Answerer | undefined;
  /** Whether this is the first time that the answer is spoken about: more than once does not count. */
  markRated(tenant: string, requestId: string): boolean;
}

/** Answers are forgotten when others take their place; there are so many. A power of two. */
const places = 131_072;
const answerersMax = 4096;

interface Place {
  readonly at: number;
  readonly check: number;
}

/** Two independent 32-bit hashes of whose request it is: where it stands, and that it is no other. */
function placeOf(tenant: string, requestId: string): Place {
  let one = 0x811c9dc5;
  let other = 0x9747b28c;
  for (let at = 0; at < tenant.length; at += 1) {
    one = Math.imul(one ^ tenant.charCodeAt(at), 0x01000193);
    other = Math.imul(other ^ tenant.charCodeAt(at), 0x5bd1e995);
  }
  one = Math.imul(one ^ 0x2f, 0x01000193);
  for (let at = 0; at < requestId.length; at += 1) {
    one = Math.imul(one ^ requestId.charCodeAt(at), 0x01000193);
    other = Math.imul(other ^ requestId.charCodeAt(at), 0x5bd1e995) + at;
  }
  return { at: (one ^ (one >>> 15)) & (places - 1), check: (other ^ (other >>> 13)) >>> 0 };
}

/** In flat tables: nothing of a request is kept alive by it, and noting one makes nothing but two numbers. */
export function createAnsweredBook(): AnsweredBook {
  const checks = new Uint32Array(places);
  /** 0: nobody; else the number of who answered, and one. */
  const numbers = new Uint16Array(places);
  const rated = new Uint8Array(places);
  let answerers: Answerer[] = [];
  const known = new Map<string, number>();

  function standing(tenant: string, requestId: string): number | undefined {
    const { at, check } = placeOf(tenant, requestId);
    return numbers[at] !== 0 && checks[at] === check ? at : undefined;
  }

  function forgetAll(): void {
    numbers.fill(0);
    answerers = [];
    known.clear();
  }

  return {
    numberOf(answerer) {
      const name = `${answerer.deployment} ${answerer.template} ${answerer.model}`;
      const before = known.get(name);
      if (before !== undefined) return before;
      if (answerers.length >= answerersMax) forgetAll();
      answerers.push(answerer);
      known.set(name, answerers.length - 1);
      return answerers.length - 1;
    },
    note(tenant, requestId, number) {
      const { at, check } = placeOf(tenant, requestId);
      checks[at] = check;
      numbers[at] = number + 1;
      rated[at] = 0;
    },
    find(tenant, requestId) {
      const at = standing(tenant, requestId);
      return at === undefined ? undefined : answerers[(numbers[at] ?? 0) - 1];
    },
    markRated(tenant, requestId) {
      const at = standing(tenant, requestId);
      if (at === undefined || rated[at] === 1) return false;
      rated[at] = 1;
      return true;
    },
  };
}
