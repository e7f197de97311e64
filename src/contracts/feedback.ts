/** What somebody thinks of an answer, and which version gave it. */
export interface FeedbackEntry {
  /** RFC 3339. */
  readonly at: string;
  readonly requestId: string;
  readonly tenant: string;
  readonly key: string;
  readonly deployment: string;
  /** `name@version`. */
  readonly model: string;
  readonly rating?: number | undefined;
  readonly correction?: string | undefined;
  readonly subject?: string | undefined;
}

/** Where feedback is kept: bounded, the oldest going first. */
export interface FeedbackLog {
  /** Resolves when it would survive a power cut. */
  append(entry: FeedbackEntry): Promise<void>;
  close(): Promise<void>;
}
