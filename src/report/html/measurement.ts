import { count, duration, notMeasured, plural } from '../format.ts';
import { type Content, type Markup, markup } from '../markup.ts';
import type { ReleaseRecord } from '../record.ts';
import { facts, section, table } from './parts.ts';

/** What the meter did and saw in figures: its schedule, latency, failures by kind, sections and first failures. */
export function measurement(record: ReleaseRecord): Markup {
  const seen = record.cutover?.meter;
  if (seen === undefined) return markup``;
  const kinds = Object.entries(seen.failures).filter(([, number]) => number > 0);
  const pairs = facts([
    ['Requests', `${count(seen.rate)} a second, open loop, for ${duration(seen.durationMs)}`],
    ['Sent, answered, failed', `${count(seen.sent)}, ${count(seen.answered)}, ${count(seen.failed)}`],
    [
      'Failures',
      kinds.length === 0 ? 'none' : kinds.map(([kind, number]) => `${count(number)} ${kind}`).join(', '),
    ],
    [
      'Latency',
      seen.latency === undefined
        ? notMeasured
        : `p50 ${duration(seen.latency.p50)}, p90 ${duration(seen.latency.p90)}, p99 ${duration(seen.latency.p99)}, p99.9 ${duration(seen.latency.p999)}, max ${duration(seen.latency.max)}`,
    ],
    [
      'By version',
      Object.entries(seen.byVersion)
        .map(([version, number]) => `${version}: ${count(number)}`)
        .join(', ') || 'not told',
    ],
    [
      'Own schedule',
      `${plural(seen.lateSends, 'late send')} of ${count(seen.sent)} (${seen.mode} mode)${seen.sendErrorUs ? `, p99 send error ${duration(seen.sendErrorUs.p99 / 1000)}` : ''}`,
    ],
  ]);
  const examples =
    seen.examples.length === 0
      ? undefined
      : markup`<h3>First failures</h3>${table(seen.examples, [
          { title: 'After', cell: (one) => duration(one.atMs), kind: 'num' },
          { title: 'Kind', cell: (one) => one.kind, kind: 'nowrap' },
          { title: 'Detail', cell: (one) => markup`<code>${one.detail}</code>` },
        ])}`;
  return section({ title: 'The measurement' }, markup`${pairs}${sections(record)}${examples}`);
}

function sections(record: ReleaseRecord): Content {
  const all = record.cutover?.meter?.sections ?? [];
  if (all.length < 2) return undefined;
  return markup`<h3>By section</h3>${table(all, [
    { title: 'Section', cell: (one) => one.name },
    { title: 'Lasted', cell: (one) => duration(one.durationMs), kind: 'num' },
    { title: 'Sent', cell: (one) => count(one.sent), kind: 'num' },
    { title: 'Failed', cell: (one) => count(one.failed), kind: 'num' },
    { title: 'p50', cell: (one) => duration(one.latency?.p50), kind: 'num' },
    { title: 'p99', cell: (one) => duration(one.latency?.p99), kind: 'num' },
    { title: 'Max', cell: (one) => duration(one.latency?.max), kind: 'num' },
    {
      title: 'Longest gap',
      cell: (one) => (one.sent === 0 ? notMeasured : duration(one.longestGapMs)),
      kind: 'num',
    },
  ])}`;
}
