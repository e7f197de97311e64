/** A durable queue in a bench: every promise resolves once the work is on disk. */
export interface Contender {
  readonly name: string;
  submit(): Promise<void>;
  submitMany(count: number): Promise<void>;
  /** Takes and completes everything there is; how many that was. */
  drain(): Promise<number>;
  /** Works from now on, and hears each task by what it was submitted with. */
  work(started: (mark: string) => void): Promise<void>;
  /** Submits one that `work` will hear of. */
  submitMarked(mark: string): Promise<void>;
  stop(): Promise<void>;
}
