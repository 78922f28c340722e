import * as v from 'valibot';
import { pattern, text, wholeNumber } from '../../config/schema/fields.ts';
import { encodeFinding } from '../../config/schema/finding.ts';
import { expecting, listOf, section } from '../../config/schema/leaf.ts';
import { either, list } from '../../config/schema/lists.ts';
import { regularExpression } from '../../config/schema/regular-expression.ts';
import { checkKind } from '../check.ts';
import { jsonExpectations } from '../json-expectations.ts';
import { place, requestHeaders } from '../request-fields.ts';
import { caFile } from '../trust.ts';
import type { ExpectedMessage } from '../websocket/expected.ts';

const allowed = 'a text, or a mapping with matches or json';

const demands = section('What must hold of the message.', {
  matches: v.optional(regularExpression('Regular expression that it must match; ^ and $ are not implied.')),
  json: v.optional(jsonExpectations('What must stand in its JSON, by JSONPath.')),
});

type Demands = Exclude<ExpectedMessage, string>;

const someDemand = v.pipe(
  demands,
  v.rawCheck<Demands>(({ dataset, addIssue }) => {
    if (!dataset.typed || Object.values(dataset.value).some((demand) => demand !== undefined)) return;
    addIssue({ message: encodeFinding({ message: 'demands nothing', allowed }) });
  }),
) as v.GenericSchema<object, Demands>;

const isMapping = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const messages = (description: string) =>
  either(
    Array.isArray,
    listOf(description, 'a text or a list of texts', text('A message.')),
    text(description),
    'a text or a list of texts',
  );

/** A WebSocket, what is said on it and how it ends. */
export const websocket = checkKind({
  kind: 'websocket',
  description: 'Opens a WebSocket, sends messages and waits for others.',
  entries: {
    websocket: place("Path below the component's address, or a whole ws:// or wss:// URL.", ['ws', 'wss']),
    headers: requestHeaders,
    protocols: v.optional(
      listOf(
        'Subprotocols to ask for, the preferred one first; the server has to choose one.',
        'a list of names of subprotocols',
        pattern('Name of a subprotocol.', {
          noun: 'the name of a subprotocol',
          allowed: 'letters, digits and punctuation without blanks or commas',
          pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$",
        }),
      ),
    ),
    send: v.optional(messages('Message to send once it is open, or several.')),
    receives: v.optional(wholeNumber('So many messages must come.', [1, 10_000])),
    expect: v.optional(
      list(
        'Messages that must come in this order; others may come between them.',
        `a list of ${allowed}`,
        either(isMapping, expecting(someDemand, allowed), text('The message, to the letter.'), allowed),
      ),
      [],
    ),
    close: v.optional(
      wholeNumber('Code that the server must close it with, after all messages.', [1000, 4999]),
    ),
    ca: v.optional(caFile),
  },
  defaultTimeoutMs: 5_000,
  example: `
- name: ticks
  websocket: /ticks
  receives: 3
  within: 2s
- name: echo
  websocket: wss://echo.example/
  send: '{"ping":1}'
  expect: [{ json: { $.pong: 1 } }]`,
  attempt: async (spec, context) => {
    const { attemptWebSocket } = await import('../websocket/attempt.ts');
    return attemptWebSocket({ ...spec, send: [spec.send ?? []].flat() }, context);
  },
});
