import { count, duration, largestOf, notMeasured, percent } from '../format.ts';
import { type Markup, markup } from '../markup.ts';
import type { CutoverEvidence, ReleaseRecord, SwitchRecord } from '../record.ts';

interface Tile {
  title: string;
  value: string;
  note: string;
  tone: 'good' | 'failed' | 'none';
}

/** The figures that matter most, large. */
export function tiles(record: ReleaseRecord): Markup {
  const { cutover } = record;
  if (cutover === undefined || (cutover.meter === undefined && cutover.switches.length === 0))
    return markup``;
  const list = [
    failed(cutover),
    gap(cutover),
    p99(cutover, record),
    rollback(cutover) ?? switchTime(cutover),
  ];
  return markup`<dl class="tiles">${list.map(
    (tile) =>
      markup`<div class="tile ${tile.tone}"><dt>${tile.title}</dt><dd><div class="big">${tile.value}</div><div class="note">${tile.note}</div></dd></div>`,
  )}</dl>\n`;
}

const none = (title: string, note: string): Tile => ({ title, value: notMeasured, note, tone: 'none' });

function failed({ meter }: CutoverEvidence): Tile {
  const title = 'Failed requests';
  if (meter === undefined || meter.sent === 0) return none(title, 'no request was sent');
  const share = meter.failed > 0 ? `, ${percent(meter.failed / meter.sent)}` : '';
  return {
    title,
    value: count(meter.failed),
    note: `of ${count(meter.sent)} sent${share}`,
    tone: meter.failed > 0 ? 'failed' : 'good',
  };
}

function gap({ meter }: CutoverEvidence): Tile {
  const title = 'Longest gap without an answer';
  if (meter === undefined || meter.sent === 0) return none(title, 'no request was sent');
  const every =
    meter.rate > 0 ? `a request was sent every ${duration(1000 / meter.rate)}` : 'between two answers';
  return { title, value: duration(meter.longestGapMs), note: every, tone: 'good' };
}

function p99({ meter }: CutoverEvidence, record: ReleaseRecord): Tile {
  const title = 'Latency, p99';
  if (meter?.latency === undefined) return none(title, 'no request was answered');
  const limitMs = record.slo?.p99Ms;
  const bound = limitMs === undefined ? '' : `, limit ${duration(limitMs)}`;
  const over = limitMs !== undefined && meter.latency.p99 > limitMs;
  return {
    title,
    value: duration(meter.latency.p99),
    note: `slowest ${duration(meter.latency.max)}${bound}`,
    tone: over ? 'failed' : 'good',
  };
}

function rollback({ rollback: done }: CutoverEvidence): Tile | undefined {
  if (done === undefined) return undefined;
  return {
    title: 'Back on the old colour',
    value: duration(done.verifiedAfterMs),
    note: 'from the breach being seen to verified',
    tone: 'good',
  };
}

function switchTime(cutover: CutoverEvidence): Tile {
  const title = 'Switch, asked to verified';
  const first = largest(cutover.switches, (one) => one.firstNewMs);
  const note = first === undefined ? 'all components' : `first new answer after ${duration(first)}`;
  if (cutover.switchMs === undefined)
    return none(title, cutover.switches.length === 0 ? 'nothing was switched' : note);
  return { title, value: duration(cutover.switchMs), note, tone: 'good' };
}

function largest(
  switches: readonly SwitchRecord[],
  of: (one: SwitchRecord) => number | undefined,
): number | undefined {
  return largestOf(switches.map(of).filter((value) => value !== undefined));
}
