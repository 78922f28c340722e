import * as v from 'valibot';
import { choice, text } from '../../config/schema/fields.ts';
import type { SectionOutput } from '../../config/schema/leaf.ts';
import { bound } from '../bound.ts';
import { checkKind } from '../check.ts';
import { type ServerKind, serverField } from '../server.ts';
import { caFile } from '../trust.ts';

export const postgresServer: ServerKind = {
  name: 'PostgreSQL',
  example: 'postgres://app:${env.PGPASSWORD}@db.internal:5432/trading',
  port: 5432,
  schemes: ['postgres', 'postgresql'],
  tlsOf,
};

/** By `sslmode`, which is taken at least as strictly as PostgreSQL's own clients take it. */
function tlsOf(url: URL): boolean | undefined | string {
  const strangers = [...url.searchParams.keys()].filter((name) => name !== 'sslmode');
  if (strangers.length > 0) return `it has the parameter ${strangers[0]}; only sslmode is known`;
  const mode = url.searchParams.get('sslmode');
  if (mode === null) return undefined;
  if (mode === 'disable') return false;
  if (['require', 'verify-ca', 'verify-full'].includes(mode)) return true;
  return `sslmode ${mode} would fall back to an open connection without a word; write verify-full or disable`;
}

const entries = {
  postgres: serverField(postgresServer),
  ca: v.optional(caFile),
  query: v.optional(text('One statement of SQL.', ['select count(*) from orders']), 'select 1'),
  access: v.optional(
    choice(
      'Whether the statement may write: it runs in a transaction of this kind, which is committed only if it may.',
      ['read-only', 'read-write'],
    ),
    'read-only',
  ),
  equals: v.optional(
    text('Text that the first value of the first row must be; true and false for booleans.'),
  ),
  value: v.optional(bound('What number the first value of the first row must be.')),
  rows: v.optional(bound('How many rows there must be.')),
} satisfies v.ObjectEntries;

export type PostgresSpec = SectionOutput<typeof entries>;

/** Whether a PostgreSQL server lets us in and answers a query as expected. */
export const postgres = checkKind({
  kind: 'postgres',
  description: 'Connects to a PostgreSQL server and looks at what a query gives.',
  entries,
  defaultTimeoutMs: 5_000,
  example: `
- name: database
  postgres: postgres://app:\${env.PGPASSWORD}@db.internal:5432/trading
  query: select count(*) from instruments where active
  value: '>=1'
- name: migrated
  postgres: { host: db.internal, user: app, password: '\${env.PGPASSWORD}', database: trading }
  ca: certs/database.pem
  query: select version from schema_migrations order by version desc limit 1
  equals: 20261101`,
  attempt: async (spec, context) => (await import('../postgres/attempt.ts')).attemptPostgres(spec, context),
});
