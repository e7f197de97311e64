import type { Kind, Millrace, Resources } from '@millrace/sdk';
import { MillraceError } from '@millrace/sdk';
import { didYouMean, kindNamed, kindNames, kinds, modelVersionName, resourceName } from '#schema';
import { UsageError } from './failure.ts';

/** The kind behind a word: `deployment`, `deployments`, `Deployment`. */
export function parseKindWord(word: string): Kind {
  const kind = kindNamed(word);
  if (kind !== undefined) return kind;
  const words = kindNames.flatMap((one) => [kinds[one].plural, one.toLowerCase()]);
  const hint = didYouMean(word, words);
  throw new UsageError(
    `There is no kind "${word}".${hint} Kinds: ${words.filter((_, at) => at % 2 === 0).join(', ')}.`,
  );
}

export interface ModelReference {
  readonly model: string;
  readonly version: string | undefined;
}

/** `demo` or `demo@1`. */
export function parseModelReference(text: string): ModelReference {
  const [model = '', version, ...rest] = text.split('@');
  if (model === '' || version === '' || rest.length > 0)
    throw new UsageError(`"${text}" is no model: write MODEL or MODEL@VERSION, for example demo@1.`);
  const [fault] = resourceName.safeParse(modelVersionName(model, version ?? '1')).error?.issues ?? [];
  if (fault !== undefined) throw new UsageError(`"${text}": ${fault.message}.`);
  return { model, version };
}

/** Does something with a named resource; when there is none, hints at the one that was probably meant. */
export async function withNameHint<T>(
  client: Millrace,
  { kind, name }: { readonly kind: Kind; readonly name: string },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    if (!(fault instanceof MillraceError) || fault.code !== 'not_found') throw fault;
    const { code, status, requestId } = fault;
    const list = await client
      .resources(kind)
      .list()
      .catch(() => undefined);
    const hint = didYouMean(name, list?.items.map((one) => one.metadata.name) ?? []);
    throw new MillraceError({ code, status, requestId, message: `There is no ${kind} "${name}".${hint}` });
  }
}

/** The resource of that name; when there is none, the refusal hints at the one that was probably meant. */
export function getNamed<K extends Kind>(client: Millrace, kind: K, name: string): Promise<Resources[K]> {
  return withNameHint(client, { kind, name }, () => client.resources(kind).get(name));
}

/** `key=value` options, as they were written. */
export function splitAssignments(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at <= 0) throw new UsageError(`"${text}" must look like name=value.`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

/** The same where nobody here knows what they are: numbers, true, false, texts with or without quotes. */
export function parseAssignments(
  texts: readonly string[],
): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(
    Object.entries(splitAssignments(texts)).map(([name, text]) => [name, scalar(text)]),
  );
}

function scalar(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^".*"$/.test(text)) return text.slice(1, -1);
  return text !== '' && !Number.isNaN(Number(text)) ? Number(text) : text;
}

/** A whole number of at least `min`. */
export function parseCount(text: string, what: string, min = 0): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= min) return count;
  throw new UsageError(`${what} must be a whole number from ${min}, not "${text}".`);
}
