import { describe, expect, test } from '@jest/globals';
import { jsonPathIn, valuesAt } from '../../src/chaos/json-path.ts';
import { judgeLedger, type Written } from '../../src/chaos/ledger-judge.ts';
import { experiments, killOne, Lab } from './harness.ts';

/** `n` sent at 10 n, acknowledged 5 later; `?` in the picture is one that was not acknowledged. */
const written = (picture: string): readonly Written[] =>
  [...picture].map((kind, index) => ({
    n: index + 1,
    sentMs: index * 10,
    acknowledgedMs: kind === '?' ? undefined : index * 10 + 5,
  }));

describe('a ledger, judged', () => {
  test.each<[string, string, readonly number[], 'oldest-first' | 'newest-first' | 'any', object]>([
    [
      'all there',
      '....',
      [1, 2, 3, 4],
      'oldest-first',
      { verdict: 'passed', lost: 0, duplicated: 0, reordered: 0 },
    ],
    ['newest first', '....', [4, 3, 2, 1], 'newest-first', { verdict: 'passed', reordered: 0 }],
    ['one lost', '....', [1, 2, 4], 'oldest-first', { verdict: 'failed', lost: 1, found: 3 }],
    ['all lost', '....', [], 'oldest-first', { verdict: 'failed', lost: 4, found: 0 }],
    [
      'one twice',
      '....',
      [1, 2, 2, 3, 4],
      'oldest-first',
      { verdict: 'failed', duplicated: 1, reordered: 0 },
    ],
    ['one three times', '....', [1, 2, 2, 2, 3, 4], 'oldest-first', { duplicated: 2 }],
    ['one out of order', '....', [2, 1, 3, 4], 'oldest-first', { verdict: 'passed', reordered: 1 }],
    ['the last one first', '....', [4, 1, 2, 3], 'oldest-first', { reordered: 1 }],
    ['the first one last', '....', [2, 3, 4, 1], 'oldest-first', { reordered: 1 }],
    ['all the wrong way', '....', [4, 3, 2, 1], 'oldest-first', { reordered: 3 }],
    ['no order is asked for', '....', [4, 2, 1, 3], 'any', { reordered: 0 }],
    [
      'one not acknowledged and done',
      '.?..',
      [1, 2, 3, 4],
      'oldest-first',
      { verdict: 'passed', lost: 0, unknown: 1, found: 4 },
    ],
    [
      'one not acknowledged and not done',
      '.?..',
      [1, 3, 4],
      'oldest-first',
      { verdict: 'passed', lost: 0, unknown: 1 },
    ],
    [
      'one not acknowledged and done twice',
      '.?..',
      [1, 2, 2, 3, 4],
      'oldest-first',
      { verdict: 'failed', duplicated: 1 },
    ],
    ["another's writes", '....', [99, 1, 2, 98, 3, 4, 99], 'oldest-first', { verdict: 'passed', found: 4 }],
  ])('%s: %s', (_, picture, found, order, expected) => {
    expect(judgeLedger(written(picture), { found }, order)).toMatchObject(expected);
  });

  test('writes under way at the same time have no order', () => {
    const at = (n: number, sentMs: number, acknowledgedMs: number): Written => ({
      n,
      sentMs,
      acknowledgedMs,
    });
    const both = [at(1, 0, 20), at(2, 10, 15)];
    expect(judgeLedger(both, { found: [2, 1] }, 'oldest-first').reordered).toBe(0);
    expect(judgeLedger([at(1, 0, 9), at(2, 10, 15)], { found: [2, 1] }, 'oldest-first').reordered).toBe(1);
  });

  test.each([
    [
      'nothing could be read',
      '....',
      { why: 'connect ECONNREFUSED' },
      'could not verify: connect ECONNREFUSED',
    ],
    ['nothing was acknowledged', '????', { found: [1] }, 'could not verify: no write was acknowledged'],
    ['nothing was written', '', { found: [] }, 'could not verify: no write was acknowledged'],
  ])('%s: it could not be verified', (_, picture, read, detail) => {
    expect(judgeLedger(written(picture), read, 'oldest-first')).toMatchObject({
      verdict: 'inconclusive',
      detail,
    });
  });
});

const ledger = (read: string) =>
  `${killOne}, ledger: { write: { path: /writes, body: '{"id":{n}}' }, rate: 20/s, read: { ${read}, within: 1s } }`;
const listed = ledger('path: /writes, json: "$.items[*].id"');

describe('a ledger through a fault', () => {
  test.each([
    listed,
    ledger('path: "/writes/{n}"'),
    ledger('path: "/writes/{n}", json: number'),
    ledger('path: "/named/{id}", json: $.number').replace('write: {', 'write: { id: name,'),
  ])('finds all that was acknowledged: %s', async (keys) => {
    const lab = new Lab();
    lab.store.kept = [1, 2, 3];
    const record = await lab.runOne(keys);
    expect(record.ledger).toMatchObject({
      verdict: 'passed',
      lost: 0,
      duplicated: 0,
      reordered: 0,
      unknown: 0,
    });
    // Some 3 s at 20 a second, from before the fault until after the recovery.
    expect(record.ledger?.acknowledged).toBeGreaterThan(60);
    expect(record.ledger?.acknowledged).toBe(lab.store.kept.length - 3);
    expect(record.verdict).toBe('passed');
  });

  test.each([
    ['lost', 'lost: 1, limit 0'],
    ['twice', 'duplicated: 1, limit 0'],
  ] as const)('a write that is %s fails it', async (fate, reason) => {
    const lab = new Lab();
    lab.store.fate = (place) => (place === 30 ? fate : 'kept');
    const record = await lab.runOne(listed);
    expect([record.verdict, record.reason]).toEqual(['failed', reason]);
  });

  test('an order that is not kept is counted, and fails it where that is asked', async () => {
    const lab = new Lab();
    lab.store.fate = (place) => (place === 30 ? 'first' : 'kept');
    const record = await lab.runOne(`${listed}, expect: { reordered: 0 }`);
    expect(record.ledger?.reordered).toBe(1);
    expect([record.verdict, record.reason]).toEqual(['failed', 'reordered: 1, limit <=0']);
  });

  test('a write without an answer is unknown, not lost', async () => {
    const lab = new Lab();
    lab.store.fate = (place) => (place === 30 ? 'unanswered' : 'kept');
    const record = await lab.runOne(listed);
    expect([record.verdict, record.ledger?.unknown, record.ledger?.lost]).toEqual(['passed', 1, 0]);
  });

  test('a write that shows late is not lost', async () => {
    const lab = new Lab();
    lab.store.list = { body: '{"items":[]}' };
    const running = lab.runOne(listed);
    void (async () => {
      while (
        !lab.platform.events.some((event) => event.type === 'step' && event.step === 'kill one: ledger')
      ) {
        await lab.clock.sleep(50);
      }
      await lab.clock.sleep(500);
      lab.store.list = undefined;
    })();
    expect((await running).ledger).toMatchObject({ verdict: 'passed', lost: 0 });
  });

  test.each<[string, Lab['store']['list'], RegExp]>([
    ['refuses', 'ECONNREFUSED', /^could not verify: connect ECONNREFUSED/],
    ['answers 500', { status: 500 }, /^could not verify: \/writes answers 500$/],
    [
      'answers with something else',
      { body: '<html>' },
      /^could not verify: \/writes does not answer with JSON$/,
    ],
    [
      'has no list',
      { body: '{"other":1}' },
      /^could not verify: \/writes has no list where one is looked for$/,
    ],
    [
      'has no numbers',
      { body: '{"items":[{"id":"x"}]}' },
      /^could not verify: \/writes has no numbers there$/,
    ],
  ])(
    'read back from what %s could not be verified, and fails, whatever may be inconclusive',
    async (_, list, detail) => {
      const lab = new Lab();
      lab.store.list = list;
      const { verdict, ledger: record, reason } = await lab.runOne(`${listed}, inconclusive: pass`);
      expect([verdict, record?.verdict, record?.detail]).toEqual([
        'failed',
        'inconclusive',
        expect.stringMatching(detail),
      ]);
      expect(reason).toMatch(/^ledger: could not verify/);
    },
  );

  test('a write whose answer does not tell its id could not be verified', async () => {
    const keys = ledger('path: "/named/{id}"').replace('write: {', 'write: { id: other,');
    const { ledger: record } = await new Lab().runOne(keys);
    expect(record?.detail).toBe('could not verify: an acknowledged write told no id');
  });

  test('those of experiments at the same time do not meet', async () => {
    const lab = new Lab();
    const both = experiments(
      `- { ${listed}, parallel: true }\n- { ${listed}, parallel: true }`.replace('kill one', 'another'),
    );
    const { verdict } = await lab.run(both);
    expect(verdict).toBe('passed');
    expect(new Set(lab.store.kept).size).toBe(lab.store.kept.length);
  });

  test('a list that is empty has lost all', async () => {
    const lab = new Lab();
    lab.store.list = { body: '{"items":[]}' };
    const { ledger: record } = await lab.runOne(listed);
    expect(record?.verdict).toBe('failed');
    expect(record?.lost).toBe(record?.acknowledged);
  });
});

test.each([
  ['[1,2]', '$[*]', [1, 2]],
  ['{"a":{"b":[{"c":1},{"c":2},{}]}}', 'a.b[*].c', [1, 2]],
  ['{"a":{"b":[{"c":1},{"c":2},{}]}}', 'a.b.*.c', [1, 2]],
  ['{"a":1}', 'toString', []],
  ['no json', 'a', []],
])('%s at %s', (text, path, values) => {
  const query = jsonPathIn(path);
  if (!query) throw new Error(`no path: ${path}`);
  expect(valuesAt(text, query)).toEqual(values);
});
