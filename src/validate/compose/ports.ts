import { listOf, mappingOf, type Path } from '../document.ts';
import { filledIn } from './interpolation.ts';
import type { Mapping } from './project.ts';

/** One entry of ports, in either form. */
export interface Port {
  /** Undefined: all of the host's addresses. */
  readonly address: string | undefined;
  /** Undefined: any free port, which clashes with none. */
  readonly published: PortRange | undefined;
  readonly target: PortRange | undefined;
  readonly protocol: string;
  readonly path: Path;
  /** As it was written, for messages. */
  readonly text: string;
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** `[address:][published:]target[/protocol]`; undefined where it is something else. */
export function portOf(item: unknown, path: Path): Port | undefined {
  const options = mappingOf(item);
  if (options) return longPort(options, path);
  if (typeof item !== 'string' && typeof item !== 'number') return undefined;
  const text = filledIn(String(item));
  const [, address, published, target, protocol] =
    /^(?:(\[[0-9a-fA-F:.]+\]|\d+(?:\.\d+){3}|localhost):)?(?:([0-9-]*):)?([0-9-]+)(?:\/(\w+))?$/.exec(
      text ?? '',
    ) ?? [];
  const inside = rangeOf(target);
  if (!inside) return undefined;
  return {
    address: address?.replace(/[[\]]/g, ''),
    published: rangeOf(published),
    target: inside,
    protocol: protocol?.toLowerCase() ?? 'tcp',
    path,
    text: String(item),
  };
}

function longPort(options: Mapping, path: Path): Port {
  const plain = (key: string): string | undefined => {
    const value = options[key];
    return typeof value === 'string' || typeof value === 'number' ? filledIn(String(value)) : undefined;
  };
  return {
    address: plain('host_ip') || undefined,
    published: rangeOf(plain('published')),
    target: rangeOf(plain('target')),
    protocol: plain('protocol')?.toLowerCase() ?? 'tcp',
    path,
    text: `${plain('published') ?? ''}:${plain('target') ?? ''}`,
  };
}

export function rangeOf(text: string | undefined): PortRange | undefined {
  const [, from, to] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text ?? '') ?? [];
  return from === undefined ? undefined : { from: Number(from), to: Number(to ?? from) };
}

export const portsOf = (service: Mapping): readonly Port[] =>
  listOf(service['ports']).flatMap((item, i) => portOf(item, ['ports', i]) ?? []);

/** Whether both take a port of the same address. */
export function clash(a: Port, b: Port): boolean {
  if (!a.published || !b.published || a.protocol !== b.protocol) return false;
  if (a.published.to < b.published.from || b.published.to < a.published.from) return false;
  return isEvery(a.address) || isEvery(b.address) || a.address === b.address;
}

/** All of the host's addresses. */
export const isEvery = (address: string | undefined): boolean =>
  address === undefined || address === '0.0.0.0' || address === '::';
