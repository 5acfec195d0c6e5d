// A text by code points, as the records count it, and its place in the page. Nothing here makes markup of a text.

/** A text whose offsets are code points. */
export class Points {
  constructor(text) {
    this.points = Array.from(text);
    this.length = this.points.length;
  }

  slice(start, end) {
    return this.points.slice(start, end).join("");
  }
}

/** Make an element: attributes, then children, which are nodes or plain text. */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/** Cut `start` to `end` wherever a layer begins or ends; layers are {start, end, …}. */
export function segments(start, end, layers) {
  const cuts = new Set([start, end]);
  for (const layer of layers) {
    if (layer.start > start && layer.start < end) cuts.add(layer.start);
    if (layer.end > start && layer.end < end) cuts.add(layer.end);
  }
  const ordered = [...cuts].sort((a, b) => a - b);
  return ordered.slice(0, -1).map((low, n) => ({
    start: low,
    end: ordered[n + 1],
    layers: layers.filter((layer) => layer.start <= low && layer.end >= ordered[n + 1] && layer.start < layer.end),
  }));
}

/** Return the code point offset of a place in the page, inside elements that carry data-start; null elsewhere. */
export function offsetOf(node, inner) {
  let element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  if (node.nodeType !== Node.TEXT_NODE) {
    const [text, at] = textNear(node, inner);
    if (text) return offsetOf(text, at);
    return element.closest("[data-start]") ? Number(element.closest("[data-start]").dataset.start) : null;
  }
  element = element.closest("[data-start]");
  if (!element) return null;
  let before = 0;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() && walker.currentNode !== node) before += Array.from(walker.currentNode.data).length;
  return Number(element.dataset.start) + before + Array.from(node.data.slice(0, inner)).length;
}

/** The text that stands where an element's child begins, or before its end, and the place in it. */
function textNear(node, inner) {
  const child = node.childNodes[inner] ?? null;
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  let last = null;
  while (walker.nextNode()) {
    last = walker.currentNode;
    if (child && (child.contains(last) || child.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING)) return [last, 0];
  }
  return [last, last?.data.length ?? 0];
}

/** A speaker's colour class, the same for the same name within one list of names. */
export function colours(names) {
  const order = new Map();
  for (const name of names) if (name !== null && !order.has(name)) order.set(name, `c${order.size % 12}`);
  return (name) => order.get(name) ?? "c-none";
}

const PRINTED = /(?:\b(in|at|on|to|during|before|from|over)\s)?\b(an?|the)\s$/iu;

/** Say in words how a statement came: "in a statement", "to the crowd", with the article that the text prints. */
export function way(channel, text = null) {
  const { kind, name, relation } = channel;
  if (!["occasion", "document", "audience"].includes(kind)) return `${relation} ${name}`;
  const start = channel.mention?.start ?? 0;
  const printed = text ? PRINTED.exec(text.slice(Math.max(0, start - 24), start)) : null;
  if (printed) return `${relation === "in" ? (printed[1] ?? relation).toLowerCase() : relation} ${printed[2].toLowerCase()} ${name}`;
  const head = name.split(/ (?:in|with|of|on|at|to|for|by|from)\b/u)[0];
  const bare = /(?:[^su]s|court|evidence|testimony|parliament|media|people)$/iu.test(head) || /^(?:an?|the|his|her|their|its|\p{Lu})/u.test(name);
  if (bare) return `${relation} ${name}`;
  return `${relation} ${kind === "audience" ? "the" : /^[aeio]/iu.test(name) ? "an" : "a"} ${name}`;
}
