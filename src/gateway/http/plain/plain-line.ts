import type { Socket } from 'node:net';

/** What a reply needs of its connection. */
export interface PlainLine {
  readonly socket: Socket;
  readonly isEncrypted: boolean;
  /** `date: …` with its line end. */
  dateLine(): string;
  /** The answer is complete and with the client, or with the kernel on its way there. */
  answered(): void;
}
