"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { words, lang, decimal, map } = data;
  const collator = new Intl.Collator(lang, { ignorePunctuation: true, numeric: true });
  const byCode = [...document.querySelectorAll("table[data-bycode]")];
  const main = document.querySelector("#per table[data-bycode]");
  const panel = document.getElementById("one");
  const rows = new Map();
  if (main) for (const row of main.tBodies[0].rows) rows.set(row.dataset.code, row);

  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const plain = (text) =>
    text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/['\u2018\u2019`\-.,()]/g, " ").replace(/\s+/g, " ").trim().toLowerCase();
  const closed = (text) => text.replace(/ /g, ""); // "sgravenhage", "bergennh"
  const nameOf = (code) => rows.get(code).cells[0].textContent;
  const headings = (table) => [...table.tHead.rows[0].cells];
  const headText = (head) => head.dataset.text || head.textContent;

  // the figure of a cell stands beside it where its text is rounded; NaN for what is not known
  const figureOf = (cell) => {
    if (cell.dataset.by) return Number(cell.dataset.by);
    const text = cell.textContent.replace(/[^-\d.,]/g, "");
    const plain = decimal === "," ? text.replace(/\./g, "").replace(",", ".") : text.replace(/,/g, "");
    return plain ? Number(plain) / (cell.textContent.includes("%") ? 100 : 1) : NaN;
  };

  // ---- sorting -------------------------------------------------------------------------------------------------
  const sortBy = (table, place, down) => {
    const body = table.tBodies[0];
    const figures = headings(table)[place].classList.contains("n");
    const value = (row) => {
      return figures ? figureOf(row.cells[place]) : row.cells[place].textContent;
    };
    const order = [...body.rows].map((row) => [value(row), row]);
    order.sort(([a], [b]) => {
      if (!figures) return down ? collator.compare(b, a) : collator.compare(a, b);
      if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b); // unknown comes last
      return down ? b - a : a - b;
    });
    body.append(...order.map(([, row]) => row));
  };
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    if (table.tBodies[0].rows.length < 2) continue;
    headings(table).forEach((head, place) => {
      const button = element("button", head.textContent, { type: "button" });
      head.dataset.text = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending" || (head.classList.contains("n") && !head.hasAttribute("aria-sort"));
        for (const other of headings(table)) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        sortBy(table, place, down);
      });
    });
  }

  // ---- one municipality ----------------------------------------------------------------------------------------
  const ranked = (code, place) => {
    const all = [...rows.values()].map((row) => figureOf(row.cells[place])).filter((figure) => !Number.isNaN(figure));
    const own = figureOf(rows.get(code).cells[place]);
    if (Number.isNaN(own) || all.length < 2 || Math.max(...all) === Math.min(...all)) return "";
    return fill(words.place, { rank: 1 + all.filter((value) => value > own).length, n: all.length });
  };
  const figuresOf = (table, code) => {
    const row = [...table.tBodies[0].rows].find((other) => other.dataset.code === code);
    if (!row) return null;
    const list = element("dl", undefined, { class: "cards" });
    headings(table).forEach((head, place) => {
      const name = head.dataset.name;
      if (name === "name" || name === "code") return;
      const box = element("div");
      const value = element("dd", row.cells[place].textContent);
      if (table === main) {
        const rank = head.dataset.name === data.shown ? ranked(code, place) : "";
        if (rank) value.append(element("small", rank));
      }
      const meaning = head.dataset.meaning ? `: ${head.dataset.meaning}` : "";
      box.append(element("dt", headText(head) + meaning), value);
      list.append(box);
    });
    return list;
  };
  // tables of one thing over the years become one table, the years below each other
  const overYears = (tables, code) => {
    const found = tables
      .map((table) => [table.dataset.series.slice(-4), table, [...table.tBodies[0].rows].find((row) => row.dataset.code === code)])
      .filter(([, , row]) => row)
      .sort(([a], [b]) => a - b);
    const names = [...new Set(found.flatMap(([, table]) => headings(table).filter((head) => head.classList.contains("n")).map((head) => head.dataset.name)))];
    const made = element("table");
    const top = made.createTHead().insertRow();
    const body = made.createTBody();
    top.append(element("th", words.year, { scope: "col" }));
    for (const name of names) {
      const head = found.flatMap(([, table]) => headings(table)).find((other) => other.dataset.name === name);
      top.append(element("th", headText(head), { scope: "col", class: "n" }));
    }
    for (const [year, table, row] of found) {
      const line = body.insertRow();
      line.append(element("th", year, { scope: "row" }));
      for (const name of names) {
        const at = headings(table).findIndex((head) => head.dataset.name === name);
        line.append(element("td", at < 0 ? "" : row.cells[at].textContent, { class: "n" }));
      }
    }
    return scrolling(made, tables[0].dataset.words);
  };
  const scrolling = (table, name) => {
    const box = element("div", undefined, { class: "scroll", role: "group", tabindex: "0", "aria-label": name });
    box.append(table);
    return box;
  };
  const addFigures = (code) => {
    const done = new Set();
    for (const table of [main, ...byCode.filter((other) => other !== main)]) {
      const series = table.dataset.series;
      if (done.has(series)) continue;
      const alike = /_\d{4}$/.test(series) ? byCode.filter((other) => other.dataset.series.replace(/\d{4}$/, "") === series.replace(/\d{4}$/, "")) : [table];
      for (const other of alike) done.add(other.dataset.series);
      const list = alike.length > 1 ? overYears(alike, code) : figuresOf(table, code);
      if (!list || !list.querySelector("dd, td")) continue;
      if (byCode.length > 1) panel.append(element("h3", alike.length > 1 ? table.dataset.words : table.dataset.title));
      if (table.dataset.banner) panel.append(element("p", table.dataset.banner, { class: "banner" }));
      panel.append(list);
      if (table.dataset.beside) panel.append(element("p", table.dataset.beside, { class: "note" }));
    }
  };
  const stepsOf = (code) => {
    const { texts, of } = data.steps;
    const made = [];
    for (const [title, steps] of (of && of[code]) || []) {
      const details = element("details", undefined, { class: "folded" });
      details.append(element("summary", `${words.steps}: ${texts[title]}`));
      const table = element("table");
      const body = table.createTBody();
      for (const [label, value, basis] of steps) {
        const line = body.insertRow();
        line.append(element("th", texts[label], { scope: "row" }), element("td", texts[value]), element("td", texts[basis]));
      }
      details.append(scrolling(table, `${words.steps}: ${texts[title]}`));
      made.push(details);
    }
    return made;
  };
  const neighbours = (code) => {
    const heads = headings(main);
    const size = heads.findIndex((head) => head.dataset.name === "inhabitants");
    if (size < 0) return null;
    const order = [...rows.values()].sort((a, b) => figureOf(a.cells[size]) - figureOf(b.cells[size]));
    const place = order.indexOf(rows.get(code));
    const first = Math.max(0, Math.min(place - 3, order.length - 7));
    const shown = heads.map((head, at) => at).filter((at) => heads[at].classList.contains("n") || at === 0).slice(0, 6);
    const table = element("table");
    const top = table.createTHead().insertRow();
    const body = table.createTBody();
    for (const at of shown) top.append(element("th", headText(heads[at]), { scope: "col", class: at ? "n" : "" }));
    for (const row of order.slice(first, first + 7)) {
      const line = body.insertRow();
      if (row.dataset.code === code) line.className = "chosen";
      for (const at of shown) {
        if (at) line.append(element("td", row.cells[at].textContent, { class: "n" }));
        else {
          const cell = element("th", undefined, { scope: "row" });
          cell.append(element("a", row.cells[0].textContent, { href: `#${row.dataset.code}` }));
          line.append(cell);
        }
      }
    }
    return scrolling(table, words.neighbours);
  };
  const mark = (code) => {
    for (const path of paths) path.classList.remove("chosen");
    for (const table of byCode) for (const row of table.tBodies[0].rows) row.classList.toggle("chosen", row.dataset.code === code);
    if (!map) return;
    const area = map.codes.findIndex((own, at) => (own === code && map.parts[at].length) || map.parts[at].includes(code));
    if (area >= 0) {
      const path = paths[area];
      path.classList.add("chosen");
      path.parentNode.append(path); // drawn last, so that its line is whole
    }
  };
  const open = (code) => {
    panel.replaceChildren();
    const first = element("div", undefined, { class: "first" });
    const title = element("h2", undefined, { id: "one-name", tabindex: "-1" });
    const close = element("button", words.close, { type: "button" });
    close.addEventListener("click", () => {
      history.replaceState(null, "", location.pathname + location.search);
      panel.hidden = true;
      mark("");
      document.getElementById("search").focus();
    });
    first.append(title, close);
    panel.append(first);
    if (rows.has(code)) {
      title.append(`${nameOf(code)} `, element("span", code));
      addFigures(code);
      panel.append(...stepsOf(code));
      const near = neighbours(code);
      if (near) panel.append(element("h3", words.neighbours), near);
      const link = element("p");
      link.append(element("a", `${words.link} (#${code})`, { href: `#${code}` }));
      panel.append(link);
    } else {
      const area = map ? map.codes.indexOf(code) : -1;
      const known = area >= 0 && map.parts[area].length;
      title.textContent = known ? map.names[area] : code;
      panel.append(element("p", known ? fill(words.became, { name: map.names[area] }) : fill(words.not_here, { code })));
      const list = element("ul");
      for (const part of known ? map.parts[area] : []) {
        const item = element("li");
        item.append(element("a", nameOf(part), { href: `#${part}` }));
        list.append(item);
      }
      panel.append(list);
    }
    panel.hidden = false;
    mark(code);
    panel.scrollIntoView();
    title.focus({ preventScroll: true });
  };
  const follow = () => {
    let code = location.hash.slice(1);
    try {
      code = decodeURIComponent(code);
    } catch {
      return; // a link that was broken off
    }
    if (/^gm\d{4}$/i.test(code)) code = code.toUpperCase();
    if (main && (/^GM\d{4}$/.test(code) || rows.has(code))) open(code);
  };
  const go = (code) => (location.hash === `#${code}` ? open(code) : (location.hash = code));

  // ---- search --------------------------------------------------------------------------------------------------
  const setUpSearch = () => {
    const box = document.getElementById("search");
    const list = document.getElementById("found");
    const status = document.getElementById("status");
    const also = { GM0518: "den haag", GM0796: "den bosch" }; // what people call them
    const known = [...rows.keys()].map((code) => [code, nameOf(code), plain(`${nameOf(code)} ${code} ${also[code] || ""}`)]);
    let options = [];
    let active = -1;
    const show = () => {
      list.hidden = !options.length;
      box.setAttribute("aria-expanded", String(!list.hidden));
      [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
      if (active >= 0) {
        box.setAttribute("aria-activedescendant", `option-${active}`);
        list.children[active].scrollIntoView({ block: "nearest" });
      } else box.removeAttribute("aria-activedescendant");
    };
    const choose = (code) => {
      box.value = nameOf(code);
      options = [];
      active = -1;
      list.replaceChildren();
      show();
      go(code);
    };
    const search = () => {
      const wanted = plain(box.value);
      options = wanted ? known.filter(([, , text]) => text.includes(wanted) || closed(text).includes(closed(wanted))) : [];
      const starts = ([, , text]) => (text.startsWith(wanted) || text.startsWith(`s ${wanted}`) ? 0 : text.includes(` ${wanted}`) ? 1 : 2);
      options.sort((a, b) => starts(a) - starts(b) || collator.compare(a[1], b[1]));
      active = options.length ? 0 : -1;
      list.replaceChildren(
        ...options.slice(0, 50).map(([code, name], at) => {
          const item = element("li", undefined, { id: `option-${at}`, role: "option", "data-code": code });
          item.append(name, element("span", code));
          return item;
        })
      );
      status.textContent = wanted ? (options.length ? fill(words.found, { n: options.length }) : words.none_found) : "";
      show();
    };
    box.addEventListener("input", search);
    box.addEventListener("keydown", (event) => {
      const last = Math.min(options.length, 50) - 1;
      if (event.key === "ArrowDown" && options.length) active = active >= last ? 0 : active + 1;
      else if (event.key === "ArrowUp" && options.length) active = active <= 0 ? last : active - 1;
      else if (event.key === "Enter" && active >= 0) return choose(options[active][0]);
      else if (event.key === "Escape" && options.length) {
        options = [];
        active = -1;
        list.replaceChildren();
        status.textContent = "";
      }
      else return;
      event.preventDefault();
      show();
    });
    list.addEventListener("mousedown", (event) => {
      const item = event.target.closest("li");
      event.preventDefault();
      if (item) choose(item.dataset.code);
    });
    box.addEventListener("blur", () => {
      list.hidden = true;
      box.setAttribute("aria-expanded", "false");
    });
    document.querySelector(".search").hidden = false;
  };

  // ---- map -----------------------------------------------------------------------------------------------------
  const paths = map ? [...document.querySelectorAll("#drawing .area")] : [];
  const setUpMap = () => {
    const choice = document.getElementById("layer");
    const pointed = document.getElementById("pointed");
    let layer = map.layers[0];
    const point = (at) => {
      pointed.replaceChildren(map.names[at], element("small", `${layer.title}: ${layer.texts[at]}`));
    };
    choice.addEventListener("change", () => {
      layer = map.layers[choice.value];
      document.getElementById("drawn").textContent = layer.title;
      paths.forEach((path, at) => path.setAttribute("class", `area ${layer.classes[at]}${path.classList.contains("chosen") ? " chosen" : ""}`));
      document.getElementById("legend").replaceChildren(
        ...layer.legend.map(([name, text]) => {
          const item = element("li");
          item.append(element("span", undefined, { class: `swatch ${name}` }), text);
          return item;
        })
      );
      pointed.replaceChildren();
    });
    const tiles = document.getElementById("tiles");
    if (tiles) {
      const drawing = document.getElementById("drawing");
      const borders = document.getElementById("borders");
      const size = drawing.getAttribute("viewBox");
      const shapes = paths.map((path) => path.getAttribute("d"));
      const change = () => {
        const { width, height, paths: squares, borders: edges } = map.tiles;
        drawing.setAttribute("viewBox", tiles.checked ? `-2 -2 ${width + 4} ${height + 4}` : size);
        drawing.setAttribute("class", tiles.checked ? "tiled" : "shaped");
        borders.setAttribute("d", tiles.checked ? edges : "");
        paths.forEach((path, at) => path.setAttribute("d", (tiles.checked ? squares : shapes)[at]));
      };
      tiles.addEventListener("change", change);
      change(); // a browser keeps the choice when the page is loaded again
    }
    paths.forEach((path, at) => {
      path.addEventListener("mouseenter", () => point(at));
      path.addEventListener("click", () => go(map.parts[at].length === 1 ? map.parts[at][0] : map.codes[at]));
    });
  };

  // ---- charts --------------------------------------------------------------------------------------------------
  // each is drawn when it comes near, the others when nothing else is to be done, and all of them before printing
  const setUpCharts = () => {
    const left = new Set(document.querySelectorAll("[data-chart]"));
    const draw = (place) => left.delete(place) && vegaEmbed(place, data.charts[place.dataset.chart], { ast: true });
    const near = new IntersectionObserver((seen) => seen.forEach((one) => one.isIntersecting && draw(one.target)), { rootMargin: "400px" });
    for (const place of left) near.observe(place);
    const idle = window.requestIdleCallback || ((later) => setTimeout(later, 200));
    const rest = () => {
      for (const place of left) {
        draw(place);
        idle(rest);
        return;
      }
    };
    window.addEventListener("load", () => setTimeout(() => idle(rest), 1500));
    window.addEventListener("beforeprint", () => left.forEach(draw));
  };

  if (main) {
    setUpSearch();
    if (map) setUpMap();
    window.addEventListener("hashchange", follow);
    follow();
  }
  if (data.charts.length) setUpCharts();
})();
