/**
 * `npm run soak [-- <name> <count>]`: what takes too long for `npm test`. Prints its figures as one JSON line; exit code 1
 * where something was wrong. Each is told in scripts/soak: verdicts (the default), kill, interrupt.
 */
const soaks = ['verdicts', 'kill', 'interrupt'];

const words = process.argv.slice(2);
const name = soaks.includes(words[0]) ? words.shift() : 'verdicts';
const count = words[0] === undefined ? undefined : Number(words[0]);
if (words.length > 1 || (count !== undefined && !(count >= 1))) {
  console.error(`usage: npm run soak [-- ${soaks.join(' | ')}] [<count>]`);
  process.exit(2);
}
const { run } = await import(`./soak/${name}.js`);
const { figures, wrong } = await run(count);
for (const one of wrong) console.log(`wrong: ${one}`);
console.log(JSON.stringify(figures));
process.exit(wrong.length === 0 ? 0 : 1);
