import { parseJsonPath } from '../config/json-path/parse.ts';
import { select } from '../config/json-path/select.ts';
import { mapping } from '../config/schema/leaf.ts';
import { absence, type Expectation, expectation, objection } from './expectation.ts';

/** JSONPath to what must be there. */
export function jsonExpectations(description: string) {
  return mapping<Expectation>(
    description,
    {
      noun: 'a JSONPath',
      allowed: 'a JSONPath (RFC 9535, without functions), such as $.status or $.items[0].price',
      pattern: '^\\$',
      refuse: (path) => {
        const query = parseJsonPath(path);
        return 'problem' in query ? `{given} is not a JSONPath: ${query.problem}` : undefined;
      },
    },
    expectation('What each value at the path must be.'),
  );
}

/** Reads JSON; undefined where a text is none. */
export function jsonIn(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Purely: the first thing that is not as expected, `$.status is "down", expected "up"`; undefined: all is. */
export function jsonObjection(
  document: unknown,
  expectations: Readonly<Record<string, Expectation>>,
  shown: (text: string) => string,
): string | undefined {
  for (const [path, expected] of Object.entries(expectations)) {
    const wrong = objectionAt(path, expected, { document, shown });
    if (wrong !== undefined) return `${shown(path)} ${wrong}`;
  }
  return undefined;
}

function objectionAt(
  path: string,
  expected: Expectation,
  { document, shown }: { document: unknown; shown: (text: string) => string },
): string | undefined {
  const query = parseJsonPath(path);
  if ('problem' in query) throw new Error(`${path} passed the schema and is no JSONPath: ${query.problem}`);
  const values = select(query, document);
  if (values.length === 0) return absence(expected);
  for (const value of values) {
    const wrong = objection(value, expected, shown);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
