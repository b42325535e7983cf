/** Point at a port of a node: `node.port`, inside a subgraph `sub/node.port`, an item of a list `node.port[3]`. */

export interface Link {
  readonly node: string;
  readonly port: string;
  readonly item: number | null;
}

const LINK =
  /^([a-z][a-z0-9_]*(?:\/[a-z][a-z0-9_]*)*)\.([A-Za-z_][A-Za-z0-9_]*)(?:\[(0|[1-9][0-9]{0,8})\])?$/;
const ID = /^[a-z][a-z0-9_]*$/;
const PORT = /^[A-Za-z_][A-Za-z0-9_]*$/;
const parsed = new Map<string, Link | null>();

/** Read a link; null where the text is none. Equal texts give the same object. */
export function parseLink(text: string): Link | null {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const [, node, port, item] = LINK.exec(text) ?? [];
  const link =
    node === undefined || port === undefined
      ? null
      : { node, port, item: item === undefined ? null : Number(item) };
  if (parsed.size > 65_536) parsed.clear();
  parsed.set(text, link);
  return link;
}

export function linkText(link: Link): string {
  return link.item === null ? `${link.node}.${link.port}` : `${link.node}.${link.port}[${link.item}]`;
}

export function portLink(node: string, port: string): string {
  return `${node}.${port}`;
}

/** The node of this level that a link leads to: `sub` of `sub/node.port`. */
export function topNode(link: Link): string {
  return link.node.split("/", 1)[0] ?? link.node;
}

/** The same link after ids of this level changed; deeper ids stay. */
export function renameTop(text: string, rename: (id: string) => string): string {
  const link = parseLink(text);
  if (link === null) return text;
  const top = topNode(link);
  const next = rename(top);
  return next === top ? text : linkText({ ...link, node: next + link.node.slice(top.length) });
}

export function isId(text: string): boolean {
  return ID.test(text) && text.length <= 64;
}

export function isPort(text: string): boolean {
  return PORT.test(text) && text.length <= 64;
}
