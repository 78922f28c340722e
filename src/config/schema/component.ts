// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in cutover.yml

import * as v from 'valibot';
import { duration, folder, httpPath, pattern, text, wholeNumber } from './fields.ts';
import { imageRepository } from './image.ts';
import { listOf, mapping, section } from './leaf.ts';
import { planned } from './planned.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Names become folders, process names and, on other targets, host names: so few characters, and short. */
export const namePattern = '^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$';
export const nameAllowed = 'small letters, digits and hyphens, at most 40, starting with a letter';

/** A header's name, RFC 9110 section 5.6.2. */
export const headerPattern = "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$";

export const healthSchema = section('How an instance shows that it can take traffic.', {
  http: v.optional(
    httpPath('Path of an HTTP GET that answers 2xx when the instance can take traffic.', '/health'),
    '/health',
  ),
  interval: v.optional(duration('Time from one check to the next.', [10, hour]), '250ms'),
  timeout: v.optional(
    duration('A check without an answer in this time is a bad one.', [1, 10 * minute]),
    '1s',
  ),
  'healthy-after': v.optional(
    wholeNumber('So many good answers in a row make an instance ready.', [1, 1_000]),
    3,
  ),
  'unhealthy-after': v.optional(
    wholeNumber('So many bad answers in a row make a ready instance unhealthy.', [1, 1_000]),
    3,
  ),
  'start-within': v.optional(duration('The longest time from start to ready.', [100, day]), '30s'),
});

/** What a version is compared with unless the file says otherwise. */
export const defaultEquals = '${release.version}';

export const versionSchema = section(
  'How an instance tells its version, so that an old release that still answers is not taken for the new one.',
  {
    http: v.optional(
      httpPath('Path of an HTTP GET whose body is the version, or JSON that holds it.', '/version'),
      '/version',
    ),
    json: v.optional(
      pattern('Key of the version in a JSON answer. A body that is not JSON is compared whole.', {
        noun: 'a key',
        allowed: 'a key of 1 to 100 characters on one line',
        pattern: '^[^\\r\\n]{1,100}$',
      }),
      'version',
    ),
    equals: v.optional(text('What the version must be.', [defaultEquals]), defaultEquals),
    header: v.optional(
      pattern(
        'Response header of any answer that carries the version; the meter tells releases apart by it.',
        {
          noun: "a header's name",
          allowed: "a header's name, such as x-version",
          pattern: headerPattern,
        },
      ),
    ),
  },
);

const buildSchema = section(
  'How the component is built.',
  { context: v.optional(folder('Folder that is packed; the same as `context` of the component.')) },
  planned.build,
);

/** Set by the target for each instance; a value here would be lost. */
const ownVariables = ['PORT', 'HOST'];

const environmentVariables = mapping(
  'Extra environment variables of each instance.',
  {
    noun: 'the name of an environment variable',
    allowed: 'letters, digits and _, not starting with a digit',
    pattern: '^[A-Za-z_][A-Za-z0-9_]{0,199}$',
    refuse: (name) =>
      ownVariables.includes(name) ? '{given} is set by Cutover for each instance' : undefined,
  },
  text('Value of the variable.'),
);

export const componentSchema = section(
  'One deployable part of the application.',
  {
    context: v.optional(
      folder('Folder that is packed, relative to this file. Default: the folder of this file.'),
    ),
    build: v.optional(buildSchema),
    image: v.optional(
      imageRepository(
        'Repository that the component is published under. In this version only validate acts on it: it tells which images the release builds.',
      ),
    ),
    run: listOf(
      'Program and arguments that start one instance; no shell reads them. PORT and HOST are in its environment.',
      'a list of the program and its arguments, such as [node, server.js]',
      text('Program or argument.'),
    ),
    env: v.optional(environmentVariables, {}),
    port: v.optional(wholeNumber('Loopback port that clients use; 0 takes any free one.', [0, 65_535]), 0),
    instances: v.optional(
      wholeNumber("Instances of each colour at first; later the live colour's number is used.", [1, 100]),
      1,
    ),
    health: v.optional(healthSchema, {}),
    version: v.optional(versionSchema),
    drain: v.optional(
      duration('How long requests and WebSockets of the old colour may go on after a switch.', [0, day]),
      '30s',
    ),
  },
  planned.component,
);

export const componentsSchema = mapping(
  'The deployable parts of the application, by name.',
  { noun: 'a component name', allowed: nameAllowed, pattern: namePattern, atLeastOne: 'component' },
  componentSchema,
);
