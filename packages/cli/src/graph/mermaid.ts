import { colourOf } from './kinds.js';
import type { ContractsGraph, GraphEdge, GraphNode } from './model.js';

/** The graph as a Mermaid flowchart, which GitHub draws in Markdown. */
export function toMermaid(graph: ContractsGraph): string {
  const ids = new Map(graph.nodes.map(({ id }, index) => [id, `e${index}`]));
  const name = (id: string) => ids.get(id) ?? quoted(id);
  const accounts = [...new Set(graph.nodes.map(({ account }) => account))].sort();
  const kinds = [...new Set(graph.nodes.map(({ kind }) => kind))].sort();
  const lines = [
    'flowchart LR',
    ...accounts.flatMap((account, index) => [
      `  subgraph a${index}[${quoted(account)}]`,
      '    direction LR',
      ...graph.nodes
        .filter((node) => node.account === account)
        .map((node) => `    ${name(node.id)}[${quoted(labelOf(node))}]:::${node.kind}`),
      '  end',
    ]),
    ...graph.edges.map((edge) => `  ${name(edge.from)} ${arrow(edge)} ${name(edge.to)}`),
    ...kinds.map((kind) => {
      const { fill, line } = colourOf(kind);
      return `  classDef ${kind} fill:${fill},stroke:${line},color:#1b1f24`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function labelOf({ build, revision, kind, region }: GraphNode): string {
  return `${build}\n${revision}\n${kind} · ${region}`;
}

function arrow({ onChange, products }: GraphEdge): string {
  const label = quoted([...products, ...(onChange === 'deploy' ? [] : [`(${onChange})`])].join('\n'));
  return onChange === 'ignore' || onChange === 'alarm' ? `-. ${label} .->` : `-- ${label} -->`;
}

/** Mermaid's own quoting: entities for what its text syntax or HTML would take as its own. */
function quoted(text: string): string {
  const safe = text.replace(/[&"<>#;`\\]/g, (character) => `#${character.charCodeAt(0)};`);
  return `"${safe.replaceAll('\n', '<br/>')}"`;
}
