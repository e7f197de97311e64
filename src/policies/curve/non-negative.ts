/**
 * Least squares without negative coefficients, for three features and their moments. Exact: with three features there
 * are seven sets of coefficients that may be above zero, and the best of those that are is the answer.
 */

const features = 3;
/** Of the mean square of a feature: decides where the data do not, and changes nothing where they do. */
const ridge = 1e-7;

/** All non-empty sets of features as bits, the fullest first. */
const subsets = [7, 6, 5, 3, 4, 2, 1];

/** One system of equations at a time is solved here: nothing is allocated for a sample. */
const system = new Float64Array(features * (features + 1));
const solution = new Float64Array(features);

/** Upper triangle by rows, then the right side: how moments are laid out. */
export const momentCount = 9;
const square = [0, 1, 2, 1, 3, 4, 2, 4, 5];

function momentAt(moments: Float64Array, row: number, column: number): number {
  return moments[square[row * features + column] ?? 0] ?? 0;
}

function rightSide(moments: Float64Array, row: number): number {
  return moments[6 + row] ?? 0;
}

/** Writes the equations of a subset; the features outside it get the equation `coefficient = 0`. */
function writeSystem(moments: Float64Array, subset: number): void {
  for (let row = 0; row < features; row++) {
    const isRowIn = (subset >> row) & 1;
    for (let column = 0; column < features; column++) {
      const isIn = isRowIn && (subset >> column) & 1;
      const damping = row === column ? ridge * momentAt(moments, row, row) : 0;
      const outside = row === column ? 1 : 0;
      system[row * 4 + column] = isIn ? momentAt(moments, row, column) + damping : outside;
    }
    system[row * 4 + 3] = isRowIn ? rightSide(moments, row) : 0;
  }
}

function eliminate(pivotRow: number): boolean {
  const pivot = system[pivotRow * 5] ?? 0;
  if (pivot <= 0) return false;
  for (let row = 0; row < features; row++) {
    if (row === pivotRow) continue;
    const factor = (system[row * 4 + pivotRow] ?? 0) / pivot;
    for (let column = pivotRow; column <= features; column++)
      system[row * 4 + column] =
        (system[row * 4 + column] ?? 0) - factor * (system[pivotRow * 4 + column] ?? 0);
  }
  return true;
}

/** Solves for a subset into `solution`; false where its equations have none, or a negative one. */
function solve(moments: Float64Array, subset: number): boolean {
  writeSystem(moments, subset);
  for (let row = 0; row < features; row++) if (!eliminate(row)) return false;
  for (let row = 0; row < features; row++) {
    const value = (system[row * 4 + 3] ?? 0) / (system[row * 5] ?? 1);
    if (!(value >= 0)) return false;
    solution[row] = value;
  }
  return true;
}

/** How much of the squares the solution explains: more is better. */
function explained(moments: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < features; row++) sum += (solution[row] ?? 0) * rightSide(moments, row);
  return sum;
}

/** The coefficients that fit the moments best while none is negative, written into `target`. */
export function fitNonNegative(moments: Float64Array, target: Float64Array): void {
  let best = -1;
  for (const subset of subsets) {
    if (!solve(moments, subset)) continue;
    const gain = explained(moments);
    if (gain <= best) continue;
    best = gain;
    target.set(solution);
  }
}
