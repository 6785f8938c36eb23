"use strict";
// The network in memory: its columns, which of it the filters let through, names, neighbours, ways between entities.
const KG = {};

// Text of articles reaches the page through textContent alone.
KG.make = (tag, text, className) => {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
};

KG.button = (text, className, act) => {
  const element = KG.make("button", text, className);
  element.type = "button";
  element.onclick = act;
  return element;
};

KG.fold = (text) => text.normalize("NFKC").toLowerCase().replace(/[\s\-_·・.,，。:：'"“”「」『』《》()（）]/g, "");

KG.Model = class {
  constructor() {
    const data = JSON.parse(document.getElementById("data").textContent);
    Object.assign(this, data);
    this.n = data.nodes.id.length;
    this.m = data.edges.from.length;
    this.place = new Map(data.nodes.id.map((id, node) => [id, node]));
    this.days = data.dates.map(KG.Model.day);
    this.eventDays = data.evidence.when.map(KG.Model.day);
    this.folded = data.nodes.label.map((label, node) => [label, ...data.nodes.names[node]].map(KG.fold));
    this.nodeOn = new Uint8Array(this.n);
    this.edgeOn = new Uint8Array(this.m);
    this.sources = new Uint32Array(this.m);
    this.link();
    this.reset();
  }

  get texts() {
    if (!this.parsed) this.parsed = JSON.parse(document.getElementById("texts").textContent);
    return this.parsed;
  }

  // Days since 1970 of an ISO date of any precision, its first day; -1 where there is none.
  static day(date) {
    const found = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(date || "");
    return found ? Math.floor(Date.UTC(+found[1], +(found[2] || 1) - 1, +(found[3] || 1)) / 86400000) : -1;
  }

  static date(day) { return new Date(day * 86400000).toISOString().slice(0, 10); }

  iri(node) { return this.base + this.nodes.id[node]; }

  find(iri) { return this.place.get(iri.startsWith(this.base) ? iri.slice(this.base.length) : iri); }

  isSymmetric(edge) { return this.symmetric.includes(this.edges.predicate[edge]); }

  // start[i] .. start[i + 1] are the places in `touching` of the facts of node i.
  link() {
    const { from, to } = this.edges;
    this.start = new Uint32Array(this.n + 1);
    for (let edge = 0; edge < this.m; edge += 1) {
      this.start[from[edge] + 1] += 1;
      if (to[edge] !== from[edge]) this.start[to[edge] + 1] += 1;
    }
    for (let node = 0; node < this.n; node += 1) this.start[node + 1] += this.start[node];
    this.touching = new Uint32Array(this.start[this.n]);
    const next = this.start.slice();
    for (let edge = 0; edge < this.m; edge += 1) {
      this.touching[next[from[edge]]++] = edge;
      if (to[edge] !== from[edge]) this.touching[next[to[edge]]++] = edge;
    }
  }

  degree(node) { return this.start[node + 1] - this.start[node]; }

  factsOf(node) { return Array.from(this.touching.subarray(this.start[node], this.start[node + 1])); }

  other(edge, node) { return this.edges.from[edge] === node ? this.edges.to[edge] : this.edges.from[edge]; }

  between(a, b) { return this.factsOf(a).filter((edge) => this.other(edge, a) === b); }

  evidenceOf(edge) {
    const places = [];
    for (let at = this.edges.first[edge]; at < this.edges.first[edge + 1]; at += 1) places.push(at);
    return places;
  }

  reset() {
    this.filter = {
      types: new Set(this.types.keys()), predicates: new Set(this.predicates.keys()),
      modalities: new Set(this.modalities.keys()), since: -Infinity, until: Infinity, event: false, sources: 1,
    };
    this.around = null;
    this.apply();
  }

  get isFiltered() {
    const { types, predicates, modalities, since, until, sources } = this.filter;
    return types.size < this.types.length || predicates.size < this.predicates.length || this.around !== null ||
      modalities.size < this.modalities.length || since > -Infinity || until < Infinity || sources > 1;
  }

  passes(at) {
    const { modalities, since, until, event } = this.filter;
    if (!modalities.has(this.evidence.modality[at])) return false;
    if (since === -Infinity && until === Infinity) return true;
    const day = event ? this.eventDays[at] : this.days[this.evidence.article[at]];
    return day >= 0 && day >= since && day <= until;
  }

  // A fact is shown if enough articles state it in a way that the filters let through, and both ends are shown.
  apply() {
    const { types, predicates, sources } = this.filter;
    const { from, to, predicate, first } = this.edges;
    const near = this.around && this.reach(this.around.node, this.around.hops);
    const typed = (node) => types.has(this.nodes.type[node]) && (!near || near.has(node));
    const joined = new Uint8Array(this.n);
    for (let edge = 0; edge < this.m; edge += 1) {
      const articles = new Set();
      let made = first[edge] === first[edge + 1];
      for (let at = first[edge]; at < first[edge + 1]; at += 1) {
        if (this.passes(at)) articles.add(this.evidence.article[at]);
      }
      made = made && sources === 1;
      this.sources[edge] = articles.size;
      const on = predicates.has(predicate[edge]) && (made || articles.size >= sources) && typed(from[edge]) && typed(to[edge]);
      this.edgeOn[edge] = on ? 1 : 0;
      if (on) joined[from[edge]] = joined[to[edge]] = 1;
    }
    for (let node = 0; node < this.n; node += 1) {
      this.nodeOn[node] = typed(node) && (joined[node] || !this.isFiltered || (near && this.around.node === node)) ? 1 : 0;
    }
  }

  neighbours(node) {
    return new Set(this.factsOf(node).filter((edge) => this.edgeOn[edge]).map((edge) => this.other(edge, node)));
  }

  // All entities within so many facts of a node, whatever the filters say.
  reach(node, hops) {
    const near = new Set([node]);
    let frontier = [node];
    for (let hop = 0; hop < hops; hop += 1) {
      const next = [];
      for (const one of frontier) for (const edge of this.factsOf(one)) {
        const end = this.other(edge, one);
        if (!near.has(end)) { near.add(end); next.push(end); }
      }
      frontier = next;
    }
    return near;
  }

  // The nodes of a shortest way over facts that are shown, or null.
  path(a, b) {
    const before = new Map([[a, a]]);
    let frontier = [a];
    while (frontier.length && !before.has(b)) {
      const next = [];
      for (const node of frontier) for (const end of this.neighbours(node)) {
        if (!before.has(end)) { before.set(end, node); next.push(end); }
      }
      frontier = next;
    }
    if (!before.has(b)) return null;
    const way = [b];
    while (way[0] !== a) way.unshift(before.get(way[0]));
    return way;
  }

  // Nodes by any of their names, the best first.
  search(text, limit) {
    const wanted = KG.fold(text);
    if (!wanted) return [];
    const hits = [];
    for (let node = 0; node < this.n; node += 1) {
      let best = 9;
      for (const name of this.folded[node]) {
        if (name === wanted) best = 0;
        else if (best > 1 && name.startsWith(wanted)) best = 1;
        else if (best > 2 && name.includes(wanted)) best = 2;
      }
      if (best < 9) hits.push([best, -this.degree(node), node]);
    }
    hits.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
    return hits.slice(0, limit).map((hit) => hit[2]);
  }

  sparql(kind, values) { return this.queries[kind].replace(/\{(entity|subject|predicate|object)\}/g, (_, name) => values[name]); }
};
