import { configLeaves, loadConfig } from '#app';
import { ProblemError } from '#schema';
import type { AddCommand } from '../add-command.ts';
import { called } from '../context.ts';
import { table } from '../format/table.ts';
import { configFlags, configOptions, type ConfigOptions } from '../config-flags.ts';

function valueAt(config: unknown, path: string): unknown {
  let here = config;
  for (const name of path.split('.')) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = new Map<string, unknown>(Object.entries(here)).get(name);
  }
  return here;
}

export const configCommand: AddCommand = (program, terminal) => {
  const config = program.command('config').description('the configuration');
  configOptions(
    config.command('show').description('every property, its value and where that came from'),
  ).action(
    called(terminal, async (context, _args, command) => {
      const options = command.opts<ConfigOptions>();
      const loaded = loadConfig({ flags: configFlags(options, context.options), file: options.config });
      if (!loaded.ok) throw new ProblemError(loaded.problem);
      const { config: values, origins, file, warnings } = loaded.value;
      for (const warning of warnings) context.say(warning);
      const rows = configLeaves.map(({ path, variable }) => {
        const value = valueAt(values, path);
        return [
          path,
          value === undefined ? '-' : JSON.stringify(value),
          origins[path] ?? 'default',
          variable,
        ];
      });
      const read = file === undefined ? '' : `\n\nFile: ${file}`;
      const text = `${table(['PROPERTY', 'VALUE', 'FROM', 'VARIABLE'], rows)}${read}`;
      context.result({ config: values, origins, file }, text);
    }),
  );
};
