import type { Command } from 'commander';
import type { GlobalOptions } from './context.ts';
import { splitAssignments } from './names.ts';

export interface ConfigOptions {
  readonly config?: string;
  readonly listen?: string;
  readonly insecure?: boolean;
  readonly store?: string;
  readonly demo: boolean;
  readonly logLevel?: string;
  readonly record?: string;
  readonly set?: readonly string[];
  readonly role?: string;
  readonly node?: string;
  readonly advertise?: string;
}

/** The flags that change the configuration; `--set` reaches every property. */
export function configOptions(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file (else millrace.yaml here, if there is one)')
    .option('--listen <host:port>', 'address to listen on')
    .option('--insecure', 'allow listening beyond this machine without TLS')
    .option('--store <store>', 'sqlite, postgres, or memory to forget everything at the end')
    .option('--no-demo', 'do not deploy the demo model on the first start')
    .option('--log-level <level>', 'debug, info, warn or error')
    .option('--record <file>', 'write down what happens to requests, for `millrace simulate --replay`')
    .option('--set <property=value...>', 'any property, for example limits.inFlight=100');
}

export function configFlags(
  options: ConfigOptions,
  globals: GlobalOptions,
): Readonly<Record<string, string | boolean | undefined>> {
  return {
    home: globals.home,
    listen: options.listen,
    insecure: options.insecure,
    store: options.store,
    logLevel: options.logLevel,
    'recording.path': options.record,
    demo: options.demo ? undefined : false,
    'cluster.role': options.role,
    'cluster.node': options.node,
    'cluster.advertise': options.advertise,
    ...splitAssignments(options.set ?? []),
  };
}
