import { formed, plain, text, textOrNumber, truth, whole } from './scalars.ts';
import { either, keys, list, named, of, type Shape, set } from './shape.ts';

/** Shapes that several parts of a Compose file have. */

export const words = list(of(text));
export const wordSet = set(of(text));
export const textOrList: Shape = either(of(text), words);

/** `KEY=value` lines or a mapping, of which a key may have nothing. */
export const pairs = (what: string): Shape => either(words, named(what, of(plain)));

/** Options of drivers: Compose hands them on as text, so that truth values have to be in quotes. */
export const driverOptions = named('driver_opts', of(textOrNumber));

export const nameForm = /^[a-zA-Z0-9._-]+$/;
export const nameAllowed = 'letters, digits, dots, hyphens and underscores';

/** A mapping whose names are those of services, networks and so on. */
export const byName = (what: string, lead: Shape): Shape => named(what, lead, nameForm, nameAllowed);

export const macAddress = formed(
  'a MAC address',
  /^[\da-f]{1,2}(?:[:-][\da-f]{1,2}){5}$/i,
  'six pairs of hexadecimal digits, such as 02:42:ac:11:65:43',
);

const limit = whole({ from: -1 });
export const ulimits = named(
  'ulimits',
  either(of(limit), keys('a ulimit', { soft: of(limit), hard: of(limit) }, { required: ['soft', 'hard'] })),
  /^[a-z]+$/,
  'small letters, such as nofile',
);

const host = formed('a host with its address', /^[^:=]+[:=].+$/, 'host=address or host:address');
export const extraHosts = either(list(of(host)), named('extra_hosts', textOrList));

export const truthful = of(truth);
export const textual = of(text);
