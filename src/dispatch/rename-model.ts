import type { Ask } from './ask.ts';

/** A JSON string of ASCII alone: whatever else stands in it is escaped. */
function quoted(name: string): string {
  return JSON.stringify(name).replaceAll(
    /[^ -~]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The same request with another `model` in its body: spliced into the bytes, everything else untouched. */
export function renameModel(ask: Ask, name: string): Ask {
  const { body, modelFrom, modelTo, promptFrom, promptTo } = ask;
  if (modelFrom === -1) return ask;
  const value = quoted(name);
  const growth = value.length - (modelTo - modelFrom);
  const spliced = new Uint8Array(body.length + growth);
  spliced.set(body.subarray(0, modelFrom));
  for (let at = 0; at < value.length; at++) spliced[modelFrom + at] = value.charCodeAt(at);
  spliced.set(body.subarray(modelTo), modelFrom + value.length);
  const shift = promptFrom > modelFrom ? growth : 0;
  return {
    ...ask,
    body: spliced,
    modelTo: modelTo + growth,
    promptFrom: promptFrom + shift,
    promptTo: promptTo + shift,
  };
}
