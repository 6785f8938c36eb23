"use strict";
// The cards: an entity, a fact or several between the same two, a way between two entities.
KG.Cards = class {
  // `page` has say(key), select(node), showFacts(edges), isolate(node, hops), startPath(node), copy(text), link().
  constructor(model, page, element) {
    this.model = model;
    this.page = page;
    this.element = element;
  }

  open(...content) {
    const close = KG.button("×", "close", () => this.page.clear());
    close.title = this.page.say("close");
    close.setAttribute("aria-label", close.title);
    this.element.replaceChildren(close, ...content.flat(Infinity).filter(Boolean));
    this.element.hidden = false;
    this.element.scrollTop = 0;
  }

  name(node, fallback) {
    if (node < 0 || node === undefined) return KG.make("span", fallback);
    return KG.button(this.model.nodes.label[node], "link", () => this.page.select(node));
  }

  badge(modality) { return KG.make("span", this.page.say(modality), "badge " + modality); }

  action(key, act) { return KG.button(this.page.say(key), "action", act); }

  // The quoted words with what stands around them, and where they stand.
  source(quote, article, { modality, confidence, note }) {
    const { say } = this.page;
    const [prefix, exact, suffix] = this.model.texts.quotes[quote];
    const [title, publisher, url] = this.model.texts.articles[article];
    const block = KG.make("blockquote");
    block.append(KG.make("span", prefix, "soft"), KG.make("mark", exact), KG.make("span", suffix, "soft"));
    const line = KG.make("p", undefined, "soft source");
    const headline = title || say("untitled");
    if (/^https?:\/\//i.test(url)) {
      const anchor = KG.make("a", headline);
      anchor.href = url;
      anchor.rel = "noopener noreferrer nofollow";
      anchor.target = "_blank";
      line.append(anchor);
    } else line.append(KG.make("span", headline));
    const known = note || {};
    const parts = [publisher, this.model.dates[article], known.role, known.status && say(known.status), known.lead && say("lead"),
      known.ticker, confidence === undefined ? "" : say("confidence") + " " + confidence];
    line.append(KG.make("bdi", parts.filter(Boolean).map((part) => " · " + part).join("") + " "));
    if (modality) line.append(this.badge(modality));
    return [block, line];
  }

  evidence(edge) {
    const { evidence, notes, modalities } = this.model;
    const shown = this.model.evidenceOf(edge).filter((at) => this.model.passes(at));
    return this.shorten(shown, (at) => this.source(evidence.quote[at], evidence.article[at], {
      modality: modalities[evidence.modality[at]], confidence: evidence.confidence[at], note: notes[at],
    }));
  }

  // The first of many, and a button for the rest.
  shorten(items, draw, limit = 12) {
    const first = items.slice(0, limit).map(draw);
    if (items.length <= limit) return first;
    const more = KG.button(this.page.say("more").replace("{n}", items.length - limit), "action", () => {
      more.replaceWith(...items.slice(limit).map(draw).flat(Infinity));
    });
    return [first, more];
  }

  // "A invested in B", "was founded by" and so on.
  title(edge, level) {
    const { edges, predicates } = this.model;
    const line = KG.make(level);
    line.append(this.name(edges.from[edge]), KG.make("span", " " + this.page.say(predicates[edges.predicate[edge]]) + " "), this.name(edges.to[edge]));
    return line;
  }

  showFacts(list) {
    const { edges, modalities, predicates, sources } = this.model;
    this.open(list.map((edge, place) => {
      const line = KG.make("p");
      if (edges.first[edge] === edges.first[edge + 1]) line.append(KG.make("span", this.page.say("constructed"), "soft"));
      else line.append(this.badge(modalities[edges.modality[edge]]), KG.make("span", "  " + sources[edge] + " " + this.page.say("articles"), "soft"));
      const actions = KG.make("p", undefined, "actions");
      if (edges.first[edge] < edges.first[edge + 1]) {
        actions.append(this.action("copy_sparql", () => this.page.copy(this.model.sparql("fact", {
          subject: this.model.iri(edges.from[edge]), object: this.model.iri(edges.to[edge]), predicate: predicates[edges.predicate[edge]],
        }))));
      }
      if (!place) actions.append(this.action("copy_link", () => this.page.copyLink()));
      return [this.title(edge, place ? "h3" : "h2"), edges.label[edge] && KG.make("p", edges.label[edge], "event"), line, this.evidence(edge), actions];
    }));
  }

  showPath(way) {
    const { say } = this.page;
    if (!way.length) { this.open(KG.make("h2", say("path")), KG.make("p", say("no_path"), "soft")); return; }
    const steps = way.slice(1).map((node, place) => {
      const edge = this.model.between(way[place], node).find((one) => this.model.edgeOn[one]);
      return [this.title(edge, "h3"), this.evidence(edge).flat(Infinity).slice(0, 2)];
    });
    const { label } = this.model.nodes;
    const actions = KG.make("p", undefined, "actions");
    actions.append(this.action("copy_link", () => this.page.copyLink()));
    this.open(KG.make("h2", label[way[0]] + " → " + label[way[way.length - 1]]), KG.make("p", say("steps").replace("{n}", way.length - 1), "soft"), actions, steps);
  }

  showNode(node) {
    const { model, page } = this;
    const shown = model.factsOf(node).filter((edge) => model.edgeOn[edge]);
    const names = model.nodes.names[node].filter((name) => name !== model.nodes.label[node]);
    const hidden = model.degree(node) - shown.length;
    this.open(
      KG.make("h2", model.nodes.label[node]),
      KG.make("p", page.say(model.types[model.nodes.type[node]]) + " · " + shown.length + " " + page.say("facts"), "soft"),
      names.length > 0 && KG.make("p", names.join(" · "), "soft names"),
      this.actions(node),
      this.investments(node),
      this.career(node, shown),
      this.groups(node, shown),
      hidden > 0 && KG.make("p", page.say("hidden_facts").replace("{n}", hidden), "soft"),
    );
  }

  actions(node) {
    const { model, page } = this;
    const line = KG.make("p", undefined, "actions");
    const around = model.around;
    const here = around && around.node === node;
    line.append(this.action(here ? "expand" : "isolate", () => page.isolate(node, here ? around.hops + 1 : 1)));
    if (around) line.append(this.action("show_all", () => page.isolate(null)));
    line.append(this.action("find_path", () => page.startPath(node)));
    line.append(this.action("copy_sparql", () => page.copy(model.sparql("entity", { entity: model.iri(node) }))));
    line.append(this.action("copy_link", () => page.copyLink()));
    return line;
  }

  table(heads, rows) {
    const table = KG.make("table");
    const head = table.createTHead().insertRow();
    heads.forEach((key) => head.append(KG.make("th", this.page.say(key))));
    const body = table.createTBody();
    const draw = ([cells, sources]) => {
      const row = KG.make("tr");
      cells.forEach((cell) => {
        const data = KG.make("td");
        data.append(...[cell].flat());
        row.append(data);
      });
      if (!sources) return row;
      const below = KG.make("tr", undefined, "below");
      const wide = KG.make("td");
      wide.colSpan = heads.length;
      below.append(wide);
      below.hidden = true;
      const open = KG.button("▸", "open", () => {
        below.hidden = !below.hidden;
        open.textContent = below.hidden ? "▸" : "▾";
        open.setAttribute("aria-expanded", String(!below.hidden));
        if (!wide.firstChild) wide.append(...sources().flat(Infinity));
      });
      open.setAttribute("aria-expanded", "false");
      open.setAttribute("aria-label", this.page.say("evidence"));
      row.firstChild.prepend(open);
      return [row, below];
    };
    body.append(...this.shorten(rows, draw).flat(Infinity));
    return table;
  }

  // Rounds of a company, and what it or a person put into others, the latest first.
  investments(node) {
    const { say } = this.page;
    const events = this.model.investments.filter((event) => event.investee === node || event.investors.some(([one]) => one === node));
    if (!events.length) return null;
    const money = (lists) => [...new Set(lists.flat())].join(" / ");
    const rows = events.sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0)).map((event) => {
      const round = event.round ? (/^[A-Z]/.test(event.round) ? event.round + say("round_suffix") : say(event.round)) : say(event.kind);
      const valuation = money(event.said.map((one) => one.valuations));
      const who = event.investors.map(([one, name, lead], place) => {
        const cell = KG.make("span", place ? "、" : "");
        cell.append(this.name(one, name), KG.make("span", lead ? "★" : ""));
        return cell;
      });
      const amount = [KG.make("span", money(event.said.map((one) => one.amounts))), valuation && KG.make("div", say("valuation") + " " + valuation, "soft")];
      const what = [event.investee === node ? KG.make("span") : this.name(event.investee, event.name), KG.make("div", round)];
      if (event.modality !== "asserted") what.push(this.badge(event.modality));
      return [[KG.make("span", event.date), what, amount.filter(Boolean), who], () => event.said.map((one) => this.source(one.quote, one.article, one))];
    });
    return [KG.make("h3", say("investments") + " (" + events.length + ")"), this.table(["date", "round_column", "amount", "investors"], rows)];
  }

  // Where a person works and worked: each role that is told of, with the articles' dates.
  career(node, shown) {
    const { evidence, notes, dates, predicates, edges, modalities } = this.model;
    const rows = [];
    for (const edge of shown) {
      if (predicates[edges.predicate[edge]] !== "worksFor" || edges.from[edge] !== node) continue;
      const roles = new Map();
      for (const at of this.model.evidenceOf(edge).filter((one) => this.model.passes(one))) {
        const note = notes[at] || {};
        const modality = modalities[evidence.modality[at]];
        const key = [note.role || "", note.status || "", modality].join("|");
        if (!roles.has(key)) roles.set(key, { role: note.role || "", status: note.status || "", modality, places: [] });
        roles.get(key).places.push(at);
      }
      for (const { role, status, modality, places } of roles.values()) {
        const told = places.map((at) => evidence.when[at] || dates[evidence.article[at]]).filter(Boolean).sort();
        const state = [KG.make("span", status && this.page.say(status))];
        if (modality !== "asserted") state.push(this.badge(modality));
        rows.push([told[told.length - 1] || "", [[this.name(edges.to[edge])], KG.make("span", role), state, KG.make("span", told[told.length - 1] || "")],
          () => places.map((at) => this.source(evidence.quote[at], evidence.article[at], { note: notes[at] }))]);
      }
    }
    if (!rows.length) return null;
    rows.sort((a, b) => (a[0] < b[0] ? 1 : a[0] > b[0] ? -1 : 0));
    return [KG.make("h3", this.page.say("career")), this.table(["Company", "role", "status", "told"], rows.map(([, cells, sources]) => [cells, sources]))];
  }

  groups(node, shown) {
    const { edges, predicates, modalities, texts, evidence } = this.model;
    const groups = new Map();
    for (const edge of shown) {
      const out = edges.from[edge] === node;
      const key = predicates[edges.predicate[edge]] + (out || this.model.isSymmetric(edge) ? "" : "⁻¹");
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(edge);
    }
    return [...groups].sort((a, b) => b[1].length - a[1].length).map(([key, found]) => {
      const list = KG.make("ul");
      list.append(...this.shorten(found, (edge) => {
        const item = KG.make("li");
        const modality = modalities[edges.modality[edge]];
        item.append(this.name(this.model.other(edge, node)), KG.make("span", "  "));
        if (modality !== "asserted") item.append(this.badge(modality));
        item.append(KG.make("br"));
        const at = edges.first[edge];
        const quote = at < edges.first[edge + 1] ? texts.quotes[evidence.quote[at]][1] : this.page.say("constructed");
        item.append(KG.button("“" + quote.slice(0, 46) + (quote.length > 46 ? "…" : "") + "”", "link soft", () => this.page.showFacts([edge])));
        return item;
      }).flat(Infinity));
      return [KG.make("h3", this.page.say(key) + " (" + found.length + ")"), list];
    });
  }
};
