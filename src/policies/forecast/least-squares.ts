/** Keeps the equations solvable where columns say the same. */
const ridge = 1e-9;

function addScaled(to: number[], from: readonly number[], times: number): void {
  for (const [at, value] of from.entries()) to[at] = (to[at] ?? 0) + times * value;
}

/** The normal equations, each with its right side last. */
function equationsOf(inputs: readonly (readonly number[])[], outputs: readonly number[]): number[][] {
  const size = inputs[0]?.length ?? 0;
  const equations = Array.from({ length: size }, () => Array.from({ length: size + 1 }, () => 0));
  for (const [at, input] of inputs.entries()) {
    const whole = [...input, outputs[at] ?? 0];
    for (const [row, equation] of equations.entries()) addScaled(equation, whole, input[row] ?? 0);
  }
  return equations.map((equation, row) => equation.with(row, (equation[row] ?? 0) * (1 + ridge) + ridge));
}

/** The weights with which the columns of `inputs` give `outputs` with the least squared error; Gauss and Jordan. */
export function leastSquares(
  inputs: readonly (readonly number[])[],
  outputs: readonly number[],
): readonly number[] {
  const equations = equationsOf(inputs, outputs);
  for (const [column, pivot] of equations.entries()) {
    addScaled(pivot, pivot, 1 / (pivot[column] || 1) - 1);
    for (const other of equations) if (other !== pivot) addScaled(other, pivot, -(other[column] ?? 0));
  }
  return equations.map((equation) => equation.at(-1) ?? 0);
}
