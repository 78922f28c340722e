import { leaf } from '../config/schema/leaf.ts';
import type { CheckContext } from './check.ts';
import { type Peer, peerOf } from './reach.ts';

const written = /^(?:(?<host>[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.%]{2,60}\])?:(?<port>\d{1,5}))$/;

/** `component` for the component's own host and port, `:9000` for another port there, `db.internal:5432`. */
export function address(description: string) {
  return leaf<string>({
    description,
    noun: 'an address',
    allowed: 'component, a port of its host such as :9000, or a host and port such as db.internal:5432',
    parse: (given) => (isAddress(String(given)) ? String(given) : undefined),
    json: { type: 'string' },
    examples: ['component', ':9000', 'db.internal:5432'],
  });
}

function isAddress(text: string): boolean {
  return text === 'component' || text.includes('${') || partsOf(text) !== undefined;
}

function partsOf(text: string): { host: string | undefined; port: number } | undefined {
  const { host, port } = written.exec(text)?.groups ?? {};
  if (port === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined;
  return { host: host?.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}

/** Where an address leads, once it is filled in; undefined where it is none. */
export async function peerAt(text: string, { aim, component }: CheckContext): Promise<Peer | undefined> {
  const own = async (): Promise<Peer> => peerOf(await aim.origin(component));
  if (text === 'component') return own();
  const parts = partsOf(text);
  if (!parts) return undefined;
  const { host, port } = parts;
  return { host: host ?? (await own()).host, port };
}
