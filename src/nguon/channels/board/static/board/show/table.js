/* A table on pages: columns as wide as what stands in them, letters as large as hold it all on one page, else as many rows a page
   as fit. Where its columns have no room, or a row no page, its rows are told as text. */

import { MANY, STEPS, leafOf, shorten, sizesOf } from "./fit.js";
import { element } from "./parts.js";

const TITLE = 1.3; // em of a title, in those of the rows: a table needs the room
const SHORT = 14; // letters: what is no longer stands on one line, where there is the room
const FIGURE = /^[▲▼–+−-]?\s*\d|^[▲▼–]/u;
const HOUR = /\d\s*[:/h]\s*\d/u; // or a day: no figure that is counted

/** The rows as text: "Tên: Gạo; Giá: 18.000". Where columns have no names, "Nhiệt độ: 28 °C". */
export function rowsAsText({ head, rows }) {
  const named = (cell, column) => (cell && head[column] ? `${head[column]}: ${cell}` : cell);
  return rows.map((row) => row.map(named).filter(Boolean).join(head.length ? "; " : ": "));
}

function rowOf(name, cells, figures) {
  const row = element("tr", "");
  row.append(...cells.map((cell, column) => element(name, [figures[column] && "figures", cell.length <= SHORT && "short"].filter(Boolean).join(" "), cell)));
  return row;
}

function columnsOf(shares) {
  const columns = element("colgroup", "");
  for (const share of shares) {
    const column = element("col", "");
    column.style.width = `${share * 100}%`;
    columns.append(column);
  }
  return columns;
}

/** `shares`: how wide each column is (of 1); without, as wide as it is by itself. `figures`: which columns are numbers. */
function tableOf({ head, rows, figures, breaks }, size, shares) {
  const table = element("table", ["table", shares && "fixed", breaks && "breaks"].filter(Boolean).join(" "));
  table.style.fontSize = `${size}px`;
  if (shares) table.append(columnsOf(shares));
  if (head.length) {
    const top = element("thead", "");
    top.append(rowOf("th", head, figures));
    table.append(top);
  }
  const body = element("tbody", "");
  body.append(...rows.map((row) => rowOf("td", row, figures)));
  table.append(body);
  return table;
}

/** A page of rows: its title, of which hour they are, and the rows. */
export function leafOfRows({ title, running, asOf, table, sizes, shares, whole = false }) {
  const leaf = element("article", whole ? "leaf whole" : "leaf");
  if (title) {
    const head = element("h1", running ? "title running" : "title", title);
    head.style.fontSize = `${running ? sizes.running : sizes.title}px`;
    leaf.append(head);
  }
  if (asOf) {
    const hour = element("p", "as-of", asOf);
    hour.style.fontSize = `${sizes.running}px`;
    leaf.append(hour);
  }
  leaf.append(tableOf(table, sizes.text, shares));
  return leaf;
}

const isFigure = (cell) => !cell || (FIGURE.test(cell) && !HOUR.test(cell));

class TableFit {
  /** `host`: an empty element of the size of a page. `lines` of a title on the pages that follow. */
  constructor(host, shorter, { title, asOf, table, follows }, lines) {
    const figures = table.rows[0].map((_cell, column) => column > 0 && table.rows.every((row) => isFigure(row[column])));
    Object.assign(this, { host, shorter, title, asOf, table: { ...table, figures }, follows, lines });
    Object.assign(this, { width: host.clientWidth, height: host.clientHeight });
  }

  #measured(leaf, look) {
    leaf.classList.add("measured");
    this.host.append(leaf);
    const found = look(leaf);
    leaf.remove();
    return found;
  }

  /** How wide each column is when none is narrower than its longest word; null if they have no room. */
  #shares(size) {
    const leaf = element("article", "leaf");
    leaf.append(tableOf(this.table, size, null));
    return this.#measured(leaf, () => {
      if (leaf.scrollWidth > leaf.clientWidth) return null;
      const widths = [...leaf.querySelector("tr").children].map((cell) => cell.getBoundingClientRect().width);
      const sum = widths.reduce((all, one) => all + one, 0);
      return widths.map((one) => one / sum);
    });
  }

  #running(sizes) {
    if (!this.title) return "";
    const leaf = leafOf({ title: this.title, running: true, pieces: [], sizes });
    return this.#measured(leaf, () => shorten(leaf.querySelector("h1"), this.lines));
  }

  /** The pages in letters of this step, `most` of them at most; null if there is no room. */
  #pages(step, most) {
    const sizes = sizesOf(this.shorter, step, TITLE);
    const shares = this.#shares(sizes.text);
    if (!shares) return null;
    const running = { title: this.#running(sizes), running: true };
    const first = this.follows ? running : { title: this.title, running: false };
    const { rows } = this.table;
    const pages = [];
    for (let begin = 0; begin < rows.length; ) {
      const page = { ...(pages.length ? running : first), asOf: this.asOf, sizes, shares, whole: most === 1 };
      const count = this.#reach({ ...page, table: { ...this.table, rows: rows.slice(begin) } });
      if (!count || (pages.length + 1 === most && begin + count < rows.length)) return null;
      pages.push({ ...page, table: { ...this.table, rows: rows.slice(begin, begin + count) } });
      begin += count;
    }
    return pages;
  }

  /** How many rows of a page fit. */
  #reach(page) {
    return this.#measured(leafOfRows(page), (leaf) => {
      if (leaf.scrollWidth > leaf.clientWidth) return 0;
      const top = leaf.getBoundingClientRect().top;
      const rows = [...leaf.querySelectorAll("tbody tr")];
      const over = rows.findIndex((row) => row.getBoundingClientRect().bottom - top > this.height);
      return over < 0 ? rows.length : over;
    });
  }

  pages() {
    for (const step of STEPS) {
      const one = this.#pages(step, 1);
      if (one) return one;
    }
    for (const breaks of [false, true]) {
      this.table.breaks = breaks; // short cells, too
      for (const step of STEPS.filter((one) => one >= MANY)) {
        const many = this.#pages(step, Infinity);
        if (many) return many;
      }
    }
    return null;
  }
}

/** The pages of a table, or null if it has to be told as text. `follows`: it comes after a text under the same title. */
export const pagesOfRows = (host, shorter, what, lines) => new TableFit(host, shorter, what, lines).pages();
