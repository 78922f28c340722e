import * as v from 'valibot';
import { choice, text } from '../../config/schema/fields.ts';
import { listOf, type SectionOutput } from '../../config/schema/leaf.ts';
import { bound } from '../bound.ts';
import { checkKind } from '../check.ts';
import { type ServerKind, serverField } from '../server.ts';
import { caFile } from '../trust.ts';

export const redisServer: ServerKind = {
  name: 'Redis',
  example: 'redis://:${env.REDIS_PASSWORD}@cache:6379/0',
  port: 6379,
  schemes: ['redis', 'rediss'],
  tlsOf: (url) => url.protocol === 'rediss:',
};

const entries = {
  redis: serverField(redisServer),
  ca: v.optional(caFile),
  role: v.optional(choice('What the server must be.', ['master', 'replica'])),
  set: v.optional(
    text(
      'Writes a random value under a name of its own that begins with this text and ends within a minute, reads it and deletes it.',
      ['cutover:smoke:'],
    ),
  ),
  get: v.optional(text('Reads this key, for equals and value.', ['settings:version'])),
  command: v.optional(
    listOf(
      'Sends this command, for equals and value.',
      'a list of texts, such as [LLEN, orders]',
      text('A word of the command.', ['LLEN', 'orders']),
    ),
  ),
  equals: v.optional(text('Text that the answer must be; what is no text is compared as JSON.')),
  value: v.optional(bound('What number the answer must be.')),
} satisfies v.ObjectEntries;

export type RedisSpec = SectionOutput<typeof entries>;

/** Whether a Redis server answers, takes and gives values, and has the right role. */
export const redis = checkKind({
  kind: 'redis',
  description: 'Talks to a Redis server: PING, a value written and read back, or a command of your own.',
  entries,
  defaultTimeoutMs: 3_000,
  example: `
- name: cache
  redis: redis://:\${env.REDIS_PASSWORD}@cache:6379/0
  set: 'cutover:smoke:'
  role: master
- name: queue
  redis: redis://cache:6379
  command: [LLEN, orders]
  value: <1000`,
  attempt: async (spec, context) => (await import('../redis/attempt.ts')).attemptRedis(spec, context),
});
