/** Some lines over one another, as a picture. */
export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly (readonly [number, number])[];
  }[];
  /** What stands below it: how it was measured. */
  readonly note?: string;
}

const [WIDTH, HEIGHT] = [640, 380];
const [LEFT, RIGHT, TOP, BOTTOM] = [72, 24, 48, 62];
const COLOURS = ['#2563eb', '#d97706', '#059669', '#9333ea', '#dc2626', '#475569'];

/** An SVG that stands by itself. Both axes begin at nothing: a level line looks level, and a straight one straight. */
export function plotted({ title, x, y, series, note = '' }: Plot): string {
  const all = series.flatMap(({ points }) => points);
  const xs = scale(Math.max(...all.map(([at]) => at)));
  const ys = scale(Math.max(...all.map(([, value]) => value)) * 1.05);
  const px = (at: number) => round(LEFT + (at / xs.end) * (WIDTH - LEFT - RIGHT));
  const py = (value: number) => round(HEIGHT - BOTTOM - (value / ys.end) * (HEIGHT - TOP - BOTTOM));
  const grid = [
    ...ys.ticks.map(
      (tick) =>
        `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${py(tick)}" y2="${py(tick)}" class="grid"/>` +
        `<text x="${LEFT - 8}" y="${py(tick) + 4}" text-anchor="end">${short(tick)}</text>`,
    ),
    ...xs.ticks.map(
      (tick) =>
        `<text x="${px(tick)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${short(tick)}</text>`,
    ),
  ];
  const lines = series.map(({ points }, at) => {
    const colour = COLOURS[at % COLOURS.length];
    const path = points.map(([a, b]) => `${px(a)},${py(b)}`).join(' ');
    const dots = points.map(([a, b]) => `<circle cx="${px(a)}" cy="${py(b)}" r="3" fill="${colour}"/>`);
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}`;
  });
  const legend = series.map(({ name }, at) => {
    const left = LEFT + at * 140;
    return `<rect x="${left}" y="32" width="10" height="10" fill="${COLOURS[at % COLOURS.length]}"/><text x="${left + 15}" y="41">${escaped(name)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">
<title>${escaped(title)}</title>
<style>text { font: 12px system-ui, sans-serif; fill: #334155 } .title { font-size: 15px; font-weight: 600; fill: #0f172a } .note { font-size: 10px; fill: #64748b } .grid { stroke: #e2e8f0 } .axis { stroke: #94a3b8 }</style>
<rect width="100%" height="100%" fill="#fff"/>
<text x="${LEFT}" y="22" class="title">${escaped(title)}</text>
${legend.join('\n')}
${grid.join('\n')}
<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM}" class="axis"/>
${lines.join('\n')}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 24}" text-anchor="middle">${escaped(x)}</text>
<text transform="translate(16 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${escaped(y)}</text>
<text x="${WIDTH - RIGHT}" y="${HEIGHT - 8}" text-anchor="end" class="note">${escaped(note)}</text>
</svg>
`;
}

/** From nothing to a round number beyond the greatest, in four to eight steps. */
function scale(greatest: number): { readonly end: number; readonly ticks: readonly number[] } {
  const rough = (greatest || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? 10 * power;
  const count = Math.ceil(greatest / step) || 1;
  return { end: count * step, ticks: Array.from({ length: count + 1 }, (_, at) => at * step) };
}

const round = (n: number) => Math.round(n * 10) / 10;
const short = (n: number) => (n >= 10_000 ? `${+(n / 1_000).toFixed(1)}k` : String(+n.toPrecision(6)));
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
