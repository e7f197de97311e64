import type { Terminal } from '../terminal.ts';

/** Rows that a text takes where lines that are too long go on in the next one. */
function rowsOf(text: string, columns: number): number {
  return text.split('\n').reduce((rows, line) => rows + Math.max(1, Math.ceil(line.length / columns)), 0);
}

/** Draws on a terminal, each time in the place of what was drawn before. */
export function createRedraw({ err, columns }: Pick<Terminal, 'err' | 'columns'>): (text: string) => void {
  let drawn = '';
  return (text) => {
    // By the width of now: a terminal that was made narrower has broken the lines anew.
    const back = drawn === '' ? '' : `\u001B[${rowsOf(drawn, columns('err'))}A\u001B[0J`;
    err.write(`${back}${text}\n`);
    drawn = text;
  };
}
