import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readLaw, root } from './repository.ts';

const { rooms, pure, shelves } = await readLaw();
const names = Object.keys(rooms);

/** Rows of ARCHITECTURE.md's table: a room and what it may import. */
function tableInArchitecture(): Record<string, readonly string[]> {
  const text = readFileSync(`${root}/ARCHITECTURE.md`, 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` \|[^|]*\|([^|]*)\|$/gm)];
  return Object.fromEntries(
    rows.map(([, room = '', may = '']) => [
      room,
      may
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '–'),
    ]),
  );
}

describe('the house', () => {
  it('has a room for every line of the law, and no other', () => {
    const folders = readdirSync(`${root}/src`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(folders.toSorted()).toEqual(names.toSorted());
  });

  it.each(names)('tells at the door of %s, in at most 40 lines, what it owns', (room) => {
    const path = `${root}/src/${room}/README.md`;
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(lines.length).toBeGreaterThan(2);
  });

  it('is drawn in ARCHITECTURE.md as the law says', () => {
    expect(tableInArchitecture()).toEqual(rooms);
  });

  it('knows every room that the law names', () => {
    for (const may of Object.values(rooms)) expect(names).toEqual(expect.arrayContaining(may));
    expect(names).toEqual(expect.arrayContaining([...Object.keys(pure), ...shelves]));
  });

  it('keeps the pure rooms apart from the rest: they import only each other', () => {
    for (const room of Object.keys(pure))
      expect(Object.keys(pure)).toEqual(expect.arrayContaining(rooms[room] ?? []));
  });

  it('keeps the two lives apart: dispatch and control do not know each other, nor the gateway control', () => {
    expect(rooms['dispatch']).not.toContain('control');
    expect(rooms['control']).not.toContain('dispatch');
    expect(rooms['gateway']).not.toContain('control');
  });
});
