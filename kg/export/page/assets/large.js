"use strict";
// The network on a canvas, for up to some 20,000 entities. While the reader drags or zooms, the picture is moved as a
// whole, which costs nothing; when the hand rests, or the picture's margin is used up, it is drawn anew.
KG.View = class {
  // `on` has node(i), facts(edges), nothing(), ready() and covered(), the pixels that are.
  constructor(model, element, on) {
    this.model = model;
    this.element = element;
    this.on = on;
    this.colour = (node) => model.colors[model.nodes.type[node]];
    this.lit = { nodes: null, edges: null };
    this.hovered = -1;
    this.pointers = new Map();
    this.labels = new KG.Labels(model);
    this.back = element.appendChild(KG.make("canvas"));
    this.front = element.appendChild(KG.make("canvas"));
    this.resize();
    this.fit();
    this.listen();
    new ResizeObserver(() => { this.resize(); this.redraw(); }).observe(element);
    requestAnimationFrame(() => on.ready());
  }

  resize() {
    this.width = Math.max(this.element.clientWidth, 1);
    this.height = Math.max(this.element.clientHeight, 1);
    this.margin = Math.round(Math.min(this.width, this.height) * 0.35);
    this.ratio = Math.min(window.devicePixelRatio || 1, 2);
    for (const canvas of [this.back, this.front]) {
      canvas.width = (this.width + 2 * this.margin) * this.ratio;
      canvas.height = (this.height + 2 * this.margin) * this.ratio;
      canvas.style.width = this.width + 2 * this.margin + "px";
      canvas.style.height = this.height + 2 * this.margin + "px";
      canvas.style.left = canvas.style.top = -this.margin + "px";
    }
  }

  // The camera: the point of the layout in the middle, and pixels for each pixel of the layout.
  look(x, y, scale) {
    this.camera = { x, y, scale: Math.min(Math.max(scale, 0.005), 8) };
    if (!this.pending) this.pending = requestAnimationFrame(() => { this.pending = 0; this.follow(); });
  }

  follow() {
    const { x, y, scale } = this.camera;
    const drawn = this.drawn;
    const zoom = drawn ? scale / drawn.scale : 0;
    const shift = drawn ? [(drawn.x - x) * scale, (drawn.y - y) * scale] : [0, 0];
    const spent = Math.max(Math.abs(shift[0]), Math.abs(shift[1])) > this.margin * 0.9 || zoom < 0.65 || zoom > 2.5;
    clearTimeout(this.rest);
    if (!drawn || (spent && performance.now() - this.drawnAt > 2 * this.cost)) { this.redraw(); return; }
    this.back.style.transform = `translate(${shift[0]}px, ${shift[1]}px) scale(${zoom})`;
    this.front.style.transform = this.back.style.transform;
    this.rest = setTimeout(() => this.redraw(), 180);
  }

  redraw() {
    const begun = performance.now();
    clearTimeout(this.rest);
    this.drawn = { ...this.camera };
    const context = this.back.getContext("2d", { alpha: false });
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.paint(context, this.width + 2 * this.margin, this.height + 2 * this.margin);
    this.back.style.transform = this.front.style.transform = "";
    this.hover(this.hovered);
    this.drawnAt = performance.now();
    this.cost = this.drawnAt - begun;
  }

  draw() { this.redraw(); }

  light(nodes, edges) {
    this.lit = { nodes, edges };
    this.redraw();
  }

  radius(node) {
    const size = Math.min(Math.max(Math.sqrt(this.drawn.scale) * 1.3, 0.4), 2.2);
    return (2 + Math.min(1.1 * Math.sqrt(this.model.degree(node)), 12)) * size;
  }

  paint(context, width, height) {
    const { x, y, scale } = this.drawn;
    const places = this.model.nodes;
    this.toX = (node) => (places.x[node] - x) * scale + width / 2;
    this.toY = (node) => (places.y[node] - y) * scale + height / 2;
    context.fillStyle = "#f4f6fa";
    context.fillRect(0, 0, width, height);
    const { nodes: lit, edges: litEdges } = this.lit;
    context.globalAlpha = lit ? 0.12 : 1;
    this.paintEdges(context, width, height, (edge) => !litEdges || !litEdges.has(edge));
    this.paintNodes(context, width, height, (node) => !lit || !lit.has(node));
    context.globalAlpha = 1;
    if (lit) {
      this.paintWays(context, [...litEdges].filter((edge) => this.model.edgeOn[edge]));
      this.paintNodes(context, width, height, (node) => lit.has(node));
    }
    this.labels.paint(context, [width, height], { place: (node) => [this.toX(node), this.toY(node)], radius: (node) => this.radius(node), lit: this.lit });
  }

  paintEdges(context, width, height, wanted) {
    const { model } = this;
    const { from, to, modality } = model.edges;
    const shown = [[], [], [], []];
    for (let edge = 0; edge < model.m; edge += 1) {
      if (!model.edgeOn[edge] || !wanted(edge)) continue;
      const x1 = this.toX(from[edge]), x2 = this.toX(to[edge]), y1 = this.toY(from[edge]), y2 = this.toY(to[edge]);
      if (Math.max(x1, x2) < 0 || Math.min(x1, x2) > width || Math.max(y1, y2) < 0 || Math.min(y1, y2) > height) continue;
      shown[modality[edge]].push(x1, y1, x2, y2);
    }
    const count = shown.reduce((sum, lines) => sum + lines.length / 4, 0);
    const faint = count > 4000 ? 0.45 : 1;
    const alpha = context.globalAlpha;
    model.modalities.forEach((name, place) => {
      const lines = shown[place];
      context.strokeStyle = name === "denied" ? "#dc2626" : "#b0bac8";
      context.globalAlpha = alpha * (name === "denied" ? 1 : faint);
      context.lineWidth = 1;
      // Dashes cost ten times as much, so only where there is a handful.
      context.setLineDash(count > 1500 ? [] : name === "planned" ? [8, 6] : name === "reported" ? [2, 4] : []);
      for (let at = 0; at < lines.length; at += 800) {
        context.beginPath();
        for (let next = at; next < Math.min(at + 800, lines.length); next += 4) {
          context.moveTo(lines[next], lines[next + 1]);
          context.lineTo(lines[next + 2], lines[next + 3]);
        }
        context.stroke();
      }
    });
    context.setLineDash([]);
    context.globalAlpha = alpha;
  }

  paintNodes(context, width, height, wanted) {
    const { model } = this;
    const byColour = new Map();
    for (let node = 0; node < model.n; node += 1) {
      if (!model.nodeOn[node] || !wanted(node)) continue;
      const x = this.toX(node), y = this.toY(node);
      if (x < -30 || y < -30 || x > width + 30 || y > height + 30) continue;
      const colour = this.colour(node);
      if (!byColour.has(colour)) byColour.set(colour, []);
      byColour.get(colour).push([x, y, this.radius(node)]);
    }
    for (const [colour, points] of byColour) {
      context.fillStyle = colour;
      for (const [x, y, radius] of points) {
        if (radius < 2) { context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius); continue; }
        context.beginPath();
        context.arc(x, y, radius, 0, 7);
        context.fill();
      }
    }
  }

  // Facts that are picked out, with the way they point.
  paintWays(context, edges) {
    const { model } = this;
    for (const edge of edges) {
      const from = model.edges.from[edge], to = model.edges.to[edge];
      const x1 = this.toX(from), y1 = this.toY(from), x2 = this.toX(to), y2 = this.toY(to);
      context.strokeStyle = context.fillStyle = "#2563eb";
      context.lineWidth = 1.6;
      context.beginPath();
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
      context.stroke();
      const length = Math.hypot(x2 - x1, y2 - y1);
      if (!model.isSymmetric(edge) && length > 20) {
        const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
        const [tx, ty] = [x2 - ux * (this.radius(to) + 1), y2 - uy * (this.radius(to) + 1)];
        context.beginPath();
        context.moveTo(tx, ty);
        context.lineTo(tx - ux * 9 - uy * 4, ty - uy * 9 + ux * 4);
        context.lineTo(tx - ux * 9 + uy * 4, ty - uy * 9 - ux * 4);
        context.fill();
      }
    }
  }

  // The node under the pointer, with its name, or the node in the hand with its facts.
  hover(node, place) {
    this.hovered = node;
    const context = this.front.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.front.width, this.front.height);
    this.element.style.cursor = node < 0 ? "grab" : "pointer";
    if (node < 0 || !this.model.nodeOn[node]) return;
    const [x, y] = place || [this.toX(node), this.toY(node)];
    if (place) {
      context.strokeStyle = "#2563eb";
      for (const edge of this.model.factsOf(node)) {
        if (!this.model.edgeOn[edge]) continue;
        context.beginPath();
        context.moveTo(x, y);
        context.lineTo(this.toX(this.model.other(edge, node)), this.toY(this.model.other(edge, node)));
        context.stroke();
      }
    }
    context.beginPath();
    context.arc(x, y, this.radius(node) + 1, 0, 7);
    context.fillStyle = this.colour(node);
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = "#17202e";
    context.stroke();
    context.font = "bold 13px " + KG.Labels.font;
    context.textBaseline = "middle";
    KG.Labels.write(context, this.labels.text[node], x + this.radius(node) + 4, y);
  }

  nodeAt(x, y) {
    let best = -1, nearest = Infinity;
    for (let node = 0; node < this.model.n; node += 1) {
      if (!this.model.nodeOn[node]) continue;
      const [dx, dy] = this.position(node);
      const away = Math.hypot(dx - x, dy - y);
      if (away < nearest && away < Math.max(this.radius(node) + 3, 6)) { nearest = away; best = node; }
    }
    return best;
  }

  edgeAt(x, y) {
    const { from, to } = this.model.edges;
    let best = -1, nearest = 6;
    for (let edge = 0; edge < this.model.m; edge += 1) {
      if (!this.model.edgeOn[edge] || (this.lit.edges && !this.lit.edges.has(edge))) continue;
      const [x1, y1] = this.position(from[edge]), [x2, y2] = this.position(to[edge]);
      const length = (x2 - x1) ** 2 + (y2 - y1) ** 2;
      const share = length && Math.min(Math.max(((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length, 0), 1);
      const away = Math.hypot(x - x1 - share * (x2 - x1), y - y1 - share * (y2 - y1));
      if (away < nearest) { nearest = away; best = edge; }
    }
    return best;
  }

  listen() {
    const { element } = this;
    element.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      element.setPointerCapture(event.pointerId);
      const at = this.at(event);
      this.pointers.set(event.pointerId, at);
      this.grip = { at, node: this.nodeAt(...at), moved: this.pointers.size > 1 };
      element.focus({ preventScroll: true });
    });
    element.addEventListener("pointermove", (event) => this.move(event));
    element.addEventListener("pointerup", (event) => this.release(event));
    element.addEventListener("pointercancel", (event) => { this.pointers.delete(event.pointerId); this.grip = null; });
    element.addEventListener("pointerleave", () => { if (this.hovered >= 0 && !this.pointers.size) this.hover(-1); });
    element.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(Math.exp(-Math.min(Math.max(event.deltaY, -200), 200) / 350), this.at(event));
    }, { passive: false });
    element.addEventListener("dblclick", (event) => this.zoom(2, this.at(event)));
  }

  at(event) {
    const box = this.element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  move(event) {
    const at = this.at(event);
    if (!this.pointers.has(event.pointerId)) {
      const node = this.nodeAt(...at);
      if (node !== this.hovered) this.hover(node);
      return;
    }
    const before = this.pointers.get(event.pointerId);
    if (this.pointers.size === 2) {
      const [other] = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
      this.pointers.set(event.pointerId, at);
      const apart = (a, b) => Math.max(Math.hypot(a[0] - b[0], a[1] - b[1]), 1);
      this.zoom(apart(at, other) / apart(before, other), other);
      return;
    }
    if (!this.grip || (!this.grip.moved && Math.hypot(at[0] - this.grip.at[0], at[1] - this.grip.at[1]) < 4)) return;
    this.grip.moved = true;
    this.pointers.set(event.pointerId, at);
    if (this.grip.node >= 0) this.hover(this.grip.node, [at[0] + this.margin, at[1] + this.margin]);
    else this.pan(before[0] - at[0], before[1] - at[1]);
  }

  release(event) {
    const at = this.at(event);
    const { grip } = this;
    this.pointers.delete(event.pointerId);
    if (!grip || this.pointers.size) return;
    this.grip = null;
    if (grip.moved) {
      if (grip.node >= 0) {
        const { x, y, scale } = this.camera;
        this.model.nodes.x[grip.node] = x + (at[0] - this.width / 2) / scale;
        this.model.nodes.y[grip.node] = y + (at[1] - this.height / 2) / scale;
        this.redraw();
      }
      return;
    }
    if (grip.node >= 0) { this.on.node(grip.node); return; }
    const edge = this.edgeAt(...at);
    if (edge < 0) { this.on.nothing(); return; }
    const { from, to } = this.model.edges;
    this.on.facts(this.model.between(from[edge], to[edge]).filter((one) => this.model.edgeOn[one]));
  }

  // Where a node is on the element, in CSS pixels.
  position(node) {
    const { x, y, scale } = this.camera;
    return [(this.model.nodes.x[node] - x) * scale + this.width / 2, (this.model.nodes.y[node] - y) * scale + this.height / 2];
  }

  pan(x, y) { this.look(this.camera.x + x / this.camera.scale, this.camera.y + y / this.camera.scale, this.camera.scale); }

  zoom(factor, [px, py] = [this.width / 2, this.height / 2]) {
    const { x, y, scale } = this.camera;
    const [dx, dy] = [(px - this.width / 2) / scale, (py - this.height / 2) / scale];
    this.look(x + dx - dx / factor, y + dy - dy / factor, scale * factor);
  }

  centre(nodes) {
    if (nodes.length > 1) { this.fit(nodes); return; }
    const { left, right, bottom } = this.on.covered();
    const scale = Math.max(this.camera.scale, 0.6);
    this.look(this.model.nodes.x[nodes[0]] - (left - right) / 2 / scale, this.model.nodes.y[nodes[0]] + bottom / 2 / scale, scale);
  }

  fit(nodes = this.labels.rank.filter((node) => this.model.nodeOn[node])) {
    let [west, east, north, south] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const node of nodes) {
      west = Math.min(west, this.model.nodes.x[node]); east = Math.max(east, this.model.nodes.x[node]);
      north = Math.min(north, this.model.nodes.y[node]); south = Math.max(south, this.model.nodes.y[node]);
    }
    if (west > east) [west, east, north, south] = [0, 0, 0, 0];
    const { left, right, bottom } = this.on.covered();
    const scale = Math.min((this.width - left - right - 130) / (east - west + 1), (this.height - bottom - 70) / (south - north + 1), 1.2);
    this.look((west + east - (left - right) / scale) / 2, (north + south + bottom / scale) / 2, scale);
  }

  picture() {
    this.redraw();
    const { back, margin, ratio } = this;
    const canvas = KG.make("canvas");
    canvas.width = this.width * ratio;
    canvas.height = this.height * ratio;
    canvas.getContext("2d").drawImage(back, -margin * ratio, -margin * ratio);
    return canvas;
  }
};
