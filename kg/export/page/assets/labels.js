"use strict";
// Names of entities where there is room for them, those with most facts first, in the same size at any zoom.
KG.Labels = class {
  static font = '"PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", system-ui, sans-serif';

  constructor(model) {
    this.model = model;
    this.rank = Array.from({ length: model.n }, (_, node) => node).sort((a, b) => model.degree(b) - model.degree(a) || a - b);
    this.text = model.nodes.label.map((label) => (label.length > 32 ? label.slice(0, 30) + "…" : label));
    this.width = this.text.map(KG.Labels.wide);
    this.told = KG.Labels.told(model);
  }

  // Width of a text in ems, near enough: Latin letters are half as wide as Chinese characters.
  static wide(text) {
    let sum = 0;
    for (const letter of text) sum += letter < "\u2e80" ? 0.56 : 1;
    return sum;
  }

  static write(context, text, x, y, colour = "#17202e") {
    context.lineWidth = 3.5;
    context.lineJoin = "round";
    context.strokeStyle = "#f4f6fa";
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }

  size(node) { return Math.round(Math.min(12 + Math.sqrt(this.model.degree(node)) * 0.8, 22)); }

  // Facts with something written on them, once where several say the same of the same entity.
  static told(model) {
    const seen = new Set();
    return Array.from(model.edges.label.keys()).filter((edge) => {
      const key = model.edges.to[edge] + " " + model.edges.label[edge];
      return model.edges.label[edge] && !seen.has(key) && seen.add(key);
    });
  }

  // Whether there is room for a text `wide` ems wide from x on, around y; if so, it is taken.
  static take(taken, x, y, wide, size) {
    const cells = [];
    for (let column = Math.floor(x / 12); column <= Math.floor((x + wide * size) / 12); column += 1) {
      for (let row = Math.floor((y - size * 0.55) / 8); row <= Math.floor((y + size * 0.55) / 8); row += 1) cells.push(column * 10000 + row);
    }
    const free = !cells.some((cell) => taken.has(cell));
    if (free) cells.forEach((cell) => taken.add(cell));
    return free;
  }

  // `place` gives the middle of a node in pixels, `radius` its size; where some nodes and edges are `lit`, only they are
  // named, the first of them before the others.
  paint(context, [width, height], { place, radius, lit }) {
    const { model } = this;
    const taken = new Set();
    let left = 260;
    context.textBaseline = "middle";
    context.textAlign = "left";
    for (const node of lit.nodes ? [...[...lit.nodes].slice(0, 1), ...this.rank] : this.rank) {
      if (!left) break;
      if (!model.nodeOn[node] || (lit.nodes && !lit.nodes.has(node))) continue;
      const [middle, y] = place(node);
      const x = middle + radius(node) + 3;
      if (middle < 0 || y < 0 || x > width || y > height) continue;
      const size = this.size(node);
      if (!KG.Labels.take(taken, x, y, this.width[node], size)) continue;
      context.font = size + "px " + KG.Labels.font;
      KG.Labels.write(context, this.text[node], x, y);
      left -= 1;
    }
    context.font = "11px " + KG.Labels.font;
    for (const edge of this.told) {
      if (!left) break;
      if (!model.edgeOn[edge] || (lit.edges && !lit.edges.has(edge))) continue;
      const [x1, y1] = place(model.edges.from[edge]), [x2, y2] = place(model.edges.to[edge]);
      const text = model.edges.label[edge];
      const wide = KG.Labels.wide(text);
      const [x, y] = [(x1 + x2) / 2 - wide * 5.5, (y1 + y2) / 2];
      if (x < 0 || y < 0 || x > width || y > height || Math.hypot(x2 - x1, y2 - y1) < wide * 11) continue;
      if (!KG.Labels.take(taken, x, y, wide, 11)) continue;
      KG.Labels.write(context, text, x, y, "#5b6778");
      left -= 1;
    }
  }
};
