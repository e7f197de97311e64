interface Series {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

export interface Chart {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly Series[];
}

const width = 720;
const height = 200;
const left = 52;
const bottom = 22;
const top = 8;
const right = 20;

/** Told apart also without colours: the dashes differ as well. */
const colours = ['#2563eb', '#d97706', '#059669', '#db2777', '#7c3aed', '#475569'];
const dashes = ['', '6 3', '2 2', '8 3 2 3', '1 3', '10 4'];

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A round number at or above the value: 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((times) => times * power >= value) ?? 10;
  return step * power;
}

function label(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

/** Minutes of a week are read by nobody. */
function timeUnit(spanS: number): readonly [string, number] {
  if (spanS >= 4 * 86_400) return ['d', 86_400];
  return spanS >= 6 * 3600 ? ['h', 3600] : ['min', 60];
}

function stroke(at: number): string {
  return `stroke="${colours[at % 6]}" stroke-width="1.5" stroke-dasharray="${dashes[at % 6]}"`;
}

/** The name of a line behind a piece of it. */
function legendOf({ name }: Series, at: number): string {
  const piece = `<svg viewBox="0 0 30 8" style="width:30px;height:8px"><line x1="0" x2="30" y1="4" y2="4" ${stroke(at)}/></svg>`;
  return `<span style="color:${colours[at % 6]}">${piece} ${escaped(name)}</span>`;
}

function axes(most: number, mostX: number): string {
  const lines = [0, 0.5, 1].map((share) => {
    const y = height - bottom - share * (height - bottom - top);
    return `<line x1="${left}" x2="${width}" y1="${y}" y2="${y}" class="grid"/><text x="${left - 6}" y="${y + 4}" text-anchor="end">${label(most * share)}</text>`;
  });
  const [unit, unitS] = timeUnit(mostX);
  const times = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    // The last one ends where the chart does: half of it would be cut off.
    const [x, anchor] = share === 1 ? [width, 'end'] : [left + share * (width - left - right), 'middle'];
    return `<text x="${x}" y="${height - 6}" text-anchor="${anchor}">${label((mostX * share) / unitS)} ${unit}</text>`;
  });
  return [...lines, ...times].join('');
}

/** A chart over time as SVG, with a legend where there is more than one line. */
export function chartSvg({ title, unit, series }: Chart): string {
  const all = series.flatMap(({ points }) => points);
  const most = roundUp(Math.max(...all.map(([, y]) => y)));
  const mostX = Math.max(1, ...all.map(([x]) => x));
  const x = (value: number): string => (left + (value / mostX) * (width - left - right)).toFixed(1);
  const y = (value: number): string =>
    (height - bottom - (value / most) * (height - bottom - top)).toFixed(1);
  const lines = series.map(({ points }, at) => {
    const path = points.map(([px, py]) => `${x(px)},${y(py)}`).join(' ');
    return `<polyline points="${path}" fill="none" ${stroke(at)}/>`;
  });
  const legend = series.length > 1 ? series.map(legendOf).join(' ') : '';
  const caption = `${escaped(title)}${unit === '' ? '' : `, ${escaped(unit)}`}`;
  return `<figure><figcaption>${caption} ${legend}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${caption}">${axes(most, mostX)}${lines.join('')}</svg></figure>`;
}
