/* A table on pages: columns as wide as what stands in them, letters as large as hold it all on one page, else as many rows a page
   as fit. Where its columns have no room, or a row no page, its rows are told as text. */

import { LEADING, STEPS, sizesOf } from "./fit.js";
import { element } from "./parts.js";

const ROOM = 0.9; // of the width that columns take by themselves, at most: what is left stands between them

/** The rows as text: "Tên: Gạo; Giá: 18.000". Where columns have no names, "Nhiệt độ: 28 °C". */
export function rowsAsText({ head, rows }) {
  const named = (cell, column) => (head[column] ? `${head[column]}: ${cell}` : cell);
  return rows.map((row) =>
    head.length ? row.map((cell, column) => cell && named(cell, column)).filter(Boolean).join("; ") : row.filter(Boolean).join(": "),
  );
}

function rowOf(name, cells) {
  const row = element("tr", "");
  row.append(...cells.map((cell) => element(name, "", cell)));
  return row;
}

/** The element of some rows. `shares`: how wide each column is (of 1), or nothing to let them be as wide as they are. */
export function tableOf({ head, rows }, size, shares = null) {
  const table = element("table", shares ? "table fixed" : "table");
  table.style.fontSize = `${size}px`;
  if (shares) {
    const columns = element("colgroup", "");
    for (const share of shares) {
      const column = element("col", "");
      column.style.width = `${share * 100}%`;
      columns.append(column);
    }
    table.append(columns);
  }
  if (head.length) {
    const top = element("thead", "");
    top.append(rowOf("th", head));
    table.append(top);
  }
  const body = element("tbody", "");
  body.append(...rows.map((row) => rowOf("td", row)));
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
  if (asOf) leaf.append(hourOf(asOf, sizes));
  leaf.append(tableOf(table, sizes.text, shares));
  return leaf;
}

/** Of which hour it is, in a line under the title. */
export function hourOf(asOf, sizes) {
  const line = element("p", "as-of", asOf);
  line.style.fontSize = `${sizes.running}px`;
  return line;
}

class TableFit {
  constructor(host, shorter, { title, asOf, table }) {
    Object.assign(this, { host, shorter, title, asOf, table, width: host.clientWidth, height: host.clientHeight });
  }

  measured(leaf, look) {
    leaf.classList.add("measured");
    this.host.append(leaf);
    const found = look(leaf);
    leaf.remove();
    return found;
  }

  /** How wide each column is when none is narrower than its longest word; null if they have no room. */
  shares(size) {
    const table = tableOf(this.table, size);
    return this.measured(table, () => {
      if (table.scrollWidth > this.width) return null;
      const row = table.querySelector("tr");
      const widths = [...row.children].map((cell) => cell.getBoundingClientRect().width);
      const sum = widths.reduce((all, one) => all + one, 0);
      return sum ? widths.map((one) => one / sum) : null;
    });
  }

  /** All on one page in the largest letters that hold it, or null. */
  whole() {
    for (const step of STEPS) {
      const sizes = sizesOf(this.shorter, step);
      const shares = this.shares(sizes.text);
      if (!shares) continue;
      const page = { title: this.title, asOf: this.asOf, table: this.table, sizes, shares, whole: true };
      const holds = this.measured(leafOfRows(page), (leaf) => leaf.offsetHeight <= this.height && leaf.scrollWidth <= leaf.clientWidth);
      if (holds) return [page];
    }
    return null;
  }

  /** As many rows a page as fit, in the smallest letters but one that leave room to the columns; null if a row has no page. */
  many(running) {
    for (const step of STEPS.filter((one) => one >= MANY)) {
      const sizes = sizesOf(this.shorter, step);
      const shares = this.shares(sizes.text);
      const pages = shares && this.#divided(sizes, shares, running);
      if (pages) return pages;
    }
    return null;
  }

  #divided(sizes, shares, running) {
    const pages = [];
    const { head, rows } = this.table;
    for (let first = 0; first < rows.length; ) {
      const top = pages.length ? { title: running, running: true } : { title: this.title, running: false };
      const page = { ...top, asOf: this.asOf, sizes, shares };
      const count = this.#reach({ ...page, table: { head, rows: rows.slice(first) } });
      if (!count) return null;
      pages.push({ ...page, table: { head, rows: rows.slice(first, first + count) } });
      first += count;
    }
    return pages;
  }

  #reach(page) {
    return this.measured(leafOfRows(page), (leaf) => {
      if (leaf.scrollWidth > leaf.clientWidth) return 0;
      const rows = [...leaf.querySelectorAll("tbody tr")];
      const top = leaf.getBoundingClientRect().top;
      const over = rows.findIndex((row) => row.getBoundingClientRect().bottom - top > this.height);
      return over < 0 ? rows.length : over;
    });
  }
}

const MANY = 12;

/** The pages of a table, or null if it has to be told as text. `running`: the title on the pages that follow. */
export function pagesOfRows(host, shorter, what, running) {
  const fit = new TableFit(host, shorter, what);
  return fit.whole() ?? fit.many(running);
}
