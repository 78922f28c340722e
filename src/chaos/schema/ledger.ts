import * as v from 'valibot';
import type { Query } from '../../config/json-path/query.ts';
import { headersSchema } from '../../config/schema/cutover.ts';
import { choice, duration, httpPath, rate, text, wholeNumber } from '../../config/schema/fields.ts';
import { leaf, section } from '../../config/schema/leaf.ts';
import { jsonPathIn } from '../json-path.ts';

const jsonPath = (description: string, example: string) =>
  leaf<Query>({
    description,
    noun: 'a path in JSON',
    allowed: `a JSONPath, whose $. may be left out, such as ${example}`,
    parse: (given) => jsonPathIn(String(given)),
    json: { type: ['string', 'number', 'boolean'] },
    examples: [example],
  });

const writeSchema = section('How one write is made; {n} in path or body becomes its number.', {
  method: v.optional(choice('Its method.', ['POST', 'PUT', 'PATCH', 'GET']), 'POST'),
  path: httpPath('Its path.', '/orders'),
  headers: v.optional(headersSchema, {}),
  body: v.optional(text('Its body.', ['{"id":{n}}'])),
  status: v.optional(
    wholeNumber('The status that acknowledges it. Default: any from 200 to 299.', [100, 599]),
  ),
  id: v.optional(
    jsonPath('Where its answer tells what the service calls it, for {id} in the path of read.', '$.sequence'),
  ),
});

const readSchema = section('How the writes are read back.', {
  path: httpPath(
    'Path of all of them, or of one with {n} or {id}: there, 404 and 410 mean that it is gone.',
    '/orders',
  ),
  headers: v.optional(headersSchema, {}),
  json: v.optional(
    jsonPath(
      'Where the numbers stand in the answer. Default: it is a list of them; with {n} or {id} in path, its status tells.',
      '$.orders[*].id',
    ),
  ),
  order: v.optional(
    choice('In which order they are listed.', ['oldest-first', 'newest-first', 'any']),
    'oldest-first',
  ),
  within: v.optional(duration('A write may take so long to show.', [0, 600_000]), '5s'),
});

export const ledgerSchema = section(
  'Numbered writes through the fault, which are read back afterwards: what was acknowledged must be there, once.',
  {
    component: v.optional(text('Component that they go to. Default: that of traffic.')),
    write: writeSchema,
    read: readSchema,
    rate: v.optional(rate('How many are made.', [1 / 60, 500]), '20/s'),
    timeout: v.optional(
      duration('A write without an answer in this time is not acknowledged.', [1, 600_000]),
      '2s',
    ),
  },
);

export const clockSchema = section(
  'How the component tells its time, for clock-skew. Default: the Date header.',
  {
    http: httpPath('Path of an HTTP GET.', '/time'),
    json: v.optional(
      jsonPath('Where it stands in a JSON answer: milliseconds or seconds since 1970, or ISO 8601.', 'now'),
    ),
  },
);

export type LedgerSpec = v.InferOutput<typeof ledgerSchema>;
export type ClockSpec = v.InferOutput<typeof clockSchema>;
