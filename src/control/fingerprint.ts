function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0');
}

/**
 * 64 bits of text as hexadecimal: two FNV-1a style lanes with different multipliers. For telling things apart that
 * nobody forges (a deployment's template, a source's identity), not for security: pure rooms have no SHA.
 */
export function fingerprint(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code ^ (low >>> 15), 0x85ebca6b);
  }
  return hex(high ^ (high >>> 13)) + hex(low ^ (low >>> 16));
}
