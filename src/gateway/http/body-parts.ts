/** Pieces shorter than this are copied together. */
const smallBytes = 1024;
const slabBytes = 16_384;

/**
 * A body as it comes in. However finely its client cuts it, it takes little more memory than its bytes: a million pieces
 * of one byte, each kept as it came, would take a few hundred megabytes. The first is kept as it is, since it mostly is
 * the only one.
 */
export class BodyParts {
  private readonly parts: Buffer[] = [];
  private slab: Buffer | undefined;
  /** Of the slab: the bytes that are not among the parts yet. */
  private from = 0;
  private to = 0;

  add(part: Buffer): void {
    if (part.length >= smallBytes || this.parts.length === 0) {
      this.closeSlab();
      this.parts.push(part);
    } else this.copy(part);
  }

  whole(): Buffer {
    this.closeSlab();
    const [only] = this.parts;
    return this.parts.length === 1 && only !== undefined ? only : Buffer.concat(this.parts);
  }

  private copy(part: Buffer): void {
    if (this.slab === undefined || this.to + part.length > slabBytes) {
      this.closeSlab();
      this.slab = Buffer.allocUnsafeSlow(slabBytes);
      this.from = 0;
      this.to = 0;
    }
    this.slab.set(part, this.to);
    this.to += part.length;
  }

  private closeSlab(): void {
    if (this.slab === undefined || this.to === this.from) return;
    this.parts.push(this.slab.subarray(this.from, this.to));
    this.from = this.to;
  }
}
