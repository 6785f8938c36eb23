"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = new Map(data.nodes.map((node) => [node.id, node]));
  let language = "zh";
  const say = (key) => (data.words[language][key] === undefined ? key : data.words[language][key]);

  // Text of articles reaches the page through textContent alone.
  const make = (tag, text, className) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  };
  const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/[\s\-_·・.,，。:：'"“”「」『』《》()（）]/g, "");

  const hidden = new Set();
  const nodes = new vis.DataSet(data.nodes.map((node) => ({
    id: node.id, label: node.label, x: node.x, y: node.y, value: node.size, shape: "dot",
    color: { background: node.color, border: node.color, highlight: { background: node.color, border: "#17202e" } },
    font: { size: 14, color: "#17202e", strokeWidth: 4, strokeColor: "#f4f6fa" },
  })));
  const edges = new vis.DataSet(data.edges.map((edge) => ({
    id: edge.id, from: edge.from, to: edge.to, arrows: edge.symmetric ? "" : "to", width: Math.min(1 + edge.sources, 5),
    dashes: edge.modality === "planned" ? [8, 6] : edge.modality === "reported" ? [2, 4] : false,
    color: { color: edge.modality === "denied" ? "#dc2626" : "#b6c0ce", highlight: "#2563eb" },
    smooth: { enabled: true, type: "curvedCW", roundness: edge.bend },
  })));
  const network = new vis.Network(document.getElementById("network"), { nodes, edges }, {
    physics: false, layout: { improvedLayout: false }, 
    nodes: { scaling: { min: 8, max: 34, label: { enabled: true, min: 14, max: 30, drawThreshold: 5, maxVisible: 34 } } },
    interaction: { hover: true, keyboard: { enabled: false }, tooltipDelay: 200 },
  });
  network.once("afterDrawing", () => { network.fit(); follow(); document.body.dataset.ready = "true"; });

  const card = document.getElementById("card");
  const close = () => { card.hidden = true; network.unselectAll(); history.replaceState(null, "", "#"); };
  const open = () => {
    card.replaceChildren();
    const button = make("button", "×", "close");
    button.type = "button"; button.title = say("close"); button.onclick = close;
    card.append(button); card.hidden = false; card.scrollTop = 0;
  };
  const link = (node) => {
    const button = make("button", node.label, "link");
    button.type = "button"; button.onclick = () => showNode(node.id, true);
    return button;
  };
  const badge = (modality) => make("span", say(modality), "badge " + modality);

  const source = (evidence) => {
    const quote = make("blockquote");
    quote.append(make("span", evidence.prefix, "soft"), make("mark", evidence.quote), make("span", evidence.suffix, "soft"));
    const line = make("p", undefined, "soft");
    const title = evidence.title || say("untitled");
    if (/^https?:\/\//i.test(evidence.url)) {
      const anchor = make("a", title);
      anchor.href = evidence.url; anchor.rel = "noopener noreferrer nofollow"; anchor.target = "_blank";
      line.append(anchor);
    } else line.append(make("span", title));
    const rest = [evidence.publisher, evidence.date, evidence.role].filter(Boolean).map((part) => " · " + part).join("");
    line.append(make("span", rest + " · " + say("confidence") + " " + evidence.confidence + " "), badge(evidence.modality));
    return [quote, line];
  };

  function showEdge(id) {
    const edge = data.edges[id];
    if (!edge) return;
    open();
    const title = make("h2");
    title.append(link(byId.get(edge.from)), make("span", " " + say(edge.predicate) + " "), link(byId.get(edge.to)));
    card.append(title, badge(edge.modality), make("span", "  " + edge.sources + " " + say("articles"), "soft"));
    edge.evidence.forEach((evidence) => card.append(...source(evidence)));
    network.selectEdges([id]);
    history.replaceState(null, "", "#edge=" + id);
  }

  function showNode(id, move) {
    const node = byId.get(id);
    if (!node) return;
    open();
    card.append(make("h2", node.label), make("span", say(node.type), "soft"));
    const others = node.aliases.filter((name) => name !== node.label);
    if (others.length) card.append(make("p", others.join(" · "), "soft"));
    const groups = new Map();
    data.edges.forEach((edge) => {
      const out = edge.from === id;
      if (!out && edge.to !== id) return;
      const key = edge.predicate + (out || edge.symmetric ? "" : "⁻¹");
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push([edge, byId.get(out ? edge.to : edge.from)]);
    });
    data.investments.filter((event) => event.investee === id || event.investors.some((one) => one.entity === id)).forEach((event, index) => {
      if (!index) card.append(make("h3", say("investments")));
      const said = event.statements[0];
      const money = (list) => list.map((amount) => amount.wording).join(" / ");
      const others = event.statements.length > 1 ? event.statements.length + " " + say("articles") : "";
      const parts = [event.date, byId.has(event.investee) ? byId.get(event.investee).label : "", event.round ? (/^[A-Z]/.test(event.round) ? event.round + say("round_suffix") : say(event.round)) : say(event.kind),
        money(said.amounts), said.valuations.length ? say("valuation") + " " + money(said.valuations) : "",
        event.investors.map((one) => one.name + (one.lead ? "★" : "")).join("、"), others].filter(Boolean);
      const row = make("div");
      row.append(make("p", parts.join(" · "), "event"));
      event.statements.forEach((one) => row.append(...source({ ...one.evidence, modality: one.modality, confidence: one.confidence })));
      card.append(row);
    });
    [...groups].sort((a, b) => b[1].length - a[1].length).forEach(([key, found]) => {
      card.append(make("h3", say(key) + " (" + found.length + ")"));
      const list = make("ul");
      found.forEach(([edge, other]) => {
        const item = make("li");
        const sentence = make("button", "“" + edge.evidence[0].quote.slice(0, 46) + (edge.evidence[0].quote.length > 46 ? "…" : "") + "”", "link soft");
        sentence.type = "button"; sentence.onclick = () => showEdge(edge.id);
        item.append(link(other), make("span", "  "), edge.modality === "asserted" ? make("span") : badge(edge.modality), make("br"), sentence);
        list.append(item);
      });
      card.append(list);
    });
    network.selectNodes([id]);
    if (move) network.focus(id, { scale: 1.1 });
    history.replaceState(null, "", "#entity=" + encodeURIComponent(id));
  }

  network.on("click", (event) => {
    if (event.nodes.length) showNode(event.nodes[0], false);
    else if (event.edges.length) showEdge(event.edges[0]);
    else close();
  });

  const search = document.getElementById("search");
  const list = document.getElementById("suggestions");
  const index = data.nodes.map((node) => [node, [node.label, ...node.aliases].map(fold)]);
  let chosen = -1;
  const suggest = () => {
    const wanted = fold(search.value);
    list.replaceChildren(); chosen = -1;
    if (!wanted) { list.hidden = true; return; }
    const rank = ([, names]) => Math.min(...names.map((name) => (name === wanted ? 0 : name.startsWith(wanted) ? 1 : name.includes(wanted) ? 2 : 9)));
    const hits = index.map((entry) => [rank(entry), entry[0]]).filter(([score]) => score < 9).sort((a, b) => a[0] - b[0] || b[1].size - a[1].size).slice(0, 12);
    hits.forEach(([, node]) => {
      const item = make("li");
      item.append(make("span", node.label), make("small", say(node.type)));
      item.dataset.id = node.id;
      item.onmousedown = (event) => { event.preventDefault(); choose(node.id); };
      list.append(item);
    });
    if (!hits.length) list.append(make("li", say("nothing"), "soft"));
    list.hidden = false;
  };
  const choose = (id) => { list.hidden = true; search.value = byId.get(id).label; showNode(id, true); };
  search.oninput = suggest;
  search.onblur = () => { list.hidden = true; };
  search.onkeydown = (event) => {
    const items = [...list.querySelectorAll("li[data-id]")];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      chosen = Math.max(0, Math.min(items.length - 1, chosen + (event.key === "ArrowDown" ? 1 : -1)));
      items.forEach((item, place) => item.classList.toggle("on", place === chosen));
    } else if (event.key === "Enter" && items.length) choose(items[Math.max(0, chosen)].dataset.id);
    else if (event.key === "Escape") { list.hidden = true; search.blur(); }
  };

  function drawWords() {
    document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
    search.placeholder = say("search"); search.setAttribute("aria-label", say("search"));
    document.getElementById("language").textContent = language === "zh" ? "English" : "中文";
    const left = data.left_out.entities ? " · " + say("left_out").replace("{n}", data.left_out.entities) : "";
    document.getElementById("summary").textContent = data.nodes.length + " " + say("entities") + " · " + data.edges.length + " " + say("facts") + " · " + data.articles + " " + say("articles") + left;
    const legend = document.getElementById("legend");
    legend.replaceChildren();
    Object.entries(data.colors).forEach(([type, color]) => {
      const button = make("button");
      const dot = make("i"); dot.style.background = color;
      button.append(dot, make("span", say(type) + " " + data.nodes.filter((node) => node.type === type).length));
      button.type = "button"; button.setAttribute("aria-pressed", String(!hidden.has(type)));
      button.onclick = () => {
        if (!hidden.delete(type)) hidden.add(type);
        nodes.update(data.nodes.filter((node) => node.type === type).map((node) => ({ id: node.id, hidden: hidden.has(type) })));
        drawWords();
      };
      legend.append(button);
    });
    legend.append(make("hr"));
    ["asserted", "reported", "planned", "denied"].forEach((modality) => {
      const line = make("div", undefined, "line");
      line.append(make("b", undefined, modality), make("span", say(modality)));
      legend.append(line);
    });
  }
  document.getElementById("language").onclick = () => { language = language === "zh" ? "en" : "zh"; drawWords(); follow(); };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.activeElement !== search) close();
    if (event.key === "/" && document.activeElement !== search) { event.preventDefault(); search.focus(); }
  });
  function follow() {
    const entity = /^#entity=(.+)$/.exec(location.hash), edge = /^#edge=(\d+)$/.exec(location.hash);
    if (entity) showNode(decodeURIComponent(entity[1]), true);
    else if (edge) showEdge(Number(edge[1]));
  }
  window.addEventListener("hashchange", follow);
  drawWords();
})();
