import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import type { Context } from './context.ts';
import { createProgress, type Progress } from './progress.ts';

/** Where a person watches, on lines of so many characters. */
function watched(columns: number) {
  const err = Object.assign(new PassThrough(), { isTTY: true, columns });
  let text = '';
  err.on('data', (part: Buffer) => (text += part.toString()));
  const terminal: Context['terminal'] = {
    out: err,
    err,
    input: new PassThrough(),
    errIsTerminal: true,
    inputIsTerminal: true,
    columns: () => columns,
    nowMs: () => 0,
    outliveReaders: () => undefined,
  };
  const context: Context = {
    terminal,
    options: {},
    client: () => {
      throw new Error('nobody is asked');
    },
    result: () => undefined,
    say: () => undefined,
  };
  return { context, text: () => text };
}

let progress: Progress | undefined;
afterEach(() => {
  progress?.end();
});

describe('a bar on a terminal', () => {
  it('leaves cursor and wrapping as they are, since Ctrl-C ends the program while it is drawn', () => {
    const { context, text } = watched(80);
    progress = createProgress(context);
    progress.show({ label: 'Sending', fraction: 0.5 });
    expect(text()).toContain('Sending');
    expect(text()).not.toContain('\u001B[?');
  });

  it('fits on a narrow one, percentage included', () => {
    const { context, text } = watched(36);
    progress = createProgress(context);
    progress.show({ label: 'Sending', fraction: 0.5, detail: '100.5 MiB of 201 MiB' });
    const drawn = text()
      .split('\u001B')
      .map((part) => part.replace(/^(\[\d*[A-Z]|[78])/, ''));
    for (const line of drawn) expect(line.length).toBeLessThanOrEqual(36);
    expect(text()).toMatch(/Sending \[[█░]+\] 0%/);
  });
});
