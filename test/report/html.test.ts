import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderHtml } from '../../src/report/html.ts';
import type { ReleaseRecord } from '../../src/report/record.ts';
import { hostileTexts, withTexts } from '../support/hostile.ts';
import {
  cleanRecord,
  multiComponentRecord,
  records,
  rollbackRecord,
  unmeasuredRecord,
} from '../support/records.ts';
import { allOf, readXml, textOf, type XmlElement } from '../support/xml.ts';

const page = (record: ReleaseRecord): XmlElement => readXml(renderHtml(record), ['meta', 'br']);
const named = (root: XmlElement, name: string): readonly XmlElement[] =>
  allOf(root).filter((one) => one.name === name);
const classed = (root: XmlElement, name: string): readonly XmlElement[] =>
  allOf(root).filter((one) => one.attributes['class']?.split(' ').includes(name));

/** `rect[class,height,width,x,y]`: what data must never add to. */
const shapes = (root: XmlElement): Set<string> =>
  new Set(allOf(root).map((one) => `${one.name}[${Object.keys(one.attributes).sort().join()}]`));
const known = new Set(Object.values(records).flatMap((make) => [...shapes(page(make()))]));
const safeAddress = /^https:\/\/[a-z0-9.-]+(:\d+)?(\/[\w./-]*)?$/i;

describe.each(Object.entries(records))('the page of %s', (_, make) => {
  const html = renderHtml(make());
  const root = readXml(html, ['meta', 'br']);

  test('is the same for the same record', () => expect(renderHtml(make())).toBe(html));

  test('loads, runs and sends nothing', () => {
    const policy = named(root, 'meta').find(
      (one) => one.attributes['http-equiv'] === 'Content-Security-Policy',
    );
    expect(policy?.attributes['content']).toBe("default-src 'none'; style-src 'unsafe-inline'");
    for (const forbidden of [
      'script',
      'link',
      'img',
      'iframe',
      'image',
      'use',
      'foreignObject',
      'object',
      'form',
    ]) {
      expect(named(root, forbidden)).toEqual([]);
    }
    const attributes = allOf(root).flatMap((one) => Object.entries(one.attributes));
    expect(
      attributes.filter(([name]) => name.startsWith('on') || name === 'src' || name === 'style'),
    ).toEqual([]);
    expect(attributes.filter(([name, value]) => name === 'href' && !safeAddress.test(value))).toEqual([]);
    expect(html).not.toMatch(/url\((?!#)|@import/);
  });

  test('has ids that are unique and references that lead somewhere', () => {
    const ids = allOf(root).flatMap((one) => one.attributes['id'] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const references = [...html.matchAll(/url\(#([\w-]+)\)/g)].map((match) => match[1]);
    const labels = allOf(root).flatMap((one) => one.attributes['aria-labelledby']?.split(' ') ?? []);
    for (const reference of [...references, ...labels]) expect(ids).toContain(reference);
  });

  test('tells a screen reader what every drawing shows', () => {
    for (const svg of named(root, 'svg')) {
      const { 'aria-hidden': hidden, 'aria-label': label, role } = svg.attributes;
      if (hidden === 'true') continue;
      expect(role).toBe('img');
      if (label === undefined)
        expect(svg.children.slice(0, 2).map((one) => one.name)).toEqual(['title', 'desc']);
    }
  });

  test('draws inside its drawings, with numbers only', () => {
    expect(html).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });
});

describe('data', () => {
  test.each(hostileTexts.map((text) => [text.slice(0, 30), text]))('stays data: %j', (_, text) => {
    for (const make of [rollbackRecord, multiComponentRecord, cleanRecord]) {
      const found = shapes(page(withTexts(make(), () => text)));
      expect([...found].filter((shape) => !known.has(shape))).toEqual([]);
    }
  });

  test('stays data whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const found = shapes(page(withTexts(rollbackRecord(), () => text)));
        expect([...found].filter((shape) => !known.has(shape))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('can be read as it was', () => {
    const text = textOf(page(withTexts(cleanRecord(), (was) => `${was} <b>&amp;"'`)));
    expect(text).toContain(`gateway <b>&amp;"'`);
    expect(text).toContain(`failed requests <b>&amp;"'`);
  });
});

describe('what happened is shown', () => {
  test('the verdict first, with its figures', () => {
    const root = page(cleanRecord());
    expect(named(root, 'h1').map((one) => one.text)).toEqual(['v2 is live']);
    expect(classed(root, 'measured').map((one) => one.text)).toEqual([
      '0 of 18,000 requests failed, longest gap 6.2 ms, p99 3.7 ms',
    ]);
  });

  test('switch, breach and rollback are marked, and zoomed', () => {
    const root = page(rollbackRecord());
    for (const kind of ['switch', 'breach', 'rollback'])
      expect(classed(root, kind).length).toBeGreaterThan(0);
    const titles = named(root, 'h2').map((one) => one.text);
    expect(titles).toContain('Two seconds around the switch');
    expect(titles).toContain('Two seconds around the rollback');
  });

  test('what was not measured is never a figure', () => {
    const root = page(unmeasuredRecord());
    const [first] = classed(root, 'tiles');
    expect(
      first &&
        classed(first, 'big')
          .slice(0, 3)
          .map((one) => one.text),
    ).toEqual(['not measured', 'not measured', 'not measured']);
    expect(classed(root, 'area')).toEqual([]);
  });

  test('green is hatched, so that it is told apart without seeing colour', () => {
    const areas = classed(page(cleanRecord()), 'hatched');
    expect(areas.map((one) => one.attributes['fill'])).toContain('url(#traffic-hatch)');
  });
});

describe('a run of 6,000 windows', () => {
  const long = (records['long'] ?? cleanRecord)();

  test('gives a page about as large as a run of 300', () => {
    expect(renderHtml(long).length).toBeLessThan(1.5 * renderHtml(cleanRecord()).length);
  });

  test('keeps a single failure and a single slow answer visible', () => {
    const meter = long.cutover?.meter;
    if (long.cutover === undefined || meter === undefined) throw new Error('the long record has a meter');
    const windows = meter.windows.map((one, n) =>
      n === 4_321 ? { ...one, answered: one.answered - 1, failed: 1, max: 900 } : one,
    );
    const spoilt = { ...long, cutover: { ...long.cutover, meter: { ...meter, failed: 1, windows } } };
    const [before, after] = [page(long), page(spoilt)];
    const failures = (root: XmlElement): number =>
      classed(root, 'failed').filter((one) => one.name === 'rect' && one.children.length > 0).length;
    expect([failures(before), failures(after)]).toEqual([0, 1]);
    const [mark] = classed(after, 'failed').filter((one) => one.name === 'rect' && one.children.length > 0);
    expect(Number(mark?.attributes['width'])).toBeGreaterThanOrEqual(3);
    const unit = (root: XmlElement): boolean => named(root, 'text').some((one) => one.text === 'ms, log');
    expect([unit(before), unit(after)]).toEqual([false, true]);
  });
});
