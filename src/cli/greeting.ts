import { join } from 'node:path';

/** What there is to say about a platform that has just started. */
export interface Running {
  readonly home: string;
  readonly url: string;
  /** When this start made it. */
  readonly adminKey: string | undefined;
  /** Whether the home directory has it: of several processes only that of the first start does. */
  readonly isKeyKept: boolean;
  /** What can be asked. */
  readonly models: readonly string[];
}

export function keyFile(home: string): string {
  return join(home, 'admin.key');
}

/** For a shell: in single quotes, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A line that works as it stands: it asks the demo or the first model there is, else which models there are. */
function curlLine({ home, url, models, isKeyKept }: Running): string {
  const key = `"authorization: Bearer ${isKeyKept ? `$(cat ${quoted(keyFile(home))})` : '$MILLRACE_KEY'}"`;
  const curl = url.startsWith('https:') ? 'curl -k' : 'curl';
  const model = models.includes('demo') ? 'demo' : models[0];
  if (model === undefined) return `${curl} ${url}/v1/models -H ${key}`;
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello! What can you do?' }] });
  const json = `-H 'content-type: application/json' -d ${quoted(body)}`;
  return `${curl} ${url}/v1/chat/completions -H ${key} ${json}`;
}

/** Where the administrator's key is, as far as that is known here. */
function keyLines({ home, adminKey, isKeyKept }: Running): readonly string[] {
  const file = keyFile(home);
  if (adminKey !== undefined)
    return [`Administrator's key: ${adminKey}`, `  (shown this once; kept in ${file})`];
  if (isKeyKept) return [`Administrator's key: in ${file}`];
  return [`No key is kept here (there is no ${file}): take the one that the first start made.`];
}

/** What is said of a platform that has just started. */
export function greeting(running: Running): string {
  const begin = [`Millrace listens on ${running.url}`, ...keyLines(running)];
  return [...begin, '', 'Try it:', `  ${curlLine(running)}`, ''].join('\n');
}
