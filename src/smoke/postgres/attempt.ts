import { codeOf, messageOf } from '../../platform/errors.ts';
import { duration, plural } from '../../report/format.ts';
import { keeps, numberIn } from '../bound.ts';
import type { Attempt, CheckContext } from '../check.ts';
import { type PostgresSpec, postgresServer } from '../checks/postgres.ts';
import { failureOf } from '../reach.ts';
import { type Server, serverOf, withoutPassword } from '../server.ts';
import { readCa } from '../trust.ts';
import { type Failure, unhealthy } from '../unhealthy.ts';
import { ask, type Rows } from './session.ts';

/** One try of a `postgres` check. */
export async function attemptPostgres(spec: PostgresSpec, context: CheckContext): Promise<Attempt> {
  const server = serverOf(spec.postgres, postgresServer);
  if ('problem' in server) return unhealthy(`the URL of postgres cannot be used: ${server.problem}`);
  const trusted = await readCa(spec.ca, context);
  if ('problem' in trusted) return trusted.problem;
  const attempt = await talk(server, { ca: trusted.ca, spec, context });
  return { ...attempt, detail: withoutPassword(attempt.detail, server) };
}

interface Talk {
  ca: string | undefined;
  spec: PostgresSpec;
  context: CheckContext;
}

async function talk(server: Server, { ca, spec, context }: Talk): Promise<Attempt> {
  const { signal, timeoutMs, platform, reached } = context;
  const { query: text, access } = spec;
  const started = platform.clock.monotonic();
  try {
    const rows = await ask(server, { text, access, timeoutMs, ca, signal });
    reached.add(server);
    const ms = platform.clock.monotonic() - started;
    return judge(rows, { spec, context, ms });
  } catch (error) {
    return refusal(error, server, context) ?? failureOf(error, server, context);
  }
}

/** Purely: whether rows are what was expected. */
export function judge(
  { columns, rows }: Rows,
  { spec, context, ms }: { spec: PostgresSpec; context: Pick<CheckContext, 'shown'>; ms: number },
): Attempt {
  const [first] = rows;
  const value = first?.[0];
  const wrong = objection(rows.length, value, spec, context);
  if (wrong !== undefined) return unhealthy(wrong);
  const said = value === undefined ? '' : `, ${context.shown(String(value))}`;
  const row = Object.fromEntries(columns.map((name, index) => [name, first?.[index] ?? null]));
  const answer = { value: value ?? null, rows: rows.length, row: first === undefined ? null : row };
  return { ok: true, detail: `${plural(rows.length, 'row')}${said} in ${duration(ms)}`, answer, ms };
}

function objection(
  count: number,
  value: string | null | undefined,
  { equals, value: limit, rows }: PostgresSpec,
  { shown }: Pick<CheckContext, 'shown'>,
): string | undefined {
  if (rows !== undefined && !keeps(rows, count)) return `${plural(count, 'row')}, expected ${rows.text}`;
  const text = value === undefined ? 'no row' : String(value);
  if (equals !== undefined && value !== equals) return `${shown(text)}, expected ${shown(equals)}`;
  if (limit === undefined || keeps(limit, numberIn(value ?? '') ?? Number.NaN)) return undefined;
  return `${shown(text)}, expected ${limit.text}`;
}

/** What a person can do about an error, by its SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const remedies: Readonly<Record<string, string>> = {
  '28P01': 'check the user and the password',
  '28000': 'check the user, and whether the server wants TLS (sslmode=verify-full, or tls: verify)',
  '3D000': 'check the name of the database',
  '25006': 'a statement that writes needs access: read-write',
  '42501': 'grant the user what the query needs',
  '42601': 'check the query; it is one statement',
};

/** What the server itself, or the client on behalf of the login, has against us; undefined: the connection failed. */
function refusal(error: unknown, server: Server, context: CheckContext): Failure | undefined {
  if (context.signal.aborted) return undefined;
  const [code = '', message] = [codeOf(error), messageOf(error)];
  if (typeof error === 'object' && error !== null && 'severity' in error) {
    context.reached.add(server);
    if (code === '57014') return unhealthy(`no answer to the query within ${context.timeoutMs} ms`);
    return unhealthy(`PostgreSQL says: ${context.shown(message)} (${code})`, remedies[code]);
  }
  if (message.startsWith('SASL') && server.password === undefined) {
    return unhealthy('PostgreSQL wants a password', 'give the password, as ${env.NAME}');
  }
  if (message.includes('does not support SSL')) {
    return unhealthy(
      'the server does not speak TLS',
      'sslmode=disable (tls: off) where the network between is safe',
    );
  }
  return undefined;
}
