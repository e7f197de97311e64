import { PassThrough, Readable } from 'node:stream';
import { runCli } from '../../src/cli/run.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function collected(): { readonly stream: PassThrough; readonly text: () => string } {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (part: Buffer) => {
    text += part.toString();
  });
  return { stream, text: () => text };
}

export interface Running {
  /** What it has said so far. */
  readonly err: () => string;
  readonly done: Promise<Ran>;
}

/** Starts one command line as a script would: nothing is a terminal. */
export function start(args: readonly string[], input = ''): Running {
  const out = collected();
  const err = collected();
  const code = runCli(args, {
    out: out.stream,
    err: err.stream,
    input: Readable.from([input]),
    errIsTerminal: false,
    columns: () => Infinity,
    inputIsTerminal: false,
    nowMs: () => Date.now(),
    outliveReaders: () => undefined,
  });
  const finish = async (): Promise<Ran> => {
    const ended = await code;
    await new Promise(setImmediate);
    return { code: ended, out: out.text(), err: err.text() };
  };
  return { err: err.text, done: finish() };
}

export function run(args: readonly string[], input = ''): Promise<Ran> {
  return start(args, input).done;
}
