import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemPlatform } from '../../../src/platform/platform.ts';
import type { Status } from '../../../src/release/contract.ts';
import { stopLocal } from '../../../src/targets/local/index.ts';

const root = resolve(import.meta.dirname, '../../..');
const preload = ['--import', join(import.meta.dirname, 'interrupt-at.js')];

export interface CliEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Interruption {
  /** Which of the calls to the supervisor that change something, from 1. */
  at: number;
  moment: 'before' | 'after';
  signal: NodeJS.Signals;
}

/** A command that was started; what it has printed so far, and how it ends. */
export interface Started {
  child: ChildProcess;
  printed: () => string;
  ended: Promise<CliEnd>;
}

/** What the release file holds beside its smallest content. */
export interface Extras {
  instances?: number;
  /** Of the environment, in braces: `{ last-replica: allow }`. */
  protect?: string;
  /** The list below `chaos:`, indented by two spaces. */
  chaos?: string;
}

/** A folder with a tiny application and its cutover.yml, and the CLI run in it as a user would. */
export class Workspace {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** `cutover` is put below `cutover:` in the release file, indented by two spaces. */
  static async create(cutover: string, extras: Extras = {}): Promise<Workspace> {
    const { instances = 1, protect = '{}', chaos } = extras;
    const folder = await mkdtemp(join(tmpdir(), 'cutover-e2e-'));
    await cp(join(root, 'test/fixtures/apps/tiny'), join(folder, 'app'), { recursive: true });
    const file = `version: 1
name: tiny
components:
  app:
    context: app
    run: [node, server.js]
    port: 0
    health: { http: /, interval: 50ms, healthy-after: 2 }
    version: { http: /version, equals: "\${release.version}", header: x-version }
    drain: 1s
    instances: ${instances}
environments:
  local: { target: local, protect: ${protect} }
cutover:
${cutover}
${chaos === undefined ? '' : `chaos:\n${chaos}\n`}`;
    await writeFile(join(folder, 'cutover.yml'), file);
    return new Workspace(folder);
  }

  get stateFolder(): string {
    return join(this.folder, '.cutover/local');
  }

  /** Runs `cutover <args>` from the sources; kills it after 60 s. */
  cli(args: readonly string[], interruption?: Interruption): Promise<CliEnd> {
    return this.start(args, interruption).ended;
  }

  /** Starts it, for a test that interferes with it. */
  start(args: readonly string[], interruption?: Interruption): Started {
    const child = spawn(process.execPath, [...preload, join(root, 'src/cli/main.ts'), ...args], {
      cwd: this.folder,
      env: this.#environment(interruption),
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const ended = new Promise<CliEnd>((resolvePromise, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolvePromise({ code, signal, stdout, stderr }));
    });
    return { child, printed: () => stdout + stderr, ended };
  }

  #environment(interruption?: Interruption): NodeJS.ProcessEnv {
    return {
      ...process.env,
      NO_COLOR: '1',
      INTERRUPT_LOG: join(this.folder, 'calls.log'),
      ...(interruption && {
        INTERRUPT_AT: String(interruption.at),
        INTERRUPT_MOMENT: interruption.moment,
        INTERRUPT_SIGNAL: interruption.signal,
      }),
    };
  }

  /** Runs it with `--json`; its outputs. */
  async json(args: readonly string[]): Promise<Record<string, string>> {
    const { stdout, stderr, code } = await this.cli([...args, '--json']);
    try {
      return JSON.parse(stdout);
    } catch {
      throw new Error(`cutover ${args.join(' ')} ended with ${code}: ${stdout}\n${stderr}`);
    }
  }

  /** The calls that changed something in the last run. */
  async calls(): Promise<string[]> {
    const text = await readFile(join(this.folder, 'calls.log'), 'utf8').catch(() => '');
    await rm(join(this.folder, 'calls.log'), { force: true });
    return text.split('\n').filter(Boolean);
  }

  async status(): Promise<Status & { liveVersion: string | undefined }> {
    const status: Status = JSON.parse((await this.cli(['status', '--json'])).stdout);
    const app = status.inventory.components['app'];
    const liveVersion = app?.route.live && app.colors[app.route.live].release?.version;
    return { ...status, liveVersion };
  }

  /** Where clients reach the application. */
  async liveOrigin(): Promise<string> {
    const state = JSON.parse(await readFile(join(this.stateFolder, 'state.json'), 'utf8'));
    return `http://127.0.0.1:${state.components.app.port}`;
  }

  async until(holds: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 200; tries += 1) {
      if (await holds()) return;
      await new Promise((wake) => setTimeout(wake, 50));
    }
    throw new Error('what was waited for did not happen');
  }

  /** Ends the supervisor with all that it runs, then removes the folder. */
  async remove(): Promise<void> {
    await stopLocal({
      stateFolder: this.stateFolder,
      platform: systemPlatform(() => {}),
      graceMs: 1_000,
    });
    await rm(this.folder, { recursive: true, force: true });
  }
}
