/**
 * node examples/trading/demo/picture.js <report.html> <picture.svg>: the headline and the charts of a report as one picture,
 * in light and dark. docs/images/rolled-back.svg is made by it from the demo's report of v3.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const margin = 24;
const headHeight = 84;
const chartGap = 12;

const [report, picture] = process.argv.slice(2);
if (!report || !picture) {
  console.error('usage: node examples/trading/demo/picture.js <report.html> <picture.svg>');
  process.exit(2);
}
writeFileSync(picture, pictureOf(readFileSync(report, 'utf8')));

function pictureOf(html) {
  const charts = ['traffic', 'latency'].map((name) => chartIn(html, name));
  const width = Math.max(...charts.map((chart) => chart.width)) + 2 * margin;
  let top = headHeight;
  const placed = charts.map((chart) => {
    const at = `x="${margin}" y="${top}" width="${chart.width}" height="${chart.height}"`;
    top += chart.height + chartGap;
    return chart.svg.replace('<svg ', `<svg ${at} `);
  });
  const height = top + margin - chartGap;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<style>${styleIn(html)}</style>`,
    `<rect width="${width}" height="${height}" rx="14" style="fill:var(--card)"/>`,
    `<text x="${margin}" y="42" style="font-size:24px;font-weight:680">${textOf(html, 'h1')}</text>`,
    `<text x="${margin}" y="66" style="font-size:15px;fill:var(--muted)">${textOf(html, 'p class="measured"')}</text>`,
    ...placed,
    '</svg>\n',
  ].join('\n');
}

function chartIn(html, name) {
  const svg = [...html.matchAll(/<svg [^>]*>[\s\S]*?<\/svg>/g)]
    .map(([text]) => text)
    .find((text) => text.includes(`aria-labelledby="${name}-title `));
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg ?? '') ?? [];
  if (!width) throw new Error(`${report} has no chart of ${name}`);
  return { svg, width: Number(width), height: Number(height) };
}

/** The colours and what is about charts; the rest of the page's style would only weigh. */
function styleIn(html) {
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
  const colors = style.slice(style.indexOf(':root{'), style.indexOf('*{'));
  return colors + (style.match(/svg [^{}]*\{[^}]*\}/g) ?? []).join('');
}

function textOf(html, opening) {
  const tag = opening.split(' ')[0];
  const [, text = ''] = new RegExp(`<${opening}[^>]*>([\\s\\S]*?)</${tag}>`).exec(html) ?? [];
  return text.replace(/<[^>]*>/g, '').trim();
}
