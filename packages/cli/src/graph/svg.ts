import { colourOf } from './kinds.js';
import type { Arrow, Box, Frame, Layout } from './layout.js';
import { clipped, labelWidth } from './measures.js';
import type { ContractsGraph } from './model.js';

const BUILD_CHARACTERS = 23;
const REVISION_CHARACTERS = 29;

/** The picture. Frames lie below arrows, arrows below boxes. */
export function toSvg(graph: ContractsGraph, layout: Layout): string {
  const { width, height } = layout;
  const index = new Map(graph.nodes.map(({ id }, position) => [id, position]));
  return `<svg id="graph" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-label="${escaped(`Envers of ${graph.org} and what they consume`)}">
<defs>${['head', 'head-near'].map(marker).join('')}</defs>
<g class="frames">${layout.frames.map(frameOf).join('')}</g>
<g class="edges">
${layout.arrows.map((arrow) => arrowOf(arrow, index)).join('\n')}
</g>
<g class="nodes">
${layout.boxes.map((box) => boxOf(box, graph, index)).join('\n')}
</g>
</svg>`;
}

function marker(id: string): string {
  return `<marker id="${id}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M 0 0.5 L 10 5 L 0 9.5 z"/></marker>`;
}

function frameOf({ account, x, y, width, height }: Frame): string {
  return `<rect x="${x}" y="${rounded(y)}" width="${width}" height="${height}" rx="10"/><text x="${x + 12}" y="${rounded(y + 18)}">${escaped(account)}</text>`;
}

function arrowOf({ edge, path, label, labelAt, back }: Arrow, index: ReadonlyMap<string, number>): string {
  const [from, to] = [index.get(edge.from), index.get(edge.to)];
  const width = labelWidth(label) + 6;
  const what = `${edge.products.join(', ')}: ${edge.from} → ${edge.to}, ${edge.onChange}${edge.placeholder ? ', starts with a placeholder' : ''}`;
  return `<g class="arrow${back ? ' back' : ''}" data-from="${from}" data-to="${to}" aria-hidden="true"><title>${escaped(what)}</title><path class="edge ${edge.onChange}" d="${path}" marker-end="url(#head)"/><path class="reach" d="${path}"/><rect x="${labelAt.x - width + 3}" y="${rounded(labelAt.y - 8)}" width="${width}" height="15" rx="3"/><text x="${labelAt.x}" y="${rounded(labelAt.y + 3.5)}">${escaped(label)}</text></g>`;
}

function boxOf(
  { node, x, y, width, height }: Box,
  graph: ContractsGraph,
  index: ReadonlyMap<string, number>,
): string {
  const kind = colourOf(node.kind).name;
  const inputs = graph.edges.filter(({ to }) => to === node.id);
  const consumers = new Set(graph.edges.filter(({ from }) => from === node.id).map(({ to }) => to)).size;
  const spoken = [
    `${node.build} ${node.revision}, ${kind} in ${node.account} ${node.region}`,
    inputs.length === 0
      ? 'consumes nothing'
      : `consumes ${inputs.map((edge) => `${edge.products.join(', ')} of ${edge.from}`).join('; ')}`,
    consumers === 0 ? 'consumed by none' : `consumed by ${consumers}`,
  ].join('; ');
  const products = node.products.length === 0 ? '' : `\nproducts: ${node.products.join(', ')}`;
  const owner = node.owner === undefined ? '' : `\nowner: ${node.owner}`;
  const tip = `${node.id}\n${node.repo} ${node.workDir}${owner}${products}`;
  const find = [node.id, kind, node.account, node.region, node.repo, node.owner ?? '', ...node.products];
  return `<g class="node ${node.kind}" id="n${index.get(node.id)}" tabindex="0" role="button" aria-pressed="false" aria-label="${escaped(spoken)}" data-find="${escaped(find.join(' ').toLowerCase())}" transform="translate(${x} ${rounded(y)})"><title>${escaped(tip)}</title><rect width="${width}" height="${height}" rx="7"/><rect class="stripe" width="6" height="${height}" rx="3"/><text class="build" x="16" y="21">${escaped(clipped(node.build, BUILD_CHARACTERS))}</text><text class="revision" x="16" y="37">${escaped(clipped(node.revision, REVISION_CHARACTERS))}</text><text class="place" x="16" y="52">${escaped(`${kind} · ${node.region}`)}</text></g>`;
}

/** Text that HTML and SVG take as text, in attributes too. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
