import type { Command } from 'commander';
import type { Terminal } from './terminal.ts';

/** Adds one command, or a family of them, to the program. */
export type AddCommand = (program: Command, terminal: Terminal) => void;
