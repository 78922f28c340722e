import type { ScalarNode } from './tree.ts';

/** The words that are booleans for readers of YAML 1.1, beside true and false. */
const words: Readonly<Record<string, boolean>> = {
  yes: true,
  Yes: true,
  YES: true,
  on: true,
  On: true,
  ON: true,
  no: false,
  No: false,
  NO: false,
  off: false,
  Off: false,
  OFF: false,
};

/** 010, 0o17, 1_000, 1:30, 1e3, 2026-01-02: a number, a time or a text, depending on who reads it. */
const ambiguous =
  /^[-+]?(?:0\d[\d_]*|0o[0-7]+|\d+(?:_\d+)+|\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?|\d+[eE][-+]?\d+)$|^\d{4}-\d\d?-\d\d?(?:[Tt ].*)?$/;

/**
 * What programs that read YAML 1.1 (PyYAML) make of a scalar, where they agree with YAML 1.2 or are known to differ by
 * the words for booleans. https://yaml.org/type/bool.html
 */
export function yaml11Value(
  node: Pick<ScalarNode, 'type' | 'value' | 'source'>,
): { value: unknown } | { problem: string } {
  const { type, value, source = '' } = node;
  if (type !== 'PLAIN') return { value };
  if (ambiguous.test(source))
    return { problem: 'means different things to different readers; put a text in quotes' };
  return { value: typeof value === 'string' ? (words[value] ?? value) : value };
}
