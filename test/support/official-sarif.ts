import { readFileSync } from 'node:fs';
import type { ValidateFunction } from 'ajv';
import draft04 from 'ajv-draft-04';
import * as formats from 'ajv-formats';

/**
 * The JSON schema of SARIF 2.1.0 as a package carries it: the text of OASIS that the standard was made of (rtm.5). The
 * errata of 2023 add to it that a region says where it begins, and a pattern for languages; `errata` below has the former,
 * our files have no language.
 */
const file = new URL(
  '../../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
  import.meta.url,
);

const errata = {
  region: { anyOf: ['startLine', 'charOffset', 'byteOffset'].map((key) => ({ required: [key] })) },
};

interface Schema {
  definitions: Record<string, object>;
}

/** A validator of whole SARIF files against the official schema, formats included. */
export function officialSarif(): ValidateFunction {
  const schema = JSON.parse(readFileSync(file, 'utf8')) as Schema;
  for (const [name, more] of Object.entries(errata))
    schema.definitions[name] = { ...schema.definitions[name], ...more };
  // The pattern for languages has a bracket too many, which only patterns without the flag u let pass.
  const ajv = new draft04.default({ strict: false, allErrors: true, unicodeRegExp: false });
  formats.default.default(ajv);
  return ajv.compile(schema);
}
