/**
 * npm run demo: an order gateway goes from v1 to v2, which has to survive two experiments first, and to a bad v3, under
 * load. Takes a minute, needs nothing but Node, leaves nothing behind but the reports.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cutover } from './demo/command.js';
import { OrderClients, readBack } from './demo/orders.js';
import { endSupervisors } from './demo/supervisor.js';
import { count, measuredTable } from './demo/table.js';
import { TickClients } from './demo/ticks.js';
import { createWorkspace, removeWorkspace, writeRelease } from './demo/workspace.js';

const reports = resolve('.cutover/demo');
const paint = (code, text) =>
  process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[${code}m${text}\u001b[0m` : text;
const say = (text = '') => console.log(text);

const acts = [
  {
    version: 'v1',
    fault: 'none',
    bake: '2s',
    skip: 'chaos',
    wanted: 'cut-over',
    title: 'v1 goes live, the first release; its checks pass before it may',
  },
  {
    version: 'v2',
    fault: 'none',
    bake: '4s',
    skip: undefined,
    wanted: 'cut-over',
    title:
      'v2 is killed and slowed down on standby, survives, and takes over under 300 orders/s and 20 WebSockets',
  },
  {
    version: 'v3',
    fault: 'errors-after-3s',
    bake: '8s',
    skip: 'chaos',
    wanted: 'rolled-back',
    title: 'v3 passes every check, and fails 5 % of its orders from its fourth second on',
  },
];

/** What has to be ended, whatever happens; filled as it comes to be. */
const open = { workspace: undefined, command: undefined, orders: undefined, ticks: undefined };
let creating;
let isInterrupted = false;

async function play() {
  const started = performance.now();
  await rm(reports, { recursive: true, force: true });
  await mkdir(reports, { recursive: true });
  creating = createWorkspace();
  open.workspace = await creating;
  const records = [];
  for (const act of acts) {
    records.push(await playAct(act, records.length + 1));
    if (act.version === 'v1') await startClients();
    else await tellClients();
  }
  await stopClients();
  const isWhole = await tellOrders();
  tellFigures(records);
  say(`\n${paint(2, `${((performance.now() - started) / 1_000).toFixed(0)} s in all.`)}`);
  return isWhole;
}

async function playAct({ version, fault, bake, skip, wanted, title }, number) {
  say(`\n${paint(1, `${number}  ${title}`)}`);
  const options = ['--version', version, '--bake', bake, ...(skip === undefined ? [] : ['--skip', skip])];
  say(paint(2, `   cutover apply ${options.join(' ')}`));
  await writeRelease(open.workspace, { version, fault });
  const folder = join(reports, version);
  if (isInterrupted) throw new Error('interrupted');
  open.command = cutover(open.workspace, ['apply', ...options, '--report-folder', folder]);
  const outcome = await open.command.result;
  open.command = undefined;
  if (isInterrupted) throw new Error('interrupted');
  if (outcome?.result !== wanted)
    throw new Error(`${version} ended as ${outcome?.result ?? outcome?.error ?? 'nothing'}, not ${wanted}`);
  const record = JSON.parse(await readFile(outcome.record, 'utf8'));
  say(`   ${paint(wanted === 'cut-over' ? 32 : 33, `${outcome.result}: ${record.cutover.reason}`)}`);
  return { ...record, reportPath: outcome.report };
}

async function startClients() {
  const { origin } = open.workspace;
  open.orders = new OrderClients(origin);
  open.ticks = new TickClients(origin);
  open.orders.start();
  await open.ticks.start();
}

async function tellClients() {
  await open.ticks.settle();
  const { acknowledged, refused, unanswered } = open.orders.counts;
  const { open: connected, ticks, moved, cut } = open.ticks.counts;
  say(
    `   clients: ${count(acknowledged)} orders acknowledged, ${refused} refused, ${unanswered} without an answer`,
  );
  say(
    `   WebSockets: ${connected} open, ${count(ticks)} ticks, ${moved} moved over after a close with 1001, ${cut} cut`,
  );
}

async function stopClients() {
  open.ticks?.stop();
  await open.orders?.stop();
}

async function tellOrders() {
  const { acknowledged, found, missing, twice } = await readBack(
    open.workspace.origin,
    open.orders.acknowledged,
  );
  const { unanswered } = open.orders.counts;
  const isWhole =
    missing === 0 && twice === 0 && unanswered === 0 && acknowledged > 0 && open.ticks.counts.cut === 0;
  say(`\n${paint(1, isWhole ? 'Nothing was lost' : 'Something was lost')}`);
  say(
    `   ${count(acknowledged)} orders were acknowledged to the clients, ${count(found)} of them stand in the order log,`,
  );
  say(`   ${missing} are missing, ${twice} stand there twice; ${unanswered} were sent and never answered.`);
  return isWhole;
}

function tellFigures(records) {
  say(`\n${paint(1, 'Measured by the cutovers themselves')}`);
  for (const line of measuredTable(records)) say(`   ${line}`);
  say(`\n${paint(1, 'Reports')}`);
  for (const { release, reportPath } of records)
    say(`   ${release.version}  ${relative(process.cwd(), reportPath)}`);
}

/** Ends everything that was started; may be called at any moment, more than once. */
let ending;
function end() {
  ending ??= (async () => {
    open.ticks?.stop();
    const stopped = open.orders?.stop();
    await open.command?.cancel();
    await stopped;
    const workspace = await creating;
    if (workspace) await removeForGood(workspace);
  })();
  return ending;
}

/** A supervisor that was only just being started when its command ended makes the folder anew: then it goes once more. */
async function removeForGood(workspace) {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await endSupervisors(workspace.state);
    await removeWorkspace(workspace);
    if (!isInterrupted) return;
    await delay(300);
    if (!existsSync(workspace.folder)) return;
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, async () => {
    if (isInterrupted) return;
    isInterrupted = true;
    say(`\n${signal}: cleaning up`);
    await end();
    process.exit(130);
  });
}

try {
  if (typeof WebSocket === 'undefined')
    throw new Error('the demo needs Node 22 or newer; npm run demo brings its own');
  process.exitCode = (await play()) ? 0 : 1;
} catch (error) {
  if (!isInterrupted) {
    console.error(`\ndemo: ${error.message}`);
    process.exitCode = 1;
  }
} finally {
  await end();
}
if (!isInterrupted) process.exit();
