/**
 * Quantities as the API server reads them: `100m`, `0.5`, `1Gi`, `1e3`. Grammar from
 * k8s.io/apimachinery/pkg/api/resource: sign, number, then a binary or decimal suffix or an exponent.
 */
const form = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?\d+))?$/;

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Units that people write and that do not exist, with what they meant. */
const slips: Readonly<Record<string, string>> = {
  K: 'k',
  KB: 'k',
  Kb: 'k',
  kb: 'k',
  MB: 'M',
  Mb: 'M',
  mb: 'M',
  GB: 'G',
  Gb: 'G',
  gb: 'G',
  TB: 'T',
  KiB: 'Ki',
  ki: 'Ki',
  kib: 'Ki',
  MiB: 'Mi',
  mi: 'Mi',
  mib: 'Mi',
  GiB: 'Gi',
  gi: 'Gi',
  gib: 'Gi',
  TiB: 'Ti',
  ti: 'Ti',
  g: 'G',
};

/** The number that a quantity stands for (bytes, cores, pieces), or undefined where it is none. */
export function quantityOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const match = form.exec(value);
  if (!match) return undefined;
  const [, sign, digits, suffix, exponent] = match;
  const factor = suffix === undefined ? 10 ** Number(exponent ?? 0) : (factors[suffix] ?? 1);
  return Number(`${sign}${digits}`) * factor;
}

/** What is wrong with a quantity, as the rest of a sentence; undefined where it is one. */
export function quantityFault(value: string | number): string | undefined {
  if (quantityOf(value) !== undefined) return undefined;
  const allowed = 'a number with one of the suffixes m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, or none';
  const [, digits, unit] = /^\s*([+-]?[\d.]+)\s*([A-Za-z]*)\s*$/.exec(String(value)) ?? [];
  const meant = unit === undefined ? undefined : unit in factors || unit === '' ? unit : slips[unit];
  const guess = `${digits}${meant}`;
  const hint = meant !== undefined && quantityOf(guess) !== undefined ? `, did you mean "${guess}"?` : '';
  return `"${value}" is not a quantity${hint === '' ? `: it takes ${allowed}` : hint}`;
}
