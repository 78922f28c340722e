import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** Clock ticks a second, sysconf(_SC_CLK_TCK): 100 on every Linux that Node runs on. */
const tickMs = 10;

async function cpuMsOf(pid) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields && (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Runs a program to its end. @returns what it printed, and its CPU time as last seen, looked at every 20 ms */
export async function runMeasured(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  let cpuMs = 0;
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  const watch = setInterval(async () => {
    cpuMs = (await cpuMsOf(child.pid)) ?? cpuMs;
  }, 20);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return { stdout, cpuMs };
}

/** As many requests as wrk gets answered with one thread. */
export async function wrk(url, { connections, seconds }) {
  const { stdout, cpuMs } = await runMeasured('wrk', [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--latency',
    url,
  ]);
  const answered = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
  return { answered, rate, cpuMs, latency: wrkLatency(stdout) };
}

function wrkLatency(stdout) {
  const at = (share) => {
    const [, value, unit] = new RegExp(`${share}%\\s+([\\d.]+)(us|ms|s)`).exec(stdout) ?? [];
    return value === undefined ? null : Number(value) * { us: 0.001, ms: 1, s: 1_000 }[unit];
  };
  return { p50: at(50), p90: at(90), p99: at(99) };
}

/** hey at a rate: each of its workers sends `rate / workers` a second, and waits for its answer (a closed loop). */
export async function hey(url, { connections, seconds, rate }) {
  const perWorker = rate === undefined ? [] : ['-q', String(rate / connections)];
  const { stdout, cpuMs } = await runMeasured('hey', [
    '-z',
    `${seconds}s`,
    '-c',
    String(connections),
    ...perWorker,
    url,
  ]);
  const answered = Number(/\[200\]\s+(\d+) responses/.exec(stdout)?.[1]);
  const reached = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
  const at = (share) => {
    const seconds = /** @type {RegExpExecArray | null} */ (
      new RegExp(`${share}%+ in ([\\d.]+) secs`).exec(stdout)
    )?.[1];
    return seconds === undefined ? null : Number(seconds) * 1_000;
  };
  return { answered, rate: reached, cpuMs, latency: { p50: at(50), p90: at(90), p99: at(99) } };
}
