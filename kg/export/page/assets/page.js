"use strict";
// What the reader does: search, filters, selection, links, keys, language.
KG.Page = class {
  constructor() {
    this.model = new KG.Model();
    this.language = "zh";
    this.colouring = "type";
    this.selected = { kind: "nothing" };
    this.say = (key) => (this.model.words[this.language][key] === undefined ? key : this.model.words[this.language][key]);
    this.cards = new KG.Cards(this.model, this, KG.id("card"));
    KG.id("filters").classList.toggle("folded", window.innerWidth < 720);
    this.view = new KG.View(this.model, KG.id("network"), {
      node: (node) => this.select(node, false), facts: (edges) => this.showFacts(edges), nothing: () => this.clear(),
      covered: () => this.covered(),
      ready: () => { this.follow(); document.body.dataset.ready = "true"; },
    });
    this.suggest(KG.id("search"), (node) => this.select(node));
    this.listen();
    this.write();
  }

  // The pixels at the left, right and bottom of the network that filters and card cover.
  covered() {
    const narrow = window.innerWidth < 720;
    const card = KG.id("card").hidden ? null : KG.id("card").getBoundingClientRect();
    return {
      left: narrow || KG.id("filters").classList.contains("folded") ? 0 : 226,
      right: card && !narrow ? card.width + 12 : 0,
      bottom: card && narrow ? card.height : 0,
    };
  }

  // --- selection -----------------------------------------------------------------------------------------------

  select(node, move = true) {
    if (node === undefined || node < 0) return;
    if (this.pathFrom !== undefined) { this.showPath(this.pathFrom, node); return; }
    if (!this.model.nodeOn[node]) this.reset();
    this.selected = { kind: "node", node };
    const edges = this.model.factsOf(node).filter((edge) => this.model.edgeOn[edge]);
    this.view.light(new Set([node, ...this.model.neighbours(node)]), new Set(edges));
    this.cards.showNode(node);
    if (move) this.view.centre([node]);
    this.link("entity=" + encodeURIComponent(this.model.iri(node)));
  }

  showFacts(list) {
    if (!list.length) return;
    const { edges, predicates } = this.model;
    const [from, to] = [edges.from[list[0]], edges.to[list[0]]];
    this.selected = { kind: "facts", list };
    this.view.light(new Set([from, to]), new Set(list));
    this.cards.showFacts(list);
    this.link("fact=" + [this.model.iri(from), predicates[edges.predicate[list[0]]], this.model.iri(to)].map(encodeURIComponent).join(","));
  }

  showPath(from, to) {
    this.pathFrom = undefined;
    this.notice("");
    const way = from === to ? null : this.model.path(from, to);
    this.selected = { kind: "path", from, to };
    this.cards.showPath(way || []);
    if (!way) { this.view.light(new Set([from, to]), new Set()); return; }
    const steps = way.slice(1).flatMap((node, place) => this.model.between(way[place], node).filter((edge) => this.model.edgeOn[edge]));
    this.view.light(new Set(way), new Set(steps));
    this.view.centre(way);
    this.link("path=" + [from, to].map((node) => encodeURIComponent(this.model.iri(node))).join(","));
  }

  startPath(node) {
    this.pathFrom = node;
    this.notice(this.say("pick_second").replace("{name}", this.model.nodes.label[node]));
    KG.id("search").value = "";
    KG.id("search").focus();
  }

  isolate(node, hops) {
    this.model.around = node === null ? null : { node, hops };
    this.refresh();
    this.view.fit();
  }

  clear() {
    this.pathFrom = undefined;
    this.notice("");
    KG.id("card").hidden = true;
    this.selected = { kind: "nothing" };
    this.view.light(null, null);
    this.link("");
  }

  // Show again what is selected, after the filters or the language have changed.
  again() {
    const { kind, node, list, from, to } = this.selected;
    if (kind === "node" && this.model.nodeOn[node]) this.select(node, false);
    else if (kind === "facts" && list.some((edge) => this.model.edgeOn[edge])) this.showFacts(list.filter((edge) => this.model.edgeOn[edge]));
    else if (kind === "path") this.showPath(from, to);
    else this.clear();
  }

  refresh() {
    this.model.apply();
    this.again();
    this.write();
  }

  reset() {
    this.model.reset();
    this.write();
  }

  link(fragment) {
    if (decodeURIComponent(location.hash.slice(1)) !== decodeURIComponent(fragment)) history.replaceState(null, "", "#" + fragment);
  }

  // Select what the address names: #entity=IRI, #fact=IRI,predicate,IRI or #path=IRI,IRI.
  follow() {
    const [, kind, rest] = /^#(entity|fact|path)=(.+)$/.exec(location.hash) || [];
    if (!kind) return;
    let parts;
    try { parts = rest.split(",").map(decodeURIComponent); } catch { return; }
    const first = this.model.find(parts[0]);
    const last = this.model.find(parts[parts.length - 1]);
    if (first === undefined || last === undefined) { this.notice(this.say("not_here")); return; }
    if (kind === "entity") this.select(first);
    else if (kind === "path") this.showPath(first, last);
    else {
      const fact = this.model.between(first, last).find((edge) => this.model.predicates[this.model.edges.predicate[edge]] === parts[1]);
      if (fact !== undefined) { this.showFacts([fact]); this.view.centre([first, last]); }
    }
  }

  // --- search --------------------------------------------------------------------------------------------------

  suggest(input, choose) {
    const list = KG.make("ul", undefined, "suggestions");
    list.id = "suggestions";
    list.setAttribute("role", "listbox");
    list.hidden = true;
    input.after(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    let chosen = -1;
    const show = (on) => { list.hidden = !on; input.setAttribute("aria-expanded", String(on)); };
    const take = (node) => { show(false); input.value = this.model.nodes.label[node]; choose(node); };
    input.oninput = () => {
      const hits = this.model.search(input.value, 12);
      chosen = -1;
      list.replaceChildren(...hits.map((node) => {
        const item = KG.make("li");
        const wanted = KG.fold(input.value);
        const alias = KG.fold(this.model.nodes.label[node]).includes(wanted) ? "" : this.model.nodes.names[node].find((name) => KG.fold(name).includes(wanted));
        item.append(KG.make("span", this.model.nodes.label[node] + (alias ? "（" + alias + "）" : "")), KG.make("small", this.say(this.model.types[this.model.nodes.type[node]])));
        item.setAttribute("role", "option");
        item.dataset.node = node;
        item.onmousedown = (event) => { event.preventDefault(); take(node); };
        return item;
      }));
      if (!hits.length) list.append(KG.make("li", this.say("nothing"), "soft"));
      show(Boolean(KG.fold(input.value)));
    };
    input.onblur = () => show(false);
    input.onkeydown = (event) => {
      const items = [...list.querySelectorAll("li[data-node]")];
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        chosen = Math.max(0, Math.min(items.length - 1, chosen + (event.key === "ArrowDown" ? 1 : -1)));
        items.forEach((item, place) => { item.classList.toggle("on", place === chosen); item.setAttribute("aria-selected", String(place === chosen)); });
      } else if (event.key === "Enter" && items.length) take(Number(items[Math.max(0, chosen)].dataset.node));
      else if (event.key === "Escape") { event.stopPropagation(); show(false); input.blur(); if (this.pathFrom !== undefined) { this.pathFrom = undefined; this.notice(""); } }
    };
  }

  // --- filters -------------------------------------------------------------------------------------------------

  write() {
    document.documentElement.lang = this.language === "zh" ? "zh-Hans" : "en";
    const search = KG.id("search");
    search.placeholder = this.say("search");
    search.setAttribute("aria-label", this.say("search"));
    KG.id("network").setAttribute("aria-label", this.say("network_help"));
    this.writeSummary();
    KG.id("tools").replaceChildren(
      this.tool("fit", "⤢", () => this.view.fit()), this.tool("png", "PNG", () => this.download()),
      this.tool("help", "?", () => this.notice(this.say("keys"), true)),
      this.tool("language", this.language === "zh" ? "English" : "中文", () => {
        this.language = this.language === "zh" ? "en" : "zh";
        this.write();
        if (this.selected.kind !== "nothing") this.again();
      }),
    );
    this.writeFilters();
  }

  writeSummary() {
    const { model } = this;
    const count = (flags) => flags.reduce((sum, on) => sum + on, 0);
    const part = (shown, all) => (shown === all ? String(all) : shown + "/" + all);
    const left = model.left_out.entities ? " · " + this.say("left_out").replace("{n}", model.left_out.entities) : "";
    KG.id("summary").textContent = part(count(model.nodeOn), model.n) + " " + this.say("entities") + " · " +
      part(count(model.edgeOn), model.m) + " " + this.say("facts") + " · " + model.articles + " " + this.say("articles") + left;
  }

  tool(key, text, act) {
    const button = KG.button(text, "", act);
    button.id = key;
    button.title = this.say(key);
    button.setAttribute("aria-label", this.say(key));
    return button;
  }

  writeFilters() {
    const nav = KG.id("filters");
    const fold = KG.button(this.say("filters"), "fold", () => { nav.classList.toggle("folded"); fold.setAttribute("aria-expanded", String(!nav.classList.contains("folded"))); });
    fold.setAttribute("aria-expanded", String(!nav.classList.contains("folded")));
    const { model } = this;
    const body = KG.make("div", undefined, "body");
    const modality = (name) => KG.make("b", undefined, name);
    const dot = (place) => { const mark = KG.make("i"); mark.style.background = this.colouring === "type" ? model.colors[place] : "#94a3b8"; return mark; };
    body.append(
      this.choices("types", model.types, model.nodes.type, model.filter.types, (_, place) => dot(place)), this.colourChoice(),
      this.choices("modalities", model.modalities, model.edges.modality, model.filter.modalities, modality),
      this.choices("predicates", model.predicates, model.edges.predicate, model.filter.predicates),
      this.dates(), this.minimum(),
    );
    if (model.isFiltered) body.append(KG.button(this.say("reset"), "action", () => { this.reset(); this.again(); }));
    nav.replaceChildren(fold, body);
  }

  choices(key, names, column, chosen, mark) {
    const box = KG.make("details", undefined, "choices " + key);
    box.open = this.opened ? this.opened.has(key) : key !== "predicates";
    box.ontoggle = () => { this.opened = new Set([...document.querySelectorAll("#filters details[open]")].map((one) => one.dataset.key)); };
    box.dataset.key = key;
    box.append(KG.make("summary", this.say(key)));
    const counts = new Array(names.length).fill(0);
    column.forEach((place) => { counts[place] += 1; });
    names.forEach((name, place) => {
      if (!counts[place]) return;
      const button = KG.button(undefined, "choice", (event) => {
        // With the Alt key: this one alone, or all again.
        if (event.altKey) {
          const alone = chosen.size === 1 && chosen.has(place);
          chosen.clear();
          names.forEach((_, each) => { if (alone || each === place) chosen.add(each); });
        } else if (!chosen.delete(place)) chosen.add(place);
        this.refresh();
      });
      button.dataset.name = name;
      button.setAttribute("aria-pressed", String(chosen.has(place)));
      if (mark) button.append(mark(name, place));
      button.append(KG.make("span", this.say(name)), KG.make("small", counts[place]));
      box.append(button);
    });
    return box;
  }

  colourChoice() {
    const line = KG.make("label", this.say("colour_by") + " ");
    const select = KG.make("select");
    select.id = "colouring";
    for (const key of ["type", "community"]) {
      const option = KG.make("option", this.say("by_" + key));
      option.value = key;
      option.selected = this.colouring === key;
      select.append(option);
    }
    select.onchange = () => {
      this.colouring = select.value;
      const palette = ["#2563eb", "#dc2626", "#16a34a", "#d97706", "#9333ea", "#0891b2", "#db2777", "#65a30d", "#7c3aed", "#b45309", "#0d9488", "#be123c"];
      const { nodes, colors } = this.model;
      this.view.colour = (node) => (this.colouring === "type" ? colors[nodes.type[node]] : palette[nodes.community[node]] || "#94a3b8");
      this.view.draw();
      this.write();
    };
    line.append(select);
    return line;
  }

  // A slider with two handles over the days of the articles or of the facts themselves, and how many there are.
  dates() {
    const { model } = this;
    const { filter } = model;
    const days = (filter.event ? model.eventDays : model.evidence.article.map((article) => model.days[article])).filter((day) => day >= 0);
    const box = KG.make("fieldset", undefined, "dates");
    box.append(KG.make("legend", this.say("dates")));
    const basis = KG.make("select");
    basis.id = "basis";
    for (const key of ["article_dates", "event_dates"]) {
      const option = KG.make("option", this.say(key));
      option.value = key;
      option.selected = filter.event === (key === "event_dates");
      basis.append(option);
    }
    basis.setAttribute("aria-label", this.say("dates"));
    basis.onchange = () => { Object.assign(filter, { event: basis.value === "event_dates", since: -Infinity, until: Infinity }); this.refresh(); };
    box.append(basis);
    if (!days.length) { box.append(KG.make("p", this.say("no_dates"), "soft")); return box; }
    const [low, high] = days.reduce(([least, most], day) => [Math.min(least, day), Math.max(most, day)], [Infinity, -Infinity]);
    const bars = KG.make("div", undefined, "bars");
    const counts = new Array(40).fill(0);
    days.forEach((day) => { counts[Math.min(39, Math.floor(((day - low) / (high - low + 1)) * 40))] += 1; });
    const most = Math.max(...counts);
    counts.forEach((count) => { const bar = KG.make("i"); bar.style.height = Math.ceil((count / most) * 100) + "%"; bars.append(bar); });
    box.append(bars);
    const shown = KG.make("output");
    const slide = (id, value) => {
      const input = KG.make("input");
      Object.assign(input, { type: "range", min: low, max: high, value, id });
      input.setAttribute("aria-label", this.say(id));
      return input;
    };
    const since = slide("since", Math.max(filter.since, low)), until = slide("until", Math.min(filter.until, high));
    const tell = () => { shown.textContent = KG.Model.date(Math.min(+since.value, +until.value)) + " – " + KG.Model.date(Math.max(+since.value, +until.value)); };
    const change = () => {
      const [first, last] = [+since.value, +until.value].sort((a, b) => a - b);
      filter.since = first <= low ? -Infinity : first;
      filter.until = last >= high ? Infinity : last;
      this.refresh();
    };
    for (const input of [since, until]) { input.oninput = tell; input.onchange = () => { change(); KG.id(input.id).focus(); }; box.append(input); }
    tell();
    box.append(shown);
    return box;
  }

  minimum() {
    const { filter } = this.model;
    const most = this.most = this.most || this.model.sources.reduce((least, count) => Math.max(least, count), 1);
    const line = KG.make("label", this.say("min_sources") + " ");
    const input = KG.make("input");
    Object.assign(input, { type: "number", min: 1, max: most, value: filter.sources, id: "sources" });
    input.onchange = () => { filter.sources = Math.max(1, Math.min(most, Math.round(+input.value) || 1)); this.refresh(); };
    line.append(input);
    return line;
  }

  // --- the rest ------------------------------------------------------------------------------------------------

  notice(text, toggle) {
    const line = KG.id("notice");
    line.hidden = !text || (toggle && !line.hidden && line.textContent === text);
    line.textContent = text;
  }

  async copy(text) {
    let done = false;
    try { await navigator.clipboard.writeText(text); done = true; } catch { done = this.copyOld(text); }
    this.notice(this.say(done ? "copied" : "not_copied"));
    setTimeout(() => { if (KG.id("notice").textContent === this.say("copied")) this.notice(""); }, 2500);
  }

  // For pages that may not use the clipboard's own interface.
  copyOld(text) {
    const area = KG.make("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }

  copyLink() { this.copy(location.href); }

  download() {
    const drawn = this.view.picture();
    const canvas = KG.make("canvas");
    Object.assign(canvas, { width: drawn.width, height: drawn.height });
    const context = canvas.getContext("2d");
    context.fillStyle = "#f4f6fa";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(drawn, 0, 0);
    canvas.toBlob((blob) => {
      const anchor = KG.make("a");
      anchor.href = URL.createObjectURL(blob);
      anchor.download = "network.png";
      anchor.click();
      setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
    });
  }

  // Go to the shown neighbour that lies most in the direction of the arrow.
  walk(x, y) {
    const from = this.selected.node;
    const [ax, ay] = this.view.position(from);
    let best = -1, most = 0.35;
    for (const node of this.model.neighbours(from)) {
      const [bx, by] = this.view.position(node);
      const along = ((bx - ax) * x + (by - ay) * y) / (Math.hypot(bx - ax, by - ay) || 1);
      if (along > most) { most = along; best = node; }
    }
    if (best >= 0) this.select(best);
  }

  listen() {
    window.addEventListener("hashchange", () => this.follow());
    document.addEventListener("keydown", (event) => {
      if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey) return;
      const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      if (event.key === "Escape") this.clear();
      else if (event.key === "/") KG.id("search").focus();
      else if (event.key === "+" || event.key === "=") this.view.zoom(1.3);
      else if (event.key === "-") this.view.zoom(1 / 1.3);
      else if (event.key === "0") this.view.fit();
      else if (event.key === "?") this.notice(this.say("keys"), true);
      else if (steps[event.key] && event.target.id === "network") {
        const [x, y] = steps[event.key];
        if (this.selected.kind === "node") this.walk(x, y);
        else this.view.pan(80 * x, 80 * y);
      } else return;
      event.preventDefault();
    });
  }
};

KG.id = (id) => document.getElementById(id);
KG.page = new KG.Page();
