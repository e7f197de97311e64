import { describe, expect, it } from 'vitest';
import { greeting } from './greeting.ts';

const started = {
  home: "/home/me/it's mine",
  url: 'http://127.0.0.1:8080',
  adminKey: undefined,
  isKeyKept: true,
  models: ['demo'],
};

describe('the greeting', () => {
  it('shows the key once, and later where it is', () => {
    expect(greeting({ ...started, adminKey: 'mr_1' })).toContain(
      "Administrator's key: mr_1\n  (shown this once",
    );
    expect(greeting(started)).toContain("key: in /home/me/it's mine/admin.key\n");
  });

  it('ends with a line that works in a shell, whatever the home is called', () => {
    const file = String.raw`'/home/me/it'\''s mine/admin.key'`;
    expect(greeting(started)).toContain(`"authorization: Bearer $(cat ${file})"`);
  });

  it('names no file of a key that another process has', () => {
    const text = greeting({ ...started, isKeyKept: false });
    expect(text).toContain('No key is kept here');
    expect(text).toContain('"authorization: Bearer $MILLRACE_KEY"');
    expect(text).not.toContain('$(cat');
  });
});
