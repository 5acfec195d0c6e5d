"use strict";
// Building the page. All text from the records goes through `textContent`; no string ever becomes markup.

const byId = (id) => document.getElementById(id);

/** Make an element: `make("p", { class: "note", dir: "auto" }, "text", child)`. Falsy children are left out. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === "vars") for (const [key, size] of Object.entries(value)) element.style.setProperty(key, size);
    else element.setAttribute(name, value === true ? "" : value);
  }
  return put(element, ...children);
}

/** Put children at an element's end, in lists or alone; falsy ones are left out. */
function put(element, ...children) {
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

/** A name from an article, kept from reordering the words around it. */
const isolated = (text, attributes = {}) => make("bdi", attributes, text);

/** What was said, with a sign where words of the article stand between two stretches of it. */
const saidWords = (quote) =>
  stretches(quote).flatMap((part, number) => (number ? [" ", make("span", { class: "gap", title: "Words of the article stand here" }, "[…]"), " ", part] : [part]));

const swatch = (speaker) => make("span", { class: `swatch ${colourClass(speaker)}`, "aria-hidden": "true" });

const speakerLabel = (speaker) => make("span", { class: "speaker-label" }, swatch(speaker), isolated(speaker.name));

/** A link only where the address is one of the web's; any other is shown as text. */
function address(url) {
  let parsed = null;
  try {
    parsed = new URL(url);
  } catch {
    // Not an address: text it stays.
  }
  if (!parsed || !["http:", "https:"].includes(parsed.protocol)) return isolated(url);
  return make("a", { href: parsed.href, rel: "noopener noreferrer nofollow", target: "_blank" }, isolated(parsed.hostname || url));
}

function day(iso) {
  const [year, month, date] = iso.split("-").map(Number);
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"];
  return `${date} ${months[month - 1] || "?"} ${year}`;
}

/** Outlet, date and agency of an article, in one line. */
function imprint(article) {
  const date = dateOf(article);
  const parts = [
    isolated(outletName(article)),
    article.wire && make("span", {}, "text by ", isolated(article.wire)),
    article.byline && isolated(article.byline),
    date && make("time", { datetime: date }, day(date)),
  ].filter(Boolean);
  return parts.flatMap((part, index) => (index ? [make("span", { "aria-hidden": "true", class: "dot" }, " · "), part] : [part]));
}

/** Show `items` a page at a time. On paper all of them are shown, since a reader cannot turn the page there. */
function paged(container, items, { size, noun, render, at = 0 }) {
  const pages = Math.max(1, Math.ceil(items.length / size));
  let current = Math.min(Math.floor(at / size), pages - 1);
  const list = make("div", { class: "page" });
  const bar = make("nav", { class: "pager", "aria-label": `Pages of ${noun}s` });
  const show = (page, focus) => {
    current = page;
    list.replaceChildren(...items.slice(page * size, (page + 1) * size).map(render));
    bar.replaceChildren(...(pages > 1 ? controls() : []));
    highlight();
    if (focus) {
      container.scrollIntoView({ block: "start", behavior: "instant" });
      byId("results").focus({ preventScroll: true });
    }
  };
  const step = (label, page) =>
    make("button", { type: "button", disabled: page < 0 || page >= pages, on: { click: () => show(page, true) } }, label);
  const controls = () => {
    const choice = make(
      "select",
      { "aria-label": "Page", on: { change: () => show(Number(choice.value), true) } },
      Array.from({ length: pages }, (_, page) => make("option", { value: page, selected: page === current }, `Page ${page + 1} of ${pages}`)),
    );
    return [step("Previous", current - 1), choice, step("Next", current + 1)];
  };
  container.append(list, bar);
  show(current, false);
  paper.fill = () => list.replaceChildren(...items.map(render));
  paper.restore = () => show(current, false);
}

// What the view does before and after it is printed.
const paper = { fill: null, restore: null };

/** Mark the words searched for, without touching the text: ranges that the style sheet colours. */
function highlight() {
  if (!("highlights" in CSS)) return;
  CSS.highlights.delete("found");
  const words = terms(asked.text);
  if (!words.length) return;
  const ranges = [];
  for (const block of byId("view").querySelectorAll("p, h2, h3, blockquote, bdi")) {
    if (block.tagName === "BDI" && block.closest("p, h2, h3, blockquote")) continue;
    ranges.push(...wordRanges(block, words));
  }
  CSS.highlights.set("found", new Highlight(...ranges));
}

function wordRanges(block, words) {
  const places = [];
  let text = "";
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    let offset = 0;
    for (const letter of node.data) {
      const plain = fold(letter);
      for (let i = 0; i < plain.length; i += 1) places.push([node, offset, offset + letter.length]);
      text += plain;
      offset += letter.length;
    }
  }
  const ranges = [];
  for (const word of words) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      const range = new Range();
      const [first, last] = [places[at], places[at + word.length - 1]];
      range.setStart(first[0], first[1]);
      range.setEnd(last[0], last[2]);
      ranges.push(range);
    }
  }
  return ranges;
}
