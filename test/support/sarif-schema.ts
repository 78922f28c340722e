/**
 * The parts of SARIF 2.1.0 (OASIS, sarif-v2.1.0-errata01) that our files use, as strict as the specification: required
 * properties, closed objects, enumerations, smallest values, and what code scanning asks for on top (help, rule ids).
 */
const text = { type: 'string' } as const;
const line = { type: 'integer', minimum: 1 } as const;
const object = (properties: Record<string, object>, required: readonly string[]) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required: [...required],
});
const list = (items: object) => ({ type: 'array', items });
const message = object({ text: { type: 'string' } }, ['text']);
const multiformat = object(
  { text: { type: 'string', minLength: 1 }, markdown: { type: 'string', minLength: 1 } },
  ['text'],
);
const level = { enum: ['none', 'note', 'warning', 'error'] };
const https = { type: 'string', pattern: '^https://\\S+$' };

const artifactLocation = object(
  {
    // A relative reference of RFC 3986: no scheme, no leading slash, nothing unescaped.
    uri: { type: 'string', pattern: "^(?!/)(?:[A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-F]{2})*$" },
    uriBaseId: { const: '%SRCROOT%' },
  },
  ['uri'],
);
const location = object(
  {
    physicalLocation: object(
      {
        artifactLocation,
        region: object({ startLine: line, startColumn: line, endLine: line, endColumn: line }, ['startLine']),
      },
      ['artifactLocation'],
    ),
  },
  ['physicalLocation'],
);
const rule = object(
  {
    id: { type: 'string', minLength: 1, maxLength: 255 },
    shortDescription: multiformat,
    fullDescription: multiformat,
    help: { ...multiformat, required: ['text', 'markdown'] },
    helpUri: https,
    defaultConfiguration: object({ level }, ['level']),
    properties: object({ tags: { ...list(text), uniqueItems: true } }, ['tags']),
  },
  ['id', 'shortDescription', 'fullDescription', 'help', 'helpUri', 'defaultConfiguration'],
);
const result = object(
  {
    ruleId: text,
    ruleIndex: { type: 'integer', minimum: 0 },
    level,
    message,
    locations: { ...list(location), minItems: 1, maxItems: 1 },
    partialFingerprints: {
      type: 'object',
      additionalProperties: { type: 'string', minLength: 1 },
      required: ['primaryLocationLineHash'],
    },
    suppressions: list(
      object(
        {
          kind: { enum: ['inSource', 'external'] },
          status: { enum: ['accepted', 'underReview', 'rejected'] },
          justification: text,
        },
        ['kind'],
      ),
    ),
  },
  ['ruleId', 'level', 'message', 'locations', 'partialFingerprints'],
);
const notification = object({ level, message, locations: list(location) }, ['message']);
const run = object(
  {
    tool: object(
      {
        driver: object(
          {
            name: text,
            version: text,
            semanticVersion: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+' },
            informationUri: https,
            rules: { ...list(rule), uniqueItems: true },
          },
          ['name', 'rules'],
        ),
      },
      ['driver'],
    ),
    automationDetails: object({ id: { type: 'string', pattern: '/$' } }, ['id']),
    columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
    originalUriBaseIds: object({ '%SRCROOT%': object({ description: message }, []) }, []),
    invocations: list(
      object({ executionSuccessful: { type: 'boolean' }, toolExecutionNotifications: list(notification) }, [
        'executionSuccessful',
      ]),
    ),
    results: { ...list(result), maxItems: 25_000 },
  },
  ['tool', 'results'],
);

export const sarifSchema = object(
  { $schema: https, version: { const: '2.1.0' }, runs: { ...list(run), minItems: 1, maxItems: 1 } },
  ['version', 'runs'],
);
