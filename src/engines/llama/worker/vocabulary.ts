import type { LlamaModel, Token } from 'node-llama-cpp';

/** What the tokens of a model stand for. */
export interface Vocabulary {
  readonly size: number;
  readonly isToken: (id: number) => id is Token;
  /** The UTF-8 bytes a token adds to a text; none for control tokens. A character may need several tokens. */
  readonly bytes: (token: Token) => Uint8Array;
  /** No token stands for more bytes of a text than this. */
  readonly longestBytes: number;
  /** For people: control tokens by name, broken characters replaced. */
  readonly label: (token: Token) => string;
  /** The spellings of control tokens, which only a template may use. */
  readonly controlTexts: readonly string[];
}

const types = { normal: 1, unknown: 2, control: 3, userDefined: 4, byte: 6 } as const;
const empty = new Uint8Array();
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function createVocabulary(model: LlamaModel): Vocabulary {
  const { tokens, token_type: kinds, model: family } = model.fileInfo.metadata.tokenizer.ggml;
  const spell = spelling(model, family);
  const kindOf = (id: number): number => kinds?.[id] ?? types.normal;
  // Filled as tokens occur: most of a big vocabulary never does.
  const known: (Uint8Array | undefined)[] = [];
  const bytes = (token: Token): Uint8Array => {
    const before = known[token];
    if (before !== undefined) return before;
    const found = bytesOf(tokens[token] ?? '', { kind: kindOf(token), token, spell });
    known[token] = found;
    return found;
  };
  return {
    size: tokens.length,
    isToken: (id): id is Token => Number.isInteger(id) && id >= 0 && id < tokens.length,
    bytes,
    longestBytes: longestOf(tokens, (id) => family === 'gpt2' && kindOf(id) === types.normal),
    label: (token) => {
      const spelt = bytes(token);
      return spelt.length === 0 ? (tokens[token] ?? '') : decoder.decode(spelt);
    },
    controlTexts: tokens.filter((text, id) => {
      const kind = kindOf(id);
      return text !== '' && (kind === types.control || kind === types.unknown);
    }),
  };
}

/** Byte-level BPE writes one character for each byte; all others write the text itself. */
function longestOf(tokens: readonly string[], isByteLevel: (id: number) => boolean): number {
  return tokens.reduce(
    (longest, text, id) => Math.max(longest, isByteLevel(id) ? text.length : Buffer.byteLength(text)),
    1,
  );
}

type Spell = (text: string, token: Token) => Uint8Array;

interface Written {
  readonly kind: number;
  readonly token: Token;
  readonly spell: Spell;
}

function bytesOf(text: string, { kind, token, spell }: Written): Uint8Array {
  if (kind === types.control) return empty;
  if (kind === types.userDefined) return encoder.encode(text);
  const byte = kind === types.byte ? /^<0x([0-9A-F]{2})>$/i.exec(text)?.[1] : undefined;
  return byte === undefined ? spell(text, token) : Uint8Array.of(Number.parseInt(byte, 16));
}

/** How a family of tokenizers writes bytes in its vocabulary. */
function spelling(model: LlamaModel, family: string): Spell {
  if (family === 'gpt2') return spellByteLevel;
  if (family === 'llama' || family === 't5') return (text) => encoder.encode(text.replaceAll('▁', ' '));
  return (_, token) => encoder.encode(model.detokenize([token]));
}

/** Byte-level BPE writes each byte as one printable character: those that are printable as themselves, the others from U+0100 on. */
const byteOfCharacter: ReadonlyMap<string, number> = (() => {
  const table = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte += 1) {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    table.set(String.fromCodePoint(printable ? byte : next), byte);
    if (!printable) next += 1;
  }
  return table;
})();

function spellByteLevel(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const byte = byteOfCharacter.get(character);
    if (byte === undefined) bytes.push(...encoder.encode(character));
    else bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
