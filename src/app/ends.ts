interface End {
  readonly what: string;
  readonly end: () => unknown;
}

/** Something that did not end as it should. */
interface FaultyEnd {
  readonly what: string;
  readonly fault: unknown;
}

/** What has been made and must be ended, the last first. */
export interface Ends {
  add(what: string, end: () => unknown): void;
  /** Ends everything, once. What fails is told, and keeps nothing else from ending. */
  run(): Promise<readonly FaultyEnd[]>;
}

export function createEnds(): Ends {
  const ends: End[] = [];
  return {
    add(what, end) {
      ends.push({ what, end });
    },
    async run() {
      const faulty: FaultyEnd[] = [];
      for (const { what, end } of ends.splice(0).toReversed()) {
        try {
          await end();
        } catch (fault) {
          faulty.push({ what, fault });
        }
      }
      return faulty;
    },
  };
}
