/** What a byte may be part of, after RFC 9110 §5.5–5.6 and RFC 9112 §3; one bit a role. */
export const TOKEN = 1;
/** Field values, reason phrases, chunk extensions: HTAB, SP, visible ASCII and obs-text; no other control byte. */
export const VALUE = 2;
/** Request targets: visible ASCII without `#`, because a fragment is never sent. */
export const TARGET = 4;
/** Host and port, the brackets of an IPv6 address and percent-encoding included; no comma, `@`, `/` or quote. */
export const HOST = 8;
export const DIGIT = 16;
export const HEX = 32;

export const HT = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;

/** The roles of every byte. */
export const roles = new Uint8Array(256);

function mark(characters: string, role: number): void {
  for (const character of characters) {
    const code = character.charCodeAt(0);
    roles[code] = (roles[code] ?? 0) | role;
  }
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
mark(letters + digits, TOKEN | HOST);
mark("!#$%&'*+-.^_`|~", TOKEN);
mark("-._~%!$&'()*+;=:[]", HOST);
mark(digits, DIGIT | HEX);
mark('abcdefABCDEF', HEX);
for (let code = 0; code < 256; code += 1) {
  const visible = code > 0x20 && code < 0x7f;
  if (visible || code === SP || code === HT || code >= 0x80) roles[code] = (roles[code] ?? 0) | VALUE;
  if (visible && code !== 0x23) roles[code] = (roles[code] ?? 0) | TARGET;
}

/** The byte at a place; 0, which has no role, outside the array. */
export function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

export function hasRole(byte: number, role: number): boolean {
  return ((roles[byte] ?? 0) & role) !== 0;
}

/** The first place in `from`..`to` whose byte does not have the role, or `to`. */
export function skip(bytes: Uint8Array, range: { from: number; to: number }, role: number): number {
  let at = range.from;
  while (at < range.to && hasRole(byteAt(bytes, at), role)) at += 1;
  return at;
}

/** Whether the bytes from `from` on spell `word`, a lower-case ASCII word, in any case. */
export function spells(bytes: Uint8Array, from: number, word: string): boolean {
  for (let index = 0; index < word.length; index += 1) {
    const byte = byteAt(bytes, from + index);
    const lower = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
    if (lower !== word.charCodeAt(index)) return false;
  }
  return true;
}

/** The words of a comma-separated list, lower-case, without empty ones. */
export function listed(value: string): string[] {
  return value
    .toLowerCase()
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** The bytes `from`..`to` as text, one character a byte. */
export function latin1(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('latin1', from, to);
}
