#!/usr/bin/env node
import { runCli } from './run.ts';
import { createTerminal } from './terminal.ts';

// Whoever reads our output may have seen enough: `millrace get models | head -1` is no failure.
process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
  process.exit(fault.code === 'EPIPE' ? 0 : 1);
});

process.exitCode = await runCli(process.argv.slice(2), createTerminal());
