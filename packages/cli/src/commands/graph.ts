import { extname, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type SourceOptions, withSource } from '../contract-options.js';
import type { ContractsGraph } from '../graph/model.js';
import { count, json, line } from '../output.js';
import type { Terminal } from '../terminal.js';

const FORMATS = ['mermaid', 'dot', 'json', 'html'] as const;
type Format = (typeof FORMATS)[number];

interface Options extends SourceOptions {
  readonly format?: Format;
  readonly out?: string;
}

const EXTENSIONS: Readonly<Record<string, Format>> = {
  '.mmd': 'mermaid',
  '.mermaid': 'mermaid',
  '.dot': 'dot',
  '.gv': 'dot',
  '.json': 'json',
  '.html': 'html',
  '.htm': 'html',
};

export function graphCommand(terminal: Terminal): Command {
  const command = new Command('graph')
    .summary('draw the envers and what they consume')
    .description(
      `Draw every enver and the products that it consumes of others. The html is one file that any browser opens, offline.`,
    )
    .addOption(
      new Option(
        '--format <format>',
        "of the picture (default: by the ending of --out's file, else mermaid)",
      ).choices(FORMATS),
    )
    .option('--out <file>', 'file to write into (default: print it)')
    .addHelpText(
      'after',
      `
Examples:
  odmd graph --out contracts.html
  odmd graph --format mermaid                     for a Markdown page
  odmd graph --manifest .odmd/manifest.json --format dot | dot -Tsvg > contracts.svg`,
    );
  return withSource(command).action((options: Options) => graph(terminal, options));
}

async function graph(terminal: Terminal, options: Options): Promise<void> {
  const [{ manifestOf }, { contractsGraph }] = await Promise.all([
    import('../contract-source.js'),
    import('../graph/model.js'),
  ]);
  const drawn = contractsGraph(await manifestOf(terminal, options));
  const format = options.format ?? EXTENSIONS[extname(options.out ?? '').toLowerCase()] ?? 'mermaid';
  if (options.out === undefined && format === 'json') return json(terminal, drawn);
  const text = await written(format, drawn);
  if (options.out === undefined) return terminal.out(text);
  const { writeFile } = await import('../write-file.js');
  writeFile(resolve(terminal.cwd, options.out), text);
  line(terminal, `${options.out}: ${drawn.org}, ${count(drawn.nodes.length, 'enver')}, ${format}`);
}

async function written(format: Format, drawn: ContractsGraph): Promise<string> {
  switch (format) {
    case 'mermaid':
      return (await import('../graph/mermaid.js')).toMermaid(drawn);
    case 'dot':
      return (await import('../graph/dot.js')).toDot(drawn);
    case 'json':
      return `${JSON.stringify(drawn, null, 2)}\n`;
    case 'html':
      return (await import('../graph/html.js')).toHtml(drawn);
  }
}
