import { formed, formedOrNumber, oneOf } from './scalars.ts';

/** Texts with a form of their own. */

export const platform = formed(
  'a platform',
  /^[\w.()-]+(?:\/[\w.-]+){0,2}$/,
  'os[/architecture[/variant]], such as linux/arm64',
);

export const restartPolicy = formed(
  'a restart policy',
  /^(?:no|always|unless-stopped|on-failure(?::\d+)?)$/,
  'no, always, on-failure, on-failure:<times>, unless-stopped',
);

export const pullPolicy = formed(
  'a pull policy',
  /^(?:always|never|build|if_not_present|missing|refresh|daily|weekly|every_(?:\d+[wdhms])+)$/,
  'always, never, missing, build, daily, weekly, every_<duration>',
);

export const containerName = formed(
  'a name of a container',
  /^[a-zA-Z0-9][\w.-]+$/,
  'letters, digits, dots, hyphens and underscores, and the first a letter or digit',
);

export const projectName = formed(
  'a name of a project',
  /^[a-z0-9][a-z0-9_-]*$/,
  'small letters, digits, hyphens and underscores, and the first a letter or digit',
);

export const cpuSet = formed(
  'a set of CPUs',
  /^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$/,
  'numbers and ranges, such as 0-3,5',
);

export const cgroupRule = formed(
  'a rule of a device',
  /^[acb] (?:\d+|\*):(?:\d+|\*) [rwm]{1,3}$/,
  'type major:minor access, such as "c 1:3 rwm"',
);

export const devicePermissions = formed('a kind of access to a device', /^[rwm]{1,3}$/, 'some of r, w and m');

export const ipv4 = formed(
  'an IPv4 address',
  /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/,
  'four numbers of 0 to 255',
);

export const ipv6 = formed('an IPv6 address', /^(?=.*:)[\da-f:.]+$/i, 'hexadecimal digits and colons');

export const subnet = formed('a subnet', /^[\da-f:.]+\/\d{1,3}$/i, 'address/bits, such as 10.5.0.0/16');

export const exposedPort = formedOrNumber(
  'a port',
  /^\d{1,5}(?:-\d{1,5})?(?:\/(?:tcp|udp|sctp))?$/i,
  'a port or range, with /tcp, /udp or nothing',
);

export const gpuCount = formedOrNumber('a number of devices', /^(?:all|-?\d+)$/, 'a whole number or all');

export const protocol = oneOf('a protocol', ['tcp', 'udp'], ['sctp', 'TCP', 'UDP', 'SCTP']);
