/** Figures as lines of text: name, figure, target, whether it is met, ratio to the reference. */
export function table({ suite, about, figures, notes = [] }) {
  const rows = figures.map(({ name, value, unit, target, met, ratio }) => [
    name,
    `${number(value)}${unit ? ` ${unit}` : ''}`,
    target === undefined ? '' : `≤ ${number(target)}${unit ? ` ${unit}` : ''}`,
    met === undefined ? '' : met ? 'ok' : 'MISSED',
    ratio === undefined ? '' : `${number(ratio)}×`,
  ]);
  const all = [['', 'figure', 'target', '', 'of reference'], ...rows];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd(),
  );
  return [`${suite}: ${about}`, ...lines, ...notes, ''].join('\n');
}

function number(value) {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}
