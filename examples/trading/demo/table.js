/** The figures of one release's record, in the order of the table. */
const rows = [
  ['result', ({ cutover }) => cutover.result],
  ['measured requests', ({ cutover }) => count(cutover.meter?.sent)],
  ['of these failed', ({ cutover }) => count(cutover.meter?.failed)],
  ['longest gap', ({ cutover }) => ms(cutover.meter?.longestGapMs)],
  ['latency p50', ({ cutover }) => ms(cutover.meter?.latency?.p50)],
  ['latency p99', ({ cutover }) => ms(cutover.meter?.latency?.p99)],
  ['first answer of the new', (record) => ms(switchOf(record)?.firstNewMs)],
  ['last answer of the old', (record) => ms(switchOf(record)?.lastOldMs)],
  ['breach to rolled back', ({ cutover }) => ms(cutover.rollback?.verifiedAfterMs)],
];

const switchOf = ({ cutover }) => cutover.switches.find(({ kind, from }) => kind === 'switch' && from);

/** A figure that was not measured is a dash, never 0. */
const ms = (value) => (value === undefined ? '–' : `${value.toFixed(value < 100 ? 1 : 0)} ms`);

export const count = (value) => (value === undefined ? '–' : value.toLocaleString('en-US'));

/** What was measured, a column for each release. */
export function measuredTable(records) {
  const cells = [
    ['', ...records.map(({ release }) => release.version)],
    ...rows.map(([name, figure]) => [name, ...records.map(figure)]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column] + 3)))
      .join(''),
  );
}
