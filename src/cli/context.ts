import { createMillrace, type Millrace } from '@millrace/sdk';
import type { Command } from 'commander';
import { clientSettings } from '#app';
import type { Terminal } from './terminal.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly url?: string;
  readonly key?: string;
  readonly home?: string;
  readonly reason?: string;
}

/** What a command has at hand. */
export interface Context {
  readonly terminal: Terminal;
  readonly options: GlobalOptions;
  /** The platform: by flag, else by environment, else the one of the home directory. */
  client(): Millrace;
  /** The result: as JSON where asked for, else as text for people. */
  result(value: unknown, text: string): void;
  /** Something about the work, for people who wait; silent with `--json`. */
  say(text: string): void;
}

function createContext(command: Command, terminal: Terminal): Context {
  const options = command.optsWithGlobals<GlobalOptions>();
  return {
    terminal,
    options,
    client: () => {
      const { url, key } = clientSettings(options);
      return createMillrace({ baseUrl: url, apiKey: key });
    },
    result: (value, text) => {
      terminal.out.write(options.json === true ? `${JSON.stringify(value)}\n` : `${text}\n`);
    },
    say: (text) => {
      if (options.json !== true) terminal.err.write(`${text}\n`);
    },
  };
}

/** What a command does: with what it has at hand, its arguments, and the command itself for its own options. */
type Run = (context: Context, args: readonly string[], command: Command) => Promise<void>;

/** An action for commander, which tells the command as `this`. */
export function called(terminal: Terminal, run: Run): (this: Command) => Promise<void> {
  return async function (this: Command) {
    await run(createContext(this, terminal), this.args, this);
  };
}
