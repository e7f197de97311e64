import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from './program.ts';
import { createTerminal } from './terminal.ts';

function flagsOf({ options }: Command): string[] {
  return options.map(({ long, short }) => long ?? short ?? '');
}

/** Flags that a command shares with one above it: that one hears them, wherever they stand. */
function overheard(command: Command, above: readonly string[]): string[] {
  const own = flagsOf(command);
  const here = own.filter((flag) => above.includes(flag)).map((flag) => `${command.name()} ${flag}`);
  return [...here, ...command.commands.flatMap((one) => overheard(one, [...above, ...own]))];
}

describe('the command tree', () => {
  it('has no flag that the program itself would hear: deploy --url once went to the wrong platform', () => {
    const program = createProgram(createTerminal(), false);
    expect(program.commands.length).toBeGreaterThan(20);
    expect(overheard(program, [])).toEqual([]);
  });
});
