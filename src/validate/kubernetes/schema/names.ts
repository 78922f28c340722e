import { mappingOf } from '../../document.ts';
import { type Check, dnsLabel, dnsLabel1035, dnsSubdomain, pathSegment } from './formats.ts';
import { holdsPlaceholder } from './placeholder.ts';
import type { Fault } from './problem.ts';

/** The form of names of each kind; DNS subdomains where none is listed. Source: "Object Names and IDs" and each kind's page. */
const forms: Readonly<Record<string, Check>> = {
  Namespace: dnsLabel,
  Service: dnsLabel1035,
  Role: pathSegment,
  ClusterRole: pathSegment,
  RoleBinding: pathSegment,
  ClusterRoleBinding: pathSegment,
  FlowSchema: pathSegment,
  PriorityLevelConfiguration: pathSegment,
  IPAddress: () => undefined,
  ServiceCIDR: dnsSubdomain,
};

/** The controller of CronJobs adds eleven characters to the name, and Jobs take at most 63. */
const longest: Readonly<Record<string, number>> = { CronJob: 52, Job: 63 };

/** Reviews and bindings are requests, not objects with a name. */
const nameless = /Review$|^Binding$|^TokenRequest$/;

/** What is wrong with an object's own name, at paths from the object. */
export function nameFault(kind: string, value: Readonly<Record<string, unknown>>): Fault | undefined {
  const metadata = mappingOf(value['metadata']);
  // What is no mapping is told as such.
  if (!metadata && value['metadata'] !== undefined && value['metadata'] !== null) return undefined;
  const name = metadata?.['name'];
  if (name === undefined || name === null || name === '') {
    if (nameless.test(kind) || typeof metadata?.['generateName'] === 'string') return undefined;
    const path = metadata ? ['metadata'] : [];
    return { rule: 'schema', message: 'metadata.name is required', path, part: 'key' };
  }
  if (typeof name !== 'string' || holdsPlaceholder(name)) return undefined;
  const message = (forms[kind] ?? dnsSubdomain)(name) ?? tooLong(kind, name);
  return message === undefined ? undefined : { rule: 'schema', message, path: ['metadata', 'name'] };
}

function tooLong(kind: string, name: string): string | undefined {
  const most = longest[kind];
  return most !== undefined && name.length > most
    ? `is ${name.length} characters long, the name of a ${kind} takes at most ${most}`
    : undefined;
}
