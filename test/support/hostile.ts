import type { ReleaseRecord } from '../../src/report/record.ts';

/** Texts that have broken out of some report somewhere. */
export const hostileTexts: readonly string[] = [
  '<script>alert(1)</script>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '</style></title></text></svg>',
  ']]></failure><!--',
  'a|b|c',
  '`x` ``y`` ```',
  'one\ntwo\r\nthree\u2028four',
  '\n```\n# heading\n',
  '::error::pwned',
  '##[error]pwned',
  '\u001b[31mred\u0000\u0007\u009b',
  '\u202egpj.exe',
  '${'.concat('{ secrets.TOKEN }}'),
  '%%{init: {"securityLevel":"loose"}}%%',
  '"]:::done\n  click s0 "javascript:alert(1)"\n  end',
  '$$x$$ @octocat :tada: #1',
  '[x](javascript:alert(1)) ![y](https://evil.example/z.png) https://evil.example www.evil.example',
  '&lt;b&gt; &amp;#60;',
  '- item',
  '1. item',
  '> quote',
  '# heading',
  '=== ---',
  '\\| \\',
  '\ud800 lone',
  '',
  '   ',
  'Ünïcödé 漢字 🚀',
  'x'.repeat(100_000),
  '|'.repeat(20_000),
];

/** Keys whose strings are words of ours, not data. */
const fixed = new Set([
  'schema',
  'id',
  'verdict',
  'startedAt',
  'finishedAt',
  'level',
  'outcome',
  'from',
  'to',
  'color',
  'kind',
  'mode',
  'result',
]);
/** Objects whose keys are data too. */
const keyed = new Set(['artifacts', 'live', 'keptUntil', 'byVersion']);

/** The record with every free text in it, and every name that is a key, replaced. */
export function withTexts(record: ReleaseRecord, text: (was: string) => string): ReleaseRecord {
  const change = (value: unknown, key: string, parent: string): unknown => {
    if (typeof value === 'string') return isFixed(key, parent) ? value : text(value);
    if (Array.isArray(value)) return value.map((item) => change(item, key, parent));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        keyed.has(key) ? text(name) : name,
        change(item, name, key),
      ]),
    );
  };
  return change(record, '', '') as ReleaseRecord;
}

/** The stage `cutover` keeps its name, which the renderers look for; other names are data. */
function isFixed(key: string, parent: string): boolean {
  if (key === 'id') return parent === '';
  return fixed.has(key);
}
