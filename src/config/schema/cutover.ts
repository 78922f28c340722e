import * as v from 'valibot';
import { headerPattern, nameAllowed, namePattern } from './component.ts';
import { choice, duration, httpPath, pattern, percentage, rate, text, wholeNumber } from './fields.ts';
import { leaf, mapping, section } from './leaf.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const sloSchema = section(
  'What the service promises; a breach while the new release is watched rolls it back.',
  {
    'error-rate': v.optional(
      percentage('Largest share of failed requests; without it only cutover.failed-requests counts.'),
    ),
    p99: v.optional(
      duration('99 of 100 requests are answered in this time, counted from when they should be sent.', [
        0.001,
        hour,
      ]),
    ),
    recovery: v.optional(
      duration('Longest time until the service is back to normal after a fault.', [1, day]),
    ),
  },
);

/** The meter frames its requests itself. */
const ownHeaders = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
];

export const headersSchema = mapping(
  'Extra headers of each request.',
  {
    noun: "a header's name",
    allowed: `a header's name, other than ${ownHeaders.join(', ')}`,
    pattern: headerPattern,
    refuse: (name) => (ownHeaders.includes(name.toLowerCase()) ? '{given} is set by Cutover' : undefined),
  },
  headerValue(),
);

function headerValue() {
  const shape = /^[\t -~]{0,4000}$/;
  return leaf<string>({
    description: 'Value of the header.',
    noun: "a header's value",
    allowed: 'printable ASCII characters on one line',
    parse: (given) => (shape.test(String(given)) ? String(given) : undefined),
    json: { type: ['string', 'number', 'boolean'], pattern: shape.source },
  });
}

export const trafficSchema = section(
  'Requests that Cutover sends through the live route during a cutover, to measure it.',
  {
    component: v.optional(
      pattern('Component that they go to. Default: the first one.', {
        noun: 'a component name',
        allowed: nameAllowed,
        pattern: namePattern,
      }),
    ),
    rate: v.optional(rate('How many are sent.', [1 / 3600, 200_000]), '50/s'),
    method: v.optional(choice('Their method.', ['GET', 'POST', 'PUT']), 'GET'),
    path: v.optional(httpPath("Their path. Default: the component's health path.", '/orders')),
    headers: v.optional(headersSchema, {}),
    body: v.optional(text("Their body; {n} becomes the request's number, from 1.", ['{"order":{n}}'])),
    connections: v.optional(
      choice('Whether connections are kept or each request opens a new one.', ['keep-alive', 'new']),
      'keep-alive',
    ),
    timeout: v.optional(
      duration('A request without an answer in this time has failed.', [1, 10 * minute]),
      '2s',
    ),
  },
);

export const cutoverSchema = section('How a release is made live.', {
  bake: v.optional(duration('How long the new release is watched after the switch.', [0, day]), '30s'),
  'keep-old': v.optional(
    duration('How long the old release stays warm for an instant rollback.', [0, 7 * day]),
    '10m',
  ),
  quiet: v.optional(
    duration('The old release counts as quiet when it has answered nothing for so long.', [0, hour]),
    '1s',
  ),
  'failed-requests': v.optional(
    wholeNumber('Failed requests of the measurement that are tolerated.', [0, 1_000_000_000]),
    0,
  ),
  traffic: v.optional(trafficSchema, {}),
});
