import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseAllDocuments } from 'yaml';
import type { Document, Path } from '../../../src/validate/document.ts';
import { readYaml } from '../../../src/validate/read/yaml.ts';
import { writtenYaml } from '../../support/written-yaml.ts';

/** Where one thing is written, as `line:column`. */
interface Place {
  path: Path;
  key: string | undefined;
  value: string;
}

/** Every path of a file and where it stands, by the parser whose nodes have ranges; undefined where it finds a fault. */
function placesBySlowParser(text: string): Place[][] | undefined {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, merge: true, logLevel: 'silent' });
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
  const at = (node: Node): string => {
    const { line, col } = lines.linePos(node.range?.[0] ?? 0);
    return `${line}:${line === 1 && text.startsWith('\ufeff') ? col - 1 : col}`;
  };
  return documents
    .filter(({ contents }) => contents && !(isScalar(contents) && contents.value === null))
    .map((document) => placesIn((document.contents ?? undefined) as Node, [], undefined));

  function placesIn(node: Node, path: Path, key: string | undefined): Place[] {
    const real = resolved(node);
    // What is not written stands nowhere for that parser; another test has those.
    const own =
      isScalar(real) && real.source === '' && real.type === 'PLAIN' ? [] : [{ path, key, value: at(real) }];
    if (isSeq(real))
      return [...own, ...real.items.flatMap((item, i) => placesIn(item as Node, [...path, i], undefined))];
    if (!isMap(real)) return own;
    return [
      ...own,
      ...pairsOf(real).flatMap(([name, pair]) =>
        placesIn(pair.value as Node, [...path, name], at(pair.key as Node)),
      ),
    ];
  }

  function resolved(node: Node): Node {
    if (!isAlias(node)) return node;
    // The last anchor of that name before the alias; the documents here have each name once.
    for (const document of documents as { contents: unknown }[]) {
      const found = node.resolve(document as never);
      if (found) return found;
    }
    return node;
  }

  function pairsOf(map: { items: Pair[] }): [string, Pair][] {
    const pairs = new Map<string, Pair>();
    const isMerge = ({ key }: Pair): boolean => isScalar(key) && key.source === '<<';
    for (const pair of map.items)
      if (!isMerge(pair)) pairs.set(String(isScalar(pair.key) ? pair.key.value : ''), pair);
    for (const pair of map.items.filter(isMerge)) {
      const from = resolved(pair.value as Node);
      for (const one of isSeq(from) ? from.items.map((item) => resolved(item as Node)) : [from])
        if (isMap(one))
          for (const [name, inner] of pairsOf(one)) if (!pairs.has(name)) pairs.set(name, inner);
    }
    return [...pairs];
  }
}

const placedBy = (document: Document, path: Path, part: 'key' | 'value'): string => {
  const { line, column } = document.position(path, part);
  return `${line}:${column}`;
};

const runs = 500;

/** What has to be in a good part of the files that are compared. */
const features = {
  comment: /#/,
  alias: / \*n\d/,
  'merge key': /^ *<<: \*/m,
  'block scalar': /: [|>][-+\d]?/,
  'flow over several lines': /[[{][^\]}\n]*\n[^#]*[\]}]/,
  'explicit key': /^ *\? /m,
  'several documents': /^---[\s\S]*^---/m,
  'line ends of Windows': /\r\n/,
  'tab behind a value': /\t\r?$/m,
  'byte order mark': /^\ufeff/,
  'characters of two units': /😀/,
  tag: /!!str/,
};

describe('positions from the events of the fast parser', () => {
  test('are those that the slow parser finds, however a file is written', () => {
    const seen = new Map(Object.keys(features).map((name) => [name, 0]));
    let compared = 0;
    let files = 0;
    fc.assert(
      fc.property(writtenYaml, (text) => {
        const expected = placesBySlowParser(text);
        const { documents, problems } = readYaml({ path: 'a.yml', text });
        // Where one of them finds a fault there is nothing to compare.
        if (expected === undefined || problems.length > 0) return;
        expect(documents).toHaveLength(expected.length);
        for (const [i, places] of expected.entries()) {
          const document = documents[i] as Document;
          for (const { path, key, value } of places) {
            expect([path, placedBy(document, path, 'value')]).toEqual([path, value]);
            if (key !== undefined) expect([path, placedBy(document, path, 'key')]).toEqual([path, key]);
            compared += 1;
          }
        }
        files += 1;
        for (const [name, sign] of Object.entries(features))
          if (sign.test(text)) seen.set(name, (seen.get(name) ?? 0) + 1);
      }),
      { numRuns: runs },
    );
    // A writer whose files nobody can read, or that leaves something out, would compare nothing.
    expect(files).toBeGreaterThan(runs * 0.6);
    expect(compared).toBeGreaterThan(files * 10);
    expect([...seen].filter(([, count]) => count < runs / 50)).toEqual([]);
  });
});
