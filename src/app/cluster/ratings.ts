import type { Clock } from '#contracts';
import { rate, type Answerer, type Directory, type Rating } from '#dispatch';
import type { PresenceFacts, RatingFacts } from '#schema';

type AnsweredBy = Pick<Answerer, 'deployment' | 'model'>;

/** Carries ratings to the process that gave the answer: any gateway may be told what somebody thinks of it. */
export interface Ratings {
  /** Counts where the answer was given; resolves with who gave it, or undefined when nobody knows it. */
  pass(rating: Rating): Promise<AnsweredBy | undefined>;
  facts(): RatingFacts;
  hear(others: readonly PresenceFacts[]): void;
}

interface RatingsDeps {
  readonly directory: Pick<Directory, 'answered' | 'evidence'>;
  readonly clock: Clock;
  /** Of this process: makes its questions differ from those of others. */
  readonly life: string;
  /** By then everybody has been asked and heard. */
  readonly waitMs: number;
  /** There is news for the others. */
  readonly hurry: () => void;
}

interface Asked {
  readonly rating: Rating;
  readonly over: (by: AnsweredBy | undefined) => void;
}

/** What nobody has answered by now waits; whoever comes when so many wait is told that nobody knows. */
const askedMax = 256;

export function createRatings({ directory, clock, life, waitMs, hurry }: RatingsDeps): Ratings {
  const asked = new Map<string, Asked>();
  let told: RatingFacts['told'] = {};
  let next = 0;

  /** Keeps what is still asked for, and finds what is new. */
  function answer(questions: RatingFacts['asked']): RatingFacts['told'] {
    const answers: RatingFacts['told'] = {};
    for (const { id, ...rating } of questions) {
      const before = told[id];
      const answerer = directory.answered.find(rating.tenant, rating.requestId);
      if (before !== undefined) answers[id] = before;
      else if (answerer !== undefined) {
        rate(directory, answerer, rating);
        answers[id] = { deployment: answerer.deployment, model: answerer.model };
      }
    }
    return answers;
  }

  return {
    pass(rating) {
      if (asked.size >= askedMax) return Promise.resolve(undefined);
      const id = `${life} ${(next += 1)}`;
      return new Promise((resolve) => {
        const over = (by: AnsweredBy | undefined): void => {
          cancel();
          asked.delete(id);
          resolve(by);
        };
        const cancel = clock.setTimer(waitMs, () => {
          over(undefined);
        });
        asked.set(id, { rating, over });
        hurry();
      });
    },
    facts: () => ({ asked: [...asked].map(([id, { rating }]) => ({ id, ...rating })), told }),
    hear(others) {
      const before = Object.keys(told).length;
      told = answer(others.flatMap(({ ratings }) => ratings?.asked ?? []));
      if (Object.keys(told).length > before) hurry();
      for (const { ratings } of others)
        for (const [id, by] of Object.entries(ratings?.told ?? {})) asked.get(id)?.over(by);
    },
  };
}
