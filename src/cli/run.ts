import { failureOf, type ExitCode } from './failure.ts';
import { createProgram } from './program.ts';
import type { Terminal } from './terminal.ts';

/** Runs one command line (without `node` and the program) to its end. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const json = args.includes('--json');
  const program = createProgram(terminal, json);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (fault) {
    const { exitCode, body, text } = failureOf(fault);
    if (exitCode === 0) return 0;
    if (json) terminal.err.write(`${JSON.stringify(body)}\n`);
    else if (text !== '') terminal.err.write(`${text}\n`);
    return exitCode;
  }
}
