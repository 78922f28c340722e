/** Forms of names and texts. Each returns what is wrong as a sentence without its place, or undefined. */

export type Check = (value: string | number) => string | undefined;

const quoted = (value: string | number): string => JSON.stringify(value);

interface TextForm {
  pattern: RegExp;
  longest: number;
  /** `a DNS label: …` */
  allowed: string;
}

function form({ pattern, longest, allowed }: TextForm): Check {
  return (value) => {
    const text = String(value);
    if (text.length > longest) return `is ${text.length} characters long, at most ${longest} are allowed`;
    return pattern.test(text) ? undefined : `${quoted(text)} is not ${allowed}`;
  };
}

/** RFC 1123 label; Kubernetes "Object Names and IDs". */
export const dnsLabel = form({
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  longest: 63,
  allowed: 'a DNS label: lower-case letters, digits and "-", a letter or digit first and last',
});

/** RFC 1035 label, which Services need. */
export const dnsLabel1035 = form({
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  longest: 63,
  allowed: 'a DNS name of a Service: lower-case letters, digits and "-", a letter first',
});

/** RFC 1123 subdomain, the form of most object names. */
export const dnsSubdomain = form({
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  longest: 253,
  allowed:
    'a DNS name: lower-case letters, digits, "-" and ".", each part with a letter or digit first and last',
});

/** Names that become a segment of a URL: Roles and their bindings. */
export const pathSegment: Check = (value) => {
  const text = String(value);
  return text === '.' || text === '..' || /[/%]/.test(text)
    ? `${quoted(text)} is not a name: "/" and "%" are not allowed`
    : undefined;
};

/** An Ingress host or the host of a TLS entry: `*.example.com` or a DNS name. */
export const wildcardHost: Check = (value) => {
  const text = String(value);
  return dnsSubdomain(text.startsWith('*.') ? text.slice(2) : text);
};

export const labelValue = form({
  pattern: /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/,
  longest: 63,
  allowed: 'a label value: letters, digits, "-", "_" and ".", a letter or digit first and last',
});

const nameOfKey = form({
  pattern: /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/,
  longest: 63,
  allowed: 'a label key: letters, digits, "-", "_" and ".", a letter or digit first and last',
});

/** `name` or `prefix/name`, of labels and annotations. */
export const qualifiedName: Check = (value) => {
  const text = String(value);
  const slash = text.indexOf('/');
  return (slash < 0 ? undefined : dnsSubdomain(text.slice(0, slash))) ?? nameOfKey(text.slice(slash + 1));
};

/** IANA service name (RFC 6335), the form of a container port's name. */
export const portName: Check = (value) => {
  const text = String(value);
  if (text.length > 15)
    return `${quoted(text)} is ${text.length} characters long, a port's name takes at most 15`;
  const fits = /^[a-z0-9]([a-z0-9]|-(?!-))*$/.test(text) && !text.endsWith('-') && /[a-z]/.test(text);
  return fits
    ? undefined
    : `${quoted(text)} is not a port's name: lower-case letters, digits and single "-", with at least one letter`;
};

/** A port's number, or (where the field takes both) its name. */
export const portNumberOrName: Check = (value) => {
  if (typeof value === 'number') return port(value);
  return /^\d+$/.test(String(value))
    ? `${quoted(value)} is taken for a port's name; write the number without quotes`
    : portName(value);
};

/** Keys of ConfigMaps and Secrets. */
export const dataKey = form({
  pattern: /^(?!\.\.)[-._a-zA-Z0-9]+$/,
  longest: 253,
  allowed: 'a key: letters, digits, "-", "_" and "."',
});

/** A number, or a share: `25%`. */
export const countOrShare: Check = (value) => {
  if (typeof value === 'number') return atLeast(0)(value);
  return /^\d+%$/.test(value)
    ? undefined
    : `${quoted(value)} is neither a whole number nor a share like "25%"`;
};

export const absolutePath: Check = (value) =>
  String(value).startsWith('/') ? undefined : `${quoted(value)} is not an absolute path`;

/** Octal 0000 to 0777; readers give the number. */
export const fileMode: Check = (value) =>
  Number(value) >= 0 && Number(value) <= 0o777
    ? undefined
    : `${value} is not a file mode: 0000 to 0777 in octal, 0 to 511 in decimal`;

export const ipAddress: Check = (value) =>
  isIPv4(String(value)) || isIPv6(String(value)) ? undefined : `${quoted(value)} is not an IP address`;

export const cidr: Check = (value) => {
  const [address = '', bits = '', ...rest] = String(value).split('/');
  const limit = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  const fits = rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= limit;
  return fits ? undefined : `${quoted(value)} is not a range of addresses like "10.0.0.0/8"`;
};

function isIPv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function isIPv6(text: string): boolean {
  if (!/^[0-9A-Fa-f:.]+$/.test(text) || text.length > 45) return false;
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return false;
  const groups = [...head.split(':'), ...(tail ?? '').split(':')].filter((group) => group !== '');
  const last = groups.at(-1) ?? '';
  const hex = last.includes('.') ? groups.slice(0, -1) : groups;
  if (last.includes('.') && !isIPv4(last)) return false;
  const count = hex.length + (last.includes('.') ? 2 : 0);
  return (
    hex.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group)) && (tail === undefined ? count === 8 : count < 8)
  );
}

/** RFC 3339. */
export const time = form({
  pattern: /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/,
  longest: 64,
  allowed: 'a time like "2026-01-31T12:00:00Z"',
});

/** Standard base64 with padding; never shows the value, which may be a secret. */
export const base64: Check = (value) => {
  const text = String(value).replaceAll(/[\r\n]/g, '');
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? undefined : 'is not base64';
};

export const between =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === 'number' && (value < least || value > most)
      ? `${value} is not between ${least} and ${most}`
      : undefined;

export const atLeast =
  (least: number): Check =>
  (value) =>
    typeof value === 'number' && value < least ? `${value} is less than ${least}` : undefined;

export const port: Check = (value) =>
  typeof value === 'number' && (value < 1 || value > 65535)
    ? `${value} is not a port: 1 to 65535`
    : undefined;
