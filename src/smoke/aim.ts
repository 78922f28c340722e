import type { Color, Component, VersionCheck } from '../config/model.ts';
import { defaultEquals } from '../config/schema/component.ts';
import { UsageError, UserError } from '../platform/errors.ts';
import {
  type ComponentState,
  type Instance,
  type Inventory,
  otherColor,
  type Target,
} from '../targets/target.ts';
import type { Aim } from './check.ts';
import { checksFrom, type SmokeCheck } from './schema.ts';

export interface TargetAimRequest {
  target: Target;
  /** As the release file has them; the first one is what a check without `component` is about. */
  components: Readonly<Record<string, Component>>;
  what: 'live' | 'standby';
  /** The colour of some components, where a cutover moves only these; the others are where production is: live. */
  colors?: Readonly<Record<string, Color>> | undefined;
  /** What must answer; undefined: what the target remembers to have started. */
  version?: string | undefined;
}

/** Aims at the live route, or at the colour of each component that is not live. @throws UserError when nothing runs there */
export async function targetAim(request: TargetAimRequest): Promise<Aim> {
  const { target, components, what } = request;
  const inventory = await target.inspect();
  const names = Object.keys(components);
  const colors = new Map(names.map((name) => [name, aimedColor(request, inventory.components[name], name)]));
  const colorIn = (component: string | undefined): Color => {
    const color = colors.get(component ?? '');
    if (color) return color;
    throw new UserError(`there is no ${what} release of ${component ?? 'the application'}`, {
      next: 'cutover status',
    });
  };
  const aimed = names.flatMap((name) => colors.get(name) ?? []);
  if (aimed.length === 0) colorIn(names[0]);
  return {
    what,
    label: what,
    component: names[0],
    color: aimed.every((color) => color === aimed[0]) ? aimed[0] : undefined,
    versions: versionsOf(request, inventory),
    origin: async (component) => {
      const color = colorIn(component);
      const isLive = what === 'live' || inventory.components[component ?? '']?.route.live === color;
      return withoutSlash(await target.endpoint(component ?? '', isLive ? 'live' : color));
    },
    instances: async (component): Promise<readonly Instance[]> =>
      target.instances(component ?? '', colorIn(component)),
    exec: (command) => target.exec(command),
  };
}

function aimedColor(
  { what, colors }: Pick<TargetAimRequest, 'what' | 'colors'>,
  state: ComponentState | undefined,
  name: string,
): Color | undefined {
  return colors ? (colors[name] ?? state?.route.live) : colorOf(state, what);
}

/** The colour that something runs as, or undefined. */
function colorOf(state: ComponentState | undefined, what: 'live' | 'standby'): Color | undefined {
  if (!state) return undefined;
  const { live } = state.route;
  const runs = (color: Color): boolean => state.colors[color].status !== 'absent';
  if (what === 'live') return live;
  if (live !== undefined) return runs(otherColor[live]) ? otherColor[live] : undefined;
  return (['blue', 'green'] as const).find(runs);
}

function versionsOf(request: TargetAimRequest, inventory: Inventory): Readonly<Record<string, VersionCheck>> {
  const { components, version } = request;
  const checks = Object.values(components).flatMap((component): [string, VersionCheck][] => {
    const state = inventory.components[component.name];
    const color = aimedColor(request, state, component.name);
    if (!component.version || !state || !color) return [];
    const right = version ?? state.colors[color].release?.version;
    return right === undefined ? [] : [[component.name, withVersion(component.version, right)]];
  });
  return Object.fromEntries(checks);
}

function withVersion(check: VersionCheck, version: string): VersionCheck {
  return { ...check, equals: check.equals.replaceAll(defaultEquals, version) };
}

/** Aims at an address that nothing is known about. @throws UsageError when it is not an http or https URL */
export function urlAim(url: string): Aim {
  const { origin, pathname } = webAddress(url);
  const base = withoutSlash(`${origin}${pathname}`);
  return {
    what: 'url',
    label: base,
    component: undefined,
    color: undefined,
    versions: {},
    origin: async () => base,
    instances: async () => [],
    exec: undefined,
  };
}

/** The one check of `url:` and `expect-status:` (`200`, or several with commas; empty: 200 to 399). @throws UsageError */
export function checksForUrl({
  url,
  expectStatus,
}: {
  url: string;
  expectStatus?: string | undefined;
}): readonly SmokeCheck[] {
  const address = webAddress(url);
  address.hash = '';
  const codes = (expectStatus ?? '')
    .split(',')
    .map((code) => code.trim())
    .filter((code) => code !== '');
  const wrong = codes.find((code) => !/^[1-5]\d\d$/.test(code));
  if (wrong !== undefined) {
    throw new UsageError(
      `expect-status: "${wrong}" is not a status, give one such as 200, or several with commas`,
    );
  }
  const status = codes.length === 0 ? {} : { status: codes.map(Number) };
  return checksFrom([{ name: 'answers', http: address.href, ...status }]);
}

/** What an address holds that must not be shown: the password before its host, and values of its query. */
export function secretsOfUrl(url: string): readonly string[] {
  const { username, password, searchParams } = webAddress(url);
  const given = [username, password].flatMap((text) => [text, decoded(text)]);
  return [...given, ...searchParams.values()].filter((text) => text !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As long as one in cutover.yml may be. */
const longestUrl = 2_000;

function webAddress(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address && /^https?:$/.test(address.protocol) && address.href.length <= longestUrl) return address;
  throw new UsageError(`url: "${url}" is not an http:// or https:// URL`);
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
