const view = new DataView(new ArrayBuffer(4));

/** The number that the 16 bits of an IEEE 754 half hold. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The half nearest to a number, ties to even; what is too large becomes infinity. */
export function toHalf(value: number): number {
  view.setFloat32(0, value);
  const sign = view.getUint32(0) >>> 31 ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65_520) return sign | 0x7c00;
  // Below the smallest normal half the steps no longer shrink.
  const exponent = Math.max(-14, Math.floor(Math.log2(size === 0 ? 1 : size)));
  const steps = roundedToEven(size * 2 ** (10 - exponent));
  // A carry out of the fraction runs into the exponent, which is just what it should do.
  return sign | (size < 2 ** -14 ? roundedToEven(size * 2 ** 24) : ((exponent + 14) << 10) + steps);
}

function roundedToEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  if (rest !== 0.5) return rest > 0.5 ? low + 1 : low;
  return low % 2 === 0 ? low : low + 1;
}
